"""What others did for a client, from their chain in the audit log: by whom, by which contact and version (X3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from graph_api.acting.bylines import BY_CONTACT, Author, Byline, Names, byline
from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.model import AuditEvent
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import is_id, version_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope
from graph_api.network.history import HistoryService
from graph_api.network.versions import ContactVersion

DONE_TO = ("thread", "appointment")
"""Fields of an event's changes that hold the id of what something was done to."""


@dataclass(frozen=True, slots=True)
class Acted:
    """One thing that somebody did for a client."""

    at: datetime
    action: str
    by: Byline
    node_id: str | None
    """What it was done to; None where the log no longer tells."""


class ActingHistory:
    """Questions of one caller about what others did for a client."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._secret = scope.secret
        self._versions = scope[HistoryService]

    async def page(self, client_id: str, arguments: PageArguments) -> Page[AuditEvent, Acted] | None:
        """A page of it, newest first; None for all but staff.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = Cursors(self._secret, self._caller.practice.id, f"actingHistory\x00{client_id}")
        request = page_request(arguments, cursors, with_total=False)
        if not WRITERS.allows(self._caller.role):
            return None
        below = None if request.position is None else int(request.position.key)
        found = await self._graph[AuditReads].of_reason(client_id, BY_CONTACT, below, request.size)
        events = make_page(
            self._graph.door.open(found), request, lambda event: cursors.encode(Position(str(event.sequence)))
        )
        wanted = {_version(event) for event in events.rows}
        versions = await self._versions.versions([one for one in wanted if one is not None])
        return events.shown_as(lambda event: self._acted(event, versions))

    def _acted(self, event: AuditEvent, versions: Mapping[str, ContactVersion]) -> Acted:
        return Acted(_time(event), event.action, self._byline(event, versions.get(_version(event) or "")), _node(event))

    def _byline(self, event: AuditEvent, version: ContactVersion | None) -> Byline:
        """Who did it, as staff read it.

        An event that was tampered with may name a contact that never was: then only the practice is named.
        """
        if version is None:
            return Byline(self._caller.practice.name)
        relationship = version.terms.relationship
        edge = (version.contact_id, version.version)
        author = Author(event.actor, ViewerRole.PORTAL, version.person.id, *edge, relationship)
        people = {version.person.id: version.person.display_name}
        names = Names(self._caller.practice, version.client.display_name, people)
        return byline(author, names, to_staff=True, own=None)


def _version(event: AuditEvent) -> str | None:
    """The id of the contact's version by which it was done."""
    if event.contact_id is None or event.contact_version is None or not is_id("contact", event.contact_id):
        return None
    return version_id(event.contact_id, event.contact_version)


def _node(event: AuditEvent) -> str | None:
    """The id of what it was done to; an erased copy tells none."""
    return next((change.after for change in event.changes if change.field in DONE_TO), None)


def _time(event: AuditEvent) -> datetime:
    """When; the earliest there is if the stored time was tampered with, as the audit log shows it."""
    try:
        return datetime.fromisoformat(event.at)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
