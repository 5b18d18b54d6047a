"""The audit log as admins read it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry

from graph_api.audit import model as audit
from graph_api.audit.questions import MAY_READ, AuditLogService, LogQuery
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import ADMINS
from graph_api.kernel.scope import Scope
from graph_api.shapes.context import Info
from graph_api.shapes.enums import show
from graph_api.shapes.node import Node, is_a, readable, readable_by, shown
from graph_api.shapes.nodes import NodeLoader, register_node
from graph_api.shapes.pages import AFTER, CURSOR, FIRST, PageInfo, edges_of, nodes_of, page_info_field, total_field
from graph_api.shapes.selection import selects

show(
    EventKind,
    "EventKind",
    "A kind of event in the audit log",
    **{kind.name: kind.described for kind in EventKind},
)


@readable_by(ADMINS)
@strawberry.type(description="A change of one field; its values as text")
class FieldChange:
    field: str = shown("The field's name in this API")
    before: str | None = shown("Its value before; null when it was unset, or the copy was erased")
    after: str | None = shown("Its value after; null when it was unset, or the copy was erased")
    is_erased: bool = shown("Whether the readable copy of the values was erased")


@readable_by(ADMINS)
@strawberry.type(description="An event in the audit log")
class AuditEvent(Node):
    actor: str = shown("Who did it: the subject of their token, or the name of a command")
    actor_role: str = shown("The actor's role, as in tokens")
    action: str = shown("What was done: the name of a mutation, or a name such as account.opened")
    contact_version: int | None = shown("The version of the contact that the event made, or by which somebody acted")
    changes: list[FieldChange] = shown("The fields that changed, with their values before and after")
    reason: str = shown("Why the action was allowed")
    request_id: str = shown("Id of the request in the access log; empty for commands")
    sequence: int = shown("Number of the event in the chain of its client, person or practice")
    is_type_of = is_a(audit.AuditEvent)

    @strawberry.field(description="When it was done; in 1970 if the stored time was tampered with and can't be read")
    def at(root: strawberry.Parent[Any]) -> datetime:
        try:
            return datetime.fromisoformat(root.at)
        except ValueError:
            return datetime(1970, 1, 1, tzinfo=UTC)

    @strawberry.field(
        description="The client the event is about, or the person if no client is concerned; null for the "
        "practice's settings and practitioners",
        graphql_type=Annotated["Person", strawberry.lazy("graph_api.people.api.types")] | None,  # noqa: F821
    )
    async def client(root: strawberry.Parent[Any], info: Info) -> Any:
        if not is_id("person", root.subject_id):
            return None
        return await info.context[NodeLoader].load(root.subject_id)

    @strawberry.field(
        description="The contact the event is about, if any",
        graphql_type=Annotated["Contact", strawberry.lazy("graph_api.network.api.types")] | None,  # noqa: F821
    )
    async def contact(root: strawberry.Parent[Any], info: Info) -> Any:
        return None if root.contact_id is None else await info.context[NodeLoader].load(root.contact_id)


@readable_by(ADMINS)
@strawberry.type(description="An edge in a page of the audit log")
class AuditEventEdge:
    cursor: str = shown(CURSOR)
    node: AuditEvent = shown("The event")


@readable_by(ADMINS)
@strawberry.type(description="A page of the audit log, newest first")
class AuditEventConnection:
    edges: list[AuditEventEdge] = edges_of("AuditEventEdge", __name__)
    nodes: list[AuditEvent] = nodes_of("AuditEvent", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()


async def _audit_log(
    info: Info,
    client_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="Only events about this client, or about this person who is not a client"),
    ] = None,
    actor_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only events of this actor: the subject of their token")
    ] = None,
    contact_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only events about this contact")
    ] = None,
    since: Annotated[
        datetime | None, strawberry.argument(name="from", description="Only events at or after this time")
    ] = None,
    until: Annotated[
        datetime | None, strawberry.argument(name="to", description="Only events before this time")
    ] = None,
    kinds: Annotated[
        list[EventKind] | None, strawberry.argument(description="Only events of these kinds; all kinds by default")
    ] = None,
    first: FIRST = None,
    after: AFTER = None,
) -> Any:
    query = LogQuery(
        None if client_id is None else str(client_id),
        None if actor_id is None else str(actor_id),
        None if contact_id is None else str(contact_id),
        since,
        until,
        kinds,
    )
    return await info.context[AuditLogService].page(
        query, PageArguments(first, after), with_total=selects(info, "totalCount")
    )


audit_log_field = strawberry.field(
    resolver=_audit_log,
    description="The audit log, newest events first; for admins",
    metadata=readable(MAY_READ),
    graphql_type=AuditEventConnection | None,
)


async def _events(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[AuditLogService].events(ids)


register_node("event", _events)
