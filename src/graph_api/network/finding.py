"""Find Contact: search before adding (S5, S6, S11)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graph_api.engine.errors import BadRequest
from graph_api.kernel.ids import is_id
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.records import Record
from graph_api.kernel.scope import Scope
from graph_api.network.graph.edges import ContactReads
from graph_api.network.records import EdgeProperties, EdgeRecord
from graph_api.network.requests import SearchAnchor, SearchHit, SearchRequest
from graph_api.people.duplicates import MatchField
from graph_api.people.search import SearchTerms, parse_search, score_person, searched

MAX_SEARCH = 200
MAX_FOUND = 500
"""People looked at for one search; a search that finds more should be narrowed."""


class ContactMatch(NamedTuple):
    """A person found, with what staff need to know before adding them; records begin with `SEARCHED_PROPERTIES`."""

    record: Record
    score: float
    matched_on: tuple[MatchField, ...]
    client_count: int | None
    """Only where it was asked for."""
    existing: EdgeRecord | None


class SearchService:
    """Looks people up by what staff type."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._secret = scope.secret

    async def find(
        self,
        search: str,
        for_client_id: str | None,
        arguments: PageArguments,
        wanted: EdgeProperties,
        *,
        with_count: bool,
    ) -> Page[ContactMatch, ContactMatch]:
        """People who answer every part of `search`, best first; the client themselves is left out.

        `wanted` is what to bring of the person, which begins with `SEARCHED_PROPERTIES`, of the existing contact and
        of its client.

        Raises:
            BadRequest: SEARCH_TOO_LONG, INVALID_PAGE, INVALID_CURSOR.
        """
        if len(search) > MAX_SEARCH:
            raise BadRequest("SEARCH_TOO_LONG", f"At most {MAX_SEARCH} characters.")
        practice = self._caller.practice
        client_id = for_client_id if for_client_id is not None and is_id("person", for_client_id) else None
        terms = parse_search(search, practice.region)
        cursors = Cursors(self._secret, practice.id, f"findContacts\x00{terms}\x00{client_id}")
        request = page_request(arguments, cursors, with_total=False)

        def page(hits: Sequence[SearchHit]) -> Page[ContactMatch, ContactMatch]:
            found = _ranked(hits, terms, client_id)
            start = _passed(found, request.position)
            return make_page(
                found[start : start + request.size + 1],
                request,
                lambda match: cursors.encode(Position(repr(match.score), match.record[0])),
            )

        if terms.is_empty:
            return page(())
        asked = SearchRequest(client_id, wanted, with_count)
        found = await self._graph[ContactReads].search(_anchor(terms), asked, MAX_FOUND)
        return self._graph.door.keep(found, page, lambda shown: _shown(shown.rows))


def _passed(found: Sequence[ContactMatch], position: Position | None) -> int:
    """How many stand up to a position."""
    if position is None:
        return 0
    place = (-float(position.key), position.id)
    return sum(1 for match in found if _rank(match) <= place)


def _ranked(hits: Sequence[SearchHit], terms: SearchTerms, client_id: str | None) -> list[ContactMatch]:
    matches = []
    for hit in hits:
        scored = score_person(searched(hit.record), terms)
        if scored is not None and hit.record[0] != client_id:
            matches.append(ContactMatch(hit.record, scored.score, scored.matched_on, hit.client_count, hit.existing))
    return sorted(matches, key=_rank)


def _shown(matches: Sequence[ContactMatch]) -> Iterator[str]:
    """Those who were found, and the client whose contacts some of them are."""
    for match in matches:
        yield match.record[0]
        if match.existing is not None:
            yield match.existing.client[0]


def _rank(match: ContactMatch) -> tuple[float, str]:
    return -match.score, match.record[0]


def _anchor(terms: SearchTerms) -> SearchAnchor:
    """What narrows most is asked of the index; the rest is compared with what comes back."""
    if terms.email is not None:
        return SearchAnchor(match_key=f"email {terms.email.casefold()}")
    if terms.phone is not None:
        return SearchAnchor(match_key=f"phone {terms.phone}")
    if terms.birth_date is not None:
        return SearchAnchor(match_key=f"born {terms.birth_date.isoformat()} ")
    return SearchAnchor(words=terms.words)
