"""Whether a "new" person is in the system already (S16, S18, D9).

Families share phones and e-mails, so a shared contact point alone proves nothing: it takes a compatible name as well,
or the same full name and birth date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from graph_api.kernel.errors import MutationError, MutationErrorCode
from graph_api.people.model import Person
from graph_api.people.names import compatible_names, full_name


class DuplicateGrade(Enum):
    """How certain the match is. Either grade leads to a refusal unless the candidate is in notDuplicateOf."""

    MATCH = "MATCH"
    POSSIBLE = "POSSIBLE"


class MatchField(Enum):
    """What two records have in common."""

    NAME = "NAME"
    PREFERRED_NAME = "PREFERRED_NAME"
    BIRTH_DATE = "BIRTH_DATE"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """One thing two records have in common, and how much it weighs (0 to 1)."""

    field: MatchField
    weight: float
    explanation: str


@dataclass(frozen=True, slots=True)
class Match:
    """A person who may be the new one."""

    person: Person
    grade: DuplicateGrade
    evidence: tuple[MatchEvidence, ...]

    @property
    def score(self) -> float:
        """0 to 1, for ranking: the chance that all the evidence misleads, turned round."""
        doubt = 1.0
        for item in self.evidence:
            doubt *= 1.0 - item.weight
        return round((1.0 - doubt) * (1.0 if self.grade is DuplicateGrade.MATCH else 0.5), 4)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says about a new person."""

    matches: tuple[Match, ...]
    """Ranked, best first; each refuses the add."""
    sharing: tuple[Person, ...]
    """People who only share a phone or e-mail: a warning."""


def match_keys(person: Person) -> tuple[str, ...]:
    """The keys two records of one person have in common, sorted: the order in which they are locked."""
    keys = {f"email {email.casefold()}" for email in person.emails}
    keys |= {f"phone {phone}" for phone in person.phones}
    if person.birth_date is not None:
        keys.add(f"born {person.birth_date.isoformat()} {full_name(person)}")
    return tuple(sorted(keys))


def _evidence(new: Person, known: Person) -> tuple[MatchEvidence, ...]:
    found = []
    if {email.casefold() for email in new.emails} & {email.casefold() for email in known.emails}:
        found.append(MatchEvidence(MatchField.EMAIL, 0.7, "The same e-mail address"))
    if set(new.phones) & set(known.phones):
        found.append(MatchEvidence(MatchField.PHONE, 0.6, "The same phone number"))
    if full_name(new) == full_name(known):
        found.append(MatchEvidence(MatchField.NAME, 0.6, "The same name"))
    elif compatible_names(new, known):
        found.append(MatchEvidence(MatchField.NAME, 0.4, "Names that may belong to the same person"))
    if new.birth_date is not None and new.birth_date == known.birth_date:
        found.append(MatchEvidence(MatchField.BIRTH_DATE, 0.6, "The same birth date"))
    return tuple(found)


def _grade(new: Person, known: Person, fields: set[MatchField]) -> DuplicateGrade | None:
    shares_point = bool(fields & {MatchField.EMAIL, MatchField.PHONE})
    if shares_point and MatchField.NAME in fields:
        both_known = new.birth_date is not None and known.birth_date is not None
        differ = both_known and new.birth_date != known.birth_date
        return DuplicateGrade.POSSIBLE if differ else DuplicateGrade.MATCH
    if MatchField.BIRTH_DATE in fields and full_name(new) == full_name(known):
        return DuplicateGrade.MATCH
    return None


def judge(new: Person, known: Iterable[Person], *, rejected: frozenset[str] = frozenset()) -> Verdict:
    """Grade the people who share a match key with `new` (D9).

    Args:
        new: the person about to be added or changed.
        known: people of the same practice who share at least one match key; `new` itself is passed over.
        rejected: ids staff looked at and rejected; they neither refuse nor warn.
    """
    matches, sharing = [], []
    for person in known:
        if person.id == new.id or person.id in rejected:
            continue
        evidence = _evidence(new, person)
        grade = _grade(new, person, {item.field for item in evidence})
        if grade is not None:
            matches.append(Match(person, grade, evidence))
        elif any(item.field in (MatchField.EMAIL, MatchField.PHONE) for item in evidence):
            sharing.append(person)
    matches.sort(key=lambda match: (-match.score, match.person.id))
    return Verdict(tuple(matches), tuple(sorted(sharing, key=lambda person: person.id)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match as staff see it."""

    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAlreadyExists(MutationError):
    """The "new" person is in the system already (S18, D9); the best candidate comes first."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.CONTACT_ALREADY_EXISTS
    message: str = "This person may already be in the system. Add the existing person, or say that they differ."
    candidates: tuple[Candidate, ...]

    @property
    def shows(self) -> tuple[str, ...]:
        """The candidates."""
        return tuple(candidate.match.person.id for candidate in self.candidates)
