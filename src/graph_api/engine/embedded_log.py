"""The log of commits that the embedded engine reads again after a crash, mended before it is read.

A commit that meets a full disk leaves its beginning in the log. It was refused, and the engine goes on behind it once
there is room. But ArcadeDB stops reading the log at such a place, and opens the database without what came after,
though all of that was acknowledged. So the beginnings that nothing follows up are taken out. Damage of any other kind
is for the operator: then the engine doesn't start, because it would start with writes missing.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph_api.engine.embedded_files import EngineStartError, explained, write_whole

_HEADER = struct.Struct(">qqii")
"""Transaction, time, number of pages, and how many bytes of pages follow."""
_FOOTER = struct.Struct(">iq")
"""How many bytes of pages there were, and the mark."""
_MARK = struct.pack(">q", 9371515385058702)


@dataclass(frozen=True)
class Gap:
    """Bytes between two whole commits, from `start` to before `end`; `is_beginning`: of a commit that was refused."""

    start: int
    end: int
    is_beginning: bool


def mend_log(database: Path) -> None:
    """Take what refused commits left out of the log in a database's folder. Nothing may have it open.

    Raises:
        EngineStartError: a log is damaged in another way, or can't be read or written.
    """
    for file in sorted(database.glob("*.wal")):
        with explained(file):
            log = file.read_bytes()
            gaps = list(gaps_of(log))
            if not gaps:
                continue
            damage = next((gap for gap in gaps if not gap.is_beginning), None)
            if damage is not None:
                raise EngineStartError(
                    f"The engine's log {file} is damaged at byte {damage.start}: commits that follow would be lost. "
                    "Restore a backup and check the disk. To start without what the log holds, move that file away."
                )
            write_whole(file, _without(log, gaps))


def gaps_of(log: bytes) -> Iterator[Gap]:
    """The places at which reading stops though whole commits follow, in their order."""
    at = 0
    while at < len(log):
        end = _end_of_commit(log, at)
        if end is None:
            following = _next_commit(log, at)
            if following is None:
                return  # the end of the log: what was being written when the engine was killed
            yield Gap(at, following, _is_beginning(log, at, following))
            end = following
        at = end


def _end_of_commit(log: bytes, at: int) -> int | None:
    """Where the whole commit that begins there ends."""
    if at + _HEADER.size + _FOOTER.size > len(log):
        return None
    *_, size = _HEADER.unpack_from(log, at)
    footer = at + _HEADER.size + size
    if size < 0 or footer + _FOOTER.size > len(log):
        return None
    is_whole = log[footer : footer + _FOOTER.size] == size.to_bytes(4, "big") + _MARK
    return footer + _FOOTER.size if is_whole else None


def _next_commit(log: bytes, after: int) -> int | None:
    """Where the next whole commit begins."""
    mark = log.find(_MARK, after)
    while mark >= 0:
        footer = mark - 4
        size = int.from_bytes(log[footer:mark], "big", signed=True)
        start = footer - size - _HEADER.size
        if start > after and _end_of_commit(log, start) == mark + len(_MARK):
            return start
        mark = log.find(_MARK, mark + 1)
    return None


def _is_beginning(log: bytes, start: int, end: int) -> bool:
    """Whether these bytes were cut short: of a commit that was whole once, the mark is left or both sizes are."""
    if log[start:end].endswith(_MARK):
        return False
    if end - start < _HEADER.size + _FOOTER.size:
        return True
    *_, size = _HEADER.unpack_from(log, start)
    said, _ = _FOOTER.unpack_from(log, end - _FOOTER.size)
    return bool(size != said or start + _HEADER.size + size + _FOOTER.size != end)


def _without(log: bytes, gaps: list[Gap]) -> bytes:
    kept, at = [], 0
    for gap in gaps:
        kept.append(log[at : gap.start])
        at = gap.end
    return b"".join([*kept, log[at:]])
