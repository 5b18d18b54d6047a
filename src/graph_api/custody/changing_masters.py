"""Changing the message masters on purpose: a new one is put first, one that no thread needs is dropped.

Servers go on meanwhile. A file is replaced as a whole, so that nobody reads half of it.
"""

import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from graph_api.acting.messages.graph.wrapped_keys import WrappedKeys
from graph_api.config import Settings
from graph_api.custody.checks import KeyChecks, place_of
from graph_api.custody.known_masters import LOST, MADE, Known, KnownMasters, check_name
from graph_api.custody.telling import Say, tell_practices
from graph_api.engine.bolt import Database
from graph_api.kernel.happened import FieldChange
from graph_api.keys.files import Key, KeyFileError, KeyPlace
from graph_api.keys.masters import MasterKey, masters_content, new_master

UNCHANGED_FOR = 600.0
"""Seconds that the file must have stayed as it is before a master is dropped. A server notices the file before it wraps
a key; a request that began before may still use the master that was first then, and lasts 300 seconds at most."""


class MastersError(Exception):
    """The masters are not changed; the message says why."""


@dataclass(frozen=True, slots=True)
class ChangingMasters:
    """The masters of one installation, and who changes them."""

    settings: Settings
    database: Database
    who: str
    say: Say

    @property
    def _place(self) -> KeyPlace:
        return place_of(self.settings, Key.MESSAGES)

    @property
    def _known(self) -> KnownMasters:
        return KnownMasters(self._place, self.database)

    async def rotate(self) -> str:
        """Put a new master first, and answer its id. The data know it before any server can use it.

        Raises:
            KeyFileError: the file is not the right one, or can't be written.
        """
        await self._known.confirm()
        with _changing(self._place.path):
            masters = self._masters()
            master = new_master()
            await self._known.add(master, Known.of({}))
            _rewrite(self._place, (master, *masters))
        changes = FieldChange("first", masters[0].id, master.id)
        await self._tell(changes)
        return master.id

    def _masters(self) -> tuple[MasterKey, ...]:
        return self._place.masters(self._place.read() or b"")

    async def drop(self, master_id: str) -> None:
        """Take a master out of the file, for good.

        Raises:
            MastersError: it is not there, it wraps new keys, a thread needs it or may come to need it.
            KeyFileError: the file is not the right one, or can't be written.
        """
        await self._known.confirm()
        with _changing(self._place.path):
            masters = self._masters()
            ids = [master.id for master in masters]
            if master_id not in ids:
                await self._forget(master_id)
                return
            await self._see_unneeded(master_id, ids)
            _rewrite(self._place, [master for master in masters if master.id != master_id], same_time=True)
            await KeyChecks(self.database).remove(check_name(master_id))
        await self._tell(FieldChange("dropped", None, master_id))

    async def _see_unneeded(self, master_id: str, ids: Sequence[str]) -> None:
        if master_id == ids[0]:
            raise MastersError("This key wraps new ones. `graph-api keys rotate` puts another one first.")
        age = time.time() - self._place.path.stat().st_mtime
        if age < UNCHANGED_FOR:
            wait = int((UNCHANGED_FOR - age) / 60) + 1
            raise MastersError(
                f"{self._place.path} was changed a moment ago, and a request that began before may still use this key. "
                f"Try again in {wait} minutes."
            )
        needing = await WrappedKeys(self.database).threads(master_id)
        if needing:
            raise MastersError(f"{needing} threads need this key. Run `graph-api keys rewrap` first.")

    async def _forget(self, master_id: str) -> None:
        """One that is in no file any more: dropping it was interrupted, or another machine's command did it."""
        known = Known.of(await KeyChecks(self.database).all())
        if master_id not in known.values:
            raise MastersError("There is no key with this id. See `graph-api keys list`.")
        if master_id in known.lost:
            raise MastersError("This key was given up already. Its check value is kept in case the key is found.")
        await KeyChecks(self.database).remove(check_name(master_id))

    async def give_up(self, master_id: str) -> int:
        """Do without a master that nobody has: how many threads can't be read any more.

        Its check value is kept, so that a file with it counts again if it is found.

        Raises:
            MastersError: it is in the file, or the data do not know it.
        """
        if master_id in self._known.ids_here():
            raise MastersError(f"This key is in {self._place.path}, and so not lost. Leave out --lost.")
        checks = KeyChecks(self.database)
        known, used = Known.of(await checks.all()), await WrappedKeys(self.database).masters()
        if master_id not in {*known.values, *used, known.made}:
            raise MastersError("There is no key with this id. See `graph-api keys list`.")
        if master_id not in known.lost:
            await checks.replace(check_name(master_id), LOST + known.values.get(master_id, ""))
            known = Known.of(await checks.all())
        if not known.values.keys() - known.lost:
            await checks.remove(MADE)  # so that the next start makes a file
        lost = await WrappedKeys(self.database).threads(master_id)
        await self._tell(FieldChange("lost", None, master_id))
        return lost

    async def _tell(self, change: FieldChange) -> None:
        changes = (FieldChange("key", None, Key.MESSAGES.value), change)
        await tell_practices(self.settings, self.database, self.who, changes, self.say)


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """One command at a time changes the file."""
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _rewrite(place: KeyPlace, masters: Sequence[MasterKey], *, same_time: bool = False) -> None:
    """Replace the file as a whole, for the same readers as before.

    Raises:
        KeyFileError: it can't be written.
    """
    path = place.path.resolve()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        before = path.stat()
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(masters_content(masters))
            with suppress(PermissionError):
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
            file.flush()
            os.fsync(file.fileno())
        if same_time:
            os.utime(draft, ns=(before.st_atime_ns, before.st_mtime_ns))
        os.replace(draft, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise KeyFileError(
            f"{path}: {error.strerror}. Run this where the file can be written, or edit the file where it comes from: "
            "a line is an id and the base64 of 32 random bytes, and the first line's key wraps."
        ) from None
