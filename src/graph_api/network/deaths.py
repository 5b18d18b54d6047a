"""Says what a death ends between a client and a contact (D14)."""

from typing import TYPE_CHECKING

from graph_api.people.model import Death

if TYPE_CHECKING:
    from graph_api.network.model import Contact, ContactAuthority


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
