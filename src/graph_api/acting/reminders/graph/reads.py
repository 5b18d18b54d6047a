"""Reading what reminders rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_api.acting.reminders.model import Delivery, Preferences, QuietHours, ReminderRule
from graph_api.acting.reminders.records import DELIVERY, PREFERENCES, QUIET, RULE
from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads

MOST_DELIVERIES = 200
"""Of an appointment that are shown: five rules of two channels for twenty people."""


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """What a practice has set."""

    rules: tuple[ReminderRule, ...]
    """The one that reminds the longest before first."""
    quiet: QuietHours


def settings_params(practice_id: str) -> Row:
    """What `settings_of` reads."""
    return {"practice": practice_id, "rule": list(RULE.names), "quiet": list(QUIET.names)}


def settings_of(rows: Sequence[Row]) -> ReminderSettings:
    """What a practice has set; quiet hours of its own, or those that hold where it has set none."""
    if not rows:
        return ReminderSettings((), QuietHours())
    rules = sorted((RULE.of(record) for record in rows[0]["rules"]), key=lambda rule: (-rule.minutes_before, rule.id))
    kept = rows[0]["quiet"]
    quiet = QuietHours() if any(value is None for value in kept) else QUIET.of(kept)
    return ReminderSettings(tuple(rules), quiet)


def preferences_of(rows: Sequence[Row]) -> dict[str, Preferences]:
    """By person id; whoever has said nothing is missing."""
    return {person_id: PREFERENCES.of(record) for row in rows for person_id, record in row["rows"]}


class ReminderReads(Reads):
    """Of one practice."""

    async def settings(self) -> ReminderSettings:
        """What the practice has set."""
        return settings_of(await self._session.read_newest("acting/reminders/rules", **settings_params(self._practice)))

    async def rules(self, ids: Sequence[str]) -> Mapping[str, ReminderRule]:
        """Those that exist, by id."""
        found = await self._session.gather(
            "acting/reminders/rules_by_ids", ids, _first, practice=self._practice, rule=list(RULE.names)
        )
        return {rule_id: RULE.of(record) for rule_id, record in found.items()}

    async def preferences(self, person_ids: Iterable[str]) -> Mapping[str, Preferences]:
        """By person id; whoever has said nothing is missing."""
        rows = await self._session.read_newest(
            "acting/reminders/preferences",
            practice=self._practice,
            ids=list(dict.fromkeys(person_ids)),
            preferences=list(PREFERENCES.names),
        )
        return preferences_of(rows)

    async def deliveries(self, appointment_ids: Sequence[str]) -> Sealed[Mapping[str, Sequence[Delivery]]]:
        """What was sent of appointments and what was not, by appointment id; the newest, in the order of time."""
        rows = await self._session.read_newest(
            "acting/reminders/deliveries_of",
            practice=self._practice,
            ids=list(dict.fromkeys(appointment_ids)),
            delivery=list(DELIVERY.names),
            most=MOST_DELIVERIES,
        )
        found = {row["id"]: [DELIVERY.of(record) for record in row["records"]] for row in rows}
        ordered = {one: sorted(some, key=lambda sent: (sent.send_at, sent.key)) for one, some in found.items()}
        return Sealed(ordered, {who for some in ordered.values() for sent in some for who in sent.shows})

    async def opted_out(self, keys: Iterable[str]) -> frozenset[str]:
        """Which of some addresses are not to be written to, by their keys."""
        rows = await self._session.read_newest(
            "acting/reminders/opted_out", practice=self._practice, keys=sorted(set(keys))
        )
        return frozenset(row["key"] for row in rows)


def _first(record: Any) -> str:
    found: str = record[0]
    return found
