"""Replays a chain: follows what the log says about its subject, change after change. Pure, no I/O.

A record is one thing that the log follows: a person's fields, one contact, an account, a practice's settings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from graph_api.audit.changes import text_of
from graph_api.audit.model import AuditEvent, RecordedChange
from graph_api.kernel.happened import EventKind
from graph_api.network.audit import CONTACT_FIELDS
from graph_api.people.audit import PERSON_FIELDS, makes_person
from graph_api.practices.audit import SETTINGS_FIELDS
from graph_api.practices.model import ALL_FEATURES, DEFAULT_AGE_OF_MAJORITY
from graph_api.practitioners.audit import PRACTITIONER_FIELDS, PRACTITIONER_ID

_ACCOUNT = {"account": "status", "status": "status"}
"""What events call an account's status, where no edge is concerned; its address is called as a person's is."""
_MOVES_ACCOUNT = "changeAccountAddress"
VERDICTS = "notDuplicateOf"
DIED = "deceasedOn"
MESSAGES_FROM = "messagesFrom"
_OFF = text_of(False)
USUAL_SETTINGS = {"features": text_of(ALL_FEATURES), "ageOfMajority": text_of(DEFAULT_AGE_OF_MAJORITY)}
"""With which every practice is made."""


class Lost(Enum):
    """A value that the log does not show: its readable copy was erased, or it was set before there was a log."""

    LOST = "lost"


Value = str | None | Lost
LOST = Lost.LOST


@dataclass(frozen=True, slots=True)
class Step:
    """A record as one event left it."""

    event: AuditEvent
    exact: bool
    """Whether the event's time is the change's; else a clock was behind, and the change is no later than that."""
    values: Mapping[str, Value]
    touched: frozenset[str]
    is_whole: bool
    """Whether a field that no event told of was not set."""

    def value(self, name: str) -> Value:
        """A field's."""
        return self.values.get(name, None if self.is_whole else LOST)

    def fits(self, moment: str | None) -> bool:
        """Whether something that begins or ends with the event does so at this moment."""
        if moment is None:
            return False
        return moment == self.event.at if self.exact else moment <= self.event.at


class Record:
    """What one thing was, as the log has it."""

    def __init__(self, base: Mapping[str, Value] | None = None) -> None:
        """`base` is what is known from before the first event; None: nothing, it was made before there was a log."""
        self.is_whole = base is not None
        self.base: dict[str, Value] = dict(base or {})
        self.values = dict(self.base)
        self.steps: list[Step] = []

    def value(self, name: str) -> Value:
        """As the last event left it."""
        return self.values.get(name, None if self.is_whole else LOST)

    def forget(self) -> None:
        """An event that may have told of it can't be read any more."""
        self.is_whole = False
        self.values = dict.fromkeys(self.values, LOST)

    def take(self, event: AuditEvent, exact: bool, changes: Mapping[str, RecordedChange]) -> list[str]:
        """The next event; the fields that were something else before it than the log had said."""
        differing = []
        for name, change in changes.items():
            before, after = (LOST, LOST) if change.is_erased else (change.before, change.after)
            known = self.value(name)
            if LOST not in (before, known) and before != known:
                differing.append(name)
            self.values[name] = after
        self.steps.append(Step(event, exact, dict(self.values), frozenset(changes), self.is_whole))
        return differing


@dataclass(frozen=True, slots=True)
class SaidDeath:
    """What an event said of a death, until the next that said something else of it."""

    step: Step
    on: str
    recorded: Step
    """By which the practice came to know of it: a day that is corrected to an earlier one is no other death."""
    end: Step | None


def deaths_of(person: Record) -> list[SaidDeath] | None:
    """What was said of a person's death, oldest first; None where a readable copy was erased that tells it."""
    steps = [step for step in person.steps if DIED in step.touched]
    found: list[SaidDeath] = []
    before: SaidDeath | None = None
    for place, step in enumerate(steps):
        on = step.value(DIED)
        if on is LOST:
            return None
        following = steps[place + 1] if place + 1 < len(steps) else None
        if isinstance(on, str):
            is_same = before is not None and on <= before.on
            before = SaidDeath(step, on, before.recorded if before is not None and is_same else step, following)
            found.append(before)
        else:
            before = None
    return found


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An event that found something else than the log had said: it was changed in between, without an event."""

    event: AuditEvent
    what: str


@dataclass(slots=True)
class Life:
    """All records of one subject: a person's, or the practice's."""

    subject_id: str
    person: Record = field(default_factory=Record)
    account: Record = field(default_factory=lambda: Record({}))
    settings: Record = field(default_factory=lambda: Record(USUAL_SETTINGS))
    contacts: dict[str, Record] = field(default_factory=dict)
    practitioners: dict[str, Record] = field(default_factory=dict)
    practitioners_lost: bool = False
    """Whether an event does not say any more whom it is about."""
    verdicts: dict[str, str] = field(default_factory=dict)
    """Who said it, by whom the person is not."""
    verdicts_lost: bool = False
    contradictions: list[Contradiction] = field(default_factory=list)
    events: int = 0

    def take(self, event: AuditEvent, exact: bool) -> None:
        """The next event of the chain."""
        self.events += 1
        changes = {change.field: change for change in event.changes}
        if event.contact_id is not None and changes.keys() & CONTACT_FIELDS:
            self._contact(event, exact, changes, event.contact_id)
            return
        if PRACTITIONER_ID in changes:
            self._practitioner(event, exact, changes)
            return
        account = _account_changes(event, changes)
        if account:
            self._note(event, "account", self.account.take(event, exact, account))
        if event.contact_id is not None:
            return
        settings = {name: change for name, change in changes.items() if name in SETTINGS_FIELDS}
        if settings:
            self._note(event, "settings", self.settings.take(event, exact, settings))
        self._person(event, exact, {name: c for name, c in changes.items() if name not in {"address"} or not account})

    def _person(self, event: AuditEvent, exact: bool, changes: Mapping[str, RecordedChange]) -> None:
        if makes_person(event) and not self.person.steps:
            self.person = Record({})
        own = {name: change for name, change in changes.items() if name in PERSON_FIELDS}
        if own or makes_person(event):
            self._note(event, "person", self.person.take(event, exact, own))
        verdict = changes.get(VERDICTS)
        if verdict is not None:
            self.verdicts_lost = self.verdicts_lost or verdict.is_erased
            self.verdicts |= dict.fromkeys(_ids(verdict.after), event.actor)

    def _contact(self, event: AuditEvent, exact: bool, changes: Mapping[str, RecordedChange], contact_id: str) -> None:
        record = self.contacts.get(contact_id)
        if record is None:
            record = self.contacts[contact_id] = Record({} if "person" in changes else None)
        own = {name: change for name, change in changes.items() if name in CONTACT_FIELDS}
        record.values |= _untold(own)
        self._note(event, f"contact {contact_id}", record.take(event, exact, own))

    def _practitioner(self, event: AuditEvent, exact: bool, changes: Mapping[str, RecordedChange]) -> None:
        whom = changes[PRACTITIONER_ID]
        if whom.after is None:
            self.practitioners_lost = True
            for known in self.practitioners.values():
                known.forget()
            return
        record = self.practitioners.get(whom.after)
        if record is None:
            record = self.practitioners[whom.after] = Record({} if whom.before is None else None)
        own = {name: change for name, change in changes.items() if name in PRACTITIONER_FIELDS}
        self._note(event, f"practitioner {whom.after}", record.take(event, exact, own))

    def _note(self, event: AuditEvent, what: str, differing: Iterable[str]) -> None:
        names = ", ".join(differing)
        if names:
            self.contradictions.append(Contradiction(event, f"{what} ({names}), before this event"))


def _untold(changes: Mapping[str, RecordedChange]) -> dict[str, Value]:
    """From when on messages are open, where an event of before this was kept switched them on or off (M4).

    Later versions had it added by a migration, which the log does not show.
    """
    switched = changes.get("secureMessaging")
    if switched is None or MESSAGES_FROM in changes:
        return {}
    return {MESSAGES_FROM: None if switched.after == _OFF else LOST}


def _account_changes(event: AuditEvent, changes: Mapping[str, RecordedChange]) -> dict[str, RecordedChange]:
    """What an event says of an account, by the account's own names."""
    found = {own: changes[name] for name, own in _ACCOUNT.items() if name in changes}
    opens = "account" in changes or event.action == _MOVES_ACCOUNT
    if "address" in changes and (opens or event.action == EventKind.ACCOUNT_OPENED.value):
        found["address"] = changes["address"]
    return found


def _ids(text: str | None) -> list[str]:
    """The ids of a list as `text_of` writes it."""
    return [part for part in (text or "").strip("[]").replace('"', "").split(",") if part]
