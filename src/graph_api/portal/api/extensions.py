"""Accounts and invitations, as fields of people, clients and contacts."""

from typing import Any

import strawberry

from graph_api.kernel.rules import WRITERS
from graph_api.network.api.types import Contact
from graph_api.people.api.types import ClientProfile, Person
from graph_api.portal.api.account import PORTAL_ACCOUNT
from graph_api.portal.api.invitations import INVITATION
from graph_api.portal.api.loaders import AccountLoader, InvitationLoader
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable


@extends(Person)
class PersonAccount:
    @strawberry.field(
        description="The portal account, if there is one", graphql_type=PORTAL_ACCOUNT, metadata=readable(WRITERS)
    )
    async def account(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[AccountLoader].load(root.id)


@extends(ClientProfile)
class ClientInvitation:
    @strawberry.field(
        description="The client's own invitation to the portal, if there ever was one",
        graphql_type=INVITATION,
        metadata=readable(WRITERS),
    )
    async def invitation(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[InvitationLoader].load(root.id)


@extends(Contact)
class ContactInvitation:
    @strawberry.field(
        description="The invitation to the portal, if there ever was one",
        graphql_type=INVITATION,
        metadata=readable(WRITERS),
    )
    async def invitation(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[InvitationLoader].load(root.id)
