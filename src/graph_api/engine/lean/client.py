"""The lean client: a read is one flight, a write three or more, and nothing stands between them and the socket."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast

from graph_api.engine.clients import Address, ClientTransaction, Row, Take, Terms, arriving
from graph_api.engine.lean.connection import Connection
from graph_api.engine.lean.messages import COMMIT, Texts, begin, terms
from graph_api.engine.lean.pool import Pool
from graph_api.engine.lean.replies import Commit, Reply, Rows

T = TypeVar("T")


class _Transaction:
    """Its beginning goes along with its first statement, and what is put off with the next one, or with the commit."""

    def __init__(self, connection: Connection, texts: Texts, packed_terms: bytes, said: Terms) -> None:
        self._connection = connection
        self._texts = texts
        self._terms = said
        self._unsent: list[bytes] = [begin(packed_terms)]
        self._expected: list[Reply] = [Reply()]
        self._takes: list[tuple[Rows, Take]] = []
        self._begun = False
        self._is_over = False

    async def run(self, text: str, params: Mapping[str, Any]) -> list[Row]:
        """One statement; all its rows."""
        reply = Rows(self._connection.future())
        await self._flight(self._texts.run(text, params), reply)
        return reply.named()

    def later(self, text: str, params: Mapping[str, Any], take: Take | None = None) -> None:
        """One that nobody waits for."""
        reply = Rows(None)
        self._unsent.append(self._texts.run(text, params))
        self._expected.append(reply)
        if take is not None:
            self._takes.append((reply, take))

    async def flush(self) -> None:
        """Run those that were put off, in one flight."""
        if self._waits:
            last = self._expected.pop()
            last.future = self._connection.future()
            await self._flight(b"", last)

    async def commit(self) -> frozenset[str]:
        """Make it hold; the bookmarks of it.

        Raises:
            IncompleteCommit: the connection was lost meanwhile.
        """
        if not self._begun and not self._waits:
            return self._terms.bookmarks  # nothing was run
        if self._takes or (not self._begun and self._terms.bookmarks):
            await self.flush()  # COMMIT waits until the bookmarks have arrived, and for whoever may undo it all
        reply = Commit(self._connection.future())
        await self._flight(COMMIT, reply)
        self._begun = False
        bookmark = reply.meta.get("bookmark")
        return frozenset([bookmark]) if isinstance(bookmark, str) else self._terms.bookmarks

    @property
    def _waits(self) -> bool:
        """Whether a statement was put off."""
        return len(self._unsent) > (0 if self._begun else 1)

    def abandon(self) -> None:
        """Undo it, if it is still open. Whoever is next on the connection is behind that.

        By RESET, which can't fail: a failed ROLLBACK would be told to whoever is next.
        """
        connection = self._connection
        if self._begun and not (connection.is_lost or connection.is_interrupted or connection.failure is not None):
            connection.reset()

    def end(self) -> None:
        """The connection is given back: what is asked from here on is somebody's mistake."""
        self._is_over = True

    async def _flight(self, data: bytes, reply: Reply) -> None:
        """Send what was put off, and this; wait for it. With the first flight the bookmarks must arrive in time."""
        if self._is_over:
            raise RuntimeError("the transaction is over")
        connection, begun = self._connection, None
        if not self._begun and self._terms.bookmarks:
            begun = connection.future()
            self._expected[0] = Reply(begun)
        self._begun = True
        unsent, self._unsent = self._unsent, []
        expected, self._expected = self._expected, []
        takes, self._takes = self._takes, []
        connection.send(b"".join([*unsent, data]), *expected, reply)
        try:
            if begun is not None:
                await self._arrived(begun)
            await connection.answer_to(reply)
        finally:
            cast(Any, reply.future).cancel()  # where nobody waits for it any longer
        for rows, take in takes:
            take(rows.named())

    async def _arrived(self, begun: Any) -> None:
        """Wait until it has begun: the database has seen the bookmarks."""
        try:
            async with arriving(self._terms):
                await begun
        except BaseException:
            self._connection.is_interrupted = self._connection.failure is None
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
        begun = connection.future() if said.bookmarks else None
        reply = Rows(connection.future(), begun)
        try:
            connection.send(message, reply)
            if begun is not None:
                async with arriving(said):
                    await connection.answer_to(Reply(begun))
            await connection.answer_to(reply)
        finally:
            cast(Any, reply.future).cancel()  # where nobody waits for it any longer
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
            transaction.end()
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
