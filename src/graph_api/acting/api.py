"""What all acting shows alike: bylines."""

from typing import Any

import strawberry

from graph_api.acting import bylines
from graph_api.kernel.rules import EVERYONE
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.context import Info
from graph_api.shapes.node import is_a, readable_by, shown
from graph_api.shapes.nodes import NodeLoader


async def _loaded(info: Info, node_id: str | None) -> Any:
    return None if node_id is None else await info.context[NodeLoader].load(node_id)


async def _person(root: strawberry.Parent[Any], info: Info) -> Any:
    return await _loaded(info, root.person_id)


async def _practitioner(root: strawberry.Parent[Any], info: Info) -> Any:
    return await _loaded(info, root.practitioner_id)


async def _contact(root: strawberry.Parent[Any], info: Info) -> Any:
    return await _loaded(info, root.contact_id)


@readable_by(EVERYONE)
@strawberry.type(description="Who did something for a client, in words, and by which contact")
class Byline:
    text: str = shown("The words to show, such as `Anna Moreno for Ben Moreno`")
    person: Person | None = strawberry.field(
        resolver=_person,
        description="The person who acted from a portal account; null for staff, and if the viewer may not see them",
        graphql_type=Person | None,
    )
    practitioner: Practitioner | None = strawberry.field(
        resolver=_practitioner,
        description="The practitioner who acted; null for others, and for staff who are no practitioner",
        graphql_type=Practitioner | None,
    )
    contact: Contact | None = strawberry.field(
        resolver=_contact,
        description="The contact through whom the person acted, as it is now. Null for the client and for staff, "
        "and if the viewer is neither staff nor that contact",
        graphql_type=Contact | None,
    )
    contact_version: int | None = shown("The version of the contact by which the person was allowed to act")
    is_type_of = is_a(bylines.Byline)
