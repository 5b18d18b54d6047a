"""Facts of before, as the graph holds them."""

from typing import Any

from graph_api.kernel.caller import Practice
from tests.api import Installation
from tests.contract.practice_graph import run

FACTS = """
MATCH (f:AccessFact {subject: $subject}) WHERE f.practice = $practice AND f.kind = $kind
RETURN properties(f) AS fact ORDER BY f.validFrom
"""
PERSON = "MATCH (p:Person {id: $id}) WHERE p.practice = $practice RETURN properties(p) AS node"
PRACTICE = "MATCH (p:Practice {id: $practice}) RETURN properties(p) AS node"
OF_THE_NODE = {"id", "practice", "subject", "kind", "validFrom", "validTo"}


async def facts(installation: Installation, practice: Practice, subject: str, kind: str) -> list[dict[str, Any]]:
    """Whole facts of one subject, the oldest first."""
    found = await run(installation.database, FACTS, practice=practice.id, subject=subject, kind=kind)
    return [dict(row["fact"]) for row in found]


def said(fact: dict[str, Any]) -> dict[str, Any]:
    """What it says, without whose it is and when it was so."""
    return {name: value for name, value in fact.items() if name not in OF_THE_NODE and value is not None}


async def person_node(installation: Installation, practice: Practice, person_id: str) -> dict[str, Any]:
    """A person as the graph has them."""
    (row,) = await run(installation.database, PERSON, practice=practice.id, id=person_id)
    return dict(row["node"])


async def practice_node(installation: Installation, practice: Practice) -> dict[str, Any]:
    """A practice as the graph has it."""
    (row,) = await run(installation.database, PRACTICE, practice=practice.id)
    return dict(row["node"])


def in_a_row(rows: list[dict[str, Any]], since: str) -> bool:
    """Whether each begins when the one before ended, and what is now began when the last one ended."""
    edges = [*(row["validFrom"] for row in rows), since]
    return [row["validTo"] for row in rows] == edges[1:] and edges == sorted(set(edges))
