"""What is expected for the messages that were sent, in their order."""

import asyncio
from enum import Enum
from typing import Any

from graph_api.engine.lean.codec import Garbled

Meta = dict[str, Any]
Fields = tuple[str, ...]


class Of(Enum):
    """Which message an answer is to, as far as its meta data tell."""

    RUN = "names the fields"
    PULL = "tells the statement's type"
    OTHER = "neither"


def told_of(buffer: bytearray, start: int, end: int) -> Of:
    """Looks for the key as it is packed. No text of anybody's stands in meta data, so nothing else looks like it."""
    if buffer.find(b"\x86fields", start, end) >= 0:
        return Of.RUN
    return Of.PULL if buffer.find(b"\x84type", start, end) >= 0 else Of.OTHER


class Reply:
    """What one message is answered by. Whoever waits for it has a future."""

    __slots__ = ("future", "left")

    def __init__(self, future: asyncio.Future[Any] | None = None, left: int = 1) -> None:
        self.future = future
        self.left = left
        """How many answers are to come."""

    @property
    def wants_meta(self) -> bool:
        """Whether anybody reads what the answer says of itself."""
        return False

    @property
    def due(self) -> "Of":
        """What a good answer must be of. Answers have no numbers: one too many must not pass for the next one."""
        return Of.OTHER

    def record(self, _values: Any) -> None:
        """A row came.

        Raises:
            Garbled: none is due.
        """
        raise Garbled("a record for nobody")

    def succeeded(self, meta: Meta) -> None:
        """One of the answers came, and was good."""
        self.left -= 1
        if not self.left:
            self.answer(meta)

    def answer(self, outcome: Any) -> None:
        """Tell who waits, if somebody does still."""
        if self.future is not None and not self.future.done():
            self.future.set_result(outcome)

    def failed(self, error: Exception) -> None:
        """Tell who waits, if somebody does still."""
        self.left -= 1
        if self.future is not None and not self.future.done():
            self.future.set_exception(error)


class Told(Reply):
    """An answer whose meta data is wanted, there or by whoever waits for it."""

    __slots__ = ("meta",)

    def __init__(self, future: asyncio.Future[Any] | None = None) -> None:
        super().__init__(future)
        self.meta: Meta = {}

    def answer(self, outcome: Any) -> None:
        """Keep it, too."""
        self.meta = outcome
        super().answer(outcome)

    @property
    def wants_meta(self) -> bool:
        """It is what is waited for."""
        return True


class Commit(Told):
    """From when it is sent on, nobody knows what a lost connection means."""

    __slots__ = ()


class Rows(Reply):
    """A statement that was run, then all of its rows.

    The fields are read anew each time: the embedded engine names none where there are no rows.
    """

    __slots__ = ("begun", "fields", "rows")

    def __init__(self, future: asyncio.Future[Any] | None, begun: asyncio.Future[Any] | None = None) -> None:
        """`begun` is told when the statement has begun to run: the database has seen the bookmarks."""
        super().__init__(future, left=2)
        self.fields: Fields = ()
        self.rows: list[list[Any]] = []
        self.begun = begun

    @property
    def wants_meta(self) -> bool:
        """The fields."""
        return self.left == 2

    @property
    def due(self) -> "Of":
        """Of RUN, then of PULL."""
        return Of.RUN if self.left == 2 else Of.PULL

    def record(self, values: Any) -> None:
        """A row came."""
        if self.left != 1 or type(values) is not list or len(values) != len(self.fields):
            raise Garbled("a record out of turn")
        self.rows.append(values)

    def succeeded(self, meta: Meta) -> None:
        """It runs, or all rows are here."""
        if self.left == 2:
            self.fields = _fields(meta)
            if self.begun is not None and not self.begun.done():
                self.begun.set_result(None)
        self.left -= 1
        if not self.left:
            self.answer(self)

    def failed(self, error: Exception) -> None:
        """Also whoever waits for its beginning goes on."""
        super().failed(error)
        if self.begun is not None and not self.begun.done():
            self.begun.set_result(None)

    def named(self) -> list[dict[str, Any]]:
        """The rows by their fields' names."""
        fields = self.fields
        return [dict(zip(fields, row, strict=False)) for row in self.rows]  # each has as many values: see `record`


def _fields(meta: Meta) -> Fields:
    fields = meta.get("fields")
    if type(fields) is not list or not all(type(field) is str for field in fields):
        raise Garbled("a statement without fields")
    return tuple(fields)
