"""Few records share a key of any index: the embedded engine's compaction leaves entries of keys that hundreds share.

A new index without a constraint is written down here with the reason why few records share one of its keys.
"""

import re
from pathlib import Path

SCHEMA = Path(__file__).parents[2] / "cypher" / "schema"
INDEX = re.compile(r"CREATE INDEX (\w+) .*\(\w+\.(\w+)\)")
DROPPED = re.compile(r"DROP INDEX (\w+)")
ENDS_WITH_AN_ID = "the key ends with the record's id"
ONE_CALL = "made in one call, and there are at most some dozens of these"
TO_THE_MICROSECOND = "a time to the microsecond"
NEVER_LEAVES = "no record leaves its key, so there is nothing to leave behind"
OF_A_DAY = "one calendar's on one day"
FEW_EACH = {
    "person_client_key": ENDS_WITH_AN_ID,
    "idempotency_expiry": TO_THE_MICROSECOND,
    "had_contact_contact_id": "versions of one contact",
    "access_fact_subject": "facts about one person or practice",
    "person_birth_key": "people of one practice who were born on one day",
    "has_contact_version_id": ENDS_WITH_AN_ID,
    "outbox_due": "a time to the microsecond: the mails of one change, or those that a sender takes together",
    "session_expiry": TO_THE_MICROSECOND,
    "one_time_code_expiry": TO_THE_MICROSECOND,
    "audit_event_time": ENDS_WITH_AN_ID,
    "audit_event_actor": ENDS_WITH_AN_ID,
    "audit_event_contact": ENDS_WITH_AN_ID,
    "invitation_address": "invitations to one address",
    "practitioner_practice": NEVER_LEAVES,
    "thread_wrapped_with": "it is asked for by its whole value, which is compared with the record's again",
    "thread_inbox_key": ENDS_WITH_AN_ID,
    "thread_client_key": ENDS_WITH_AN_ID,
    "thread_assigned_key": ENDS_WITH_AN_ID,
    "thread_awaits_key": ENDS_WITH_AN_ID,
    "location_practice": NEVER_LEAVES,
    "appointment_type_practice": NEVER_LEAVES,
    "opening_rule_practitioner": "it is asked for by its whole value, and what is gone is not found by that",
    "opening_exception_day": OF_A_DAY,
    "appointment_day": OF_A_DAY,
    "appointment_place_day": OF_A_DAY,
    "appointment_client_day": OF_A_DAY,
    "appointment_client_key": ENDS_WITH_AN_ID,
    "appointment_time_key": ENDS_WITH_AN_ID,
    "appointment_request_key": ENDS_WITH_AN_ID,
    "appointment_series": "one series",
    "appointment_sweep_key": ENDS_WITH_AN_ID,
    "reminder_rule_practice": ONE_CALL,
    "reminder_due_look_key": ENDS_WITH_AN_ID,
    "reminder_due_appointment": "the rules of one practice",
    "reminder_delivery_appointment": "reminders of one appointment",
    "reminder_planning_look": "one a practice, to the second",
    "reminder_delivery_sweep": ENDS_WITH_AN_ID,
    "charge_client_key": ENDS_WITH_AN_ID,
    "charge_open_key": ENDS_WITH_AN_ID,
    "charge_appointment": "charges for one appointment",
    "payment_client_key": ENDS_WITH_AN_ID,
    "refund_payment": "refunds of one payment",
    "ledger_entry_time_key": "the key ends with the entry's number",
}


def indexes() -> set[str]:
    """The names of all that are there when every migration was applied."""
    found: set[str] = set()
    for file in sorted(SCHEMA.glob("*.cypher")):
        text = file.read_text()
        found |= {name for name, _ in INDEX.findall(text)}
        found -= set(DROPPED.findall(text))
    return found


def test_few_records_share_a_key_of_any_index() -> None:
    assert indexes() == FEW_EACH.keys()
