"""Compares what the graph says about a chain's subject with what the log says. Pure, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_api.audit.chain import Fault, Finding
from graph_api.audit.changes import text_of
from graph_api.audit.model import NO_EVENTS, Head
from graph_api.evidence.replay import DIED, LOST, MESSAGES_FROM, Life, Record, Step, Value, deaths_of

REMOVAL = frozenset({"status", "removalReason"})
DEATH_RECORDED = "deceasedRecordedAt"
UNREADABLE = "what is stored can't be read"
_STATUS = "clientStatus"
Texts = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Period:
    """Something as it was, or is where `until` is None; values as the log has them."""

    id: str
    since: str | None
    until: str | None
    values: Texts
    version: int = 0
    is_final: bool = False
    removal_reason: str | None = None
    oddity: str = ""
    """What is not as it must be whatever the log says: a key, an end in another practice."""


@dataclass(slots=True)
class Present:
    """All that the graph says of one subject."""

    head: Head = NO_EVENTS
    exists: bool = False
    person: Texts = field(default_factory=dict)
    client: list[Period] = field(default_factory=list)
    """What decisions rested on of the client, oldest first, now last."""
    death: list[Period] = field(default_factory=list)
    """What was said of their death; between a death that was taken back and another there is nothing."""
    account: list[Period] = field(default_factory=list)
    settings: list[Period] = field(default_factory=list)
    made: str | None = None
    """When the practice was."""
    contacts: dict[str, list[Period]] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    practitioners: dict[str, Period] = field(default_factory=dict)
    """Of a practice, as they are now."""


@dataclass(slots=True)
class Compared:
    """What came of one subject."""

    findings: list[Finding] = field(default_factory=list)
    unproven: int = 0
    """Contacts that are in no event, of a person who was there before the log, or about whom it does not say."""


class Comparison:
    """One subject's log and graph, side by side."""

    def __init__(self, life: Life, present: Present, fact_fields: frozenset[str]) -> None:
        """`fact_fields` are those of a person's that decisions about a client rest on."""
        self._life = life
        self._present = present
        self._facts = fact_fields
        self._found = Compared()

    def of_person(self) -> Compared:
        """A person's chain."""
        life, present = self._life, self._present
        self._contradictions()
        if not present.exists:
            self._tell(Fault.GONE, "the person", _last(life.person))
            return self._found
        self._fields(life.person, present.person, "person", _last(life.person))
        client = self._client_steps()
        if client is not None:
            self._periods(client, present.client, "the client's facts")
        self._deaths()
        self._periods(list(life.account.steps), present.account, "account")
        for contact_id, record in life.contacts.items():
            self._contact(contact_id, record, present.contacts.get(contact_id, []))
        for contact_id in present.contacts.keys() - life.contacts.keys():
            if life.person.is_whole:
                self._tell(Fault.UNLOGGED, f"contact {contact_id}")
            else:
                self._found.unproven += 1
        self._verdicts()
        return self._found

    def of_practice(self) -> Compared:
        """The practice's chain."""
        self._contradictions()
        if self._present.exists:
            base: list[Step | None] = [None]
            self._periods([*base, *self._life.settings.steps], self._present.settings, "settings")
            if not self._found.findings:
                self._first_settings()
            self._practitioners()
        return self._found

    def _tell(self, fault: Fault, what: str, step: Step | None = None) -> None:
        number, event_id = (0, None) if step is None else (step.event.sequence, step.event.id)
        self._found.findings.append(Finding(fault, self._life.subject_id, number, number, event_id, what))

    def _contradictions(self) -> None:
        for one in self._life.contradictions:
            where = one.event.sequence, one.event.sequence, one.event.id
            self._found.findings.append(Finding(Fault.DIFFERS, self._life.subject_id, *where, one.what))

    def _fields(self, record: Record, stored: Texts, what: str, step: Step | None) -> None:
        names = [
            name
            for name, text in stored.items()
            if (known := record.value(name)) is not LOST and known != text and name not in REMOVAL
        ]
        if names:
            self._tell(Fault.DIFFERS, f"{what} ({', '.join(names)})", step)

    def _contact(self, contact_id: str, record: Record, stored: Sequence[Period]) -> None:
        what = f"contact {contact_id}"
        steps = {step.event.contact_version or 0: step for step in record.steps if not step.touched & REMOVAL}
        removal = next((step for step in record.steps if step.touched & REMOVAL), None)
        by_version: dict[int, Period] = {}
        for period in sorted(stored, key=lambda one: one.version):
            before_log = not record.is_whole and period.version < min(steps or [period.version + 1])
            if period.version in by_version or (period.version not in steps and not before_log):
                self._tell(Fault.UNLOGGED, f"{what}, version {period.version}")
            by_version.setdefault(period.version, period)
        last = max(steps) if steps else max(by_version, default=0)
        for version, step in steps.items():
            period_of = by_version.get(version)
            if period_of is None:
                self._tell(Fault.GONE, f"{what}, version {version}", step)
                continue
            after = removal if version == last else steps.get(version + 1)
            self._version(what, step, period_of, after, by_version.get(version - 1), is_last=version == last)
        ended = by_version.get(last)
        if removal is not None and ended is not None:
            self._removed(what, removal, ended)

    def _version(
        self, what: str, step: Step, stored: Period, after: Step | None, before: Period | None, *, is_last: bool
    ) -> None:
        names = _differing(step, stored)
        names += [MESSAGES_FROM] if not _fits_untold(step, stored, before) else []
        names += ["valid from"] if not step.fits(stored.since) else []
        if after is not None:
            names += ["valid to"] if not after.fits(stored.until) else []
        elif is_last and stored.until is not None:
            names.append("removed")
        names += [stored.oddity] if stored.oddity else []
        names += ["removed"] if stored.is_final and (after is None or not after.touched & REMOVAL) else []
        if names:
            self._tell(Fault.DIFFERS, f"{what}, version {stored.version} ({', '.join(names)})", step)

    def _removed(self, what: str, removal: Step, ended: Period) -> None:
        reason = removal.values.get("removalReason")
        if not ended.is_final:
            self._tell(Fault.DIFFERS, f"{what} (removed)", removal)
        elif reason is not LOST and reason != ended.removal_reason:
            self._tell(Fault.DIFFERS, f"{what} (removalReason)", removal)

    def _client_steps(self) -> list[Step | None] | None:
        """The steps after which something that decisions rest on was new, from where the person was a client on (D5).

        None where that can't be told: they were there before the log, and what it says of it was erased.
        """
        record = self._life.person
        became = next((step for step in record.steps if _STATUS in step.touched), None)
        is_client = False
        if not record.is_whole:
            before = self._present.person.get(_STATUS) if became is None else _before(became)
            if before is LOST:
                return None
            is_client = before is not None
        steps: list[Step | None] = [None] if is_client else []
        for step in record.steps:
            is_client = is_client or _STATUS in step.touched
            if is_client and step.touched & self._facts:
                steps.append(step)
        return steps

    def _periods(self, steps: Sequence[Step | None], stored: Sequence[Period], what: str) -> None:
        """Each step began a period; None is one that the log did not see begin."""
        if len(stored) != len(steps):
            fault = Fault.GONE if len(stored) < len(steps) else Fault.UNLOGGED
            self._tell(fault, f"{what}: {len(stored)} times instead of {len(steps)}", _at(steps, -1))
            return
        for place, (step, period) in enumerate(zip(steps, stored, strict=True)):
            names = [] if step is None else _differing(step, period)
            if step is not None and not step.fits(period.since):
                names.append("since when")
            following = stored[place + 1].since if place + 1 < len(stored) else None
            names += ["until when"] if period.until != following else []
            names += [period.oddity] if period.oddity else []
            if names:
                self._tell(Fault.DIFFERS, f"{what} ({', '.join(names)})", step)

    def _deaths(self) -> None:
        """When which death was recorded: an authority counts that was recorded after it (D14)."""
        said, stored, what = deaths_of(self._life.person), self._present.death, "the person's death"
        if said is None:
            return
        if len(said) != len(stored):
            fault = Fault.GONE if len(stored) < len(said) else Fault.UNLOGGED
            last = said[-1].step if said else None
            self._tell(fault, f"{what}: {len(stored)} times instead of {len(said)}", last)
            return
        for one, period in zip(said, stored, strict=True):
            names = [] if one.on == period.values.get(DIED) else [DIED]
            recorded = period.values.get(DEATH_RECORDED)
            names += [] if isinstance(recorded, str) and one.recorded.fits(recorded) else [DEATH_RECORDED]
            names += [] if one.step.fits(period.since) else ["since when"]
            ends = period.until is None if one.end is None else one.end.fits(period.until)
            names += [] if ends else ["until when"]
            if names:
                self._tell(Fault.DIFFERS, f"{what} ({', '.join(names)})", one.step)

    def _first_settings(self) -> None:
        """As every practice has them, from when it is made until they are first changed."""
        if self._present.settings:
            base, first = self._life.settings.base, self._present.settings[0]
            names = [name for name, text in first.values.items() if base.get(name) != text]
            names += ["since when"] if first.since != self._present.made else []
            if names:
                self._tell(Fault.DIFFERS, f"settings ({', '.join(names)})")

    def _practitioners(self) -> None:
        """They are as old as the log: each has an event of their making."""
        said, stored = self._life.practitioners, self._present.practitioners
        for practitioner_id, record in said.items():
            what, period = f"practitioner {practitioner_id}", stored.get(practitioner_id)
            if period is None:
                self._tell(Fault.GONE, what, _last(record))
                continue
            names = [name for name, text in period.values.items() if record.value(name) not in (LOST, text)]
            names += [period.oddity] if period.oddity else []
            if names:
                self._tell(Fault.DIFFERS, f"{what} ({', '.join(names)})", _last(record))
        if not self._life.practitioners_lost:
            for practitioner_id in stored.keys() - said.keys():
                self._tell(Fault.UNLOGGED, f"practitioner {practitioner_id}")

    def _verdicts(self) -> None:
        said, stored, person = self._life.verdicts, self._present.verdicts, self._life.person
        for other, by in said.items():
            if other not in stored:
                self._tell(Fault.GONE, f"verdict that they are not {other}", _at(person.steps, 0))
            elif stored[other] != by:
                self._tell(Fault.DIFFERS, f"verdict that they are not {other} (by)", _at(person.steps, 0))
        if person.is_whole and not self._life.verdicts_lost:
            for other in stored.keys() - said.keys():
                self._tell(Fault.UNLOGGED, f"verdict that they are not {other}")


def _differing(step: Step, period: Period) -> list[str]:
    return [name for name, text in period.values.items() if (known := step.value(name)) is not LOST and known != text]


def _fits_untold(step: Step, stored: Period, before: Period | None) -> bool:
    """Whether messages are open from a time that a migration can have set, where no event tells the time (M4).

    It is the beginning of the version, or what the version before it had.
    """
    if MESSAGES_FROM in step.touched or step.value(MESSAGES_FROM) is not LOST or UNREADABLE in stored.values:
        return True
    known = stored.values.get(MESSAGES_FROM)
    if stored.values.get("secureMessaging") != text_of(True):
        return known is None
    return known is not None and known in (_as_told(stored.since), before and before.values.get(MESSAGES_FROM))


def _as_told(moment: str | None) -> str | None:
    """A stored time as the log writes times."""
    return None if moment is None else moment.replace(".000000", "")


def _before(step: Step) -> Value:
    """What the client status was before the event that tells of it."""
    change = next(change for change in step.event.changes if change.field == _STATUS)
    return LOST if change.is_erased else change.before


def _last(record: Record) -> Step | None:
    return _at(record.steps, -1)


def _at(steps: Sequence[Step | None], place: int) -> Step | None:
    return steps[place] if steps else None
