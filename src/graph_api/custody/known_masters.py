"""Whether the message masters in the key file are those that the data know, and all that threads need.

Each master has a check value in the database, by its id. One more entry says that there are masters at all, and which
came first: only one server can write it, so only one makes the file.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graph_api.acting.messages.graph.wrapped_keys import WrappedKeys
from graph_api.custody.checks import KeyChecks, KeyReport, KeyState, bring_back, gone, other
from graph_api.engine.bolt import Database
from graph_api.keys.files import CHECK, Key, KeyFileError, KeyPlace
from graph_api.keys.masters import MasterKey

MADE = Key.MESSAGES.value
LOST = "lost "
"""Stands before the check value of a master that was given up; if it is found again, it counts again."""


def check_name(master_id: str) -> str:
    """By which the data know a master."""
    return f"{MADE}/{master_id}"


def check_value(master: MasterKey) -> str:
    """It tells nothing of the master, and can't be made without it."""
    text = f"{CHECK}|{check_name(master.id)}"
    return hmac.digest(master.material, text.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says: the master that was made first, and check values by id."""

    made: str | None
    values: Mapping[str, str]
    lost: Collection[str]

    @classmethod
    def of(cls, checks: Mapping[str, str]) -> "Known":
        """Of all check values there are."""
        start = check_name("")
        found = {name.removeprefix(start): value for name, value in checks.items() if name.startswith(start)}
        lost = {master_id for master_id, value in found.items() if value.startswith(LOST)}
        return cls(checks.get(MADE), {name: value.removeprefix(LOST) for name, value in found.items()}, lost)


@dataclass(frozen=True, slots=True)
class MasterReport:
    """One master, as `keys list` shows it."""

    id: str
    is_first: bool
    is_here: bool
    is_lost: bool
    threads: int


class KnownMasters:
    """The masters of one key file beside what the data know."""

    def __init__(self, place: KeyPlace, database: Database) -> None:
        self._place = place
        self._checks = KeyChecks(database)
        self._stored = WrappedKeys(database)

    async def confirm(self) -> None:
        """See that the file has all masters that are needed, and the right ones; make it if nothing was made yet.

        Raises:
            KeyFileError: it is damaged, gone, another one, or lacks one; the message says how to mend it.
        """
        content = self._place.read()
        if content is None:
            await self._make()
            return
        masters = self._place.masters(content)
        known = await self._known()
        fault = self._fault(masters, known, await self._stored.masters())
        if fault is None and known.made is None:
            first = masters[0].id
            known = Known(await self._checks.add(MADE, first), known.values, known.lost)
            fault = self._fault(masters, known, ())
        if fault is not None:
            raise KeyFileError(fault)
        for master in masters:
            await self.add(master, known)

    async def _make(self) -> None:
        """The file, of a draft that may wait beside it since this was interrupted.

        Raises:
            KeyFileError: the data were made with masters, and they are gone.
        """
        known = await self._known()
        if known.made is not None or known.values.keys() - known.lost or await self._needed(known):
            is_ours = known.made is not None and self._place.draft.exists()
        else:
            is_ours = True
        if is_ours:
            first, *_ = self._place.masters(self._place.content())
            made = known.made or await self._checks.add(MADE, first.id)
            if made == first.id and known.values.get(first.id, check_value(first)) == check_value(first):
                await self.add(first, known)
                self._place.promote()
                return
        if self._place.read() is not None:  # another process has made it since we looked
            await self.confirm()
            return
        self._place.draft.unlink(missing_ok=True)
        raise KeyFileError(gone(self._place))

    async def add(self, master: MasterKey, known: Known) -> None:
        """Know a master from now on; one that was given up counts again."""
        if master.id in known.lost:
            await self._checks.replace(check_name(master.id), check_value(master))
        elif master.id not in known.values:
            await self._checks.add(check_name(master.id), check_value(master))

    def _fault(self, masters: Sequence[MasterKey], known: Known, used: Collection[str]) -> str | None:
        """What is wrong with the file's masters, in words."""
        ids = {master.id for master in masters}
        if any(known.values.get(master.id, check_value(master)) != check_value(master) for master in masters):
            return other(self._place)
        active = {*known.values, known.made} - {*known.lost, None}
        if active and not ids & active:
            return other(self._place)
        lacking = sorted(set(used) - ids - set(known.lost))
        if lacking:
            names = ", ".join(lacking)
            return f"{self._place.path} lacks {names}, which messages are still kept under. {bring_back(self._place)}"
        return None

    async def _known(self) -> Known:
        return Known.of(await self._checks.all())

    async def _needed(self, known: Known) -> set[str]:
        return set(await self._stored.masters()) - set(known.lost)

    async def report(self) -> KeyReport:
        """What is to be said of the file; nothing is made or changed."""
        place, known = self._place, await self._known()
        try:
            content = place.read()
        except KeyFileError as error:
            return KeyReport(place, KeyState.UNUSABLE, str(error))
        if content is None:
            is_made = known.made is not None or await self._needed(known)
            return KeyReport(place, KeyState.GONE, gone(place)) if is_made else KeyReport(place, KeyState.NONE)
        masters = place.masters(content)
        fault = self._fault(masters, known, await self._stored.masters())
        if fault is not None:
            return KeyReport(place, KeyState.OTHER, fault)
        is_known = known.values.keys() >= {master.id for master in masters}
        return KeyReport(place, KeyState.KNOWN if is_known else KeyState.FRESH)

    async def all(self) -> list[MasterReport]:
        """Those in the file, in its order, and then others that the data know or threads need."""
        known = await self._known()
        here = self.ids_here()
        others = sorted({*known.values, *await self._stored.masters()} - set(here))
        return [
            MasterReport(one, here[:1] == [one], one in here, one in known.lost, await self._stored.threads(one))
            for one in (*here, *others)
        ]

    def ids_here(self) -> list[str]:
        """The ids in the file; none if it is gone or damaged."""
        try:
            content = self._place.read()
        except KeyFileError:
            return []
        return [] if content is None else [master.id for master in self._place.masters(content)]
