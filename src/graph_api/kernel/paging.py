"""Relay pages with keyset cursors: sealed, bound to practice and filter, so that they reveal no name.

A cursor holds the place where its row stood, as the list orders it, and not the row's id: the row may be renamed or
removed, and the next page still starts where this one ended. Sealing is deterministic (AES-SIV), so that a row that
has not moved has the same cursor in every answer.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph_api.engine.errors import BadRequest

DEFAULT_SIZE = 25
MAX_SIZE = 100
MAX_CURSOR = 7_000
"""Of the longest names that are allowed; a usual one has 192 characters."""
_SHORT, _STEP = 128, 192
"""Bytes: what is sealed is filled up to these, so that its length tells little of a name's."""
_FILLER = b"\xff"
"""In no text."""


@dataclass(frozen=True, slots=True)
class PageArguments:
    """first/after or last/before, as given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: after (or before) the place where a row stood when its cursor was made.

    The row itself may have moved since, or be gone: what is between it and the next row is the same as then.
    """

    key: str
    """What the list is in the order of."""
    id: str = ""
    """Of the row, where several may have the same key."""


class Cursors:
    """Makes and reads the cursors of one list of one practice.

    `scope` names the list and its filter: a cursor of another list, filter or practice is refused.
    """

    def __init__(self, secret: bytes, practice_id: str, scope: str) -> None:
        self._secret = secret
        self._belongs_to = [practice_id.encode(), scope.encode()]

    def encode(self, position: Position) -> str:
        """The cursor after (or before) which a page starts."""
        place = f"{position.id}\x00{position.key}".encode()
        sealed = _sealing(self._secret).encrypt(place.ljust(_filled(len(place)), _FILLER), self._belongs_to)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def decode(self, cursor: str) -> Position:
        """The position a cursor stands for.

        Raises:
            BadRequest: INVALID_CURSOR, when it was not made here for this list, filter and practice.
        """
        try:
            if len(cursor) > MAX_CURSOR:
                raise ValueError
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            place = _sealing(self._secret).decrypt(sealed, self._belongs_to)
        except (ValueError, binascii.Error, InvalidTag):
            raise BadRequest("INVALID_CURSOR", "This cursor does not belong to this list and filter.") from None
        row_id, _, key = place.rstrip(_FILLER).decode().partition("\x00")
        return Position(key, row_id)


@lru_cache(8)
def _sealing(secret: bytes) -> AESSIV:
    """An installation's, of a key of its own."""
    return AESSIV(hmac.digest(secret, b"cursors", "sha512"))


def _filled(size: int) -> int:
    return _SHORT + _STEP * max(0, -(-(size - _SHORT) // _STEP))


def after_scope(scope: str) -> str:
    """What comes after all keys that begin with a scope."""
    return scope[:-1] + chr(ord(scope[-1]) + 1)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many rows, from where, in which direction."""

    size: int
    position: Position | None = None
    backward: bool = False
    with_total: bool = False


def page_bounds(scope: str, page: PageRequest, above: str = "", below: str = "") -> tuple[str, str]:
    """Between which keys a page of a list lies, both left out.

    Args:
        scope: what all the list's keys begin with; a cursor's place follows it.
        page: which page.
        above: where the list begins, if not with its scope.
        below: where it ends, if not with its scope.
    """
    above, below = above or scope, below or after_scope(scope)
    if page.position is None:
        return above, below
    place = scope + page.position.key
    return (above, min(below, place)) if page.backward else (max(above, place), below)


def page_request(arguments: PageArguments, cursors: Cursors, *, with_total: bool) -> PageRequest:
    """Check the arguments of a connection.

    Raises:
        BadRequest: INVALID_PAGE for sizes outside 1..100 or both directions at once, INVALID_CURSOR.
    """
    backward = arguments.last is not None
    if backward and (arguments.first is not None or arguments.after is not None):
        raise BadRequest("INVALID_PAGE", "Use first with after, or last with before.")
    if arguments.before is not None and not backward:
        raise BadRequest("INVALID_PAGE", "Use before together with last.")
    size = arguments.last if arguments.last is not None else arguments.first
    if size is None:
        size = DEFAULT_SIZE
    if not 1 <= size <= MAX_SIZE:
        raise BadRequest("INVALID_PAGE", f"first and last must be between 1 and {MAX_SIZE}.")
    cursor = arguments.before if backward else arguments.after
    position = None if cursor is None else cursors.decode(cursor)
    return PageRequest(size, position, backward, with_total)


M = TypeVar("M")


R = TypeVar("R")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[R, T]):
    """Rows in reading order, and what each is shown as; a cursor is made when it is asked for."""

    rows: Sequence[R]
    items: Sequence[T]
    has_next: bool
    has_previous: bool
    total: int | None
    cursor_of: Callable[[R], str]

    @property
    def cursors(self) -> list[str]:
        """Each row's."""
        return [self.cursor_of(row) for row in self.rows]

    @property
    def start_cursor(self) -> str | None:
        """The first row's."""
        return self.cursor_of(self.rows[0]) if self.rows else None

    @property
    def end_cursor(self) -> str | None:
        """The last row's."""
        return self.cursor_of(self.rows[-1]) if self.rows else None

    def shown_as(self, make: Callable[[R], M]) -> "Page[R, M]":
        """The same page, each row shown as what `make` makes of it."""
        items = [make(row) for row in self.rows]
        return Page(self.rows, items, self.has_next, self.has_previous, self.total, self.cursor_of)


def make_page(
    rows: Sequence[R], request: PageRequest, cursor_of: Callable[[R], str], total: int | None = None
) -> Page[R, R]:
    """A page of at most `size` of the rows; one row more says that there is another page."""
    kept, more = rows[: request.size], len(rows) > request.size
    if request.backward:
        kept = kept[::-1]
    continued = request.position is not None
    has_next, has_previous = (continued, more) if request.backward else (more, continued)
    return Page(kept, kept, has_next, has_previous, total, cursor_of)
