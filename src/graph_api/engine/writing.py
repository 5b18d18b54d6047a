"""Statements inside one write transaction, by their names."""

from typing import Any

from graph_api.engine.bolt import Database
from graph_api.engine.clients import ClientTransaction, Row, Take
from graph_api.engine.joined import AT_ONCE, Put, joined
from graph_api.engine.statements import Dialect, Statement, StatementError


class WriteTransaction:
    """Statements inside one write transaction."""

    def __init__(self, database: Database, transaction: ClientTransaction) -> None:
        self._database = database
        self._transaction = transaction
        self._together: list[Put] = []
        self._most = AT_ONCE if database.dialect is Dialect.NEO4J else 1
        self.statements = 0
        self.changed = False
        """Whether a statement that changes something was sent; locks are none."""

    async def run(self, name: str, **params: Any) -> list[Row]:
        """Run a statement of cypher/ by name; all its rows."""
        self.hand_over()
        return await self._transaction.run(self._sent(name, params).text, params)

    def later(self, name: str, **params: Any) -> None:
        """One whose rows nobody reads: it goes with the next one, or with the commit.

        Raises:
            StatementError: it only reads, or takes a lock.
        """
        statement = self._sent(name, params)
        if statement.locks or not statement.writes:
            raise StatementError(f"{name}: is read or held before anything else, and not put off")
        self._together.append((statement, params))
        if len(self._together) == self._most:
            self.hand_over()

    def hand_over(self) -> None:
        """Give the client those that were put off, as one where the engine gains by it; they go with the next one."""
        parts, self._together = self._together, []
        if len(parts) > 1:
            self._transaction.later(*joined(parts))
        elif parts:
            self._transaction.later(parts[0][0].text, parts[0][1])

    def lock(self, name: str, take: Take, **params: Any) -> None:
        """One that takes locks: it goes with the next one, which so reads under them; `take` is given its rows before.

        Raises:
            StatementError: it takes none.
        """
        statement = self._sent(name, params)
        if not statement.locks:
            raise StatementError(f"{name}: takes no lock")
        self.hand_over()
        self._transaction.later(statement.text, params, take)

    async def flush(self) -> None:
        """Run those that were put off, so that nothing but the commit is to come."""
        self.hand_over()
        await self._transaction.flush()

    def _sent(self, name: str, params: Row) -> Statement:
        statement = self._database.statement(name)
        statement.check(params)
        self._database.sent(name, params)
        self.statements += 1
        self.changed = self.changed or statement.changes
        return statement
