"""What changed from what to what: records before and after, field by field, in the API's names."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from json import dumps

from graph_api.domain.accounts import Account
from graph_api.domain.audit import Audited, AuditEvent, FieldChange
from graph_api.domain.model import Contact, ContactTerms, Person, PracticeSettings
from graph_api.domain.relationships import Relationship

PERSON_FIELDS = {
    "givenName": "given_name",
    "familyName": "family_name",
    "preferredName": "preferred_name",
    "birthDate": "birth_date",
    "deceasedOn": "deceased_on",
    "gender": "gender",
    "emails": "emails",
    "phones": "phones",
    "address": "address",
    "externalIds": "external_ids",
    "clientStatus": "client_status",
    "featuresOff": "features_off",
    "confidentialEmail": "confidential_email",
    "confidentialPhone": "confidential_phone",
}
"""By the API's name; version and times are the event's own."""


def api_name(name: str) -> str:
    """`portal_access` as the API has it."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


TERMS_FIELDS = {api_name(name): name for name in ContactTerms.__slots__}
IMPORT = "import"
"""The action of an import's events, and who did it."""
_MAKES_PERSON = frozenset({"addClient", "addNewContact"})


def text_of(value: object) -> str | None:
    """A value as the log shows it: enums by name, dates as ISO 8601, lists and objects as JSON; unset is None."""
    if value is None or value in ((), frozenset()):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    return dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    """A value inside a list or an object, as JSON has it; what is unset is left out."""
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        parts = {api_name(part.name): _plain(getattr(value, part.name)) for part in fields(value)}
        return {name: part for name, part in parts.items() if part not in (None, [])}
    return value if value is None or isinstance(value, bool | int | float) else text_of(value)


def changes_between(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of `after`, then those that are gone."""
    names = dict.fromkeys((*after, *before))
    texts = ((name, text_of(before.get(name)), text_of(after.get(name))) for name in names)
    return tuple(FieldChange(name, old, new) for name, old, new in texts if old != new)


def person_values(person: Person | None) -> dict[str, object]:
    """A person's fields by their names in the API."""
    return {} if person is None else {name: getattr(person, own) for name, own in PERSON_FIELDS.items()}


def contact_values(contact: Contact | None) -> dict[str, object]:
    """An edge's terms by their names in the API, and whom it leads to."""
    if contact is None:
        return {}
    terms = {name: getattr(contact.terms, own) for name, own in TERMS_FIELDS.items()}
    removed = contact.removed_at is not None
    return {
        "person": contact.person.id,
        **terms,
        "status": "REMOVED" if removed else None,
        "removalReason": contact.removal_reason,
        "adultConsentAt": contact.adult_consent_at,
    }


def settings_values(settings: PracticeSettings) -> dict[str, object]:
    """A practice's settings by their names in the API."""
    return {"features": settings.features, "ageOfMajority": settings.age_of_majority}


def account_values(account: Account | None) -> dict[str, object]:
    """What decisions rest on of a portal account."""
    return {} if account is None else {"account": account.status, "address": account.address}


_NOBODY = Person("")
CONTACT_FIELDS = frozenset(contact_values(Contact("", _NOBODY, _NOBODY, ContactTerms(Relationship.OTHER), date.min)))
"""What events tell of an edge."""
SETTINGS_FIELDS = frozenset(settings_values(PracticeSettings()))


def makes_person(event: AuditEvent) -> bool:
    """Whether it is the first event of a person who was made then: all that is not in it was not set."""
    if event.contact_id is not None or event.sequence != 1:
        return False
    # Whom an import finds, and only makes a client, has no external id to gain.
    imported = event.action == IMPORT and any(change.field == "externalIds" for change in event.changes)
    return event.action in _MAKES_PERSON or imported


def person_changes(before: Person | None, after: Person) -> tuple[FieldChange, ...]:
    """What a mutation changed of a person; all that is set, of a new one."""
    return changes_between(person_values(before), person_values(after))


def contact_changes(before: Contact | None, after: Contact) -> tuple[FieldChange, ...]:
    """What a mutation changed of an edge; all that is set, of a new one."""
    return changes_between(contact_values(before), contact_values(after))


def not_duplicates(others: Iterable[str]) -> tuple[FieldChange, ...]:
    """Staff's verdict: whom the person is not (D9)."""
    return changes_between({}, {"notDuplicateOf": tuple(dict.fromkeys(others))})


def audited_person(action: str, before: Person, after: Person) -> Audited:
    """What was done to a person's own fields, for their chain."""
    return Audited(action, after.id, changes=person_changes(before, after))


def audited_new_person(action: str, person: Person, rejected: Iterable[str] = ()) -> Audited:
    """What was done when a person was made: their fields, and whom staff said they are not."""
    return Audited(action, person.id, changes=(*person_changes(None, person), *not_duplicates(rejected)))


def audited_contact(action: str, before: Contact | None, after: Contact) -> Audited:
    """What was done to an edge, for its client's chain."""
    return Audited(action, after.client.id, after.id, after.version, contact_changes(before, after))
