"""What all acting shows alike: bylines, and what others did for a client."""

from datetime import datetime
from typing import Any

import strawberry

from graph_api.acting import bylines
from graph_api.acting.history import Acted, ActingHistory
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, WRITERS
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.practitioners.api.types import Practitioner
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import Node, is_a, readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import AFTER, CURSOR, FIRST, PageInfo, edges_of, nodes_of, page_info_field


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


async def _node(root: strawberry.Parent[Any], info: Info) -> Any:
    return await _loaded(info, root.node_id)


@readable_by(WRITERS)
@strawberry.type(description="Something that a contact did for a client from their own portal account")
class Acting:
    at: datetime = shown("When it was done")
    action: str = shown("What was done: the name of a mutation")
    by: Byline = shown("Who did it, for whom, and by which contact and version")
    node: Node | None = strawberry.field(
        resolver=_node,
        description="What it was done to, such as a conversation; null if the audit log's readable copy was erased",
        graphql_type=Node | None,
    )
    is_type_of = is_a(Acted)


@readable_by(WRITERS)
@strawberry.type(description="An edge in a page of what others did for a client")
class ActingEdge:
    cursor: str = shown(CURSOR)
    node: Acting = shown("What was done")


@readable_by(WRITERS)
@strawberry.type(description="A page of what others did for a client, newest first")
class ActingConnection:
    edges: list[ActingEdge] = edges_of("ActingEdge", __name__)
    nodes: list[Acting] = nodes_of("Acting", __name__)
    page_info: PageInfo = page_info_field()


@extends(Person)
class PersonActing:
    @strawberry.field(
        description="What contacts did for the client from their own portal accounts, newest first",
        graphql_type=ActingConnection | None,
        metadata=readable(WRITERS),
    )
    async def acting_history(root: strawberry.Parent[Any], info: Info, first: FIRST = None, after: AFTER = None) -> Any:
        return await info.context[ActingHistory].page(root.id, PageArguments(first, after))
