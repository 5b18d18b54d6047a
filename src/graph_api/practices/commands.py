"""The practice's settings: what it offers, and when its clients come of age (D5, D13)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from graph_api.audit.changes import changes_between
from graph_api.kernel.caller import Practice
from graph_api.kernel.errors import Refused, invalid
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.practices.audit import settings_values
from graph_api.practices.changes import SettingsChanging
from graph_api.practices.facts import FactWrites
from graph_api.practices.graph import SettingsWrites
from graph_api.practices.model import PracticeFeature, PracticeSettings

MIN_AGE, MAX_AGE = 14, 25
"""The law's ages of majority lie between 15 and 21; practices' own rules for minors' privacy begin at 14."""
Change = Callable[[PracticeSettings], PracticeSettings]


class SettingsService:
    """Mutations of a practice's settings."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def set_feature(self, request: Request, feature: PracticeFeature, enabled: bool) -> Outcome[Practice]:
        """Switch a feature on or off for the whole practice."""

        def changed(before: PracticeSettings) -> PracticeSettings:
            others = before.features - {feature}
            return replace(before, features=others | {feature} if enabled else others)

        return await self._run(request, changed, unchecked)

    async def set_age_of_majority(self, request: Request, age: int) -> Outcome[Practice]:
        """At which birthday a parent's or guardian's portal access ends (D13)."""

        def check() -> None:
            if not MIN_AGE <= age <= MAX_AGE:
                message = f"The age of majority must be between {MIN_AGE} and {MAX_AGE}."
                raise Refused([invalid("age.outOfRange", message, "age")])

        return await self._run(request, lambda before: replace(before, age_of_majority=age), check)

    async def _run(self, request: Request, changed: Change, check: Callable[[], None]) -> Outcome[Practice]:
        practice = self._unit.caller.practice

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Practice]:
            # All gates: no checked write that read the earlier settings is still running.
            await self._unit.tell(tx, SettingsChanging(), now)
            before = await tx[SettingsWrites].lock()
            after = changed(before)
            if after == before:
                return Outcome(practice)
            after = replace(after, since=tx.stamp())
            await tx[FactWrites].supersede_settings(before, tx.stamp())
            await tx[SettingsWrites].save(after)
            changes = changes_between(settings_values(before), settings_values(after))
            return Outcome(practice, events=(Happened(EventKind(request.mutation), practice.id, changes=changes),))

        async def reload(_tx: Transaction, _practice_id: str) -> Practice:
            return practice

        return await self._unit.run(request, check, change, reload)
