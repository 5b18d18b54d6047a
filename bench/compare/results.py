"""What was measured, and how it compares with the goals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from bench.compare.operations import ADD, CLIENTS, FIND, NETWORK, OPERATIONS, REVERSE, UNAUDITED, Operation

P99_AGAINST_PEER = 0.5
GROWTH = 1.3
ALL = "all"
AGAINST_PEER: dict[str, dict[int | str, float]] = {
    NETWORK.name: {1: 2.5, 8: 3.0, 32: 4.0},
    CLIENTS.name: {1: 2.2, 8: 3.0, 32: 3.0},
    REVERSE.name: {1: 2.5, 8: 3.0, 32: 4.0},
    FIND.name: {1: 1.8, 8: 2.0, 32: 2.0},
    ADD.name: {1: 1.0, 8: 1.2, 32: 1.2},
    UNAUDITED.name: {1: 1.3, 8: 1.6, 32: 1.6},
}
CPU_AGAINST_PEER = {
    NETWORK.name: 1 / 4,
    CLIENTS.name: 1 / 3.5,
    REVERSE.name: 1 / 4,
    FIND.name: 1 / 2,
    ADD.name: 1 / 1.3,
    UNAUDITED.name: 1 / 1.8,
}
"""A server's processor time for a request: where the machine is not quiet, it says more than rates."""
AGAINST_FLOOR: dict[str, dict[int | str, float]] = {
    NETWORK.name: {1: 0.75, 32: 1.5},
    CLIENTS.name: {ALL: 0.85},
    REVERSE.name: {ALL: 0.75},
    FIND.name: {ALL: 0.75},
    ADD.name: {ALL: 0.7},
    UNAUDITED.name: {},
}


@dataclass(frozen=True, slots=True)
class Run:
    """One load on one server, or on the driver alone."""

    operation: str
    subject: str
    connections: int
    round: int
    workers: int
    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_seconds: float
    resident_mb: float
    database_cpu_seconds: float | None
    edges_added: int | None = None
    load: float | None = None
    """The machine's, over the last minute, as the run ended."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(slots=True)
class SizeReport:
    """All that was measured with so many persons."""

    persons: int
    contacts: int
    load_seconds: float
    sets_compared: dict[str, int] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)
    """How many statements our server sends for an operation."""
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figures:
    """The mean of a subject's rounds."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    database_cpu_ms: float | None
    resident_mb: float
    load: float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a figure compares, and what it should be."""

    value: float
    goal: float | None
    at_least: bool = True

    @property
    def missed(self) -> bool:
        """Whether there is a goal that is not reached."""
        return self.goal is not None and (self.value < self.goal if self.at_least else self.value > self.goal)

    @property
    def plain(self) -> str:
        """The figure beside its goal."""
        sign = "≥" if self.at_least else "≤"
        return f"{self.value:.2f}" if self.goal is None else f"{self.value:.2f} ({sign} {self.goal:.3g})"

    def __str__(self) -> str:
        return f"{self.plain} **missed**" if self.missed else self.plain


@dataclass(frozen=True, slots=True)
class Row:
    """An operation at so many connections."""

    operation: Operation
    connections: int
    figures: dict[str, Figures]
    against_peer: Ratio | None
    against_floor: Ratio | None
    p99_against_peer: Ratio | None
    cpu_against_peer: Ratio | None

    @property
    def ratios(self) -> tuple[Ratio, ...]:
        """Those there are."""
        return tuple(
            filter(None, (self.against_peer, self.against_floor, self.p99_against_peer, self.cpu_against_peer))
        )


def figures(runs: Iterable[Run]) -> Figures:
    """The mean of several rounds."""
    rounds = list(runs)
    database = [run.database_cpu_seconds for run in rounds if run.database_cpu_seconds is not None]
    requests = sum(run.requests for run in rounds)
    return Figures(
        rate=fmean(run.rate for run in rounds),
        p50_ms=fmean(run.p50_ms for run in rounds),
        p99_ms=fmean(run.p99_ms for run in rounds),
        cpu_ms=sum(run.cpu_seconds for run in rounds) / requests * 1_000,
        database_cpu_ms=sum(database) / requests * 1_000 if len(database) == len(rounds) else None,
        resident_mb=max(run.resident_mb for run in rounds),
        load=max((run.load for run in rounds if run.load is not None), default=None),
    )


def _goal(goals: dict[str, dict[int | str, float]], operation: Operation, connections: int) -> float | None:
    of = goals[operation.name]
    return of.get(connections, of.get(ALL))


def rows(report: SizeReport) -> list[Row]:
    """Every operation at every number of connections, without the runs of several workers."""
    return [
        _row(report, operation, connections)
        for operation in OPERATIONS
        for connections in sorted({run.connections for run in report.runs if _is(run, operation)})
    ]


def _is(run: Run, operation: Operation) -> bool:
    return run.operation == operation.name and run.round > 0


def _row(report: SizeReport, operation: Operation, connections: int) -> Row:
    runs = [run for run in report.runs if _is(run, operation) and run.connections == connections]
    found = {
        subject: figures(run for run in runs if run.subject == subject)
        for subject in dict.fromkeys(run.subject for run in runs)
    }
    ours, peer, floor = found["ours"], found.get("peer"), found.get("floor")
    against_peer = p99 = against_floor = cpu = None
    if peer is not None:
        against_peer = Ratio(ours.rate / peer.rate, _goal(AGAINST_PEER, operation, connections))
        p99 = Ratio(ours.p99_ms / peer.p99_ms, P99_AGAINST_PEER, at_least=False)
        cpu = Ratio(ours.cpu_ms / peer.cpu_ms, CPU_AGAINST_PEER[operation.name], at_least=False)
    if floor is not None:
        against_floor = Ratio(ours.rate / floor.rate, _goal(AGAINST_FLOOR, operation, connections))
    return Row(operation, connections, found, against_peer, against_floor, p99, cpu)


def growth(reports: list[SizeReport], operation: Operation, subject: str) -> Ratio | None:
    """How p50 at one connection grows from the smallest to the largest size; None when one of them lacks it."""
    ordered = sorted(reports, key=lambda report: report.persons)
    ends = [
        [r for r in report.runs if _is(r, operation) and r.subject == subject and r.connections == 1]
        for report in (ordered[0], ordered[-1])
    ]
    if len(ordered) < 2 or not all(ends):
        return None
    small, large = (figures(runs).p50_ms for runs in ends)
    return Ratio(large / small, GROWTH if subject == "ours" else None, at_least=False)


def missed(reports: list[SizeReport]) -> list[str]:
    """In words, every goal that is missed."""
    words = []
    for report in reports:
        for row in rows(report):
            named: tuple[tuple[str, Ratio | None], ...] = (
                ("requests/s against the peer", row.against_peer),
                ("requests/s against the floor", row.against_floor),
                ("p99 against the peer's", row.p99_against_peer),
                ("processor time against the peer's", row.cpu_against_peer),
            )
            found = [f"{what} {ratio.plain}" for what, ratio in named if ratio is not None and ratio.missed]
            if found:
                where = f"{row.operation.title}, {row.connections} at once, {report.persons:,} persons"
                words.append(f"{where}: {'; '.join(found)}")
    grown = growth(reports, NETWORK, "ours")
    if grown is not None and grown.missed:
        words.append(f"growth of one network's p50: {grown.plain}")
    return words


def as_json(report: SizeReport) -> list[dict[str, Any]]:
    """The rows' ratios, for the JSON."""
    return [
        {
            "operation": row.operation.name,
            "connections": row.connections,
            "against_peer": _plain(row.against_peer),
            "against_floor": _plain(row.against_floor),
            "p99_against_peer": _plain(row.p99_against_peer),
            "cpu_against_peer": _plain(row.cpu_against_peer),
        }
        for row in rows(report)
    ]


def _plain(ratio: Ratio | None) -> dict[str, Any] | None:
    if ratio is None:
        return None
    return {"value": round(ratio.value, 3), "goal": ratio.goal, "missed": ratio.missed}
