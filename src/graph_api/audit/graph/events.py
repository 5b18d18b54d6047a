"""The audit log's events: rows <-> events, and the keys they are found by."""

import json
from collections.abc import Sequence
from typing import Any

import orjson

from graph_api.audit.chain import StoredEvent, short_digest
from graph_api.audit.model import NO_EVENTS, AuditEvent, Head, RecordedChange

SEQUENCE_DIGITS = 12
EVENT_PROPERTIES = (
    "id",
    "subjectId",
    "sequence",
    "at",
    "actor",
    "actorRole",
    "action",
    "contactId",
    "contactVersion",
    "fields",
    "digests",
    "changes",
    "reason",
    "requestId",
    "mac",
)


def text_in(value: object) -> str:
    """A property that is a text; what somebody put in its place by hand is none, and so not what was written."""
    return value if isinstance(value, str) else ""


def number_in(value: object) -> int:
    """A property that is a number; else 0."""
    return value if isinstance(value, int) else 0


def texts_in(value: object) -> list[str]:
    """A property that is a list of texts; else none."""
    return [text_in(item) for item in value] if isinstance(value, list) else []


def chain_key(practice_id: str, subject_id: str, sequence: int) -> str:
    """Where an event stands among all of a practice's, by subject and number."""
    return f"{practice_id}|{subject_id}|{sequence:0{SEQUENCE_DIGITS}}"


def time_key(scope: str, at: str, event_id: str) -> str:
    """Where an event stands within `scope`, by time."""
    return f"{scope}|{at}|{event_id}"


def actor_scope(practice_id: str, actor: str) -> str:
    """What the keys of an actor's events begin with; subjects of tokens are of any form."""
    return f"{practice_id}|{short_digest(actor)}"


def contact_scope(practice_id: str, contact_id: str) -> str:
    """What the keys of a contact's events begin with."""
    return f"{practice_id}|{contact_id}"


def event_keys(practice_id: str, event: AuditEvent) -> dict[str, str | None]:
    """What an event is found by."""
    contact = None
    if event.contact_id is not None:
        contact = time_key(contact_scope(practice_id, event.contact_id), event.at, event.id)
    return {
        "key": chain_key(practice_id, event.subject_id, event.sequence),
        "timeKey": time_key(practice_id, event.at, event.id),
        "actorKey": time_key(actor_scope(practice_id, event.actor), event.at, event.id),
        "contactKey": contact,
    }


def _copies(changes: Sequence[RecordedChange]) -> str:
    """The readable copies with their salts, in the order of the fields; null where one was erased."""
    return orjson.dumps([None if c.is_erased else [c.before, c.after, c.salt] for c in changes]).decode()


def event_row(practice_id: str, event: AuditEvent) -> dict[str, Any]:
    """An AuditEvent node's properties but its practice, which the statement sets."""
    return {
        "id": event.id,
        "subjectId": event.subject_id,
        "sequence": event.sequence,
        "at": event.at,
        "actor": event.actor,
        "actorRole": event.actor_role,
        "action": event.action,
        "contactId": event.contact_id,
        "contactVersion": event.contact_version,
        "fields": [change.field for change in event.changes],
        "digests": [change.digest for change in event.changes],
        "changes": _copies(event.changes),
        "reason": event.reason,
        "requestId": event.request_id,
        "mac": event.mac,
        **event_keys(practice_id, event),
    }


def event_of(record: Sequence[Any]) -> AuditEvent:
    """A record of `EVENT_PROPERTIES`, as the event. What was tampered with is read as well as it can be."""
    row = dict(zip(EVENT_PROPERTIES, record, strict=True))
    return AuditEvent(
        id=text_in(row["id"]),
        subject_id=text_in(row["subjectId"]),
        sequence=number_in(row["sequence"]),
        at=text_in(row["at"]),
        actor=text_in(row["actor"]),
        actor_role=text_in(row["actorRole"]),
        action=text_in(row["action"]),
        contact_id=None if row["contactId"] is None else text_in(row["contactId"]),
        contact_version=None if row["contactVersion"] is None else number_in(row["contactVersion"]),
        changes=_changes_of(texts_in(row["fields"]), texts_in(row["digests"]), text_in(row["changes"])),
        reason=text_in(row["reason"]),
        request_id=text_in(row["requestId"]),
        mac=text_in(row["mac"]),
    )


def _changes_of(fields: Sequence[str], digests: Sequence[str], kept: str) -> tuple[RecordedChange, ...]:
    try:
        copies = orjson.loads(kept or "[]")
    except json.JSONDecodeError:
        copies = []
    found = []
    for place, field in enumerate(fields):
        digest = digests[place] if place < len(digests) else ""
        copy = copies[place] if isinstance(copies, list) and place < len(copies) else None
        before, after, salt = copy if isinstance(copy, list) and len(copy) == 3 else (None, None, None)
        found.append(RecordedChange(field, digest, before, after, salt))
    return tuple(found)


def stored_event(practice_id: str, record: Sequence[Any], keys: Sequence[str | None]) -> StoredEvent:
    """An event as the chain's check takes it; `keys` are what it is found by, its place in the chain first."""
    event = event_of(record)
    subject, _, number = (keys[0] or "").removeprefix(f"{practice_id}|").partition("|")
    place = int(number) if number.isascii() and number.isdigit() else 0
    return StoredEvent(event, subject, place, list(event_keys(practice_id, event).values()) == list(keys))


def head_of(found: Sequence[Any]) -> Head:
    """Where a chain ends, as its node keeps it."""
    count, mac, at = found
    return Head(count, text_in(mac), text_in(at)) if isinstance(count, int) else NO_EVENTS


def event_json(event: AuditEvent) -> bytes:
    """An event as a line of JSON, with what its MAC covers."""
    row = {
        "id": event.id,
        "subjectId": event.subject_id,
        "sequence": event.sequence,
        "at": event.at,
        "actor": event.actor,
        "actorRole": event.actor_role,
        "action": event.action,
        "contactId": event.contact_id,
        "contactVersion": event.contact_version,
        "changes": [
            {"field": c.field, "before": c.before, "after": c.after, "salt": c.salt, "digest": c.digest}
            for c in event.changes
        ],
        "reason": event.reason,
        "requestId": event.request_id,
        "mac": event.mac,
    }
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
