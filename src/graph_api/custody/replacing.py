"""Replacing a key on purpose: what the data know is changed, and what was made with the former key is handed over.

If anything interrupts this, the same command continues from there when it is run again.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from graph_api.config import Settings
from graph_api.custody.checks import KeyChecks, place_of
from graph_api.custody.known import KnownKeys, is_draft_known
from graph_api.custody.telling import Say, tell_practices
from graph_api.engine.bolt import Database
from graph_api.evidence.checkpoints import AUDIT_HANDOVER, SEALING_HANDOVER
from graph_api.evidence.sealing import Sealer
from graph_api.evidence.verifying import AuditKeys
from graph_api.evidence.wiring import (
    chains_of,
    checkpoints_of,
    practices_with_evidence,
    read_checkpoints,
    states_of,
    witnesses_of,
)
from graph_api.kernel.caller import Practice
from graph_api.kernel.happened import FieldChange
from graph_api.keys.files import KEY_FILES, Key, KeyFileError, KeyPlace, write_once
from graph_api.keys.secrets import former_keys

LOST = ""
"""Stands in a handover for a key that nobody has any more."""


@dataclass(frozen=True, slots=True)
class Replacing:
    """One key's replacing: by whom, and whether the key of before is lost."""

    settings: Settings
    database: Database
    who: str
    is_lost: bool
    former_file: Path | None
    say: Say

    async def run(self, key: Key) -> None:
        """Replace it.

        Raises:
            KeyFileError: the former key is needed and is not there; or the new one, where the file is shared.
        """
        place = place_of(self.settings, key)
        known = KnownKeys(self.settings, self.database)
        checks = KeyChecks(self.database)
        checked = await checks.all()
        name = known.name_of(key, checked, replacing=True)
        value = checked.get(name)
        if not is_draft_known(place, value):  # else it was done up to here before
            former = self._former(place, value)
            content = self._new(place, value)
            if key is Key.AUDIT:
                await known.confirm([Key.SEALING])
                await self._hand_over_chains(place, former)
            await checks.replace(name, place.check(content))
        if place.shared is None:
            place.promote(replacing=True)
        if key is Key.SEALING:
            await self._hand_over_checkpoints(value)
        await self._tell(key)

    def _former(self, place: KeyPlace, value: str | None) -> bytes | None:
        """The former key's content; None where it is lost."""
        if self.is_lost or place.file.key not in (Key.AUDIT, Key.SEALING):
            return None
        source = place if self.former_file is None else KeyPlace(place.file, place.data_dir, self.former_file)
        try:
            content = source.read()
        except KeyFileError:
            content = None
        if content is None or (value is not None and source.check(content) != value):
            raise KeyFileError(
                f"{source.path} is not the key that the data were made with, and the replacement needs that key. "
                "Restore it, or name it with --former. If nobody has it any more, add --lost."
            )
        return content

    @staticmethod
    def _new(place: KeyPlace, value: str | None) -> bytes:
        if place.shared is None:
            return write_once(place.draft, place.fresh())
        content = place.read() or b""
        if place.check(content) == value:
            message = f"{place.path} still holds the former key. Put the new one there first, on every machine."
            raise KeyFileError(message)
        return content

    async def _hand_over_chains(self, place: KeyPlace, former: bytes | None) -> None:
        """Seal where every chain ends; up to there the former key counts, and from there on it does not."""
        known_by = LOST if former is None else place.check(former)
        before = {one.check(content): one.material(content) for one, content in former_keys(place.data_dir)}
        current = secrets.token_bytes(32) if former is None else place.material(former)
        keys = AuditKeys(current, before, is_lost=former is None)
        for practice in await practices_with_evidence(self.settings, self.database):
            await self._seal(practice, keys, {AUDIT_HANDOVER: known_by})
        if former is not None:
            kept = place.data_dir / f"{KEY_FILES[Key.AUDIT].name}.former-{known_by[:16]}"
            write_once(kept, former)
            self.say(f"The former key is kept as {kept}. Back it up too, because earlier events are verified with it.")

    async def _seal(self, practice: Practice, keys: AuditKeys, handover: dict[str, str]) -> None:
        database, checkpoints = self.database, checkpoints_of(self.settings, practice)
        chains, states = chains_of(database, practice), states_of(database, practice)
        try:
            sealer = Sealer(keys, practice.id, chains, checkpoints, states, witnesses_of(database, practice))
            sealed = await sealer.run(datetime.now(UTC), whole=True, handover=handover)
            if sealed is None or checkpoints.is_behind:
                faults = "; ".join(checkpoints.faults) or "another process is sealing"
                raise KeyFileError(f"{practice.slug}: {faults}. Nothing was replaced. Fix this first.")
            if sealed.findings:
                self.say(f"{practice.slug}: {len(sealed.findings)} faults remain. See graph-api audit verify.")
        finally:
            checkpoints.close()

    async def _hand_over_checkpoints(self, value: str | None) -> None:
        """A line signed with the new key, which covers all before it by the digest that it holds."""
        known_by = LOST if self.is_lost else value or LOST
        for practice in await practices_with_evidence(self.settings, self.database):
            checkpoints = checkpoints_of(self.settings, practice)
            try:
                with checkpoints.exclusive() as ours:
                    if not ours:
                        raise KeyFileError(f"{practice.slug}: another process is sealing. Run this again in a moment.")
                    await read_checkpoints(self.database, practice, checkpoints)
                    if checkpoints.last is not None:
                        now, through = datetime.now(UTC), checkpoints.last.through
                        checkpoints.append({}, now, through, handover={SEALING_HANDOVER: known_by})
                        witness = checkpoints.witness()
                        if witness is not None:
                            notes = witnesses_of(self.database, practice)
                            await notes.note(checkpoints.key_id, witness)
            finally:
                checkpoints.close()

    async def _tell(self, key: Key) -> None:
        """An event in the chain of each practice that is there."""
        changes = (FieldChange("key", None, key.value), FieldChange("lost", None, "true" if self.is_lost else None))
        told = [change for change in changes if change.after]
        await tell_practices(self.settings, self.database, self.who, told, self.say)
