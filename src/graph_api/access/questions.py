"""Who may act for whom: the questions, all answered by the one decision (D4, D5, D7, D8, D13; docs/access.md)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from graph_api.access.actions import CheckedAction
from graph_api.access.decision import AccessCheck, Decision, allowed_actions, decide
from graph_api.access.grants import PossibleGrant, newest_grant
from graph_api.access.graph.decisions import AccessReads, AccessWrites
from graph_api.access.model import PortalAction
from graph_api.engine.errors import BadRequest
from graph_api.kernel.door import Sealed, nobody
from graph_api.kernel.ids import is_id
from graph_api.kernel.moments import answer_at, settled
from graph_api.kernel.paging import Cursors, Page, PageArguments, PageRequest, Position, make_page, page_request
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.written import in_utc
from graph_api.network.model import Contact
from graph_api.people.model import Person
from graph_api.people.names import sort_key

T = TypeVar("T")
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Between these times can be asked about."""


@dataclass(frozen=True, slots=True)
class AnsweredDecision:
    """A decision, and by which edge."""

    decision: Decision
    contact_id: str | None
    version_id: str | None

    @property
    def allowed(self) -> bool:
        """Every check passed."""
        return self.decision.allowed

    @property
    def action(self) -> PortalAction:
        """What was asked about."""
        return self.decision.action

    @property
    def at(self) -> datetime:
        """The moment that was asked about."""
        return self.decision.at

    @property
    def checks(self) -> Sequence[AccessCheck]:
        """Every check that applied."""
        return self.decision.checks

    @property
    def nearest_denial(self) -> AccessCheck | None:
        """The first that failed."""
        return self.decision.nearest_denial


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody who may act for a client; without a contact it is the client themselves."""

    person: Person
    client: Person
    contact_id: str | None
    contact: Contact | None
    """As it is now, where it came along."""
    actions: tuple[PortalAction, ...]


Key = tuple[bool, str, str]
"""Where a grant stands in its list: the client themselves first, then by name and contact id."""
_FIRST: Key = (False, "", "")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Somebody who may be granted something, and where they stand."""

    key: Key
    grant: Grant


class AccessService:
    """Questions of one caller. A portal account may only ask about itself."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._secret = scope.secret
        self._clock = scope.clock

    @property
    def _is_portal(self) -> bool:
        return self._caller.is_account

    async def can_act(
        self, person_id: str, client_id: str, action: PortalAction, at: datetime | None
    ) -> AnsweredDecision | None:
        """Whether the person may act for the client; None when a portal account asks about somebody else.

        An unknown person gets the same answer as a stranger. A moment in the past is answered from the facts of that
        time, a moment in the future from the facts of now.

        Raises:
            BadRequest: INVALID_TIME.
        """
        if self._is_portal and person_id != self._caller.person_id:
            return None
        if self._is_portal and at is not None:
            # The day on which the answer changes would reveal the client's birthday of majority, or when staff acted.
            raise BadRequest("INVALID_TIME", "A portal account can only ask about this moment. Omit the argument at.")
        who, whom = (wanted if is_id("person", wanted) else "" for wanted in (person_id, client_id))
        reads = self._graph[AccessReads]
        moment, pair = await answer_at(
            self._clock,
            _known_time(at),
            lambda: reads.pair(who, whom),
            lambda then: reads.pair_at(who, whom, then),
            lambda found: found.newest,
        )
        # Whether somebody may act for a client tells something of both, where they are known to each other.
        if pair.contact_id or pair.version_id or pair.facts.is_self:
            self._graph.door.show(filter(None, (who, whom)))
        # An answer about now that had to be read as of then is about the contact, as any other.
        contact_id, version_id = (pair.edge_id, None) if at is None else (pair.contact_id, pair.version_id)
        return AnsweredDecision(decide(pair.facts, action, moment), contact_id, version_id)

    async def who_can_act(
        self,
        client_id: str,
        action: PortalAction,
        at: datetime | None,
        arguments: PageArguments,
        *,
        with_total: bool,
    ) -> Page[GrantRow, Grant] | None:
        """Everybody who may do it for the client, the client first, then by name; nobody for an unknown client.

        Raises:
            BadRequest: INVALID_TIME, INVALID_PAGE, INVALID_CURSOR.
        """
        if self._is_portal:
            return None
        asked = _known_time(at)
        scope = f"whoCanAct\x00{client_id}\x00{action.value}\x00{asked.isoformat() if asked else ''}"
        cursors = Cursors(self._secret, self._caller.practice.id, scope)
        request = page_request(arguments, cursors, with_total=with_total)
        if not is_id("person", client_id):
            return _page((), action, request, cursors)
        reads, door = self._graph[AccessReads], self._graph.door
        moment, possible = await answer_at(
            self._clock,
            asked,
            lambda: reads.of_client(client_id),
            lambda then: reads.of_client_at(client_id, then),
            lambda found: door.keep(found, newest_grant, nobody),
        )

        def page(grants: Sequence[PossibleGrant]) -> Page[GrantRow, Grant]:
            return _page([_row(found, found.person, moment) for found in grants], action, request, cursors)

        return door.keep(possible, page, _people)

    async def acts_for(self, arguments: PageArguments, *, with_total: bool) -> Page[GrantRow, Grant] | None:
        """The clients whose portal the caller's account may view now, with all that it may do; None for staff.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        person_id = self._caller.person_id
        if person_id is None:
            return None
        cursors = Cursors(self._secret, self._caller.practice.id, f"actsFor\x00{person_id}")
        request = page_request(arguments, cursors, with_total=with_total)
        now, possible = await self._of_person(person_id)

        def page(grants: Sequence[PossibleGrant]) -> Page[GrantRow, Grant]:
            rows = [_row(found, found.client, now) for found in grants]
            return _page(rows, PortalAction.VIEW_PORTAL, request, cursors)

        return self._graph.door.keep(possible, page, _people)

    async def granted(self, action: PortalAction, told: Callable[[PossibleGrant], T]) -> list[T]:
        """What is told of each grant of the caller's account by which it may do something now; none for staff.

        Args:
            action: what is to be done.
            told: takes from a grant what shows nobody: ids, or where one looks from.
        """
        own = self._caller.person_id
        if own is None:
            return []
        now, found = await self._of_person(own)

        def allowed(grants: Sequence[PossibleGrant]) -> list[T]:
            return [told(grant) for grant in grants if decide(grant.facts, action, now).allowed]

        return self._graph.door.keep(found, allowed, nobody)

    async def _of_person(self, person_id: str) -> tuple[datetime, Sealed[Sequence[PossibleGrant]]]:
        """For whom somebody might act, and when that is so."""
        reads, door = self._graph[AccessReads], self._graph.door
        return await settled(
            self._clock, lambda: reads.of_person(person_id), lambda found: door.keep(found, newest_grant, nobody)
        )

    async def allowed(self, contact_ids: Sequence[str]) -> Mapping[str, tuple[PortalAction, ...]]:
        """What contacts may do now, by contact id; in one statement. Those that were removed may do nothing."""
        reads = self._graph[AccessReads]
        now, found = await settled(self._clock, lambda: reads.contacts(contact_ids), lambda read: read.newest)
        return {contact_id: allowed_actions(facts, now) for contact_id, facts in found.facts.items()}


def _page(
    rows: Sequence[GrantRow], action: PortalAction, request: PageRequest, cursors: Cursors
) -> Page[GrantRow, Grant]:
    """The grants of `action` after the cursor."""
    granted = sorted((row for row in rows if action in row.grant.actions), key=lambda row: row.key)
    total = len(granted) if request.with_total else None
    if request.position is not None:
        start = _key_at(request.position)
        granted = [row for row in granted if row.key > start]
    page = make_page(granted[: request.size + 1], request, lambda row: _cursor(row, cursors), total)
    return page.shown_as(lambda row: row.grant)


def _people(page: Page[GrantRow, Grant]) -> Iterator[str]:
    for row in page.rows:
        yield from (row.grant.person.id, row.grant.client.id)


def _row(found: PossibleGrant, named: Person, at: datetime) -> GrantRow:
    grant = Grant(found.person, found.client, found.contact_id, found.contact, allowed_actions(found.facts, at))
    key = _FIRST if found.contact_id is None else (True, sort_key(named), found.contact_id)
    return GrantRow(key, grant)


def _cursor(row: GrantRow, cursors: Cursors) -> str:
    _, name, contact_id = row.key
    return cursors.encode(Position(name, contact_id))


def _key_at(position: Position) -> Key:
    """The place that a cursor stands for, whoever stands there now."""
    return (True, position.key, position.id) if position.id else _FIRST


def _known_time(at: datetime | None) -> datetime | None:
    """In UTC: the same moment is the same question however it is written."""
    if at is None:
        return None
    if not EARLIEST <= at < LATEST:
        raise BadRequest("INVALID_TIME", "Ask about a time from 1900 through 2199.")
    return in_utc(at)


async def decide_locked(tx: Transaction, person_id: str, client_id: str, action: PortalAction) -> CheckedAction:
    """The decision inside a write transaction, under the locks that keep it true until the transaction ends.

    What is written after it in the same transaction is written by somebody who may. Lock other people before, match
    keys and the like after it. It is about the moment from which on what the transaction changes is so. What is written
    keeps the edge's id and version, because the edge may be changed or removed later.
    """
    pair = await tx[AccessWrites].locked_pair(person_id, client_id)
    decision = decide(pair.facts, action, tx.stamp())
    return CheckedAction(decision, pair.facts, pair.contact_id, pair.contact_version, pair.messages_from)
