"""The chain of audit events: each event's MAC covers its content, its place and the MAC before it. Pure, no I/O."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from json import dumps

from graph_api.domain.audit import (
    NO_EVENTS,
    Actor,
    Audited,
    AuditEvent,
    FieldChange,
    Head,
    RecordedChange,
)

FORM = "graph-api audit event 1"
"""Stands in every MAC: another form of event can't be passed off as this one."""


def digest_of(field: str, before: str | None, after: str | None, salt: str) -> str:
    """What the MAC covers of a change, so that the values themselves can be erased."""
    return hmac.digest(bytes.fromhex(salt), _text([field, before, after]), "sha256").hex()


def recorded(change: FieldChange, salt: str) -> RecordedChange:
    """A change with its digest under a fresh salt."""
    digest = digest_of(change.field, change.before, change.after, salt)
    return RecordedChange(change.field, digest, change.before, change.after, salt)


def mac_of(key: bytes, practice_id: str, event: AuditEvent, previous: str) -> str:
    """The event's MAC, after an event with the MAC `previous` ("" for the first)."""
    content = [
        FORM,
        practice_id,
        event.subject_id,
        event.sequence,
        event.id,
        event.at,
        event.actor,
        event.actor_role,
        event.action,
        event.contact_id,
        event.contact_version,
        [[change.field, change.digest] for change in event.changes],
        event.reason,
        event.request_id,
        previous,
    ]
    return hmac.digest(key, _text(content), "sha256").hex()


def _text(content: list[object]) -> bytes:
    """Canonical: JSON without spaces, in ASCII."""
    return dumps(content, separators=(",", ":")).encode()


def stamp_after(now: datetime, before: str) -> str:
    """`now` as text, but later than `before`: clocks of several machines differ."""
    text = now.astimezone(UTC).isoformat(timespec="microseconds")
    if text > before:
        return text
    return (datetime.fromisoformat(before) + timedelta(microseconds=1)).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Draft:
    """Something that was done, with an id and salts of its own; made outside of what may run again."""

    id: str
    done: Audited
    salts: tuple[str, ...]


def link(
    key: bytes, practice_id: str, actor: Actor, drafts: Sequence[Draft], heads: Mapping[str, Head], now: datetime
) -> list[AuditEvent]:
    """The events that go on where the chains of their subjects end, by subject."""
    ends = dict(heads)
    events = []
    for draft in sorted(drafts, key=lambda one: one.done.subject_id):
        done = draft.done
        head = ends.get(done.subject_id, NO_EVENTS)
        event = AuditEvent(
            id=draft.id,
            subject_id=done.subject_id,
            sequence=head.count + 1,
            at=stamp_after(now, head.at),
            actor=actor.subject,
            actor_role=actor.role,
            action=done.action,
            contact_id=done.contact_id,
            contact_version=done.contact_version,
            changes=tuple(map(recorded, done.changes, draft.salts)),
            reason=done.reason,
            request_id=actor.request_id,
        )
        event = replace(event, mac=mac_of(key, practice_id, event, head.mac))
        ends[done.subject_id] = Head(event.sequence, event.mac, event.at)
        events.append(event)
    return events


def subjects_of(drafts: Iterable[Draft]) -> list[str]:
    """Whose chains the events go into, in the order in which their locks are taken."""
    return sorted({draft.done.subject_id for draft in drafts})


class Fault(Enum):
    """What is wrong with a chain."""

    CHANGED = "changed or moved"
    MISSING = "missing"
    CUT_OFF = "cut off"
    REWRITTEN = "not what was sealed"
    COPY_CHANGED = "readable copy changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, and where it is."""

    fault: Fault
    subject_id: str
    sequence: int
    event_id: str | None = None
    """Not known of an event that is not there."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the graph has it, and whether what the graph finds it by is as it should be."""

    event: AuditEvent
    keys_match: bool


class ChainCheck:
    """Follows one subject's chain, event by event in the order of their numbers."""

    def __init__(self, key: bytes, practice_id: str, subject_id: str, head: Head = NO_EVENTS) -> None:
        self._key = key
        self._practice = practice_id
        self.subject_id = subject_id
        self.head = head
        """Where it stands: the last event that was there."""
        self._knows_previous = True
        self.erased = 0

    def take(self, stored: StoredEvent, sealed: Head | None = None) -> list[Finding]:
        """What is wrong with the next event. `sealed` is where the last checkpoint says that the chain ended."""
        event = stored.event
        expected = self.head.count + 1
        found = [self._finding(Fault.MISSING, number) for number in range(expected, event.sequence)]
        if event.sequence != expected:
            self._knows_previous = False  # its MAC covers one that is gone
        if event.sequence < expected or event.subject_id != self.subject_id:
            return [*found, self._finding(Fault.CHANGED, event.sequence, event.id)]
        mac = mac_of(self._key, self._practice, event, self.head.mac) if self._knows_previous else None
        if not stored.keys_match or (mac is not None and not hmac.compare_digest(mac, event.mac)):
            found.append(self._finding(Fault.CHANGED, event.sequence, event.id))
        elif sealed is not None and sealed.count == event.sequence and sealed.mac != event.mac:
            found.append(self._finding(Fault.REWRITTEN, event.sequence, event.id))
        if any(not _copy_holds(change) for change in event.changes):
            found.append(self._finding(Fault.COPY_CHANGED, event.sequence, event.id))
        self.erased += any(change.is_erased for change in event.changes)
        self.head = Head(event.sequence, event.mac, event.at)
        self._knows_previous = True
        return found

    def end(self, *known: Head | None) -> list[Finding]:
        """What is missing at the end, by heads that were noted elsewhere."""
        longest = max((head.count for head in known if head is not None), default=0)
        return [self._finding(Fault.CUT_OFF, number) for number in range(self.head.count + 1, longest + 1)]

    def _finding(self, fault: Fault, sequence: int, event_id: str | None = None) -> Finding:
        return Finding(fault, self.subject_id, sequence, event_id)


def _copy_holds(change: RecordedChange) -> bool:
    if change.salt is None:
        return change.before is None and change.after is None
    try:
        return hmac.compare_digest(digest_of(change.field, change.before, change.after, change.salt), change.digest)
    except ValueError:
        return False


def short_digest(text: str) -> str:
    """A text as part of an index key: of one length, without the key's own separator."""
    return sha256(text.encode()).hexdigest()[:32]
