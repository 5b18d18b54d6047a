"""What loads the levels of a compiled operation: from the parents' records to a value for each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from graph_api.access.questions import AccessService
from graph_api.engine.errors import BadRequest, Unavailable
from graph_api.graphql.compile.arguments import Arguments, NotCompiled
from graph_api.graphql.compile.completion import Level, Projection
from graph_api.kernel.ids import is_id, kind_of
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.records import Record
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Outcome
from graph_api.network.api.inputs import contact_filter
from graph_api.network.finding import SearchService
from graph_api.network.reading import NetworkQuery, Reading
from graph_api.network.records import EdgeProperties, NetworkProperties
from graph_api.network.requests import NetworkRow, Side
from graph_api.people.model import CURRENT_CLIENT_STATUSES
from graph_api.shapes.nodes import load_nodes, require_few


class Run:
    """One execution of a compiled operation."""

    __slots__ = ("along", "context", "data", "outcome", "queries", "today", "variables", "waiting")

    def __init__(self, context: Scope, variables: VariableValues, levels: int) -> None:
        self.context = context
        self.variables = variables
        self.today = context.today.isoformat()
        """The practice's day; once for all rows that ask."""
        self.waiting: list[list[tuple[dict[str, Any], Any]]] = [[] for _ in range(levels)]
        """For each level, the objects it will add to, with what its load is given for each."""
        self.along: dict[int, Mapping[str, NetworkRow]] = {}
        """Networks that came with the people they belong to, by level."""
        self.queries: dict[int, NetworkQuery] = {}
        """Networks' arguments, read once, by level."""
        self.data: dict[str, Any] = {}
        self.outcome: Outcome[Any] | None = None
        """What came of the mutation, once it was made."""


def page_arguments(values: Mapping[str, Any]) -> PageArguments:
    """first/after or last/before, as given."""
    return PageArguments(values.get("first"), values.get("after"), values.get("last"), values.get("before"))


@dataclass(slots=True, eq=False)
class NetworkLevel(Level):
    """contactNetwork and contactOf of people; the parents are their records."""

    side: Side = Side.CONTACT_NETWORK
    arguments: Arguments = field(kw_only=True)
    near: Projection = field(kw_only=True)
    """Of the people whose networks they are."""
    contact: Projection = field(kw_only=True)
    other: Projection = field(kw_only=True)
    with_total: bool = field(kw_only=True)

    def query(self, run: Run) -> NetworkQuery:
        """The arguments, checked."""
        found = run.queries.get(self.index)
        if found is None:
            values = self.arguments.values(run.variables)
            narrow = contact_filter(values.get("filter"))
            found = run.context[Reading].network_query(
                self.side, page_arguments(values), narrow, self.other.names, with_total=self.with_total
            )
            run.queries[self.index] = found
        return found

    def properties(self, person: tuple[str, ...]) -> NetworkProperties:
        """What to ask for."""
        return NetworkProperties(person, self.contact.names, self.other.names)

    async def load(self, run: Run, parents: Sequence[Record]) -> Sequence[Any]:
        """A page for each person."""
        query = self.query(run)
        rows = run.along.get(self.index)
        if rows is None:
            ids = list(dict.fromkeys(person[0] for person in parents))
            rows = await run.context[Reading].networks(query.request, ids, self.properties(("id",)))
        return [query.page(rows.get(person[0])) for person in parents]


@dataclass(slots=True, eq=False)
class BetweenLevel(Level):
    """isReciprocated and reciprocal; the parents are pairs of client's and contact's person ids."""

    contact: Projection = field(kw_only=True)
    client: Projection = field(kw_only=True)
    person: Projection = field(kw_only=True)

    async def load(self, run: Run, parents: Sequence[tuple[str, str]]) -> Sequence[Any]:
        """The edge of each pair, or None."""
        wanted = EdgeProperties(self.contact.names, self.client.names, self.person.names)
        found = await run.context[Reading].between(list(dict.fromkeys(parents)), wanted)
        return [found.get(pair) for pair in parents]


@dataclass(slots=True, eq=False)
class RootLevel(Level):
    """A field of the query itself."""

    arguments: Arguments = field(kw_only=True)
    person: Projection = field(default_factory=Projection)

    def along(self, run: Run) -> tuple[NetworkLevel, NetworkQuery] | None:
        """A network that can be read in the same statement as the people it is of."""
        for child in self.children:
            if isinstance(child, NetworkLevel) and child.near is self.person:
                try:
                    return child, child.query(run)
                except BadRequest:
                    return None  # the field itself will say what is wrong
        return None


@contextmanager
def _alone_when_broken() -> Iterator[None]:
    """A network that is broken must not take along the people it came with: the ordinary way reads them apart."""
    try:
        yield
    except (BadRequest, Unavailable, NotCompiled):
        raise
    except Exception as error:
        raise NotCompiled from error


@dataclass(slots=True, eq=False)
class PersonLevel(RootLevel):
    """person and client: somebody by their id, with the first page of a network where one is asked for."""

    only_clients: bool = False

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """Their record, or None."""
        person_id = str(self.arguments.values(run.variables)["id"])
        reading, along = run.context[Reading], self.along(run)
        if along is None or not is_id("person", person_id):
            record = (await reading.people([person_id], self.person.names)).get(person_id)
        else:
            level, query = along
            with _alone_when_broken():
                rows = await reading.networks(query.request, [person_id], level.properties(self.person.names))
            record = rows[person_id][0] if person_id in rows else None
            run.along[level.index] = rows
        if record is not None and self.only_clients and record[self.person.place("clientStatus")] is None:
            record = None
        return [record]


@dataclass(slots=True, eq=False)
class ExternalIdLevel(RootLevel):
    """personByExternalId."""

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """Their record, or None."""
        values = self.arguments.values(run.variables)
        reading = run.context[Reading]
        return [await reading.person_by_external_id(values["external_id"], values.get("system"), self.person.names)]


@dataclass(slots=True, eq=False)
class ClientsLevel(RootLevel):
    """clients, each with the first page of a network where one is asked for."""

    with_total: bool = False

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """The page."""
        values = self.arguments.values(run.variables)
        narrow, along = values.get("filter"), self.along(run)
        wanted = NetworkProperties(self.person.names) if along is None else along[0].properties(self.person.names)
        with nullcontext() if along is None else _alone_when_broken():
            found = await run.context[Reading].clients(
                CURRENT_CLIENT_STATUSES if narrow is None else narrow.statuses,
                page_arguments(values),
                wanted,
                with_total=self.with_total,
                along=None if along is None else along[1].request,
            )
        if along is not None and found.networks is not None:
            run.along[along[0].index] = found.networks
        return [found.page]


COMPILED_KINDS = ("person", "contact", "practice")
"""Kinds of nodes that compiled code can show."""


@dataclass(slots=True, eq=False)
class NodesLevel(RootLevel):
    """node and nodes: people, edges and the practice, by their ids."""

    contact: Projection = field(default_factory=Projection)
    client: Projection = field(default_factory=Projection)
    other: Projection = field(default_factory=Projection)
    is_list: bool = False

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """What each id names, or None."""
        values = self.arguments.values(run.variables)
        ids = [str(node_id) for node_id in values["ids"]] if self.is_list else [str(values["id"])]
        if not all(kind_of(node_id) in (None, *COMPILED_KINDS) for node_id in ids):
            raise NotCompiled  # before anything is loaded: the ordinary way would load it again
        wanted = EdgeProperties(self.contact.names, self.client.names, self.other.names)
        found = await self._found(run.context, ids, wanted)
        return [found] if self.is_list else found

    async def _found(self, scope: Scope, ids: Sequence[str], wanted: EdgeProperties) -> list[Any]:
        """People and edges as records of what is shown of them; anything else whole."""
        require_few(ids)
        others = [node_id for node_id in ids if not (is_id("person", node_id) or is_id("contact", node_id))]
        found: dict[str, Any] = dict(zip(others, await load_nodes(scope, others), strict=True))
        if any(is_id("person", node_id) for node_id in ids):
            found |= await scope[Reading].people(ids, self.person.names)
        if any(is_id("contact", node_id) for node_id in ids):
            found |= await scope[Reading].contacts(ids, wanted)
        return [found.get(node_id) for node_id in ids]


@dataclass(slots=True, eq=False)
class SearchLevel(RootLevel):
    """findContacts."""

    contact: Projection = field(default_factory=Projection)
    client: Projection = field(default_factory=Projection)
    with_count: bool = False

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """The page of matches."""
        values = self.arguments.values(run.variables)
        client_id = values.get("for_client_id")
        page = await run.context[SearchService].find(
            values["search"],
            None if client_id is None else str(client_id),
            page_arguments(values),
            EdgeProperties(self.contact.names, self.client.names, self.person.names),
            with_count=self.with_count,
        )
        return [page]


@dataclass(slots=True, eq=False)
class ViewerLevel(RootLevel):
    """viewer; and what needs no load at all."""

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """Who asks."""
        return [run.context.caller]


@dataclass(slots=True, eq=False)
class DecisionLevel(RootLevel):
    """canAct."""

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """The decision, or None."""
        values = self.arguments.values(run.variables)
        ids = str(values["person_id"]), str(values["client_id"])
        return [await run.context[AccessService].can_act(*ids, values["action"], values.get("at"))]
