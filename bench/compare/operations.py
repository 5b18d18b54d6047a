"""What is asked of ours and of the peer: the same fields, and one shape that both answers are brought to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

Data = dict[str, Any]

PERSON = "id givenName familyName birthDate emails phones"
CLIENT = f"{PERSON} clientStatus"
EDGE = "id relationship portalAccess secureMessaging payments appointmentReminders startsOn endsOn"
SHOWN = 10
PAGE = 50
MOST_FOUND = 25
"""As many as the first page of a search holds."""
ORDER = "sort: [{ node: { sortKey: ASC } }, { edge: { id: ASC } }]"

OUR_NETWORK = f"contactNetwork(first: {SHOWN}) {{ nodes {{ {EDGE} person {{ {PERSON} }} }} }}"
PEER_NETWORK = (
    f"contactNetworkConnection(first: {SHOWN}, {ORDER}) {{ edges {{ properties {{ {EDGE} }} node {{ {PERSON} }} }} }}"
)
PEER_REVERSE = (
    f"contactOfConnection(first: {SHOWN}, {ORDER}) {{ edges {{ properties {{ {EDGE} }} node {{ {CLIENT} }} }} }}"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One set of variables, for ours and for the peer."""

    ours: Data
    peer: Data


@dataclass(frozen=True, slots=True)
class Operation:
    """A document each, and what brings the data to one shape."""

    name: str
    title: str
    ours: str
    peer: str
    our_answer: Callable[[Data], Any]
    peer_answer: Callable[[Data], Any]
    writes: bool = False


def _our_person(person: Data, edges: str, far: str) -> Data:
    shown = [{**edge, far: None, "other": edge[far]} for edge in person[edges]["nodes"]]
    return {**_without(person, edges), "contacts": [_without(edge, far) for edge in shown]}


def _peer_person(person: Data, edges: str) -> Data:
    shown = [{**edge["properties"], "other": edge["node"]} for edge in person[edges]["edges"]]
    return {**_without(person, edges), "contacts": shown}


def _without(row: Data, name: str) -> Data:
    return {key: value for key, value in row.items() if key != name}


def our_network(data: Data) -> Any:
    """The client with their contacts."""
    return _our_person(data["client"], "contactNetwork", "person")


def peer_network(data: Data) -> Any:
    """As `our_network`."""
    (person,) = data["people"]
    return _peer_person(person, "contactNetworkConnection")


def our_page(data: Data) -> Any:
    """Clients in order, with their contacts."""
    return [_our_person(person, "contactNetwork", "person") for person in data["clients"]["nodes"]]


def peer_page(data: Data) -> Any:
    """As `our_page`."""
    return [_peer_person(person, "contactNetworkConnection") for person in data["people"]]


def our_reverse(data: Data) -> Any:
    """The person with the clients whose contact they are."""
    return _our_person(data["person"], "contactOf", "client")


def peer_reverse(data: Data) -> Any:
    """As `our_reverse`."""
    (person,) = data["people"]
    return _peer_person(person, "contactOfConnection")


def our_found(data: Data) -> Any:
    """People by their ids: the search ranks, the peer does not."""
    return {node["person"]["id"]: node["person"] for node in data["findContacts"]["nodes"]}


def peer_found(data: Data) -> Any:
    """As `our_found`; a person is found once for each word that begins so."""
    return {person["id"]: person for key in data["nameKeys"] for person in key["person"]}


def our_added(data: Data) -> Any:
    """How many edges were made."""
    payload = data["addExistingContact"]
    return 1 if payload["contact"] and not payload["errors"] else payload["errors"]


def peer_added(data: Data) -> Any:
    """As `our_added`."""
    return data["updatePeople"]["info"]["relationshipsCreated"]


NETWORK = Operation(
    "network",
    "one network",
    f"query Network($id: ID!) {{ client(id: $id) {{ {CLIENT} {OUR_NETWORK} }} }}",
    f"""query Network($id: ID!, $practice: String!) {{
      people(where: {{ id: {{ eq: $id }}, practice: {{ eq: $practice }} }}) {{ {CLIENT} {PEER_NETWORK} }} }}""",
    our_network,
    peer_network,
)
CLIENTS = Operation(
    "page",
    f"page of {PAGE} with networks",
    f"""query Page($after: String) {{
      clients(first: {PAGE}, after: $after) {{ nodes {{ {CLIENT} {OUR_NETWORK} }} }} }}""",
    f"""query Page($after: String!, $before: String!) {{
      people(where: {{ clientKey: {{ gt: $after, lt: $before }} }}, sort: [{{ clientKey: ASC }}], limit: {PAGE}) {{
        {CLIENT} {PEER_NETWORK} }} }}""",
    our_page,
    peer_page,
)
REVERSE = Operation(
    "reverse",
    "the reverse (contactOf)",
    f"""query Reverse($id: ID!) {{
      person(id: $id) {{ {PERSON} contactOf(first: {SHOWN}) {{ nodes {{ {EDGE} client {{ {CLIENT} }} }} }} }} }}""",
    f"""query Reverse($id: ID!, $practice: String!) {{
      people(where: {{ id: {{ eq: $id }}, practice: {{ eq: $practice }} }}) {{ {PERSON} {PEER_REVERSE} }} }}""",
    our_reverse,
    peer_reverse,
)
FIND = Operation(
    "find",
    "findContacts, one prefix",
    f"""query Find($search: String!) {{
      findContacts(search: $search, first: {MOST_FOUND}) {{ nodes {{ person {{ {PERSON} }} }} }} }}""",
    f"""query Find($prefix: String!) {{
      nameKeys(where: {{ key: {{ startsWith: $prefix }} }}) {{ person {{ {PERSON} }} }} }}""",
    our_found,
    peer_found,
)
ADD = Operation(
    "add",
    "addExistingContact",
    """mutation Add($input: AddExistingContactInput!) {
      addExistingContact(input: $input) { contact { id } errors { code message path } } }""",
    """mutation Add($client: ID!, $person: ID!, $practice: String!, $edge: HasContactCreateInput!) {
      updatePeople(
        where: { id: { eq: $client }, practice: { eq: $practice } }
        update: { contactNetwork: [{ connect: [{
          where: { node: { id: { eq: $person }, practice: { eq: $practice } } }, edge: $edge }] }] }
      ) { info { relationshipsCreated } } }""",
    our_added,
    peer_added,
    writes=True,
)
UNAUDITED = replace(ADD, name="unaudited", title="addExistingContact, auditing off")
"""Like for like, as the peer keeps no log."""
READS = (NETWORK, CLIENTS, REVERSE, FIND)
ADDITIONS = (ADD, UNAUDITED)
OPERATIONS = (*READS, *ADDITIONS)

ONLY_OURS = (
    "verifies a signed token (EdDSA, issuer, audience, expiry) in every request; the peer is sent none and checks none",
    "looks the caller's practice up (kept for half a minute) and refuses a role that may not write",
    "bounds the document: its tokens, depth, aliases and cost",
    "checks the input: relationship and roles of the house's lists, label, dates in order, bounded text",
    "takes the client's lock in the transaction, so that what it read before writing still holds when it commits",
    "reads the client under that lock: of this practice, a client, not archived",
    "reads the person: of this practice, not the client",
    "reads whether they are in the network already, and answers with the contact there is",
    "writes D3's unique key (practice, client, person): a second edge of the pair is refused, in a race too",
    "answers refusals as typed errors with code, message and path; the peer answers 0 edges when an end is not found",
    "writes an audit event: the person's chain is read under their lock, and goes on with a MAC over the event and the "
    "one before it, in the same transaction (left out where auditing is off)",
    "stores createdAt, updatedAt and version on the edge",
    "makes the edge's id itself; the peer is sent one",
    "answers with the contact, warnings where there are any, and a bookmark to read one's own write by",
    "runs again when a race was lost, within the request's deadline",
    "logs a line and gives the request an id",
)
"""What addExistingContact does that the peer's `connect` does not; no idempotency key is sent."""
