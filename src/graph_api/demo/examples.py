"""The operations in GraphiQL's tabs, to start from; they ask about people of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from graph_api.demo.appointment_examples import appointment_tabs
from graph_api.demo.maple import HOUSEHOLD_PHONE
from graph_api.demo.message_examples import message_tabs
from graph_api.demo.seeding import MAPLE, ROYAL92
from graph_api.demo.tabs import mutation_tab
from graph_api.http.graphiql import ExampleTab
from graph_api.kernel.records import ID
from graph_api.kernel.scope import Scope
from graph_api.network.audit import TERMS_FIELDS
from graph_api.network.reading import Reading
from graph_api.network.records import EdgeProperties

FIRST = """query NetworkOfAClient($externalId: String!) {
  viewer { role practice { name } }
  personByExternalId(externalId: $externalId) {
    id displayName clientStatus
    contactNetwork(first: 10) {
      totalCount
      nodes { relationship roles status portalAccess secureMessaging payments appointmentReminders isReciprocated
        person { displayName phones } }
    }
  }
}"""

REVERSE = """query NetworksSheIsIn($externalId: String!) {
  personByExternalId(externalId: $externalId) {
    displayName
    contactOf(first: 10) { nodes { relationship portalAccess client { displayName birthDate } } }
    contactNetwork(first: 10) { nodes { relationship person { displayName } } }
  }
}"""

DATES = """query WhatDatesDecide($externalId: String!) {
  personByExternalId(externalId: $externalId) {
    displayName
    contactNetwork(filter: { statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED] }) {
      nodes { status isInForce startsOn endsOn removedAt removalReason relationship person { displayName } }
    }
  }
}"""

SEARCH = """query SearchBeforeAdding($search: String!, $forClientId: ID) {
  findContacts(search: $search, forClientId: $forClientId, first: 10) {
    nodes { score matchedOn isClient clientCount person { id displayName birthDate phones } existingContact { id } }
  }
}"""

ADD_EXISTING = """mutation AddExistingContact($input: AddExistingContactInput!) {
  addExistingContact(input: $input) {
    contact { id version relationship status client { displayName } person { displayName } isReciprocated }
    errors { __typename code message path
      ... on InvalidInput { reason }
      ... on AlreadyInNetwork { contact { id relationship } } }
    warnings { code message persons { displayName } }
  }
}"""

_TERMS = " ".join(TERMS_FIELDS).replace("authority", "authority { kind documentReference endsOn }")
_DRAFT = fill(
    f"addExisting {{ clientId personId {_TERMS} }}",
    width=112,
    initial_indent=" " * 8,
    subsequent_indent=" " * 10,
    break_on_hyphens=False,
)
"""All of what is sent to add a candidate after all."""
ADD_NEW = """mutation AddNewContact($input: AddNewContactInput!) {
  addNewContact(input: $input) {
    contact { id version relationship status person { id displayName phones } }
    errors { __typename code message path
      ... on InvalidInput { reason }
      ... on ContactAlreadyExists { candidates { grade score person { id displayName birthDate }
        evidence { field explanation } existingContact { id }
<draft> } } }
    warnings { code message persons { displayName } }
  }
}""".replace("<draft>", _DRAFT)

UPDATE = """mutation UpdateContact($input: UpdateContactInput!) {
  updateContact(input: $input) {
    contact { id version relationship roles secureMessaging updatedAt }
    errors { __typename code message path
      ... on InvalidInput { reason }
      ... on VersionConflict { currentVersion } }
    warnings { code message persons { displayName } }
  }
}"""

REMOVE = """mutation RemoveContact($input: RemoveContactInput!) {
  removeContact(input: $input) {
    removedContactId
    contact { status removedAt removalReason person { displayName } }
    errors { __typename code message path ... on VersionConflict { currentVersion } }
    warnings { code message }
  }
}"""

CLIENTS = """query PageThroughClients($first: Int!, $after: String) {
  clients(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id displayName clientStatus
      contactNetwork(first: 5) { totalCount nodes { relationship person { displayName } } } }
  }
}"""

VICTORIA = """query Victoria($externalId: String!) {
  personByExternalId(externalId: $externalId) {
    displayName birthDate
    contactNetwork { totalCount nodes { relationship person { displayName } } }
    contactOf(first: 25) { totalCount nodes { relationship client { displayName birthDate } } }
  }
}"""


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids the examples name, found when the demo starts; what was removed since is missing."""

    people: dict[str, str]
    contacts: dict[tuple[str, str], tuple[str, int]]


async def example_tabs(maple: Scope, *, with_portal: bool) -> tuple[ExampleTab, ...]:
    """All tabs; those for people who are no longer there are left out, and so is what takes the portal account."""
    known = await _look_up(maple[Reading])
    return (
        _query("A client and her contact network", FIRST, {"externalId": "maple-anna"}),
        _query("The other direction: the clients whose contact she is", REVERSE, {"externalId": "maple-anna"}),
        _query("Dates decide: upcoming, in force, expired", DATES, {"externalId": "maple-eli"}),
        *_writing(known),
        _query("Page through clients: put endCursor into after", CLIENTS, {"first": 5, "after": None}),
        ExampleTab("Queen Victoria, in the royal92 practice", ROYAL92[0], VICTORIA, {"externalId": "I1"}),
        *((*await message_tabs(maple), *await appointment_tabs(maple)) if with_portal else ()),
    )


def _query(title: str, query: str, variables: dict[str, object]) -> ExampleTab:
    return ExampleTab(title, MAPLE[0], query, variables)


async def _look_up(maple: Reading) -> _Known:
    people: dict[str, str] = {}
    for key in ("maple-anna", "maple-ben", "maple-clara", "maple-david", "maple-tom", "maple-zoe"):
        person = await maple.person_by_external_id(key, None, ID)
        if person is not None:
            people[key] = person[0]
    wanted = [("maple-ben", "maple-tom"), ("maple-anna", "maple-david")]
    pairs = {(people[one], people[other]): (one, other) for one, other in wanted if {one, other} <= people.keys()}
    found = await maple.between(list(pairs), EdgeProperties(contact=("id", "version")))
    return _Known(people, {pairs[pair]: (edge.contact[0], edge.contact[1]) for pair, edge in found.items()})


def _writing(known: _Known) -> Sequence[ExampleTab]:
    """Searching, then changing: what staff do in this order (S5)."""
    tabs: list[ExampleTab] = []
    people = known.people
    if {"maple-clara", "maple-tom"} <= people.keys():
        clara, tom = people["maple-clara"], people["maple-tom"]
        tabs += _adding(clara, tom)
    if "maple-zoe" in people:
        friend: dict[str, object] = {"givenName": "Nina", "familyName": "Álvarez", "phones": ["617-555-0175"]}
        terms = {"relationship": "FRIEND", "roles": ["EMERGENCY_CONTACT"]}
        values = {"clientId": people["maple-zoe"], "person": friend, **terms}
        tabs.append(mutation_tab("Add a new contact", ADD_NEW, values))
    if ("maple-ben", "maple-tom") in known.contacts:
        contact_id, version = known.contacts["maple-ben", "maple-tom"]
        changes = {"secureMessaging": True, "roles": ["EMERGENCY_CONTACT", "NEXT_OF_KIN"]}
        variables = {"contactId": contact_id, "expectedVersion": version, "changes": changes}
        tabs.append(mutation_tab("Change a contact: a second run meets a newer version", UPDATE, variables))
    if ("maple-anna", "maple-david") in known.contacts:
        contact_id, version = known.contacts["maple-anna", "maple-david"]
        variables = {"contactId": contact_id, "expectedVersion": version, "reason": "Custody has ended."}
        tabs.append(mutation_tab("Remove a contact: the person stays", REMOVE, variables))
    return tabs


def _adding(clara: str, tom: str) -> Sequence[ExampleTab]:
    step: dict[str, object] = {"clientId": clara, "relationship": "STEP_PARENT"}
    same = {**step, "person": {"givenName": "Tom", "familyName": "Fischer", "phones": [HOUSEHOLD_PHONE]}}
    return (
        _query("Search before adding", SEARCH, {"search": "fischer", "forClientId": clara}),
        mutation_tab("Add a new contact: refused, because he is in the system", ADD_NEW, same),
        mutation_tab("Add him as he is: existing contact or client", ADD_EXISTING, {**step, "personId": tom}),
        mutation_tab("The same name and phone, but another man", ADD_NEW, {**same, "notDuplicateOf": [tom]}),
    )
