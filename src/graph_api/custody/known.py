"""Whether the keys are those that the data know. One that is not, or is gone where data were made with it, is refused:
a fresh one in its place would call every event of before changed, and nobody would know why.
"""

import hmac
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from graph_api.audit.chain import ChainCheck, Fault
from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.model import Head
from graph_api.audit.narrowing import LogFilter
from graph_api.config import Settings
from graph_api.custody.checks import KeyChecks, KeyReport, KeyState, gone, other, place_of
from graph_api.custody.known_masters import KnownMasters
from graph_api.custody.machine import BETWEEN, Machine, checkpoint_files, signed_checkpoints
from graph_api.engine.bolt import Database
from graph_api.engine.chosen import Bolt
from graph_api.engine.locate import locator
from graph_api.engine.migrate import migrate
from graph_api.engine.session import GraphSession
from graph_api.evidence.everything import Everything
from graph_api.kernel.graph import Graph
from graph_api.keys.files import OF_MACHINE, Key, KeyFileError, KeyPlace

NEWEST = 20
"""Events looked at, to see whether a key is theirs: one of them may have been tampered with."""


def machine_of(settings: Settings) -> Machine:
    """Whose keys lie in the data directory."""
    return Machine(settings.data_dir, has_database=settings.database_url is None)


def keys_of_server(settings: Settings) -> tuple[Key, ...]:
    """Those that `serve` needs; tokens of an outside issuer are signed elsewhere."""
    return tuple(key for key in Key if key is not Key.SIGNING or not settings.jwks_url)


def check_key_files(settings: Settings, keys: Iterable[Key]) -> None:
    """See that the files that are there hold keys, and the machine's name; nothing is made.

    Raises:
        KeyFileError: one does not.
    """
    for key in keys:
        place_of(settings, key).read()
    machine_of(settings).read()


class KnownKeys:
    """The keys of one data directory beside what the data know."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._checks = KeyChecks(database)
        self._machine = machine_of(settings)

    def name_of(self, key: Key, known: Mapping[str, str], *, replacing: bool = False) -> str:
        """By which the data know it: keys that each machine has of its own go by the machine too.

        Args:
            key: whose name.
            known: what the data know.
            replacing: a machine whose name is lost gets a fresh one.

        Raises:
            KeyFileError: the machine's name is gone, damaged or another's.
        """
        if key not in OF_MACHINE:
            return key.value
        machine = self._machine.read() if replacing else None  # a damaged one is refused all the same
        try:
            machine = self._machine.find(key, known)
        except KeyFileError:
            if not replacing:
                raise
        return f"{key.value}{BETWEEN}{self._machine.make(machine)}"

    async def confirm(self, keys: Sequence[Key]) -> None:
        """See that these are the ones that the data know; make those that nothing was made with yet.

        Raises:
            KeyFileError: one is not, or is gone; the message says which file to bring back.
        """
        if not keys:
            return
        known = await self._checks.all()
        self._machine.begin(known)
        places = {key: place_of(self._settings, key) for key in keys}
        # Before any key is made.
        names = {key: self.name_of(key, known) for key, place in places.items() if not place.file.is_ring}
        for key, place in places.items():
            if place.file.is_ring:
                await KnownMasters(place, self._database).confirm()
            else:
                await self._confirm(place, names[key], known)

    async def _confirm(self, place: KeyPlace, name: str, known: Mapping[str, str]) -> None:
        value = known.get(name)
        if is_draft_known(place, value):  # replacing the key was begun: only the file is still to be moved
            place.promote(replacing=True)
        content = place.read()
        if value is None:
            await self._adoptable(place, content)
            value = await self._checks.add(name, place.check(content or place.content()))
        if content is None:
            if value != place.check(place.content()):
                place.draft.unlink(missing_ok=True)
                raise KeyFileError(gone(place))
            place.promote()
        elif value != place.check(content):
            raise KeyFileError(other(place))

    async def _adoptable(self, place: KeyPlace, content: bytes | None) -> None:
        """Data that know no key yet, of 0.3.0 or fresh: what was made with a key says whether this is the one.

        Raises:
            KeyFileError: it is not.
        """
        evidence = await self._evidence(place, content)
        if evidence is False:
            raise KeyFileError(gone(place) if content is None else other(place))

    async def _evidence(self, place: KeyPlace, content: bytes | None) -> bool | None:
        """Whether what there is was made with the key; None where there is nothing, or nothing that tells."""
        key, material = place.file.key, None if content is None else place.material(content)
        if key is Key.AUDIT:
            made = await self._made_newest(material)
            # Checkpoints without events: a database that is still to be restored.
            is_restored = made is None and bool(checkpoint_files(self._settings.data_dir))
            return False if is_restored and content is None else made
        if key is Key.SEALING:
            return signed_checkpoints(self._settings.data_dir, material)
        secret_used, portal_used = await self._checks.in_use()
        is_used = {Key.SECRET: secret_used, Key.PORTAL: portal_used}.get(key, False)
        return False if is_used and content is None else None

    async def _made_newest(self, material: bytes | None) -> bool | None:
        async for practice_id in Everything(self._database).practices_of_events():
            graph = Graph(GraphSession(self._database), practice_id, date.min)
            chains = graph[AuditReads]
            events = graph.door.open(await chains.page(LogFilter(), None, NEWEST))
            for event in events:
                if material is not None and await _made(
                    chains, practice_id, material, event.subject_id, event.sequence
                ):
                    return True
            if events:
                return False
        return None

    async def report(self, key: Key) -> KeyReport:
        """What is to be said of a key; nothing is made or changed."""
        place = place_of(self._settings, key)
        if place.file.is_ring:
            return await KnownMasters(place, self._database).report()
        known = await self._checks.all()
        try:
            content = place.read()
            machine = self._machine.find(key, known) if key in OF_MACHINE else None
        except KeyFileError as error:
            return KeyReport(place, KeyState.UNUSABLE, str(error))
        value = known.get(key.value if key not in OF_MACHINE else f"{key.value}{BETWEEN}{machine}")
        if value is None:
            is_right = await self._evidence(place, content) is not False
            if content is None:
                return KeyReport(place, KeyState.NONE) if is_right else KeyReport(place, KeyState.GONE, gone(place))
            return KeyReport(place, KeyState.FRESH) if is_right else KeyReport(place, KeyState.OTHER, other(place))
        if content is None:
            return KeyReport(place, KeyState.GONE, gone(place))
        if value != place.check(content):
            return KeyReport(place, KeyState.OTHER, other(place))
        return KeyReport(place, KeyState.KNOWN)


def is_draft_known(place: KeyPlace, value: str | None) -> bool:
    """Whether the data know the key that lies beside its place."""
    if value is None or place.shared is not None or not place.draft.exists():
        return False
    return hmac.compare_digest(place.check(place.draft.read_bytes()), value)


log = logging.getLogger(__name__)


class KeysOfServer:
    """Whether a worker's keys are those that the data know: what is written with another can't be mended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.refused: KeyFileError | None = None

    async def see(self) -> None:
        """Before anybody can be answered. A refusal is for good: whoever puts the key back starts the server again.

        Raises:
            KeyFileError: one is not, or is gone.
        """
        if self.refused is not None:
            raise self.refused
        database = Database(
            locator(self._settings), deadline=self._settings.request_timeout, bolt=Bolt(self._settings.bolt)
        )
        try:
            await database.open()
            await migrate(database)
            await KnownKeys(self._settings, database).confirm(keys_of_server(self._settings))
        except KeyFileError as error:
            log.error("not serving: %s", error)
            self.refused = error
            raise
        finally:
            await database.close()


async def _made(chains: AuditReads, practice_id: str, material: bytes, subject_id: str, sequence: int) -> bool:
    """Whether an event's MAC was made with the key."""
    check = ChainCheck(material, practice_id, subject_id)
    async for events in chains.after(subject_id, max(0, sequence - 2)):
        for stored in events:
            if stored.sequence == sequence:
                return not any(found.fault is Fault.CHANGED for found in check.take(stored))
            check.head = Head(stored.sequence, stored.event.mac, stored.event.at)
    return False
