"""Changing what reminders rest on, inside one write transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from graph_api.acting.appointments.model import Appointment
from graph_api.acting.reminders.graph.reads import ReminderSettings, preferences_of, settings_of, settings_params
from graph_api.acting.reminders.graph.rows import EARLY_SECONDS, due_row, seconds
from graph_api.acting.reminders.model import Preferences, QuietHours, ReminderRule, SuppressionReason
from graph_api.acting.reminders.records import PREFERENCES, QUIET, RULE
from graph_api.kernel.transaction import Writes


class ReminderWrites(Writes):
    """Rules, quiet hours, preferences, and what is to be looked at."""

    async def settings(self) -> ReminderSettings:
        """What the practice has set."""
        return settings_of(await self._tx.run("acting/reminders/rules", **settings_params(self._practice)))

    async def save_rules(self, before: Sequence[ReminderRule], after: Sequence[ReminderRule]) -> None:
        """The practice's rules from now on; its own chain must be locked."""
        changed = [RULE.row(rule) for rule in after if rule not in before]
        gone = sorted({rule.id for rule in before} - {rule.id for rule in after})
        if gone:
            self._tx.later("acting/reminders/drop_rules", practice=self._practice, ids=gone)
        if changed:
            self._tx.later("acting/reminders/save_rules", practice=self._practice, rows=changed)

    async def plan_again(self, now: datetime) -> None:
        """Have all appointments to come planned by the rules from now on; the worker does it."""
        self._tx.later("acting/reminders/plan_again", practice=self._practice, at=seconds(now))

    async def save_quiet(self, quiet: QuietHours) -> None:
        """Quiet hours from now on; the practice's own chain must be locked."""
        self._tx.later("acting/reminders/set_quiet", practice=self._practice, quiet=QUIET.row(quiet))

    async def preferences(self, person_id: str) -> Preferences:
        """What somebody wants; they must be locked."""
        rows = await self._tx.run(
            "acting/reminders/preferences",
            practice=self._practice,
            ids=[person_id],
            preferences=list(PREFERENCES.names),
        )
        return preferences_of(rows).get(person_id, Preferences())

    async def save_preferences(self, person_id: str, preferences: Preferences) -> None:
        """What somebody wants from now on; they must be locked."""
        self._tx.later(
            "acting/reminders/save_preferences",
            practice=self._practice,
            personId=person_id,
            preferences=PREFERENCES.row(preferences),
        )

    async def plan(self, appointments: Iterable[Appointment], after: datetime | None = None) -> None:
        """Have appointments looked at by each of the practice's rules; their client, or they, must be locked.

        Args:
            appointments: those that are booked.
            after: only by rules that remind later than that.
        """
        rows = [due_row(one) for one in sorted(appointments, key=lambda one: one.id)]
        if rows:
            since = "" if after is None else seconds(after)
            self._tx.later(
                "acting/reminders/plan", practice=self._practice, early=EARLY_SECONDS, after=since, rows=rows
            )

    async def unplan_coming(self, appointment_ids: Iterable[str], after: datetime) -> None:
        """Take away what changed rules plan anew; the appointments must be locked. What is overdue is left."""
        ids, rules = sorted(set(appointment_ids)), (await self.settings()).rules
        if ids:
            self._tx.later(
                "acting/reminders/unplan_coming",
                practice=self._practice,
                ids=ids,
                after=seconds(after),
                rules=[rule.id for rule in rules],
            )

    async def unplan(self, appointment_ids: Iterable[str]) -> None:
        """Have appointments not looked at any more; their client, or they themselves, must be locked."""
        ids = sorted(set(appointment_ids))
        if ids:
            self._tx.later("acting/reminders/unplan", practice=self._practice, ids=ids)

    async def let_go(self, appointment_ids: Iterable[str], reason: SuppressionReason) -> None:
        """What waits to be tried again is not sent any more; their client must be locked."""
        ids = sorted(set(appointment_ids))
        if ids:
            self._tx.later("acting/reminders/let_go", practice=self._practice, ids=ids, reason=reason.value)
