"""Keys by which what is coming is found: the practice, then a day, so that an index has them in order (D8, D13)."""

from datetime import date

from graph_api.domain.model import ClientStatus, Contact, Person
from graph_api.domain.names import FIELD_END, sort_key
from graph_api.domain.relationships import ENDS_AT_MAJORITY


def birth_key(practice_id: str, client: Person) -> str | None:
    """Where a client who is neither archived nor dead stands by birth date, then as in `clients`; None without one."""
    if (
        client.birth_date is None
        or client.death is not None
        or client.client_status not in (ClientStatus.ACTIVE, ClientStatus.INACTIVE)
    ):
        return None
    return FIELD_END.join((practice_id, client.birth_date.isoformat(), sort_key(client)))


def end_keys(practice_id: str, contact: Contact) -> frozenset[str]:
    """Where a current edge stands by the days on which its terms end, practice|day|id|what: its own last day, and the
    last day of an authority on which portal access may rest (D13).

    Only terms that do something: the other toggles do nothing without portal access (D4). A personal representative's
    authority carries all of it (D14).
    """
    terms, ends = contact.terms, dict[str, date]()
    does_something = terms.portal_access or terms.appointment_reminders
    if terms.ends_on is not None and does_something:
        ends["terms"] = terms.ends_on
    authority = terms.authority
    if authority is not None and authority.ends_on is not None:
        carries_portal = terms.portal_access and terms.relationship in ENDS_AT_MAJORITY
        if carries_portal or (authority.is_for_the_dead and does_something):
            ends["authority"] = authority.ends_on
    return frozenset(f"{practice_id}|{day.isoformat()}|{contact.id}|{what}" for what, day in ends.items())
