"""Keys by which what is coming is found: the practice, then a day, so that an index has them in order (D8, D13)."""

from datetime import date

from graph_api.network.model import Contact
from graph_api.network.relationships import ENDS_AT_MAJORITY


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
