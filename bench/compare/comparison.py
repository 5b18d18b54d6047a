"""The comparison at one size: load, start both servers, check, measure, leave the database as it was."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.compare.asking import Asking
from bench.compare.checking import FEWEST, Sizes, check_additions, check_reads
from bench.compare.graph import Graph
from bench.compare.measuring import Measuring, Place, Timing
from bench.compare.operations import ADD, CLIENTS, NETWORK, READS, UNAUDITED, Asked, Operation
from bench.compare.pairs import Pairs, add_variables
from bench.compare.recorded import Call, Template, record_addition, record_reads, staff_token
from bench.compare.results import Run, SizeReport
from bench.compare.servers import Server, database_process, our_server, peer_server
from bench.compare.variables import read_variables
from bench.practice import Measured, load_practice, remove_practice
from graph_api.config import Settings
from graph_api.opening import ready_database

LOADING_WITHIN = 300.0
WORKERS = (1, 2, 4)
WORKERS_AT = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured at every size."""

    database_url: str
    timing: Timing
    rounds: int
    connections: tuple[int, ...]
    keep: str | None
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is asked at one size, checked, and what the floor sends for it."""

    sets: dict[str, list[Asked]]
    sizes: dict[str, Sizes]
    recorded: dict[str, list[list[Call]]]
    template: Template
    pairs: Pairs


@contextmanager
def _own_keys(graph: Graph) -> Iterator[None]:
    """Servers make the database know their keys, which are gone after the comparison.

    Raises:
        RuntimeError: it knows others, whose data are not to be touched.
    """
    if graph.knows_keys():
        raise RuntimeError("This database has an installation's data. Compare on one that is empty.")
    try:
        yield
    finally:
        graph.forget_keys()


def _in_turn(servers: Sequence[Server], at: Place) -> Sequence[Server]:
    """In both orders, as whoever comes second finds another machine."""
    return servers if at.round % 2 else servers[::-1]


class Comparison:
    """One size, in a data directory of its own."""

    def __init__(self, plan: Plan, directory: Path) -> None:
        self._plan = plan
        self._directory = directory
        self._settings = Settings(
            data_dir=directory, database_url=plan.database_url, request_timeout=LOADING_WITHIN, _env_file=None
        )
        self._environment = {
            "GRAPH_API_DATA_DIR": str(directory),
            "GRAPH_API_DATABASE_URL": plan.database_url,
            "GRAPH_API_REQUEST_TIMEOUT": "30",
        }
        self._measuring = Measuring(plan.timing, directory, plan.database_url, database_process(plan.database_url))

    def run(self, persons: int, reports: list[SizeReport], *, peer: bool, workers: bool) -> None:
        """All of it; the report is added to `reports` first, and filled while measuring.

        `peer` and `workers` say whether those are measured too.
        """
        self._plan.say(f"[bold]{persons:,} persons[/]: loading")
        with Graph(self._plan.database_url) as graph, _own_keys(graph), self._practice(persons) as measured:
            rate = measured.persons / measured.seconds if measured.seconds else 0
            graph.remove_strays(measured.practice.id)
            edges = graph.edges(measured.practice.id)
            self._plan.say(f"  {edges:,} edges; " + (f"{rate:,.0f} persons/s" if rate else "kept from before"))
            report = SizeReport(measured.persons, edges, round(measured.seconds, 1))
            reports.append(report)
            token = staff_token(self._settings, measured.practice)
            with ExitStack() as stack:
                servers = [stack.enter_context(our_server(self._environment, token, self._directory / "ours.log"))]
                if peer:
                    log = self._directory / "peer.log"
                    servers.append(stack.enter_context(peer_server(self._plan.database_url, log)))
                prepared = self._prepare(measured, graph, servers, report)
                self._reads(servers, prepared, report)
                self._additions(servers, ADD, measured, prepared, graph, report)
                if peer:
                    log = self._directory / "unaudited.log"
                    unaudited = stack.enter_context(our_server(self._environment, token, log, is_audited=False))
                    self._additions([unaudited, *servers[1:]], UNAUDITED, measured, prepared, graph, report)
            if workers:
                self._workers(token, prepared, report)

    @contextmanager
    def _practice(self, persons: int) -> Iterator[Measured]:
        async def load() -> Measured:
            async with ready_database(self._settings) as database:
                return await load_practice(database, persons, keep=self._plan.keep)

        async def remove(measured: Measured) -> None:
            async with ready_database(self._settings) as database:
                await remove_practice(database, measured.practice)

        measured = asyncio.run(load())
        try:
            yield measured
        finally:
            if self._plan.keep is None:
                self._plan.say("  removing the practice")
                asyncio.run(remove(measured))

    def _prepare(self, measured: Measured, graph: Graph, servers: list[Server], report: SizeReport) -> Prepared:
        """Choose what is asked, compare the answers, record the statements."""
        self._plan.say("  comparing answers")
        pairs = Pairs(measured.population, graph.linked)
        practice = measured.practice
        with ExitStack() as stack:
            asking = {server.target.name: stack.enter_context(Asking(server.target)) for server in servers}
            sets = read_variables(measured, graph, asking["ours"])
            sizes = {read.name: check_reads(read, sets[read.name], asking) for read in READS}
            sizes[ADD.name] = check_additions(practice.id, pairs.take(FEWEST), asking, graph)
        asked = [(read, [one.ours for one in sets[read.name]]) for read in READS]
        recorded = asyncio.run(record_reads(self._settings, practice, asked))
        (pair,) = pairs.take(1)
        variables = add_variables(practice.id, pair).ours
        template = asyncio.run(record_addition(self._settings, practice, ADD, variables, pair))
        graph.remove_added([pair])
        report.sets_compared = {**{name: len(of) for name, of in sets.items()}, ADD.name: FEWEST}
        report.statements = {**{name: len(of[-1]) for name, of in recorded.items()}, ADD.name: len(template.calls)}
        return Prepared(sets, sizes, recorded, template, pairs)

    def _places(self) -> Iterator[Place]:
        for connections in self._plan.connections:
            for number in range(self._plan.rounds):
                yield Place(connections, number + 1)

    def _keep(self, report: SizeReport, run: Run) -> Run:
        report.runs.append(run)
        who = run.subject if run.workers == 1 else f"{run.subject} x{run.workers}"
        self._plan.say(
            f"  {run.operation:8} {who:7} at {run.connections:2}: "
            f"{run.rate:8.1f}/s  p50 {run.p50_ms:7.2f}  p99 {run.p99_ms:7.2f} ms"
        )
        return run

    def _reads(self, servers: list[Server], prepared: Prepared, report: SizeReport) -> None:
        for read in READS:
            for at in self._places():
                for server in _in_turn(servers, at):
                    sets, sizes = prepared.sets[read.name], prepared.sizes[read.name]
                    self._keep(report, self._measuring.read(server, read, sets, sizes, at))
                self._keep(report, self._measuring.floor_read(read, prepared.recorded[read.name], at))

    def _additions(
        self,
        servers: list[Server],
        operation: Operation,
        measured: Measured,
        prepared: Prepared,
        graph: Graph,
        report: SizeReport,
    ) -> None:
        """Both in turn; and the floor, where ours does all that it does."""
        practice_id, pairs, sizes = measured.practice.id, prepared.pairs, prepared.sizes[ADD.name]
        for at in self._places():
            for server in _in_turn(servers, at):
                self._keep(report, self._measuring.add(server, operation, practice_id, pairs, graph, sizes, at))
            if operation is ADD:
                ours = next(run for run in reversed(report.runs) if run.subject == "ours")
                self._keep(report, self._measuring.floor_add(prepared.template, pairs, graph, ours.rate, at))

    def _workers(self, token: str, prepared: Prepared, report: SizeReport) -> None:
        """Ours with several processes; no goal, for the cores are shared with the database and the load."""
        for workers in WORKERS:
            with our_server(self._environment, token, self._directory / "ours.log", workers) as server:
                for read in (NETWORK, CLIENTS):
                    sets, sizes = prepared.sets[read.name], prepared.sizes[read.name]
                    at = Place(WORKERS_AT, 0, workers)
                    self._keep(report, self._measuring.read(server, read, sets, sizes, at))
