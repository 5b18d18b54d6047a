"""Messages at rest: each thread has a data key, which a master key wraps and which seals bodies. Pure, no I/O.

Neither keys nor texts are ever logged or shown: errors and `repr` hold none.
"""

import base64
import binascii
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cachetools import TTLCache
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from graph_api.keys.masters import MasterKey

FORM = "1"
"""How texts are sealed; it is authenticated with each."""
DATA_KEY_BYTES = 32
NONCE_BYTES = 12
MOST_UNWRAPPED = 1_000
UNWRAPPED_FOR = 600.0
"""Seconds that an unwrapped key is kept in memory."""


class Unreadable(Exception):
    """A sealed text or a wrapped key can't be read. No message holds anything of either."""


class UnknownMasterKey(Unreadable):
    """The key was wrapped by a master that is not in the key file."""


class KeyUnreadable(Unreadable):
    """The wrapped key is damaged, or its master is another one of the same id."""


class BodyUnreadable(Unreadable):
    """The sealed text was changed, was moved from another place, or was sealed by another key."""


@dataclass(frozen=True, slots=True, eq=False)
class DataKey:
    """A thread's own key, unwrapped."""

    material: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text stands. It is authenticated with the text, so that a text moved elsewhere is unreadable.

    The thread's subject stands at sequence 0.
    """

    practice: str
    thread: str
    sequence: int
    author: str
    """The author's subject: any text."""

    def __post_init__(self) -> None:
        """Only the last part may be any text, so that two places never share one text.

        Raises:
            ValueError: an id holds what separates the parts, or the number is negative.
        """
        if "|" in self.practice + self.thread or self.sequence < 0:
            raise ValueError("a message's place is a practice's id, a thread's id and a number from 0")

    @property
    def associated(self) -> bytes:
        """As it is authenticated."""
        text = f"{FORM}|{self.practice}|{self.thread}|{self.sequence}|{self.author}"
        return text.encode("utf-8", "surrogatepass")


def seal(data_key: DataKey, text: str, place: Place) -> str:
    """The text as it is kept at that place: base64 of a fresh nonce and what AES-GCM makes of it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = text.encode("utf-8", "surrogatepass")
    return base64.b64encode(nonce + AESGCM(data_key.material).encrypt(nonce, plain, place.associated)).decode("ascii")


def unseal(data_key: DataKey, sealed: str, place: Place) -> str:
    """The text that was sealed for that place.

    Raises:
        BodyUnreadable: it was changed or moved, or another key sealed it.
    """
    try:
        content = base64.b64decode(sealed, validate=True)
        nonce, body = content[:NONCE_BYTES], content[NONCE_BYTES:]
        plain = AESGCM(data_key.material).decrypt(nonce, body, place.associated)
        return plain.decode("utf-8", "surrogatepass")
    except (ValueError, InvalidTag):  # binascii.Error and UnicodeError are ValueErrors
        raise BodyUnreadable("a sealed text does not verify at its place") from None


Masters = Sequence[MasterKey]


class MessageKeys:
    """Wraps threads' data keys by the first master, and unwraps them by any."""

    def __init__(
        self,
        masters: Masters,
        renewed: Callable[[], Masters | None] | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`renewed` answers the masters where they have changed since it was last asked, else None.

        It is asked before a key is wrapped and where a master is unknown, so that a rotation takes effect at once.
        """
        self._renewed = renewed
        self._unwrapped: TTLCache[str, DataKey] = TTLCache(MOST_UNWRAPPED, UNWRAPPED_FOR, timer)
        self._use(masters)

    def _use(self, masters: Masters) -> None:
        if not masters:
            raise ValueError("there must be a master key")
        self._masters: Mapping[str, MasterKey] = {master.id: master for master in masters}

    def _renew(self) -> None:
        masters = None if self._renewed is None else self._renewed()
        if masters is not None:
            self._use(masters)

    @property
    def first(self) -> str:
        """The id of the master that wraps."""
        self._renew()
        return next(iter(self._masters))

    @staticmethod
    def new_data_key() -> DataKey:
        """A fresh key, for one thread."""
        return DataKey(secrets.token_bytes(DATA_KEY_BYTES))

    def wrap(self, data_key: DataKey) -> str:
        """The key as the thread keeps it: `<master id>:<base64>`."""
        first = self.first  # it may read the masters anew
        master = self._masters[first]
        return f"{master.id}:{base64.b64encode(aes_key_wrap(master.material, data_key.material)).decode('ascii')}"

    def unwrap(self, wrapped: str) -> DataKey:
        """The key that `wrap` made this of.

        Raises:
            UnknownMasterKey: its master is not among the masters, and not in the key file by now either.
            KeyUnreadable: the text is damaged, or the master is another one of the same id.
        """
        known: DataKey | None = self._unwrapped.get(wrapped)
        if known is None:
            known = self._unwrapped[wrapped] = self._unwrap(wrapped)
        return known

    def _unwrap(self, wrapped: str) -> DataKey:
        master_id, colon, text = wrapped.partition(":")
        if not colon:
            raise KeyUnreadable("a wrapped key names no master")
        if master_id not in self._masters:
            self._renew()
        master = self._masters.get(master_id)
        if master is None:
            raise UnknownMasterKey("a thread's key was wrapped by a master that is not in the key file")
        try:
            material = aes_key_unwrap(master.material, base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError, InvalidUnwrap):
            raise KeyUnreadable("a thread's wrapped key can't be unwrapped") from None
        if len(material) != DATA_KEY_BYTES:
            raise KeyUnreadable("a thread's wrapped key is of another length")
        return DataKey(material)


def master_of(wrapped: str) -> str:
    """The id of the master that wrapped a key: what the thread keeps as `wrappedWith`."""
    return wrapped.partition(":")[0]
