"""Events of a practice that grows, and parameters of the statements about them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from graph_api.audit.graph.chains import END
from graph_api.audit.graph.events import EVENT_PROPERTIES, actor_scope, chain_key, contact_scope, event_row, time_key
from graph_api.audit.model import AuditEvent
from graph_api.engine.session import Row
from graph_api.evidence.present import EDGE, FACT, HELD, NODE, WORKING
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.people.model import Person
from graph_api.people.records import PERSON_PROPERTIES

if TYPE_CHECKING:
    from tests.contract.growing import Part
    from tests.contract.statement_cases import Sample

SOME = 5
PAGE = 11
ACTORS = 10
AUDIT_MAY_GROW = {
    "audit/total_of_practice": "it counts all of a practice's events, and only when asked",
    "audit/total_of_actor": "it counts all that somebody did, and only when asked",
}


def event_of(person: Person, number: int, contact_id: str | None, now: datetime) -> AuditEvent:
    """What is written of a person, by one of ten, so many seconds ago: those after it are older, so pages are full."""
    return AuditEvent(
        id=f"event_{person.id.removeprefix('person_')}",
        subject_id=person.id,
        sequence=1,
        at=stamp(now - timedelta(seconds=number)),
        actor=f"staff-{number % ACTORS}",
        actor_role="staff",
        action="addClient",
        contact_id=contact_id,
        contact_version=None if contact_id is None else 1,
        changes=(),
        reason="role",
        request_id="0" * 16,
        mac="0" * 64,
    )


def events_of(part: "Part", now: datetime) -> Iterator[AuditEvent]:
    """One of each person who is marked, about an edge of theirs where they have one."""
    contacts = {contact.client.id: contact.id for contact in part.contacts}
    for number, person in enumerate(part.marked):
        yield event_of(person, number, contacts.get(person.id), now)


def event_rows(practice: Practice, part: "Part", now: datetime) -> list[Row]:
    """As they are stored."""
    return [event_row(practice.id, event) for event in events_of(part, now)]


def audit_cases(sample: "Sample") -> dict[str, Row]:
    """The next event of a chain, and pages that begin after an event in the middle."""
    practice, now = sample.practice.id, sample.now
    events = list(events_of(sample.part, now))
    event = next(found for found in events[len(events) // 2 :] if found.contact_id is not None)
    person = next(person for person in sample.part.marked if person.id == event.subject_id)
    fresh = event_of(person, 0, None, now)
    row = event_row(practice, fresh) | {"id": new_id("event"), "sequence": 2, "key": chain_key(practice, person.id, 2)}
    own = row | {"subjectId": practice, "key": chain_key(practice, practice, 1)}
    whole = {"event": list(EVENT_PROPERTIES)}
    many = {"above": f"{practice}|", "below": f"{practice}|{END}", "size": PAGE} | whole
    return {
        "audit/append": {"rows": [row]},
        "audit/append_practice": {"rows": [own]},
        "audit/lock_practice": {"stamp": "x"},
        "audit/by_ids": {"ids": [found.id for found in events[:SOME]]} | whole,
        "audit/heads": {"ids": [found.subject_id for found in events[:SOME]]},
        "audit/practice_head": {},
        **_present([found.subject_id for found in events[:SOME]]),
        "audit/witness": {"key": "growth"},
        "audit/witness_note": {"key": "growth", "number": 1, "digest": "0", "signature": "0"},
        "audit/acting": _acting(practice, event) | whole,
        "audit/chains": many,
        "audit/in_order": many,
        **_pages("practice", practice, event, whole),
        **_pages("actor", actor_scope(practice, event.actor), event, whole, actor=event.actor),
        **_pages("contact", contact_scope(practice, event.contact_id or ""), event, whole, contactId=event.contact_id),
        **_pages("subject", f"{practice}|{event.subject_id}", event, whole, subjectId=event.subject_id),
    }


def _acting(practice: str, event: AuditEvent) -> Row:
    """A page of a chain's events of one reason."""
    scope = f"{practice}|{event.subject_id}"
    return {"above": f"{scope}|", "below": f"{scope}|{END}", "reason": event.reason, "size": PAGE}


def _present(ids: list[str]) -> dict[str, Row]:
    """What is compared with the log."""
    return {
        "audit/present_people": {"ids": ids, "person": list(PERSON_PROPERTIES)},
        "audit/present_contacts": {"ids": ids, "edge": list(EDGE)},
        "audit/present_facts": {"ids": ids, "fact": list(FACT)},
        "audit/present_accounts": {"ids": ids, "account": list(HELD)},
        "audit/present_verdicts": {"ids": ids},
        "audit/present_practice": {"node": list(NODE)},
        "audit/present_practitioners": {"practitioner": list(WORKING)},
    }


def _pages(name: str, scope: str, event: AuditEvent, whole: Row, **narrow: Any) -> dict[str, Row]:
    found = {"subjectId": None, "actor": None, "contactId": None, "actions": None} | narrow
    params = {"above": f"{scope}|", "below": f"{scope}|{END}", "since": "", "until": END} | found
    after = {} if name == "subject" else {"below": time_key(scope, event.at, event.id)}
    return {f"audit/of_{name}": params | {"size": PAGE} | whole | after, f"audit/total_of_{name}": params}
