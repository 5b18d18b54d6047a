"""What statements of access ask for, by name: they return the values in this order, and `rows` reads them by it.

Names come from the classes that hold what is read. So a term that an edge gets is asked for and decided on at once.
"""

from graph_api.access.facts import AccountFacts, ClientFacts, EdgeFacts
from graph_api.kernel.fields import Codec
from graph_api.network.records import CONTACT_PROPERTIES
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.practices.graph import SETTINGS

CLIENT_FACTS = Codec(ClientFacts, "death")
ACCOUNT_FACTS = Codec(AccountFacts)
EDGE_FACTS = Codec(EdgeFacts)
DECIDING_NOTHING = ("relationshipLabel", "roles", "note", "authorityReference", "messagesFrom")
"""The only terms of an edge that are left out where nothing but a decision is asked for."""

DEATH = ("deceasedOn", "deceasedRecordedAt")
CLIENT = CLIENT_FACTS.names
EDGE = ("id", *(name for name in EDGE_FACTS.names if name not in DECIDING_NOTHING))
CLIENT_OF_CONTACT = (*CLIENT, *DEATH, "accessSince", "updatedAt")
"""With since when it is so."""
CLIENT_NOW = (*CLIENT_OF_CONTACT, "networkSince")
"""With since when the network is so, too, because an edge that is gone leaves no other date."""
EDGE_NOW = (*EDGE, "updatedAt")
EDGE_OF_PAIR = (*EDGE_NOW, "version", "messagesFrom")
"""With what an action that is done by the edge keeps of it (docs/access.md)."""
PERSON_NOW = (*DEATH, "updatedAt")
ACCOUNT_NOW = (*ACCOUNT_FACTS.names, "since")
EDGE_THEN = (*EDGE, "contactId", "version")
"""A superseded edge has an id of its own, and its contact's."""

_NOW = {"settings": list(SETTINGS.names), "account": list(ACCOUNT_NOW)}
_WHOLE = {"person": list(PERSON_PROPERTIES), "contact": list(CONTACT_PROPERTIES)}
PAIR = {"edge": list(EDGE_OF_PAIR)}
"""What access/pair asks for by parameters. It is asked most, so the other names stand in its text, in this order."""
CONTACTS = {**_NOW, "edge": list(EDGE_NOW), "client": list(CLIENT_OF_CONTACT), "person": list(PERSON_NOW)}
"""What access/contacts asks for."""
GRANTS = {**_NOW, **_WHOLE}
"""What access/of_client and access/of_person ask for: they show people and contacts, and decide by the same records."""
PAIR_THEN = {
    "settings": list(SETTINGS.names),
    "client": list(CLIENT),
    "death": list(DEATH),
    "edge": list(EDGE_THEN),
    "account": list(ACCOUNT_FACTS.names),
}
"""What access/pair_at asks for."""
GRANTS_THEN = {**PAIR_THEN, "person": list(PERSON_PROPERTIES)}
"""What access/of_client_at asks for."""
