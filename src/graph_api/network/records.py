"""The properties of an edge's record, with its ends."""

from dataclasses import dataclass

from graph_api.kernel.fields import Codec, api_name
from graph_api.kernel.records import ID, Record
from graph_api.network.model import TOGGLES, Contact, ContactTerms
from graph_api.network.versions import ContactVersion
from graph_api.people.records import PERSON_PROPERTIES

_NOT_THERE = ("client", "person", "today")
"""An edge's ends have records of their own, and the day is the reader's."""
CONTACT = Codec(Contact, *_NOT_THERE)
"""How edges are kept, current ones and those that were removed."""
VERSION = Codec(ContactVersion, "client", "person")
"""How an edge is kept as it was."""
TERMS_PROPERTIES = (*Codec(ContactTerms).names, "adultConsentAt", "messagesFrom")
"""What an edge's record can hold of its terms, current or superseded."""
TOGGLE_PROPERTIES = tuple(api_name(toggle.name) for toggle in TOGGLES)
"""How the toggles of an edge are called in the graph."""
CONTACT_PROPERTIES = CONTACT.names
"""All that an edge's record can hold; removedAt and removalReason are only there once it was removed (D6)."""
VERSION_PROPERTIES = VERSION.names
"""All that a version's record can hold of the edge."""


@dataclass(frozen=True, slots=True)
class EdgeRecord:
    """An edge with both its ends."""

    contact: Record
    client: Record
    person: Record


@dataclass(frozen=True, slots=True)
class EdgeProperties:
    """What is asked for of an edge and of both its ends; `id` is always the first."""

    contact: tuple[str, ...] = ID
    client: tuple[str, ...] = ID
    person: tuple[str, ...] = ID


@dataclass(frozen=True, slots=True)
class NetworkProperties:
    """What is asked for of a network: the person it belongs to, its edges, and whom they lead to."""

    person: tuple[str, ...] = ID
    contact: tuple[str, ...] = ID
    other: tuple[str, ...] = ID


WHOLE_EDGE = EdgeProperties(CONTACT_PROPERTIES, PERSON_PROPERTIES, PERSON_PROPERTIES)
WHOLE_NETWORK = NetworkProperties(PERSON_PROPERTIES, CONTACT_PROPERTIES, PERSON_PROPERTIES)
