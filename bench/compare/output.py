"""What was measured as JSON, as Markdown and as a plot."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import neo4j

from bench.compare.comparison import Plan
from bench.compare.operations import ONLY_OURS, OPERATIONS
from bench.compare.plot import plot
from bench.compare.results import SizeReport, as_json
from bench.compare.servers import NODE, PEER
from bench.compare.table import markdown
from bench.compare.wrk import wrk_version

PYTHON_PACKAGES = (
    *("graph-api", "strawberry-graphql", "graphql-core", "starlette", "uvicorn", "uvloop"),
    *("neo4j", "neo4j-rust-ext", "orjson"),
)
PEER_PACKAGES = ("@neo4j/graphql", "@apollo/server", "neo4j-driver", "graphql")


def versions(database_url: str) -> dict[str, str]:
    """Of everything that took part."""
    locked = json.loads((PEER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    node = subprocess.run([NODE, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    with neo4j.GraphDatabase.driver(database_url) as driver:
        records = driver.execute_query("CALL dbms.components() YIELD name, versions, edition").records
    database = {f"{record['name']} ({record['edition']})": record["versions"][0] for record in records}
    return {
        **database,
        **{name: version(name) for name in PYTHON_PACKAGES},
        "node": node.removeprefix("v"),
        **{name: locked[f"node_modules/{name}"]["version"] for name in PEER_PACKAGES},
        "wrk": (wrk_version() or "").removeprefix("wrk "),
    }


def save(
    reports: list[SizeReport], plan: Plan, before: dict[str, Any], directory: Path, now: datetime
) -> Iterator[Path]:
    """Write the three files; their paths.

    Args:
        reports: what was measured.
        plan: what was asked for.
        before: the `machine` and the `versions`, from before the database had anything to do: it may be gone now.
        directory: where they go.
        now: their date.
    """
    found = {
        "date": now.isoformat(timespec="seconds"),
        **before,
        "seconds": plan.timing.seconds,
        "warm_up": plan.timing.warm_up,
        "rounds": plan.rounds,
        "operations": {one.name: {"ours": one.ours, "peer": one.peer} for one in OPERATIONS},
        "only_ours_in_add": ONLY_OURS,
        "sizes": [{**asdict(report), "ratios": as_json(report)} for report in reports],
    }
    directory.mkdir(parents=True, exist_ok=True)
    name = f"compare-{now.date().isoformat()}"
    texts = {
        ".json": json.dumps(found, indent=2, ensure_ascii=False) + "\n",
        ".md": markdown(reports, found, f"{name}.svg"),
        ".svg": plot(reports),
    }
    for ending, text in texts.items():
        path = directory / f"{name}{ending}"
        path.write_text(text, encoding="utf-8")
        yield path
