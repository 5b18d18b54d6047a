"""The lean client: a read is one flight, a write two or three, and nothing stands between them and the socket."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast

from graph_api.engine.clients import Address, ClientTransaction, Row, Terms, arriving
from graph_api.engine.lean.connection import Connection
from graph_api.engine.lean.messages import COMMIT, Texts, begin, terms
from graph_api.engine.lean.pool import Pool
from graph_api.engine.lean.replies import Commit, Meta, Reply, Rows

T = TypeVar("T")


class _Transaction:
    """Its beginning goes along with its first statement, its last ones with the commit."""

    def __init__(self, connection: Connection, texts: Texts, packed_terms: bytes, said: Terms) -> None:
        self._connection = connection
        self._texts = texts
        self._terms = said
        self._unsent: list[bytes] = [begin(packed_terms)]
        self._expected: list[Reply] = [Reply()]
        self._begun = False

    async def run(self, text: str, params: Mapping[str, Any]) -> list[Row]:
        """One statement; all its rows."""
        connection = self._connection
        begun = None
        if not self._begun and self._terms.bookmarks:
            begun = connection.future()
            self._expected = [Reply(begun)]
        reply = Rows(connection.future())
        self._send(self._texts.run(text, params), reply)
        if begun is not None:
            await self._arrived(begun, reply)
        await connection.answer_to(reply)
        return reply.named()

    def later(self, text: str, params: Mapping[str, Any]) -> None:
        """One whose rows nobody reads."""
        self._unsent.append(self._texts.run(text, params))
        self._expected.append(Rows(None))

    async def flush(self) -> None:
        """Run those that were put off, in one flight."""
        if len(self._unsent) > (0 if self._begun else 1):
            last = self._expected.pop()
            last.future = self._connection.future()
            self._send(b"", last)
            await self._connection.answer_to(last)

    async def commit(self) -> frozenset[str]:
        """Make it hold; the bookmarks of it.

        Raises:
            IncompleteCommit: the connection was lost meanwhile.
        """
        if not self._begun and len(self._unsent) == 1:
            return frozenset()  # nothing was run
        reply = Commit(self._connection.future())
        self._send(COMMIT, reply)
        meta: Meta = await self._connection.answer_to(reply)
        self._begun = False
        bookmark = meta.get("bookmark")
        return frozenset([bookmark] if isinstance(bookmark, str) else ())

    def abandon(self) -> None:
        """Undo it, if it is still open. Whoever is next on the connection is behind that.

        By RESET, which can't fail: a failed ROLLBACK would be told to whoever is next.
        """
        connection = self._connection
        if self._begun and not (connection.is_lost or connection.is_interrupted or connection.failure is not None):
            connection.reset()

    def _send(self, data: bytes, reply: Reply) -> None:
        self._begun = True
        unsent, self._unsent = self._unsent, []
        expected, self._expected = self._expected, []
        self._connection.send(b"".join([*unsent, data]), *expected, reply)

    async def _arrived(self, begun: Any, reply: Rows) -> None:
        """Wait until it has begun: the database has seen the bookmarks."""
        try:
            async with arriving(self._terms):
                await begun
        except BaseException:
            self._connection.is_interrupted = self._connection.failure is None
            cast(Any, reply.future).cancel()  # it fails of the same
            raise


class LeanClient:
    """One of our clients, for `bolt://` and the embedded engine."""

    name = "lean"

    def __init__(self, address: Address, *, pool_size: int, wait: float) -> None:
        """`wait` is how many seconds a caller waits for a connection of the pool."""
        self._database = address.database
        self._pool = Pool(address, size=pool_size, wait=wait)
        self._texts = Texts()
        self._packed: dict[tuple[float, bool], bytes] = {}

    async def read(self, text: str, params: Mapping[str, Any], said: Terms) -> list[Row]:
        """One statement in a transaction of its own; all its rows."""
        message = self._texts.run(text, params, self._terms(said))
        connection = await self._pool.acquire()
        try:
            begun = connection.future() if said.bookmarks else None
            reply = Rows(connection.future(), begun)
            connection.send(message, reply)
            if begun is not None:
                async with arriving(said):
                    await connection.answer_to(Reply(begun))
            await connection.answer_to(reply)
        finally:
            self._pool.release(connection)
        return reply.named()

    async def write(self, work: Callable[[ClientTransaction], Awaitable[T]], said: Terms) -> tuple[T, frozenset[str]]:
        """What `work` answers once it is committed, and the bookmarks of it; a raise rolls back."""
        packed = self._terms(said)
        connection = await self._pool.acquire()
        transaction = _Transaction(connection, self._texts, packed, said)
        try:
            answer = await work(transaction)
            return answer, await transaction.commit()
        except BaseException:
            transaction.abandon()
            raise
        finally:
            self._pool.release(connection)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    def _terms(self, said: Terms) -> bytes:
        if said.bookmarks:
            return terms(said.timeout, self._database, said.bookmarks, newest=said.newest)
        key = (said.timeout, said.newest)
        packed = self._packed.get(key)
        if packed is None:
            packed = self._packed[key] = terms(said.timeout, self._database, frozenset(), newest=said.newest)
        return packed
