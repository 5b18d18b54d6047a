"""Lists of coming events: access that will end (D8, D13), and birthdays. Days are the practice's."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from graph_api.access.facts import AccessFacts
from graph_api.access.graph.decisions import AccessReads
from graph_api.access.graph.upcoming import ComingReads
from graph_api.access.upcoming import ComingOfAge, EndPosition, Majority, TermsEnds, Window, access_ends_on
from graph_api.engine.errors import BadRequest
from graph_api.kernel.door import Sealed, nobody
from graph_api.kernel.graph import Graph
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.records import Record
from graph_api.kernel.scope import Scope
from graph_api.kernel.shown import people_in
from graph_api.network.graph.rows import contact_from
from graph_api.network.model import Contact
from graph_api.network.records import EdgeRecord
from graph_api.people.birthdays import ONE_DAY, born_between
from graph_api.people.graph.rows import person_from
from graph_api.people.model import Person
from graph_api.people.names import FIELD_END
from graph_api.people.records import PERSON_PROPERTIES, SORT_KEY
from graph_api.practices.graph import SettingsReads

T = TypeVar("T", TermsEnds, ComingOfAge)
MOST_DAYS = 366
MOST_YEARS = 130
AT_ONCE, COUNTED_AT_ONCE = 50, 500
"""How many are read of each kind before they are put in one order."""
_BIRTH_DATE, _SORT_KEY = (PERSON_PROPERTIES.index(name) for name in ("birthDate", SORT_KEY))
ALL_OF_DAY = "~"
"""Sorts after every id."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A contact, and the last day of what it may do."""

    day: date
    contact: Contact

    @property
    def position(self) -> EndPosition:
        """Where it stands."""
        return EndPosition(self.day, self.contact.id)


@dataclass(frozen=True, slots=True)
class _Told:
    """Ends that one kind of reason knows of, up to where it knows them all; None: to the end."""

    endings: Sequence[Ending]
    reached: EndPosition | None


class ComingService:
    """Questions of one caller about the days to come."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._today = scope.today
        self._secret = scope.secret

    def _window(self, days: int, name: str) -> Window:
        _check_range(days, MOST_DAYS, name)
        return Window(self._today, self._today + timedelta(days=days))

    def _cursors(self, scope: str) -> Cursors:
        return Cursors(self._secret, self._caller.practice.id, scope)

    async def access_ending(self, days: int, arguments: PageArguments, *, with_total: bool) -> Page[Ending, Contact]:
        """Contacts who may do something today and will not, after a day of the next so many.

        By the edge's own last day, by that of an authority on which portal access rests, or by the client's coming of
        age (D13). Ordered by that day, then by id.

        Raises:
            BadRequest: OUT_OF_RANGE, INVALID_PAGE, INVALID_CURSOR.
        """
        window = self._window(days, "days")
        cursors = self._cursors(f"ending\x00{days}")
        request = page_request(arguments, cursors, with_total=with_total)
        settings = await self._graph[SettingsReads].read()
        majority = Majority(settings.age_of_majority, self._caller.practice.time_zone)
        search = _EndingSearch(self._graph, majority, window)
        after = start = EndPosition(self._today)
        if request.position is not None:
            after = max(start, EndPosition(date.fromisoformat(request.position.key), request.position.id))
        found = await search.after(after, request.size + 1, max(AT_ONCE, request.size + 1))
        total = len(await search.after(start, None, COUNTED_AT_ONCE)) if with_total else None

        def cursor(ending: Ending) -> str:
            return cursors.encode(Position(ending.day.isoformat(), ending.contact.id))

        page = make_page(found, request, cursor, total).shown_as(lambda ending: ending.contact)
        self._graph.door.show(people_in(page.items))
        return page

    async def clients_turning(
        self, age: int, days: int, arguments: PageArguments, *, with_total: bool
    ) -> Page[Record, Person]:
        """Clients, archived ones left out, who turn `age` from today through so many days on.

        Ordered by birthday, on 1 March those of 29 February first; then as `clients` are.

        Raises:
            BadRequest: OUT_OF_RANGE, INVALID_PAGE, INVALID_CURSOR.
        """
        _check_range(age, MOST_YEARS, "age")
        window = self._window(days, "withinDays")
        cursors = self._cursors(f"turning\x00{age}\x00{days}")
        request = page_request(arguments, cursors, with_total=with_total)

        def cursor(record: Record) -> str:
            return cursors.encode(Position(record[_BIRTH_DATE] + FIELD_END + record[_SORT_KEY]))

        born = born_between(age, window.today, window.last)
        if born is None:
            return make_page((), request, cursor, 0 if with_total else None).shown_as(person_from)
        after = None if request.position is None else request.position.key
        found = await self._graph[ComingReads].born(*born, after, request.size, PERSON_PROPERTIES)
        total = await self._graph[ComingReads].born_total(*born) if with_total else None
        return make_page(self._graph.door.open(found), request, cursor, total).shown_as(person_from)


class _EndingSearch:
    """Puts together what each kind of reason knows of, in one order."""

    def __init__(self, graph: Graph, majority: Majority, window: Window) -> None:
        self._graph = graph
        self._majority = majority
        self._window = window

    async def after(self, position: EndPosition, wanted: int | None, at_once: int) -> list[Ending]:
        """At least so many, in order, if there are; None: all."""
        found: list[Ending] = []
        while wanted is None or len(found) < wanted:
            told = await asyncio.gather(self._by_terms(position, at_once), self._by_age(position, at_once))
            known = [part.reached for part in told if part.reached is not None]
            reached = min(known, default=None)
            fresh = {
                ending.contact.id: ending
                for part in told
                for ending in part.endings
                if position < ending.position and (reached is None or ending.position <= reached)
            }
            found += sorted(fresh.values(), key=lambda ending: ending.position)
            if reached is None:
                break
            position = reached
        return found if wanted is None else found[:wanted]

    async def _by_terms(self, position: EndPosition, at_once: int) -> _Told:
        found = await self._graph[ComingReads].terms_ending(position, self._window.last, at_once)
        read = self._look_at(found)
        return _Told(await self._ending(read.edges), read.reached)

    async def _by_age(self, position: EndPosition, at_once: int) -> _Told:
        """Clients who come of age on the day after the last one."""
        first = position.day + ONE_DAY if position.contact_id == ALL_OF_DAY else position.day
        age = self._majority.age
        born = None if age is None else born_between(age, first + ONE_DAY, self._window.last + ONE_DAY)
        if born is None:
            return _Told((), None)
        found = await self._graph[ComingReads].coming_of_age(*born, at_once)
        read = self._look_at(found)
        days = {birth_date: self._majority.last_day_before(birth_date) for birth_date, _ in read.edges}
        dated = [(day, edge) for birth_date, edge in read.edges if (day := days[birth_date]) is not None]
        if read.reached is None:
            return _Told(await self._ending(dated), None)
        untold = self._majority.last_day_before(read.reached + ONE_DAY)
        return _Told(await self._ending(dated), None if untold is None else EndPosition(untold - ONE_DAY, ALL_OF_DAY))

    def _look_at(self, found: Sealed[T]) -> T:
        """What was read, to put it in order: the page that comes of it says whom it shows."""
        return self._graph.door.keep(found, lambda read: read, nobody)

    async def _ending(self, edges: Sequence[tuple[date, EdgeRecord]]) -> list[Ending]:
        """Those that do end on the day: another reason may come first, or keep the access, or they may do nothing."""
        made = [Ending(day, contact_from(edge, self._graph.today)) for day, edge in edges]
        facts = (await self._graph[AccessReads].contacts([end.contact.id for end in made])).facts if made else {}
        return [end for end in made if self._ends_on(end.contact, facts) == end.day]

    def _ends_on(self, contact: Contact, facts: Mapping[str, AccessFacts]) -> date | None:
        found = facts.get(contact.id)
        return None if found is None else access_ends_on(contact, found, self._majority, self._window)


def _check_range(value: int, most: int, name: str) -> None:
    if not 0 <= value <= most:
        raise BadRequest("OUT_OF_RANGE", f"{name} must be between 0 and {most}.")
