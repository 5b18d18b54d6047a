"""What practices set about reminders, and what people want of them (R1, R5, R9)."""

from collections.abc import Sequence
from datetime import datetime, time

from graph_api.acting.appointments.graph.settings import TypeWrites
from graph_api.acting.reminders.audit import audited_preferences, audited_quiet, audited_rules
from graph_api.acting.reminders.fields import (
    PreferenceFields,
    RuleDraft,
    apply_preferences,
    check_quiet,
    check_rules,
    rules_from,
)
from graph_api.acting.reminders.graph.writes import ReminderWrites
from graph_api.acting.reminders.model import Preferences, QuietHours, ReminderChannel
from graph_api.acting.reminders.planning import Address
from graph_api.acting.reminders.unsubscribing import opt_in
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.caller import Practice
from graph_api.kernel.errors import Forbidden, MutationError, NotFound, Refused, not_found
from graph_api.kernel.happened import Happened
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.portal.graph.accounts import AccountWrites


class ReminderService:
    """Mutations of one caller."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def set_rules(self, request: Request, drafts: Sequence[RuleDraft]) -> Outcome[Practice]:
        """The practice's rules from now on, in place of all that were.

        Refused for the reasons of `check_rules`, and with NotFound for types of appointments.
        """
        practice = self._unit.caller.practice
        ids = [new_id("reminder") for _ in drafts]

        def check() -> None:
            problems = Problems()
            check_rules(drafts, problems)
            problems.refuse()

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Practice]:
            await tx[AuditWrites].lock_practice()
            before = (await tx[ReminderWrites].settings()).rules
            await _refuse_unknown(tx, drafts)
            after = tuple(rules_from(before, drafts, ids))
            if after == before:
                return Outcome(practice)
            await tx[ReminderWrites].save_rules(before, after)
            await tx[ReminderWrites].plan_again(now)
            return Outcome(practice, events=(audited_rules(practice.id, before, after),))

        return await self._unit.run(request, check, change, self._reload_practice)

    async def set_quiet(self, request: Request, from_time: time, to_time: time, *, email: bool) -> Outcome[Practice]:
        """When nobody is written to, from now on.

        Refused for the reasons of `check_quiet`.
        """
        practice = self._unit.caller.practice

        def check() -> QuietHours:
            problems = Problems()
            check_quiet(from_time, to_time, problems)
            problems.refuse()
            return QuietHours(from_time, to_time, email)

        async def change(tx: Transaction, after: QuietHours, _now: datetime) -> Outcome[Practice]:
            await tx[AuditWrites].lock_practice()
            before = (await tx[ReminderWrites].settings()).quiet
            if after == before:
                return Outcome(practice)
            await tx[ReminderWrites].save_quiet(after)
            return Outcome(practice, events=(audited_quiet(practice.id, before, after),))

        return await self._unit.run(request, check, change, self._reload_practice)

    async def set_preferences(self, request: Request, person_id: str, fields: PreferenceFields) -> Outcome[Person]:
        """What somebody wants of reminders, from now on: their own account says it, or staff.

        Only staff say that somebody is not to be written to. Whoever wants e-mails again takes back that their
        account's address was taken off. Refused with NotFound, Forbidden, and for the reasons of
        `apply_preferences`.
        """
        caller = self._unit.caller
        is_own = caller.is_account

        def check() -> None:
            if not is_id("person", person_id) or (is_own and person_id != caller.person_id):
                raise not_found("personId")
            if is_own and "do_not_contact" in fields:
                raise Refused([Forbidden(path=("doNotContact",))])
            problems = Problems()
            apply_preferences(Preferences(), fields, problems)
            problems.refuse()

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[Person]:
            await tx[PersonWrites].lock(person_id)
            person = (await tx[PersonWrites].by_ids(person_id)).get(person_id)
            if person is None:
                raise not_found("personId")
            events = await self._taken_back(tx, person_id) if is_own and fields.get("email") else []
            before = await tx[ReminderWrites].preferences(person_id)
            after = apply_preferences(before, fields, Problems())
            if after != before:
                await tx[ReminderWrites].save_preferences(person_id, after)
                reason = "account" if is_own else "role"
                events = [audited_preferences(person_id, before, after, reason), *events]
            return Outcome(person, events=tuple(events))

        return await self._unit.run(request, check, change, _reload_person)

    async def _taken_back(self, tx: Transaction, person_id: str) -> list[Happened]:
        """Whoever is signed in to the account of an address that was taken off puts it on again (R8)."""
        account = await tx[AccountWrites].lock(person_id)
        if account is None:
            return []
        await tx[AuditWrites].lock_practice()
        return await opt_in(tx, Address(ReminderChannel.EMAIL, account.address))

    async def _reload_practice(self, _tx: Transaction, _practice_id: str) -> Practice:
        return self._unit.caller.practice


async def _reload_person(tx: Transaction, person_id: str) -> Person | None:
    """For a replay."""
    return (await tx[PersonWrites].by_ids(person_id)).get(person_id)


async def _refuse_unknown(tx: Transaction, drafts: Sequence[RuleDraft]) -> None:
    """Types of appointments must be the practice's.

    Raises:
        Refused: NotFound, at each of the lists' places.
    """
    wanted = {type_id for draft in drafts for type_id in draft.type_ids}
    known = await tx[TypeWrites].by_ids(wanted) if wanted else {}
    unknown: list[MutationError] = [
        NotFound(path=("rules", str(place), "typeIds", str(number)))
        for place, draft in enumerate(drafts)
        for number, type_id in enumerate(draft.type_ids)
        if type_id not in known
    ]
    if unknown:
        raise Refused(unknown)
