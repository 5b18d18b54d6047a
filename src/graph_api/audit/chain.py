"""The chain of audit events: each event's MAC covers its content, its place and the MAC before it. Pure, no I/O."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from json import JSONEncoder
from typing import Protocol

from graph_api.audit.model import NO_EVENTS, Actor, AuditEvent, Head, RecordedChange
from graph_api.kernel.happened import FieldChange, Happened

FORM = "graph-api audit event 1"
"""Stands in every MAC: another form of event can't be passed off as this one."""
_CANONICAL = JSONEncoder(separators=(",", ":"))


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
    return _CANONICAL.encode(content).encode()


def stamp_after(now: datetime, before: str) -> str:
    """`now` as text, but later than `before`: clocks of several machines differ."""
    text = now.astimezone(UTC).isoformat(timespec="microseconds")
    return text if text > before else _just_after(before)


def _just_after(before: str) -> str:
    """The earliest time after that of an event; nothing after none."""
    if not before:
        return ""
    try:
        return (datetime.fromisoformat(before) + timedelta(microseconds=1)).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something that was done, with an id and salts of its own; made outside of what may run again."""

    id: str
    done: Happened
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
            actor=done.account_id or actor.subject,
            actor_role=actor.role,
            action=done.kind.value,
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
    DIFFERS = "not as the log says"
    GONE = "in the log, but not in the graph any more"
    UNLOGGED = "in the graph, but in no event"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, and where it is: at one number, or from one through another."""

    fault: Fault
    subject_id: str
    sequence: int
    last: int
    event_id: str | None = None
    """Not known of an event that is not there."""
    what: str = ""
    """What of the subject, where it is not the event itself; numbers are 0 where no event tells of it."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the graph has it, and the place it was found at."""

    event: AuditEvent
    subject_id: str
    sequence: int
    keys_match: bool
    """Whether all that it is found by is as its content says."""


class Follower(Protocol):
    """Follows what a chain's events say, beside the check of the chain itself."""

    def take(self, event: AuditEvent, exact: bool) -> None:
        """The next event. `exact`: its time is the change's; else a clock was behind."""


class ChainCheck:
    """Follows one subject's chain, event by event in the order of their numbers."""

    def __init__(self, key: bytes, practice_id: str, subject_id: str, head: Head = NO_EVENTS) -> None:
        self._key = key
        self._practice = practice_id
        self.subject_id = subject_id
        self.head = head
        """Where it stands: the last event that was there."""
        self.erased = 0
        """Events without some or all of their readable copies."""
        self.is_broken = False
        """Whether anything was found: then the log can't say what its subject was."""
        self.former: Sequence[tuple[int, bytes | None]] = ()
        """Up to which number another key was used, the oldest first; None where that one is lost."""
        self.keyless = 0
        """Events whose key is lost: that they are in their place is all that is known."""
        self.life: Follower | None = None
        """What the events say, where that is asked for."""

    def take(self, stored: StoredEvent, sealed: Head = NO_EVENTS) -> list[Finding]:
        """What is wrong with the next event. `sealed` is where the last checkpoint says that the chain ended.

        After a fault the event is taken as it is, so that the ones that follow are judged on their own.
        """
        event, expected, found = stored.event, self.head.count + 1, []
        gap = stored.sequence > expected
        if gap:
            found.append(Finding(Fault.MISSING, self.subject_id, expected, stored.sequence - 1))
        if not self._holds(stored, gap):
            found.append(self._here(Fault.CHANGED, stored))
        elif sealed.count == stored.sequence and sealed.mac != event.mac:
            found.append(self._here(Fault.REWRITTEN, stored))
        if any(not _copy_holds(change) for change in event.changes):
            found.append(self._here(Fault.COPY_CHANGED, stored))
        self.erased += any(change.is_erased for change in event.changes)
        self.is_broken = self.is_broken or bool(found)
        if self.life is not None and not self.is_broken:
            self.life.take(event, exact=event.at != _just_after(self.head.at))
        self.head = Head(max(stored.sequence, self.head.count), event.mac, event.at)
        return found

    def _holds(self, stored: StoredEvent, gap: bool) -> bool:
        """Whether the event is the one that was written at its place."""
        event = stored.event
        placed = stored.keys_match and stored.subject_id == self.subject_id == event.subject_id
        if not placed or stored.sequence <= self.head.count or event.sequence != stored.sequence:
            return False
        # After a gap the MAC that it covers is not known any more.
        key = next((former for through, former in self.former if stored.sequence <= through), self._key)
        self.keyless += key is None
        mac = event.mac if gap or key is None else mac_of(key, self._practice, event, self.head.mac)
        return hmac.compare_digest(mac.encode(), event.mac.encode())

    def _here(self, fault: Fault, stored: StoredEvent) -> Finding:
        return Finding(fault, self.subject_id, stored.sequence, stored.sequence, stored.event.id)

    def end(self, *known: Head) -> list[Finding]:
        """What is missing at the end, by heads that were noted elsewhere."""
        longest = max(head.count for head in known)
        if longest <= self.head.count:
            return []
        self.is_broken = True
        return [Finding(Fault.CUT_OFF, self.subject_id, self.head.count + 1, longest)]


def _copy_holds(change: RecordedChange) -> bool:
    if change.salt is None:
        return change.before is None and change.after is None
    try:
        return hmac.compare_digest(digest_of(change.field, change.before, change.after, change.salt), change.digest)
    except (ValueError, TypeError):  # what stands there is no salt, or no text
        return False


def short_digest(text: str) -> str:
    """A text as part of an index key: of one length, without the key's own separator."""
    return sha256(text.encode()).hexdigest()[:32]
