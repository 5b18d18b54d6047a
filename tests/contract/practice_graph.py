"""All that the graph holds of a practice, past every service: a denial must leave it as it was."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import neo4j

from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Practice

NODES = """
MATCH (n) WHERE n.practice = $practice OR n.id = $practice
RETURN labels(n) AS labels, properties(n) AS properties
"""
EDGES = """
MATCH (a)-[r]->(b) WHERE a.practice = $practice OR b.practice = $practice OR r.practice = $practice
RETURN coalesce(a.id, a.key) AS start, type(r) AS kind, coalesce(b.id, b.key) AS end, properties(r) AS properties
"""


@dataclass(frozen=True)
class PracticeGraph:
    """Nodes and edges with all their properties, in an order of their own."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]


def _text(record: neo4j.Record) -> str:
    values: dict[str, Any] = record.data()
    return repr([(name, sorted(v.items()) if isinstance(v, dict) else v) for name, v in sorted(values.items())])


async def run(database: Database, statement: str, **params: Any) -> list[neo4j.Record]:
    """A statement of the test's own."""
    async with database.session(write=False) as session:
        result = await session.run(statement, params)
        return [record async for record in result]


async def practice_graph(database: Database, practice: Practice) -> PracticeGraph:
    """The practice as it is in the graph now."""
    nodes = await run(database, NODES, practice=practice.id)
    edges = await run(database, EDGES, practice=practice.id)
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
    before = [await practice_graph(database, practice) for practice in practices]
    yield
    for practice, was in zip(practices, before, strict=True):
        changed = _differences(was, await practice_graph(database, practice))
        assert not changed, "\n".join(changed)


def _differences(before: PracticeGraph, after: PracticeGraph) -> list[str]:
    """What is there no longer, and what is there now, each as it stands in the graph."""
    was, is_now = Counter(before.nodes + before.edges), Counter(after.nodes + after.edges)
    gone, new = sorted((was - is_now).elements()), sorted((is_now - was).elements())
    return [*(f"- {line}" for line in gone), *(f"+ {line}" for line in new)]
