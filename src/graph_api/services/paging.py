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

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in reading order with their cursors."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool
    total: int | None = None


class Cursors:
    """Makes and reads the cursors of one list of one practice.

    `scope` names the list and its filter: a cursor of another list, filter or practice is refused.
    """

    def __init__(self, secret: bytes, practice_id: str, scope: str) -> None:
        self._key = hashlib.sha256(secret + b"\x00cursor\x00" + f"{practice_id}\x00{scope}".encode()).digest()

    def _mac(self, payload: bytes) -> bytes:
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


def make_page(
    rows: Sequence[T],
    request: PageRequest,
    cursors: Cursors,
    position_of: Callable[[T], Position],
    total: int | None = None,
) -> Page[T]:
    """A page of at most `size` of the rows; one row more says that there is another page."""
    kept = tuple(rows[: request.size])
    more = len(rows) > request.size
    if request.backward:
        kept = kept[::-1]
    continued = request.position is not None
    return Page(
        items=kept,
        cursors=tuple(cursors.encode(position_of(row)) for row in kept),
        has_next=continued if request.backward else more,
        has_previous=more if request.backward else continued,
        total=total,
    )
