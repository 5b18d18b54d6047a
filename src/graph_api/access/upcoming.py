"""When what a contact may do will end (D4, D8, D13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from graph_api.access.decision import decide
from graph_api.access.facts import AccessFacts
from graph_api.access.model import PortalAction
from graph_api.network.model import Contact
from graph_api.network.records import EdgeRecord
from graph_api.network.relationships import ENDS_AT_MAJORITY
from graph_api.people.birthdays import ONE_DAY, birthday

SHOWING = (PortalAction.VIEW_PORTAL, PortalAction.RECEIVE_APPOINTMENT_REMINDERS)
"""Everything else a contact may do ends with the first of them."""
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Window:
    """Days that are looked at, both inclusive; the first is today."""

    today: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.today <= day <= self.last


@dataclass(frozen=True, slots=True)
class Majority:
    """Where and when the practice's clients come of age; None: it is not known when."""

    age: int | None
    time_zone: str

    def last_day_before(self, birth_date: date | None) -> date | None:
        """The last day on which somebody is a minor."""
        return None if birth_date is None or self.age is None else birthday(birth_date, self.age) - ONE_DAY


def access_ends_on(contact: Contact, facts: AccessFacts, majority: Majority, window: Window) -> date | None:
    """The last day of something that the contact may do today; None: not in the window, or they may do nothing today.

    `facts` are those of now. A person loses nothing who has no account, or for whom the feature is off or the address
    is the client's confidential one.
    """
    authority = contact.terms.authority
    ends = {contact.terms.ends_on, authority.ends_on if authority else None}
    if contact.terms.portal_access and contact.terms.relationship in ENDS_AT_MAJORITY:
        ends.add(majority.last_day_before(contact.client.birth_date))
    days = sorted(day for day in ends if day is not None and day in window)
    if not days:
        return None
    may_today = _shown(facts, window.today)
    return next((day for day in days if may_today - _shown(facts, day + ONE_DAY)), None)


def _shown(facts: AccessFacts, day: date) -> frozenset[PortalAction]:
    at = datetime.combine(day, NOON, ZoneInfo(facts.practice.time_zone))
    return frozenset(action for action in SHOWING if decide(facts, action, at).allowed)


class EndPosition(NamedTuple):
    """Where an end stands: by its day, then by the contact's id."""

    day: date
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class TermsEnds:
    """Current edges by a day on which their terms end, in order."""

    edges: Sequence[tuple[date, EdgeRecord]]
    reached: EndPosition | None
    """Up to where they are all there are; None: to the end."""


@dataclass(frozen=True, slots=True)
class ComingOfAge:
    """Edges of parents and guardians who have portal access, by their clients' birth dates, in order."""

    edges: Sequence[tuple[date, EdgeRecord]]
    reached: date | None
    """Up to which birth date they are all there are; None: to the end."""
