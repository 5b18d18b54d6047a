"""An edge's terms as the audit log has them."""

from datetime import date

from graph_api.audit.changes import changes_between
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.model import Person

TERMS_FIELDS = logged_fields(ContactTerms)


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
        "messagesFrom": contact.messages_from,
    }


_NOBODY = Person("")
CONTACT_FIELDS = frozenset(contact_values(Contact("", _NOBODY, _NOBODY, ContactTerms(Relationship.OTHER), date.min)))
"""What events tell of an edge."""


def contact_changes(before: Contact | None, after: Contact) -> tuple[FieldChange, ...]:
    """What a mutation changed of an edge; all that is set, of a new one."""
    return changes_between(contact_values(before), contact_values(after))


def audited_contact(kind: EventKind, before: Contact | None, after: Contact) -> Happened:
    """What was done to an edge, for its client's chain."""
    return Happened(kind, after.client.id, after.id, after.version, contact_changes(before, after))
