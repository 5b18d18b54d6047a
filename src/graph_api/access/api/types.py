"""Decisions about access as the contract shows them."""

from datetime import datetime
from typing import Any

import strawberry

from graph_api.access.model import AccessRule, PortalAction
from graph_api.kernel.rules import EVERYONE, INSIDE, WRITERS
from graph_api.network.api.history import ContactVersion
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader
from graph_api.shapes.pages import PageInfo, edges_of, nodes_of, page_info_field, total_field


async def _contact(root: strawberry.Parent[Any], info: Info) -> Any:
    """The edge as it is now; it is loaded only when it is shown."""
    return None if root.contact_id is None else await info.context[NodeLoader].load(root.contact_id)


async def _contact_version(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.version_id is None else await info.context[NodeLoader].load(root.version_id)


async def _granted_contact(root: strawberry.Parent[Any], info: Info) -> Any:
    return root.contact if root.contact is not None else await _contact(root, info)


@readable_by(WRITERS)
@strawberry.type(description="One rule of a decision, and what came of it")
class AccessCheck:
    rule: AccessRule = shown("Which rule")
    passed: bool = shown("Whether it allows the action")
    explanation: str = shown("Why, in words for the front desk; it names nobody")


@strawberry.type(description="Whether somebody may act for a client, and why. What is not known is a no")
class AccessDecision:
    allowed: bool = shown("Whether every check passed", EVERYONE)
    action: PortalAction = shown("What was asked about", EVERYONE)
    at: datetime = shown(
        "The moment that was asked about; about now, the later of the clock and the newest change that was read",
        EVERYONE,
    )
    contact: Contact | None = strawberry.field(
        resolver=_contact,
        description="By which contact; null without one, for oneself, and when `at` is past: see contactVersion",
        graphql_type=Contact | None,
        metadata=readable(EVERYONE),
    )
    contact_version: ContactVersion | None = strawberry.field(
        resolver=_contact_version,
        description="By which contact, as it was at a moment in the past; null otherwise",
        graphql_type=ContactVersion | None,
        metadata=readable(INSIDE),
    )
    checks: list[AccessCheck] | None = shown(
        "Every check that applied, in the order of AccessRule; without a contact only what tells nothing of the client",
        WRITERS,
    )
    nearest_denial: AccessCheck | None = shown("The first check that failed; null when allowed", WRITERS)


@readable_by(EVERYONE)
@strawberry.type(description="What somebody may do for a client")
class AccessGrant:
    person: Person = shown("Who may")
    client: Person = shown("For whom")
    contact: Contact | None = strawberry.field(
        resolver=_granted_contact,
        description="By which contact, as it is now; null: the client themselves",
        graphql_type=Contact | None,
    )
    actions: list[PortalAction] = shown("All that they may do")


@readable_by(EVERYONE)
@strawberry.type(description="A row of grants")
class AccessGrantEdge:
    cursor: str = shown("Where the row stands")
    node: AccessGrant = shown("The grant")


@readable_by(EVERYONE)
@strawberry.type(description="A page of grants: the client themselves first, then by name")
class AccessGrantConnection:
    edges: list[AccessGrantEdge] = edges_of("AccessGrantEdge", __name__)
    nodes: list[AccessGrant] = nodes_of("AccessGrant", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
