"""Checks the terms of an edge (D3, D4, D8, D12, D13)."""

from datetime import UTC, date, datetime
from typing import Any, TypedDict

from graph_api.kernel.fields import api_name
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import MAX_LABEL, MAX_NOTE, MAX_REFERENCE, clean_text
from graph_api.network.deaths import is_ended_by_death
from graph_api.network.model import (
    TOGGLES,
    AuthorityKind,
    Contact,
    ContactAuthority,
    ContactRole,
    ContactStatus,
    ContactTerms,
)
from graph_api.network.relationships import BY_RELATIONSHIP, Relationship

MAX_ROLES = 10

_NOT_NULL = frozenset({"relationship", *(toggle.name for toggle in TOGGLES)})
_CANT_BE_NULL = "This field can't be cleared. Omit it to keep the current value."
EARLIEST_MESSAGES = datetime(1900, 1, 1, tzinfo=UTC)


class TermsFields(TypedDict, total=False):
    """The terms that were sent; one that is missing is kept, None clears it, lists replace."""

    relationship: Relationship | None
    relationship_label: str | None
    roles: list[ContactRole] | None
    portal_access: bool | None
    secure_messaging: bool | None
    payments: bool | None
    appointment_reminders: bool | None
    starts_on: date | None
    ends_on: date | None
    note: str | None
    authority: "AuthorityFields | None"


class ContactFields(TermsFields, total=False):
    """The changes of an edge that were sent: of its terms, and of what follows from them."""

    messages_from: datetime | None


class AuthorityFields(TypedDict, total=False):
    """An authority as sent; it replaces the one there is."""

    kind: AuthorityKind
    document_reference: str | None
    ends_on: date | None


def apply_terms(terms: ContactTerms | None, fields: TermsFields, problems: Problems, *path: str) -> ContactTerms:
    """`terms` (None: a new edge) with what was sent; what is wrong goes to `problems`, below `path`."""
    values: dict[str, Any] = (
        {name: getattr(terms, name) for name in ContactTerms.__slots__}
        if terms
        else {"relationship": Relationship.OTHER}
    )
    for name, value in fields.items():
        if value is None and name in _NOT_NULL:
            spelled = api_name(name)
            problems.add(f"{spelled}.null", _CANT_BE_NULL, *path, spelled)
        else:
            values[name] = value
    values["roles"] = _roles(values.get("roles"), problems, *path)
    values["relationship_label"] = clean_text(
        values.get("relationship_label"), problems, "relationshipLabel", *path, "relationshipLabel", limit=MAX_LABEL
    )
    values["note"] = clean_text(values.get("note"), problems, "note", *path, "note", limit=MAX_NOTE, prose=True)
    if "authority" in fields:
        values["authority"] = _authority(fields["authority"], problems, *path, "authority")
    applied = ContactTerms(**values)
    needs_label = BY_RELATIONSHIP[applied.relationship].needs_label
    if needs_label and applied.relationship_label is None and fields.get("relationship_label") is None:
        problems.add(
            "relationshipLabel.missing",
            "The relationship OTHER needs a label in your own words.",
            *path,
            "relationshipLabel",
        )
    if applied.starts_on and applied.ends_on and applied.ends_on < applied.starts_on:
        problems.add("endsOn.beforeStartsOn", "The end date can't be before the start date.", *path, "endsOn")
    return applied


def apply_messages_from(
    terms: ContactTerms, messages_from: datetime | None, at: datetime, problems: Problems, *path: str
) -> datetime | None:
    """From when on messages are open, as staff sent it for an edge on these terms, changed at `at` (M4); in UTC.

    What is wrong goes to `problems`, below `path`, and then it is None.
    """
    name = "messagesFrom"
    if messages_from is None:
        problems.add(f"{name}.null", _CANT_BE_NULL, *path, name)
    elif not terms.secure_messaging:
        message = "Secure messages are switched off for this contact. Switch them on to say from when they are open."
        problems.add(f"{name}.messagingOff", message, *path, name)
    elif messages_from > at:
        problems.add(f"{name}.future", "Messages can't be open from a time in the future.", *path, name)
    elif messages_from < EARLIEST_MESSAGES:
        problems.add(f"{name}.tooEarly", "Messages can't be open from a time before 1900.", *path, name)
    else:
        return messages_from.astimezone(UTC)
    return None


def _authority(value: AuthorityFields | None, problems: Problems, *path: str) -> ContactAuthority | None:
    """The authority that was sent. One that ended already may be stored: it says what was (D13)."""
    if value is None:
        return None
    reference = clean_text(
        value.get("document_reference"), problems, "documentReference", *path, "documentReference", limit=MAX_REFERENCE
    )
    return ContactAuthority(value["kind"], reference, value.get("ends_on"))


def _roles(
    roles: list[ContactRole] | tuple[ContactRole, ...] | None, problems: Problems, *path: str
) -> tuple[ContactRole, ...]:
    if roles is not None and len(roles) > MAX_ROLES:
        problems.add("roles.tooMany", f"At most {MAX_ROLES} roles.", *path, "roles")
        return ()
    return tuple(dict.fromkeys(roles or ()))


def age_on(birth_date: date, day: date) -> int:
    """Whole years; a 29 February birthday falls on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def keeps_access(contact: Contact) -> bool:
    """Whether staff must be shown that this contact keeps something while the client is inactive (D7)."""
    counts = contact.status in (ContactStatus.IN_FORCE, ContactStatus.UPCOMING)
    return contact.terms.grants_anything and counts and not is_ended_by_death(contact)
