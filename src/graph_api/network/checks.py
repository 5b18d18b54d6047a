"""Checks a change of an edge and computes its result, for the change itself and for its preview."""

from dataclasses import replace
from datetime import date, datetime
from typing import cast

from graph_api.kernel.errors import Refused, invalid, not_found
from graph_api.kernel.problems import Problems
from graph_api.network.candidates import AlreadyInNetwork
from graph_api.network.deaths import represents
from graph_api.network.model import TOGGLES, Contact, ContactTerms
from graph_api.network.terms import ContactFields, TermsFields, apply_messages_from, apply_terms
from graph_api.people.commands import refuse_archived
from graph_api.people.model import Person


def new_terms(fields: TermsFields) -> ContactTerms:
    """The terms of an edge that is added.

    Raises:
        Refused: InvalidInput.
    """
    problems = Problems()
    terms = apply_terms(None, fields, problems)
    problems.refuse()
    return terms


def added_contact(
    contact_id: str, client: Person, person: Person, terms: ContactTerms, today: date, at: datetime
) -> Contact:
    """A new edge, made at `at`. Its authority is recorded then (D13), and messages are open from then on (M4).

    Nothing of an earlier edge of the same two people is taken over (D6).
    """
    messages_from = at if terms.secure_messaging else None
    return Contact(
        contact_id,
        client,
        person,
        recorded(terms, at),
        today,
        created_at=at,
        updated_at=at,
        messages_from=messages_from,
    )


def changed_contact(before: Contact, changes: ContactFields, at: datetime) -> Contact:
    """The contact on other terms, its version and time as before; consent ends with portal access (D13).

    `at` is when staff record an authority that is sent. The one that is there, sent again, stays as it was recorded;
    but a personal representative's that was recorded before the client's death is recorded anew (D14).
    Messages are open from `at` on where they are switched on, and from whatever time staff say (M4).

    Raises:
        Refused: InvalidInput; contact.removed; client.archived, when something is switched on (D7).
    """
    refuse_removed(before)
    problems = Problems()
    of_terms = cast("TermsFields", {name: value for name, value in changes.items() if name != "messages_from"})
    terms = apply_terms(before.terms, of_terms, problems, "changes")
    messages_from = _messages_from(before, terms, at)
    if "messages_from" in changes:
        messages_from = apply_messages_from(terms, changes["messages_from"], at, problems, "changes")
    problems.refuse()
    if _widens(before.terms, terms):
        refuse_archived(before.client.client_status, "contactId")
    if "authority" in changes:
        terms = _recorded_again(before, terms, at)
    consent = before.adult_consent_at if terms.portal_access else None
    return replace(before, terms=terms, adult_consent_at=consent, messages_from=messages_from)


def _messages_from(before: Contact, terms: ContactTerms, at: datetime) -> datetime | None:
    """From when on messages are open where staff do not say it: since they were last switched on (M4)."""
    if not terms.secure_messaging:
        return None
    return before.messages_from if before.terms.secure_messaging else at


def recorded(terms: ContactTerms, at: datetime) -> ContactTerms:
    """Terms with the moment at which staff recorded their authority."""
    return terms if terms.authority is None else replace(terms, authority=replace(terms.authority, recorded_at=at))


def _recorded_again(before: Contact, terms: ContactTerms, at: datetime) -> ContactTerms:
    old, new, death = before.terms.authority, terms.authority, before.client.death
    if old is None or new is None or replace(old, recorded_at=None) != new:
        return recorded(terms, at)
    needed = new.is_for_the_dead and death is not None and not represents(old, death)
    return recorded(terms, at) if needed else replace(terms, authority=old)


def _widens(before: ContactTerms, after: ContactTerms) -> bool:
    """Whether the change switches something on."""
    return any(getattr(after, toggle.name) and not getattr(before, toggle.name) for toggle in TOGGLES)


def refuse_removed(contact: Contact) -> None:
    """A removed contact stays as it was.

    Raises:
        Refused: InvalidInput contact.removed.
    """
    if contact.removed_at is not None:
        message = "This contact was removed. Add the person again instead."
        raise Refused([invalid("contact.removed", message, "contactId")])


def require_other(client: Person, person: Person | None, person_id: str) -> Person:
    """Someone of the practice, not the client themselves (D3).

    Raises:
        Refused: NotFound, or InvalidInput contact.self.
    """
    if person_id == client.id:
        raise Refused([invalid("contact.self", "A person can't be their own contact.", "personId")])
    if person is None:
        raise not_found("personId")
    return person


def refuse_there(existing: Contact | None, *path: str) -> None:
    """One current edge per client and contact (D3).

    Raises:
        Refused: AlreadyInNetwork.
    """
    if existing is not None:
        raise Refused([AlreadyInNetwork(path=path, contact=existing)])
