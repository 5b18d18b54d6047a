"""A practitioner's fields as the audit log has them. Their events are in the practice's chain."""

from graph_api.audit.changes import changes_between
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.practitioners.model import Practitioner

PRACTITIONER_FIELDS = logged_fields(Practitioner)
"""By the API's name; version and times are the event's own."""
PRACTITIONER_ID = "practitionerId"
"""Stands first among the changes, with the same id before and after a change: the chain is the practice's, and the
event has to say whom it is about."""


def practitioner_values(practitioner: Practitioner | None) -> dict[str, object]:
    """A practitioner's fields by their names in the API."""
    fields = {} if practitioner is None else PRACTITIONER_FIELDS
    return {name: getattr(practitioner, own) for name, own in fields.items()}


def audited_practitioner(
    kind: EventKind, practice_id: str, before: Practitioner | None, after: Practitioner
) -> Happened:
    """What was done to a practitioner; all that is set, of a new one."""
    whom = FieldChange(PRACTITIONER_ID, None if before is None else before.id, after.id)
    changes = changes_between(practitioner_values(before), practitioner_values(after))
    return Happened(kind, practice_id, changes=(whom, *changes))
