"""All that the graph holds of a practice, past every service: a denial must leave it as it was."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from graph_api.engine.bolt import Database
from graph_api.engine.clients import Row, Terms
from graph_api.kernel.caller import Practice

TERMS = Terms(60.0, newest=True)
NODES = """
MATCH (n) WHERE n.practice IN $practices OR n.id IN $practices
RETURN labels(n) AS labels, properties(n) AS properties
"""
EDGES = """
MATCH (a)-[r]->(b) WHERE a.practice IN $practices OR b.practice IN $practices OR r.practice IN $practices
RETURN coalesce(a.id, a.key) AS start, type(r) AS kind, coalesce(b.id, b.key) AS end, properties(r) AS properties
"""


@dataclass(frozen=True)
class PracticeGraph:
    """Nodes and edges with all their properties, in an order of their own."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]


def _text(row: Row) -> str:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode()


async def run(database: Database, statement: str, **params: Any) -> list[Row]:
    """A statement of the test's own."""
    return await database.read(statement, params, TERMS)


async def practice_graph(database: Database, *practices: Practice) -> PracticeGraph:
    """The practices as they are in the graph now."""
    ids = [practice.id for practice in practices]
    nodes, edges = await asyncio.gather(*(run(database, text, practices=ids) for text in (NODES, EDGES)))
    return PracticeGraph(tuple(sorted(map(_text, nodes))), tuple(sorted(map(_text, edges))))


async def edges(database: Database, practice: Practice, kind: str, **match: str) -> list[dict[str, Any]]:
    """Properties of a practice's edges of a kind, by any of their properties."""
    found = await run(
        database,
        "MATCH (:Person)-[r]->(:Person) WHERE type(r) = $kind AND r.practice = $practice RETURN properties(r) AS edge",
        kind=kind,
        practice=practice.id,
    )
    rows = [dict(record["edge"]) for record in found]
    return [row for row in rows if all(row.get(name) == value for name, value in match.items())]


@asynccontextmanager
async def unchanged(database: Database, *practices: Practice) -> AsyncIterator[None]:
    """What happens inside must leave nothing behind in any of the practices."""
    before = await practice_graph(database, *practices)
    yield
    changed = _differences(before, await practice_graph(database, *practices))
    assert not changed, "\n".join(changed)


def _differences(before: PracticeGraph, after: PracticeGraph) -> list[str]:
    """What is there no longer, and what is there now, each as it stands in the graph."""
    was, is_now = Counter(before.nodes + before.edges), Counter(after.nodes + after.edges)
    gone, new = sorted((was - is_now).elements()), sorted((is_now - was).elements())
    return [*(f"- {line}" for line in gone), *(f"+ {line}" for line in new)]
