"""What was measured, as tables and as JSON."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from bench.load import Result


@dataclass(frozen=True, slots=True)
class Run:
    """One question, asked over so many connections."""

    question: str
    connections: int
    result: Result


@dataclass(slots=True)
class EngineReport:
    """All that was measured on one engine."""

    engine: str
    persons: int = 0
    contacts: int = 0
    load_seconds: float = 0.0
    royal92_import_seconds: float | None = None
    royal92_again_seconds: float | None = None
    runs: list[Run] = field(default_factory=list)


def machine() -> dict[str, Any]:
    """Where it was measured."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def show(reports: list[EngineReport], console: Console) -> None:
    """Print the tables."""
    table = Table("Engine", "Query, with contacts", title="Requests")
    for name in ("At once", "Requests/s", "p50 ms", "p99 ms", "KB each", "Requests"):
        table.add_column(name, justify="right")
    for report in reports:
        for run in report.runs:
            result = run.result
            figures = (result.requests_per_second, result.p50_ms, result.p99_ms)
            size = f"{result.bytes_per_answer / 1_000:.1f}"
            row = [str(run.connections), *map(str, figures), size, str(result.requests)]
            table.add_row(report.engine, run.question, *row)
        table.add_section()
    console.print(table)
    loads = Table("Engine", title="Loading (seconds)")
    for name in ("Benchmark practice", "royal92 import", "royal92 again"):
        loads.add_column(name, justify="right")
    for report in reports:
        seconds = (report.load_seconds, report.royal92_import_seconds, report.royal92_again_seconds)
        loads.add_row(report.engine, *("-" if value is None else f"{value:.1f}" for value in seconds))
    console.print(loads)


def save(reports: list[EngineReport], before: dict[str, Any], path: Path) -> None:
    """Write the JSON."""
    found = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("graph-api"),
        "machine": before,
        "engines": [asdict(report) for report in reports],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
