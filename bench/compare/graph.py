"""What the comparison itself asks of the database, beside the servers."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import neo4j

Pair = tuple[str, str]
AT_ONCE = 2_000


class Graph:
    """The practice's people and edges, read past both servers."""

    def __init__(self, database_url: str) -> None:
        self._driver = neo4j.GraphDatabase.driver(
            database_url, notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._driver.close()

    def _rows(self, statement: str, items: Sequence[Any]) -> Iterator[dict[str, Any]]:
        with self._driver.session() as session:
            for start in range(0, len(items), AT_ONCE):
                part = [list(item) if isinstance(item, tuple) else item for item in items[start : start + AT_ONCE]]
                yield from [dict(record) for record in session.run(statement, items=part)]

    def client_keys(self, ids: Sequence[str]) -> dict[str, str]:
        """Where clients stand in their order, by id."""
        statement = "UNWIND $items AS id MATCH (p:Person {id: id}) RETURN id, p.clientKey AS key"
        return {row["id"]: row["key"] for row in self._rows(statement, ids)}

    def in_networks(self, ids: Sequence[str]) -> list[str]:
        """Who of them is somebody's contact."""
        statement = """UNWIND $items AS id MATCH (p:Person {id: id})
            WHERE EXISTS { MATCH (:Person)-[:HAS_CONTACT]->(p) } RETURN id"""
        return [row["id"] for row in self._rows(statement, ids)]

    def linked(self, pairs: Sequence[Pair]) -> set[Pair]:
        """Which pairs of client and contact have an edge."""
        statement = """UNWIND $items AS pair MATCH (c:Person {id: pair[0]})-[:HAS_CONTACT]->(p:Person)
            WHERE p.id = pair[1] RETURN pair"""
        return {(row["pair"][0], row["pair"][1]) for row in self._rows(statement, pairs)}

    def knows_keys(self) -> bool:
        """Whether an installation's keys are known here."""
        statement = "UNWIND $items AS one MATCH (k:KeyCheck) RETURN count(k) AS found"
        return any(row["found"] for row in self._rows(statement, [1]))

    def forget_keys(self) -> None:
        """The next comparison has keys of its own."""
        list(self._rows("UNWIND $items AS one MATCH (k:KeyCheck) DELETE k RETURN count(k) AS removed", [1]))

    def edges(self, practice_id: str) -> int:
        """How many there are between the practice's people."""
        statement = """UNWIND $items AS practice MATCH (c:Person)-[r:HAS_CONTACT]->()
            WHERE c.clientKey STARTS WITH practice RETURN count(r) AS found"""
        return sum(row["found"] for row in self._rows(statement, [practice_id]))

    def edge(self, pair: Pair) -> dict[str, Any]:
        """The one edge of a pair."""
        statement = """UNWIND $items AS pair MATCH (c:Person {id: pair[0]})-[r:HAS_CONTACT]->(p:Person)
            WHERE p.id = pair[1] RETURN r{.*} AS edge"""
        (row,) = self._rows(statement, [pair])
        edge: dict[str, Any] = row["edge"]
        return edge

    def remove_added(self, pairs: Sequence[Pair]) -> int:
        """Take back the edges that a run added to pairs which had none; how many there were."""
        statement = """UNWIND $items AS pair MATCH (c:Person {id: pair[0]})-[r:HAS_CONTACT]->(p:Person)
            WHERE p.id = pair[1] AND r.startsOn IS NULL DELETE r RETURN count(r) AS removed"""
        return sum(row["removed"] for row in self._rows(statement, pairs))

    def remove_strays(self, practice_id: str) -> None:
        """Take back what an earlier comparison added and was stopped before it could."""
        statement = """UNWIND $items AS practice MATCH (c:Person)-[r:HAS_CONTACT]->()
            WHERE c.clientKey STARTS WITH practice AND r.startsOn IS NULL DELETE r RETURN count(r) AS removed"""
        list(self._rows(statement, [practice_id]))
