"""Changes of what practices set about reminders, and of what people want."""

from datetime import time
from typing import Any, cast

import strawberry

from graph_api.acting.reminders.commands import ReminderService
from graph_api.acting.reminders.fields import PreferenceFields, RuleDraft
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.kernel.rules import ADMINS, WRITERS_AND_ACCOUNTS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.shapes.inputs import KEY, ids_of, needed, sent, taken
from graph_api.shapes.mutations import mutation


@strawberry.input(description="A rule of reminders")
class ReminderRuleInput:
    minutes_before: int = needed("Minutes before the start: 30 to 20,160")
    channels: list[ReminderChannel] = needed("Channels of the reminders; at least one")
    type_ids: list[strawberry.ID] | None = taken("Ids of the types of appointments that it is for; by default all")
    is_active: bool = taken("Whether anybody is reminded by it", default=True)


@strawberry.input(description="Input of setReminderRules")
class SetReminderRulesInput:
    rules: list[ReminderRuleInput] = needed("All rules, at most 5, at least 30 minutes apart")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setQuietHours")
class SetQuietHoursInput:
    from_: time = strawberry.field(name="from", description="When they begin")
    to: time = needed("When they end, at most 12 hours later; if both times are equal, there are no quiet hours")
    email: bool = taken("Whether they hold for e-mails, too", default=False)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of setReminderPreferences. An omitted field keeps its value; a time zone of null is the "
    "practice's"
)
class SetReminderPreferencesInput:
    person_id: strawberry.ID = needed("Id of the person; for a portal account, its own")
    email: bool | None = taken("Whether the person wants e-mails")
    sms: bool | None = taken("Whether the person wants texts")
    time_zone: str | None = taken("IANA name of the person's time zone")
    do_not_contact: bool | None = taken("Whether the person is not to be reminded at all; for staff alone")
    idempotency_key: str | None = taken(KEY)


@mutation(
    ADMINS,
    "Set the practice's rules of reminders, in place of all that were. Appointments to come are planned by them",
    shows=("practice", Practice),
)
async def set_reminder_rules(scope: Scope, request: Request, source: SetReminderRulesInput) -> Any:
    drafts = [
        RuleDraft(rule.minutes_before, tuple(rule.channels), tuple(ids_of(rule.type_ids)), rule.is_active)
        for rule in source.rules
    ]
    return await scope[ReminderService].set_rules(request, drafts)


@mutation(ADMINS, "Set when nobody is reminded", shows=("practice", Practice))
async def set_quiet_hours(scope: Scope, request: Request, source: SetQuietHoursInput) -> Any:
    return await scope[ReminderService].set_quiet(request, source.from_, source.to, email=source.email)


@mutation(WRITERS_AND_ACCOUNTS, "Set how somebody is reminded of appointments", shows=("person", Person))
async def set_reminder_preferences(scope: Scope, request: Request, source: SetReminderPreferencesInput) -> Any:
    fields = cast(PreferenceFields, sent(source, ("email", "sms", "time_zone", "do_not_contact")))
    return await scope[ReminderService].set_preferences(request, str(source.person_id), fields)
