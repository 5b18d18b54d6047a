"""Rows of an import as they came, and what can be told of them before the graph is asked: pure, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from graph_api.exchange.model import contradicts
from graph_api.kernel.errors import InvalidInput, Refused
from graph_api.kernel.ids import new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.written import read_day
from graph_api.network.model import ContactTerms
from graph_api.network.relationships import BY_CODE
from graph_api.network.terms import TermsFields, apply_terms
from graph_api.people.fields import PersonFields, PersonRules, apply_person_fields
from graph_api.people.model import DEFAULT_EXTERNAL_SYSTEM, ExternalId, Gender, Person

SEXES = {"male": Gender.MALE, "female": Gender.FEMALE, "other": Gender.OTHER, "unknown": Gender.UNKNOWN}


class ImportFile(Enum):
    """The two files of an import."""

    PEOPLE = "people"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of the people file; what is blank is None."""

    line: int
    external_id: str | None
    given_name: str | None = None
    family_name: str | None = None
    preferred_name: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A row of the contacts file: two external ids, and by code what the contact is to the client."""

    line: int
    client_id: str | None
    contact_id: str | None
    relationship: str | None
    relationship_label: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken in; `reason` is a stable key."""

    file: ImportFile
    line: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class NewImportedPerson:
    """A person whose row holds; whether they exist already is not known yet."""

    line: int
    external_id: str
    person: Person


@dataclass(frozen=True, slots=True)
class NewImportedContact:
    """An edge whose row holds; its ends are external ids, and may not exist."""

    line: int
    client_id: str
    contact_id: str
    terms: ContactTerms
    id: str


@dataclass(slots=True)
class ImportPlan:
    """What is to be written if the graph agrees, and what is refused already."""

    people: list[NewImportedPerson] = field(default_factory=list)
    contacts: list[NewImportedContact] = field(default_factory=list)
    client_ids: dict[str, None] = field(default_factory=dict)
    """External ids that appear as client_id, in order, in refused rows too."""
    refused: list[RefusedRow] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    """External ids of which it is not certain whom they name: no contact is taken in by them."""

    def is_certain(self, external_id: str) -> bool:
        """Whether contacts may hang on it."""
        return external_id not in self.doubtful


@dataclass(frozen=True, slots=True)
class ImportSource:
    """Where an import's files come from."""

    system: str = DEFAULT_EXTERNAL_SYSTEM
    """Whose ids they are; another system's same id is another person."""
    is_historic: bool = False
    """Whether people may have been born before 1900."""


def plan_import(
    people: Sequence[PersonRow], contacts: Sequence[ContactRow], rules: PersonRules, system: str
) -> ImportPlan:
    """Check every row on its own, and against the rows before it."""
    plan = ImportPlan()
    seen: dict[str, Person] = {}
    for row in people:
        _plan_person(plan, row, seen, rules, system)
    pairs: set[tuple[str, str]] = set()
    for contact in contacts:
        _plan_contact(plan, contact, pairs)
    return plan


def _plan_person(plan: ImportPlan, row: PersonRow, seen: dict[str, Person], rules: PersonRules, system: str) -> None:
    problems = Problems()
    external_id = None if row.external_id is None else row.external_id.strip()
    if not external_id:
        problems.add("id.missing", "The row has no id.")
    elif external_id in seen:
        problems.add("id.repeated", "An earlier row has the same id.")
    fields: PersonFields = {
        "given_name": row.given_name,
        "family_name": row.family_name,
        "preferred_name": row.preferred_name,
        "birth_date": _birth_date(row.birth_date, problems),
        "gender": _gender(row.sex, problems),
        "emails": list(row.emails),
        "phones": list(row.phones),
        "external_id": row.external_id,
    }
    person = apply_person_fields(Person(id=new_id("person")), fields, rules, problems, ())
    person = replace(person, external_ids=tuple(ExternalId(system, known.value) for known in person.external_ids))
    first = seen.setdefault(external_id, person) if external_id else person  # a refused row's too: see below
    if not _refuses(plan, ImportFile.PEOPLE, row.line, problems) and external_id:
        plan.people.append(NewImportedPerson(row.line, external_id, person))
    elif external_id and (first is person or contradicts(person, first)):
        # Whom it names is not certain: an earlier import's person by this id may be somebody else, and so may the
        # one of an earlier row. A row that is merely there twice leaves no doubt.
        plan.doubtful.add(external_id)


def _plan_contact(plan: ImportPlan, row: ContactRow, seen: set[tuple[str, str]]) -> None:
    problems = Problems()
    client_id, contact_id = (row.client_id or "").strip(), (row.contact_id or "").strip()
    for name, value in (("client_id", client_id), ("contact_id", contact_id)):
        if not value:
            problems.add(f"{name}.missing", f"The row has no {name}.")
    if client_id:
        plan.client_ids.setdefault(client_id)
    if client_id and client_id == contact_id:
        problems.add("contact.self", "A person can't be their own contact.")
    if (client_id, contact_id) in seen:
        problems.add("contact.repeated", "An earlier row has the same client and contact.")
    terms = _terms(row, problems)
    if not _refuses(plan, ImportFile.CONTACTS, row.line, problems) and terms is not None:
        seen.add((client_id, contact_id))
        plan.contacts.append(NewImportedContact(row.line, client_id, contact_id, terms, new_id("contact")))


def _terms(row: ContactRow, problems: Problems) -> ContactTerms | None:
    kind = BY_CODE.get((row.relationship or "").strip())
    if kind is None:
        problems.add("relationship.unknown", "This is not a relationship code. See relationshipTypes.")
        return None
    fields: TermsFields = {"relationship": kind.relationship, "relationship_label": row.relationship_label}
    return apply_terms(None, fields, problems)


def _birth_date(value: str | None, problems: Problems) -> date | None:
    if value is None:
        return None
    try:
        return read_day(value)
    except ValueError:
        problems.add("birthDate.invalid", "Write the birth date as YYYY-MM-DD.")
        return None


def _gender(value: str | None, problems: Problems) -> Gender | None:
    if value is None:
        return None
    gender = SEXES.get(value.casefold())
    if gender is None:
        problems.add("sex.unknown", f"sex must be one of {', '.join(SEXES)}, or empty.")
    return gender


def _refuses(plan: ImportPlan, file: ImportFile, line: int, problems: Problems) -> bool:
    try:
        problems.refuse()
    except Refused as refusal:
        plan.refused += [
            RefusedRow(file, line, error.reason, error.message)
            for error in refusal.errors
            if isinstance(error, InvalidInput)
        ]
        return True
    return False
