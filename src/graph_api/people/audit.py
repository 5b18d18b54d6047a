"""A person's fields as the audit log has them."""

from collections.abc import Iterable

from graph_api.audit.changes import changes_between
from graph_api.audit.model import AuditEvent
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.people.model import Person

PERSON_FIELDS = logged_fields(Person) | {"deceasedOn": "deceased_on"}
"""By the API's name; version and times are the event's own."""
_MAKES_PERSON = frozenset({EventKind.ADD_CLIENT.value, EventKind.ADD_NEW_CONTACT.value})


def person_values(person: Person | None) -> dict[str, object]:
    """A person's fields by their names in the API."""
    return {} if person is None else {name: getattr(person, own) for name, own in PERSON_FIELDS.items()}


def makes_person(event: AuditEvent) -> bool:
    """Whether it is the first event of a person who was made then: all that is not in it was not set."""
    if event.contact_id is not None or event.sequence != 1:
        return False
    # Whom an import finds, and only makes a client, has no external id to gain.
    imported = event.action == EventKind.IMPORT.value and any(change.field == "externalIds" for change in event.changes)
    return event.action in _MAKES_PERSON or imported


def person_changes(before: Person | None, after: Person) -> tuple[FieldChange, ...]:
    """What a mutation changed of a person; all that is set, of a new one."""
    return changes_between(person_values(before), person_values(after))


def not_duplicates(others: Iterable[str]) -> tuple[FieldChange, ...]:
    """Staff's verdict: whom the person is not (D9)."""
    return changes_between({}, {"notDuplicateOf": tuple(dict.fromkeys(others))})


def audited_person(kind: EventKind, before: Person, after: Person) -> Happened:
    """What was done to a person's own fields, for their chain."""
    return Happened(kind, after.id, changes=person_changes(before, after))


def audited_new_person(kind: EventKind, person: Person, rejected: Iterable[str] = ()) -> Happened:
    """What was done when a person was made: their fields, and whom staff said they are not."""
    return Happened(kind, person.id, changes=(*person_changes(None, person), *not_duplicates(rejected)))
