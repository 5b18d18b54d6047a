"""What a person's death ends, and what is left of it (D14)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from graph_api.domain.model import Contact, ContactAuthority


@dataclass(frozen=True, slots=True)
class Death:
    """That a person has died. It counts from the moment it was recorded, whatever the day is."""

    on: date
    recorded_at: datetime
    """Since when the practice knows; a day that is corrected to an earlier one leaves it as it is."""
    since: datetime
    """Since when what is said of it is so."""


class DeathFields(TypedDict, total=False):
    """What was sent; None takes a death back, and nothing is no answer."""

    deceased_on: date | None


def recorded_death(before: Death | None, on: date, at: datetime) -> Death:
    """A death as staff record or correct it at the moment `at`.

    A later day than was recorded is another death: what was recorded since the first may have been before this one.
    """
    known = before is not None and on <= before.on
    return Death(on, before.recorded_at if before is not None and known else at, at)


def represents(authority: "ContactAuthority | None", death: Death) -> bool:
    """Whether the authority is that of a personal representative, and was recorded after the death was."""
    if authority is None or not authority.is_for_the_dead or authority.recorded_at is None:
        return False
    return authority.recorded_at > death.recorded_at


def is_ended_by_death(contact: "Contact") -> bool:
    """Whether one of the two has died, and the contact is not the client's personal representative."""
    if contact.person.death is not None:
        return True
    death = contact.client.death
    return death is not None and not represents(contact.terms.authority, death)
