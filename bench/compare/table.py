"""The results in Markdown."""

from collections.abc import Iterator
from typing import Any

from bench.compare.operations import NETWORK, ONLY_OURS, OPERATIONS
from bench.compare.results import Ratio, Row, SizeReport, figures, growth, missed, rows

SUBJECTS = ("ours", "peer", "floor")
TIMES = (
    *("Operation", "At once", "Requests/s: ours", "peer", "floor", "ours / peer", "ours / floor"),
    *("p50 ms: ours", "peer", "floor", "p99 ms: ours", "peer", "floor", "p99: ours / peer"),
)
COSTS = (
    *("Operation", "At once", "CPU ms each: ours", "peer", "floor", "ours / peer"),
    *("Database's CPU ms each: ours", "peer", "floor", "RSS MB: ours", "peer", "floor", "load: ours", "peer", "floor"),
)
NOTES = (
    "One process each: `graph-api serve`, @neo4j/graphql on Apollo Server (Node, NODE_ENV=production), and for the "
    "floor the Python driver alone (uvloop), sending the statements that ours sends for the operation, in order, with "
    "their rows as JSON. All on one machine with the database and the load, which share its cores.",
    "wrk, one thread, closed loop, prepared requests in turn; its times are corrected for what a slow answer kept from "
    "being sent, and so are the floor's. Answers were compared field by field before, and their lengths and "
    "statuses checked in every run.",
    "Each server is warmed for ten seconds by each operation before it is measured, because V8 and the JVM compile "
    "meanwhile. Rounds take turns in both orders.",
    "The processor time of a request and its ratio are good to about 15 % on a machine that others use; rates are to "
    "about 25 %. The load is that of the last minute as a run ended, the run's own included.",
    "Ours is sent a signed token in every request and verifies it, bounds the document, and logs a line; the peer is "
    "sent none and does none of it. Ours reads inside one practice at every step, leaves archived clients out and "
    "filters contacts by their status; the peer is told the practice at the root alone, or by the key's beginning.",
    "For the page ours is sent an opaque cursor, the peer the sort key itself.",
    "Rounds are averaged; memory is the most that was seen after a run. The database's CPU is all that it used "
    "meanwhile, for whomever.",
)


def markdown(reports: list[SizeReport], found: dict[str, Any], plot: str) -> str:
    """The whole file."""
    return "\n".join(_lines(reports, found, plot)) + "\n"


def _lines(reports: list[SizeReport], found: dict[str, Any], plot: str) -> Iterator[str]:
    yield f"# Ours, the peer and the driver alone, {found['date'][:10]}"
    yield ""
    machine = found["machine"]
    yield (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Python "
        f"{machine['python']}; load before: {machine['load_before']}. {found['rounds']} rounds of {found['seconds']} s "
        f"after {found['warm_up']} s to warm up."
    )
    yield ""
    yield ", ".join(f"{name} {number}" for name, number in found["versions"].items()) + "."
    yield ""
    yield f"![Requests a second]({plot})"
    for report in reports:
        yield from _size(report)
    yield from _growth(reports)
    yield ""
    yield "## Goals that are missed"
    yield ""
    yield from [f"- {line}" for line in missed(reports)] or ["None."]
    yield ""
    yield "## How it was measured"
    yield ""
    yield from (f"- {note}" for note in NOTES)
    yield ""
    yield "What addExistingContact does that the peer's `connect` does not:"
    yield ""
    yield from (f"- {line}" for line in ONLY_OURS)


def table(head: tuple[str, ...], body: list[list[str]]) -> Iterator[str]:
    """A Markdown table; the first column is text."""
    yield f"| {' | '.join(head)} |"
    yield f"|---{'|---:' * (len(head) - 1)}|"
    yield from (f"| {' | '.join(cells)} |" for cells in body)


def _size(report: SizeReport) -> Iterator[str]:
    yield ""
    yield f"## {report.persons:,} persons, {report.contacts:,} edges"
    yield ""
    compared = ", ".join(f"{one.title} {report.sets_compared.get(one.name, 0)}" for one in OPERATIONS)
    sent = ", ".join(f"{one.title} {report.statements.get(one.name, 0)}" for one in OPERATIONS)
    yield f"Sets of variables compared and asked: {compared}. Statements that ours sends alone: {sent}."
    yield ""
    found = rows(report)
    yield from table(TIMES, [_times(row) for row in found])
    yield ""
    yield from table(COSTS, [_costs(row) for row in found])
    yield from _workers(report)


def _each(row: Row, name: str, form: str) -> list[str]:
    """A figure of ours, the peer and the floor."""
    of = [row.figures.get(subject) for subject in SUBJECTS]
    values = [None if one is None else getattr(one, name) for one in of]
    return ["" if value is None else format(value, form) for value in values]


def _times(row: Row) -> list[str]:
    return [
        row.operation.title,
        str(row.connections),
        *_each(row, "rate", ",.0f"),
        _ratio(row.against_peer),
        _ratio(row.against_floor),
        *_each(row, "p50_ms", ".2f"),
        *_each(row, "p99_ms", ".2f"),
        _ratio(row.p99_against_peer),
    ]


def _costs(row: Row) -> list[str]:
    return [
        row.operation.title,
        str(row.connections),
        *_each(row, "cpu_ms", ".2f"),
        _ratio(row.cpu_against_peer),
        *_each(row, "database_cpu_ms", ".2f"),
        *_each(row, "resident_mb", ".0f"),
        *_each(row, "load", ".1f"),
    ]


def _ratio(ratio: Ratio | None) -> str:
    return "" if ratio is None else str(ratio)


def _workers(report: SizeReport) -> Iterator[str]:
    runs = [run for run in report.runs if run.round == 0]
    if not runs:
        return
    yield ""
    yield f"### Several workers of ours, {runs[0].connections} connections"
    yield ""
    head = ("Operation", "Workers", "Requests/s", "p50 ms", "p99 ms", "CPU ms each", "RSS MB in all")
    body = []
    for run in sorted(runs, key=lambda run: (run.operation, run.workers)):
        one = figures([run])
        title = next(known.title for known in OPERATIONS if known.name == run.operation)
        numbers = [f"{one.rate:,.0f}", f"{one.p50_ms:.2f}", f"{one.p99_ms:.2f}", f"{one.cpu_ms:.2f}"]
        body.append([title, str(run.workers), *numbers, f"{one.resident_mb:.0f}"])
    yield from table(head, body)


def _growth(reports: list[SizeReport]) -> Iterator[str]:
    if len(reports) < 2:
        return
    yield ""
    yield "## How point reads grow"
    yield ""
    ordered = sorted(reports, key=lambda report: report.persons)
    body = []
    for subject in SUBJECTS:
        cells = []
        for report in ordered:
            found = [
                row.figures.get(subject) for row in rows(report) if row.operation is NETWORK and row.connections == 1
            ]
            cells.append(f"{found[0].p50_ms:.2f}" if found and found[0] is not None else "")
        body.append([subject, *cells, _ratio(growth(reports, NETWORK, subject))])
    head = ("p50 ms of one network, 1 connection", *(f"{report.persons:,}" for report in ordered), "largest / smallest")
    yield from table(head, body)
