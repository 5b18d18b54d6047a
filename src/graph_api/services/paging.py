"""Relay pages with keyset cursors: opaque, bound to practice and filter, without personal data."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph_api.domain.errors import BadRequest
from graph_api.services.ports import PageRequest, Position

R = TypeVar("R")
T = TypeVar("T")
M = TypeVar("M")

DEFAULT_SIZE = 25
MAX_SIZE = 100
MAX_CURSOR = 500
_MAC_BYTES = 12


@dataclass(frozen=True, slots=True)
class PageArguments:
    """first/after or last/before, as given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


class Cursors:
    """Makes and reads the cursors of one list of one practice.

    `scope` names the list and its filter: a cursor of another list, filter or practice is refused.
    """

    def __init__(self, secret: bytes, practice_id: str, scope: str) -> None:
        self._secret = secret
        self._scope = f"{practice_id}\x00{scope}"
        self._key: bytes | None = None

    def _mac(self, payload: bytes) -> bytes:
        if self._key is None:  # most pages show one cursor or none
            self._key = hashlib.sha256(self._secret + b"\x00cursor\x00" + self._scope.encode()).digest()
        return hmac.digest(self._key, payload, "sha256")[:_MAC_BYTES]

    def encode(self, position: Position) -> str:
        """The cursor after (or before) which a page starts."""
        payload = f"{position.person_id} {position.contact_id}".encode()
        return base64.urlsafe_b64encode(self._mac(payload) + payload).decode().rstrip("=")

    def decode(self, cursor: str) -> Position:
        """The position a cursor stands for.

        Raises:
            BadRequest: INVALID_CURSOR, when it was not made here for this list, filter and practice.
        """
        try:
            if len(cursor) > MAX_CURSOR:
                raise ValueError
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
            if not hmac.compare_digest(mac, self._mac(payload)):
                raise ValueError
            person_id, _, contact_id = payload.decode().partition(" ")
        except (ValueError, binascii.Error):
            raise BadRequest("INVALID_CURSOR", "This cursor does not belong to this list and filter.") from None
        return Position(person_id, contact_id)


def page_request(arguments: PageArguments, cursors: Cursors, *, with_total: bool) -> PageRequest:
    """Check the arguments of a connection.

    Raises:
        BadRequest: INVALID_PAGE for sizes outside 1..100 or both directions at once, INVALID_CURSOR.
    """
    backward = arguments.last is not None
    if backward and (arguments.first is not None or arguments.after is not None):
        raise BadRequest("INVALID_PAGE", "Use first with after, or last with before.")
    if arguments.before is not None and not backward:
        raise BadRequest("INVALID_PAGE", "before goes with last.")
    size = arguments.last if arguments.last is not None else arguments.first
    if size is None:
        size = DEFAULT_SIZE
    if not 1 <= size <= MAX_SIZE:
        raise BadRequest("INVALID_PAGE", f"first and last go from 1 to {MAX_SIZE}.")
    cursor = arguments.before if backward else arguments.after
    position = None if cursor is None else cursors.decode(cursor)
    return PageRequest(size, position, backward, with_total)


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
