"""Reminders of a practice that grows, and parameters of the statements about them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from graph_api.acting.appointments.records import APPOINTMENT, LOCATION
from graph_api.acting.reminders.graph.reads import settings_params
from graph_api.acting.reminders.graph.rows import DUE_PROPERTIES, EARLY_SECONDS, due_row, seconds
from graph_api.acting.reminders.model import (
    Delivery,
    Preferences,
    QuietHours,
    ReminderChannel,
    ReminderRule,
    ReminderStatus,
)
from graph_api.acting.reminders.records import DELIVERY, PREFERENCES, QUIET, RULE
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice
from graph_api.people.model import Person
from tests.contract.cases_appointments import FIRST, appointment_of
from tests.contract.growth import Case

if TYPE_CHECKING:
    from datetime import datetime

    from tests.contract.statement_cases import Sample

REMINDERS = """
UNWIND $rows AS row
CREATE (:ReminderDue {key: row.key, practice: row.practice, appointmentId: row.appointmentId, ruleId: 'r',
  clientId: row.clientId, startsAt: row.startsAt, dueAt: row.startsAt, lookAt: row.lookAt,
  lookKey: row.lookAt + '|' + row.key})
CREATE (:ReminderDelivery {key: row.key, practice: row.practice, appointmentId: row.appointmentId, ruleId: 'r',
  clientId: row.clientId, channel: 'EMAIL', status: 'SENT', sendAt: row.sendAt, attempts: 1, sweepKey: row.sweepKey})
CREATE (:ReminderPreferences {personId: row.clientId, practice: row.practice, email: true, sms: true,
  doNotContact: false})
CREATE (:ReminderAddress {key: row.key, practice: row.practice})
"""
SOME = 5
FAR = "9999999999"
"""When all of them are looked at: after everything."""


def reminder_rows(practice: Practice, people: Iterable[Person], now: "datetime") -> list[Row]:
    """Of each one's appointment."""
    known = [appointment_of(one, now) for one in people]
    return [
        {
            "key": f"{practice.id}|{one.id}|r",
            "practice": practice.id,
            "appointmentId": one.id,
            "clientId": one.client_id,
            "startsAt": seconds(one.starts_at),
            "lookAt": FAR,
            "sendAt": "2027-01-01T00:00:00.000000Z",
            "sweepKey": f"{practice.id}|2027-01-01T00:00:00.000000Z",
        }
        for one in known
    ]


def reminder_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    practice, people, now = sample.practice.id, sample.part.marked[:SOME], sample.now
    known = [appointment_of(one, now) for one in people]
    first, key = known[0], f"{practice}|{known[0].id}|r"
    rule = ReminderRule("reminder_new", 120, (ReminderChannel.EMAIL,))
    held = {"key": key, "startsAt": seconds(first.starts_at), "held": FAR}
    delivery = Delivery("new", first.id, rule.id, first.client_id, ReminderChannel.EMAIL, ReminderStatus.SENT, FIRST)
    settings = {name: value for name, value in settings_params(practice).items() if name != "practice"}
    return {
        "acting/reminders/rules": settings,
        "acting/reminders/rules_by_ids": {"ids": ["reminder_new"], "rule": list(RULE.names)},
        "acting/reminders/save_rules": {"rows": [RULE.row(rule)]},
        "acting/reminders/drop_rules": {"ids": ["reminder_new"]},
        "acting/reminders/set_quiet": {"quiet": QUIET.row(QuietHours())},
        "acting/reminders/preferences": {"ids": [one.id for one in people], "preferences": list(PREFERENCES.names)},
        "acting/reminders/save_preferences": {"personId": people[0].id, "preferences": PREFERENCES.row(Preferences())},
        "acting/reminders/opted_out": {"keys": [key]},
        "acting/reminders/opt_out": {"key": key, "at": None},
        "acting/reminders/lock_addresses": {"keys": [key], "stamp": "x"},
        "acting/reminders/plan": {"early": EARLY_SECONDS, "after": "", "rows": [due_row(first)]},
        "acting/reminders/unplan": {"ids": [one.id for one in known]},
        "acting/reminders/unplan_coming": {"ids": [one.id for one in known], "after": seconds(now), "rules": ["r"]},
        "acting/reminders/let_go": {"ids": [one.id for one in known], "reason": "MOVED"},
        "acting/reminders/plan_again": {"at": seconds(now)},
        "acting/reminders/claim_planning": {"lease": "x", "now": seconds(now), "until": seconds(now)},
        "acting/reminders/note_planning": {"held": FAR, "after": None, "lookAt": FAR, "passes": 1},
        "acting/reminders/end_planning": {"held": FAR},
        "acting/reminders/claim": {"keys": [key], "lease": "x", "now": seconds(now), "until": seconds(now)},
        "acting/reminders/situation": {
            "dueKey": key,
            "due": list(DUE_PROPERTIES),
            "appointmentId": first.id,
            "appointment": list(APPOINTMENT.names),
            "location": list(LOCATION.names),
            "delivery": list(DELIVERY.names),
            **settings,
        },
        "acting/reminders/deliver": {"rows": [DELIVERY.row(delivery)]},
        "acting/reminders/outcomes": {"rows": [{"key": key, "lease": "x", "outcome": {"attempts": 2}}]},
        "acting/reminders/by_gateway": {"keys": [f"{practice}|SM0"]},
        "acting/reminders/lock_heard": {"key": key, "stamp": "x"},
        "acting/reminders/heard": {"key": key, "heard": ["SM0"]},
        "acting/reminders/not_delivered": {
            "key": f"{practice}|SM0",
            "sent": "SENT",
            "failed": "FAILED",
            "reason": "REFUSED",
        },
        "acting/reminders/failed": {
            "above": f"{practice}|",
            "below": f"{practice}|2000",
            "failed": "FAILED",
            "reason": "REFUSED",
        },
        "acting/reminders/past": {"above": f"{practice}|", "below": f"{practice}|2000", "limit": 500},
        "acting/reminders/sweep": {"keys": [key]},
        "acting/reminders/look_again": held | {"lookAt": FAR},
        "acting/reminders/drop_due": held,
        "acting/reminders/deliveries_of": {
            "ids": [one.id for one in known],
            "delivery": list(DELIVERY.names),
            "most": 200,
        },
    }


def due_cases(sample: "Sample") -> dict[str, Case]:
    """Of every practice."""
    before = seconds(sample.now + timedelta(days=1))
    return {
        "practices/reminders_to_plan": Case({"before": before, "limit": 20}),
        "practices/reminders_waiting": Case({"before": before, "limit": 50}),
        "practices/reminders_due": Case({"before": before, "limit": 50, "due": list(DUE_PROPERTIES)}),
    }
