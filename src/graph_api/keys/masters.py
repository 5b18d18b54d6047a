"""Message masters: keys that wrap threads' data keys. Several stand in one file, a line each; none is ever shown."""

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

MASTER_BYTES = 32
MOST_MASTERS = 100
LEAST_DISTINCT = 8
"""Different bytes in a key: 32 random ones have 30 or so, zeros have one."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


class MasterKeysError(ValueError):
    """A file's content holds no usable masters; the message says what is wrong and shows nothing of it."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master: the id that wrapped keys name, and the key itself."""

    id: str
    material: bytes = field(repr=False)


def is_master_id(text: str) -> bool:
    """Whether a master may be called so."""
    return _ID.fullmatch(text) is not None


def new_master(now: datetime | None = None) -> MasterKey:
    """A fresh master; its id tells the day it was made on."""
    day = (now or datetime.now(UTC)).strftime("%Y%m%d")
    return MasterKey(f"m{day}-{secrets.token_hex(4)}", secrets.token_bytes(MASTER_BYTES))


def parse_masters(content: bytes) -> tuple[MasterKey, ...]:
    """The masters in a file's content, in its order; the first one wraps.

    Raises:
        MasterKeysError: a line is none, or two lines are alike; the message names the line's number only.
    """
    try:
        lines = content.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise MasterKeysError("it is not a text of lines `id base64`") from None
    found: dict[str, MasterKey] = {}
    for number, line in enumerate(lines, 1):
        master = _master(line)
        if master is None:
            raise MasterKeysError(f"line {number} is not an id and the base64 of {MASTER_BYTES} random bytes")
        if master.id in found or any(master.material == other.material for other in found.values()):
            raise MasterKeysError(f"line {number} has the id or the key of a line above it")
        found[master.id] = master
    if not 0 < len(found) <= MOST_MASTERS:
        raise MasterKeysError(f"it has {len(found)} keys, and needs 1 to {MOST_MASTERS}")
    return tuple(found.values())


def _master(line: str) -> MasterKey | None:
    master_id, _, text = line.partition(" ")
    try:
        material = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    if not is_master_id(master_id) or len(material) != MASTER_BYTES or len(set(material)) < LEAST_DISTINCT:
        return None
    return MasterKey(master_id, material)


def masters_content(masters: Sequence[MasterKey]) -> bytes:
    """What a file of these masters holds."""
    return b"".join(b"%s %s\n" % (one.id.encode(), base64.b64encode(one.material)) for one in masters)
