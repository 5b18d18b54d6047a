"""Our server without its audit log, for the like-for-like row: the peer keeps none. The product can't be run so."""

from typing import Any

from graph_api.audit.append import Auditor
from graph_api.cli import app


async def _nothing(*_: Any) -> None:
    """In place of events."""


def main() -> None:
    """As `graph-api`."""
    Auditor.append = _nothing  # type: ignore[method-assign, assignment]
    app(prog_name="graph-api")


if __name__ == "__main__":
    main()
