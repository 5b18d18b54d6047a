"""The past of edges (D6): a contact's versions, and networks as they were at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph_api.kernel.ids import is_id, version_id
from graph_api.kernel.moments import is_past
from graph_api.kernel.paging import Cursors, Page, PageArguments, PageRequest, Position, make_page, page_request
from graph_api.kernel.rules import INSIDE
from graph_api.kernel.scope import Scope
from graph_api.kernel.written import in_utc
from graph_api.network.graph.past import HistoryReads
from graph_api.network.model import Contact
from graph_api.network.past_requests import AsOfRequest, HistoryRequest, NetworkThen, SupersededRecords, VersionThen
from graph_api.network.records import VERSION_PROPERTIES
from graph_api.network.versions import ContactVersion
from graph_api.people.graph.rows import person_from
from graph_api.people.model import Person
from graph_api.people.records import PERSON_PROPERTIES, SORT_KEY

MAY_READ = INSIDE
_SORT_KEY = PERSON_PROPERTIES.index(SORT_KEY)
_CONTACT_ID = VERSION_PROPERTIES.index("contactId")


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """A history's arguments, checked; what to load and how to show it."""

    page: PageRequest
    cursors: Cursors

    @property
    def request(self) -> HistoryRequest:
        """What to load. The current version comes from the contact itself; and one more may turn up when the contact
        is changed between the two reads."""
        return HistoryRequest(self.page.size + 1, self._below)

    @property
    def _below(self) -> int | None:
        position = self.page.position
        return None if position is None else int(position.key)

    def cursor(self, version: ContactVersion) -> str:
        """Where a version stands: by its number."""
        return self.cursors.encode(Position(str(version.version)))


@dataclass(frozen=True, slots=True)
class AsOfQuery:
    """The arguments of a network as it was, checked."""

    request: AsOfRequest
    page: PageRequest
    cursors: Cursors

    def cursor(self, row: VersionThen) -> str:
        """Where a version stands, as its contact does in a network."""
        version, person = row
        return self.cursors.encode(Position(person[_SORT_KEY], version[_CONTACT_ID]))


class HistoryService:
    """Questions of one caller about the past."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._secret = scope.secret
        self._clock = scope.clock

    def _cursors(self, scope: str) -> Cursors:
        return Cursors(self._secret, self._caller.practice.id, scope)

    def history_query(self, arguments: PageArguments, *, with_total: bool) -> HistoryQuery:
        """Check the arguments of a history; the same for every contact of a list.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        cursors = self._cursors("history")
        return HistoryQuery(page_request(arguments, cursors, with_total=with_total), cursors)

    async def superseded(self, request: HistoryRequest, contact_ids: Sequence[str]) -> Mapping[str, SupersededRecords]:
        """Contacts' superseded versions, in one statement."""
        asked = [contact_id for contact_id in contact_ids if is_id("contact", contact_id)]
        return self._graph.door.open(await self._graph[HistoryReads].superseded(request, asked)) if asked else {}

    def history_page(
        self, query: HistoryQuery, contact: Contact, found: SupersededRecords | None
    ) -> Page[ContactVersion, ContactVersion]:
        """A contact's versions as of when it was read, newest first; a removal ends the last and is none itself."""
        rows = found.versions if found else ()
        made = [self._graph[HistoryReads].version(record, contact.client, contact.person) for record in rows]
        versions = [version for version in made if version.version < contact.version]
        total = (found.total if found else 0) - (len(made) - len(versions))
        if contact.removed_at is None:
            total += 1
            if query.page.position is None:
                versions.insert(0, current_version(contact))
        return make_page(versions, query.page, query.cursor, total if query.page.with_total else None)

    def as_of_query(self, at: datetime, arguments: PageArguments, *, with_total: bool) -> AsOfQuery:
        """Check the arguments of a network as it was; the same for every person of a list.

        Raises:
            BadRequest: INVALID_TIME, INVALID_PAGE, INVALID_CURSOR.
        """
        moment = in_utc(at)
        cursors = self._cursors(f"as_of\x00{moment.isoformat()}")
        page = page_request(arguments, cursors, with_total=with_total)
        after = None if page.position is None else (page.position.key, page.position.id)
        return AsOfQuery(AsOfRequest(moment, page.size, after, with_total), page, cursors)

    async def networks_as_of(self, request: AsOfRequest, person_ids: Sequence[str]) -> Mapping[str, NetworkThen]:
        """A page for each person, in one statement."""
        await is_past(self._clock, request.at)
        asked = [person_id for person_id in person_ids if is_id("person", person_id)]
        return self._graph.door.open(await self._graph[HistoryReads].networks_as_of(request, asked)) if asked else {}

    def as_of_page(
        self, query: AsOfQuery, client: Person, found: NetworkThen | None
    ) -> Page[VersionThen, ContactVersion]:
        """A person's network as it was; an empty one for somebody who is not there."""

        def version(row: VersionThen) -> ContactVersion:
            return self._graph[HistoryReads].version(row[0], client, person_from(row[1]))

        rows, total = (found.versions, found.total) if found else ((), None)
        return make_page(rows, query.page, query.cursor, total).shown_as(version)

    async def versions(self, ids: Sequence[str]) -> dict[str, ContactVersion]:
        """Those that exist and that the caller may read, by their own ids."""
        asked = [node_id for node_id in ids if is_id("version", node_id)]
        if not asked or not MAY_READ.allows(self._caller.role):
            return {}
        found = self._graph.door.open(await self._graph[HistoryReads].records(asked))
        return {
            node_id: self._graph[HistoryReads].version(
                record.version, person_from(record.client), person_from(record.person)
            )
            for node_id, record in found.items()
        }


def current_version(contact: Contact) -> ContactVersion:
    """What a current contact is, since its last change.

    Raises:
        ValueError: it was removed, or never written.
    """
    if contact.removed_at is not None or contact.updated_at is None:
        raise ValueError("not current")
    return ContactVersion(
        id=version_id(contact.id, contact.version),
        contact_id=contact.id,
        client=contact.client,
        person=contact.person,
        terms=contact.terms,
        version=contact.version,
        valid_from=contact.updated_at,
        adult_consent_at=contact.adult_consent_at,
        messages_from=contact.messages_from,
    )
