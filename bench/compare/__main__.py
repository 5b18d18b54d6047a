"""Compare ours with the peer and the floor on the first Neo4j of NEO4J_TEST_URI: `make compare`."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.compare.comparison import Comparison, Plan
from bench.compare.measuring import Timing
from bench.compare.output import save, versions
from bench.compare.results import SizeReport, missed
from bench.compare.wrk import MISSING, wrk_version
from bench.report import machine

RESULTS = Path(__file__).parents[1] / "results"
console = Console(highlight=False)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part.strip())


def _database_url() -> str:
    url = os.environ.get("NEO4J_TEST_URI", "").split(",")[0].strip()
    if not url:
        raise typer.BadParameter("NEO4J_TEST_URI must be the address of a Neo4j, as bolt://127.0.0.1:7687.")
    return url


def main(
    sizes: Annotated[str, typer.Option(help="Persons, several comma-separated.")] = "10000,100000",
    largest: Annotated[
        int, typer.Option(min=0, help="Persons that ours is measured with alone; 0: leave it out.")
    ] = 1_000_000,
    seconds: Annotated[int, typer.Option(min=1, max=300, help="Of each run; a third more to warm up.")] = 10,
    rounds: Annotated[int, typer.Option(min=1, max=10, help="How often ours and the peer take turns.")] = 2,
    connections: Annotated[str, typer.Option(help="How many at once, several comma-separated.")] = "1,8,32",
    warm: Annotated[int, typer.Option(min=0, max=60, help="Seconds to warm a server up by each operation.")] = 10,
    output: Annotated[Path, typer.Option(help="Where the results are written.")] = RESULTS,
    keep: Annotated[
        str | None, typer.Option(help="Keep the practices under this name, and take those kept before.")
    ] = None,
) -> None:
    """Compare ours with the peer and the driver alone on the first Neo4j of NEO4J_TEST_URI."""
    if wrk_version() is None:
        raise typer.BadParameter(MISSING)
    plan = Plan(_database_url(), Timing(seconds, warm), rounds, _numbers(connections), keep, console.print)
    before = {"machine": machine(), "versions": versions(plan.database_url)}
    reports: list[SizeReport] = []
    wanted = [(persons, True) for persons in _numbers(sizes)]
    wanted += [(largest, False)] if largest else []
    with_workers = max((persons for persons, peer in wanted if peer), default=largest)
    try:
        for persons, peer in wanted:
            with tempfile.TemporaryDirectory(prefix="graph-api-compare-") as directory:
                Comparison(plan, Path(directory)).run(persons, reports, peer=peer, workers=persons == with_workers)
    finally:
        if any(report.runs for report in reports):
            _finish(reports, plan, before, output)


def _finish(reports: list[SizeReport], plan: Plan, before: dict[str, Any], output: Path) -> None:
    """Write what there is, and say what is missed; also when the comparison could not be ended."""
    for path in save(reports, plan, before, output, datetime.now(UTC)):
        console.print(f"Written to {path}")
    for line in missed(reports):
        console.print(f"missed: {line}", soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)
