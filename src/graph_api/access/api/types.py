"""Decisions about access as the contract shows them."""

from datetime import datetime
from typing import Any

import strawberry

from graph_api.access.model import AccessRule, PortalAction
from graph_api.kernel.rules import EVERYONE, INSIDE, WRITERS
from graph_api.network.api.types import Contact, ContactVersion
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import CURSOR, PageInfo, edges_of, nodes_of, page_info_field, total_field


async def _contact(root: strawberry.Parent[Any], info: Info) -> Any:
    """The edge as it is now; it is loaded only when it is shown."""
    return None if root.contact_id is None else await info.context[NodeLoader].load(root.contact_id)


async def _contact_version(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.version_id is None else await info.context[NodeLoader].load(root.version_id)


async def _granted_contact(root: strawberry.Parent[Any], info: Info) -> Any:
    return root.contact if root.contact is not None else await _contact(root, info)


@readable_by(WRITERS)
@strawberry.type(description="One rule that a decision checked, with its result")
class AccessCheck:
    rule: AccessRule = shown("The rule")
    passed: bool = shown("Whether this rule allows the action")
    explanation: str = shown("The reason in words for the front desk; it names nobody")


@strawberry.type(description="Whether a person may act for a client, and why. What is not known counts against access")
class AccessDecision:
    allowed: bool = shown("Whether every check passed", EVERYONE)
    action: PortalAction = shown("The action that was asked about", EVERYONE)
    at: datetime = shown(
        "The time that was asked about. For the present, the later of the clock and the newest change that was read",
        EVERYONE,
    )
    contact: Contact | None = strawberry.field(
        resolver=_contact,
        description="The contact through whom the person acts. Null if there is none, if the person is the "
        "client, or if `at` is in the past: see contactVersion",
        graphql_type=Contact | None,
        metadata=readable(EVERYONE),
    )
    contact_version: ContactVersion | None = strawberry.field(
        resolver=_contact_version,
        description="The contact as it was then, if `at` is in the past; null otherwise",
        graphql_type=ContactVersion | None,
        metadata=readable(INSIDE),
    )
    checks: list[AccessCheck] | None = shown(
        "Every check that applied, in the order of AccessRule. Without a contact, only checks that reveal "
        "nothing about the client",
        WRITERS,
    )
    nearest_denial: AccessCheck | None = shown("The first check that failed; null if the action is allowed", WRITERS)


@readable_by(EVERYONE)
@strawberry.type(description="What a person may do for a client")
class AccessGrant:
    person: Person = shown("The person who may act")
    client: Person = shown("The client they may act for")
    contact: Contact | None = strawberry.field(
        resolver=_granted_contact,
        description="The contact through whom the person acts, as it is now; null if the person is the client",
        graphql_type=Contact | None,
    )
    actions: list[PortalAction] = shown("All actions the person may take")


@readable_by(EVERYONE)
@strawberry.type(description="An edge in a page of grants")
class AccessGrantEdge:
    cursor: str = shown(CURSOR)
    node: AccessGrant = shown("The grant")


@readable_by(EVERYONE)
@strawberry.type(description="A page of grants: the client themselves first, then by name")
class AccessGrantConnection:
    edges: list[AccessGrantEdge] = edges_of("AccessGrantEdge", __name__)
    nodes: list[AccessGrant] = nodes_of("AccessGrant", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
