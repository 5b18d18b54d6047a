"""Rows of cypher/access as who might act for whom, and what decides it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from graph_api.access.facts import AccessFacts, PracticeFacts, facts_of_client, facts_of_edge
from graph_api.access.grants import FactsOfContacts, PairFacts, PossibleGrant
from graph_api.access.graph import rows as rows_of
from graph_api.access.graph.names import (
    ACCOUNT_FACTS,
    ACCOUNT_NOW,
    CLIENT,
    CLIENT_NOW,
    CLIENT_OF_CONTACT,
    DEATH,
    EDGE_NOW,
    EDGE_OF_PAIR,
    EDGE_THEN,
    PERSON_NOW,
)
from graph_api.access.graph.rows import Named, Values, named, only
from graph_api.engine.session import Row
from graph_api.kernel.ids import version_id
from graph_api.kernel.records import Record
from graph_api.kernel.rows import stamp
from graph_api.network.graph.rows import contact_of
from graph_api.network.model import Contact
from graph_api.network.records import CONTACT_PROPERTIES
from graph_api.people.graph.rows import person_from
from graph_api.people.model import Person
from graph_api.practices.graph import SETTINGS

_UPDATED_AT = CONTACT_PROPERTIES.index("updatedAt")
_SETTINGS_SINCE = SETTINGS.names.index("settingsSince")
_SINCE = ("accessSince", "networkSince", "updatedAt", "since")
"""Under which names it is kept since when something is so."""


def pair_now(row: Row, *, is_self: bool) -> PairFacts:
    """A row of access/pair."""
    client, account = only(CLIENT_NOW, row["client"]), only(ACCOUNT_NOW, row["account"])
    edge, contact = _edge(row["edge"])
    practice = rows_of.practice_facts(row["timeZone"], row["settings"])
    facts = rows_of.facts_from(practice, client, edge, account, contact=contact, is_self=is_self)
    newest = rows_of.newest(_since(row["settings"]), *_dates(client, edge, contact, account))
    if edge is None:
        return PairFacts(facts, newest=newest)
    return PairFacts(
        facts,
        contact_id=edge["id"],
        edge_id=edge["id"],
        newest=newest,
        contact_version=edge["version"],
        messages_from=rows_of.newest(edge["messagesFrom"]),
    )


def _edge(found: Sequence[Sequence[Values]]) -> tuple[Named | None, Named | None]:
    """The one edge there is, and the person whom it leads to."""
    if len(found) != 1:
        return None, None
    ((edge, contact),) = found
    return named(EDGE_OF_PAIR, edge), named(PERSON_NOW, contact)


def _dates(*found: Named | None) -> Iterator[str | None]:
    """Since when what was read is so."""
    return (one[name] for one in found if one is not None for name in _SINCE if name in one)


def _since(settings: Values) -> str | None:
    """Since when a practice's settings are so."""
    found: str | None = settings[_SETTINGS_SINCE]
    return found


def _since_of(accounts: Sequence[Values]) -> Iterator[str | None]:
    """Since when accounts are so, all that there are."""
    return _dates(*(named(ACCOUNT_NOW, values) for values in accounts))


def pair_then(row: Row, *, is_self: bool) -> PairFacts:
    """A row of access/pair_at."""
    edge = contact = None
    if len(row["edge"]) == 1:
        ((values, deaths),) = row["edge"]
        edge, contact = named(EDGE_THEN, values), rows_of.death_of(DEATH, deaths)
    account = only(ACCOUNT_FACTS.names, row["account"])
    facts = rows_of.facts_from(_practice_then(row), _client_then(row), edge, account, contact=contact, is_self=is_self)
    if edge is None:
        return PairFacts(facts)
    return PairFacts(facts, version_id=_version_id(edge), edge_id=_contact_id(edge))


def _version_id(edge: Named) -> str:
    """A superseded version's id is the edge's own; the current one's is known from the contact's."""
    found: str = edge["id"]
    return version_id(found, edge["version"]) if edge["contactId"] is None else found


def _contact_id(edge: Named) -> str:
    """A superseded edge says whose version it is; a current one is the contact."""
    found: str = edge["contactId"] or edge["id"]
    return found


def contacts_now(found: Sequence[Row]) -> FactsOfContacts:
    """Rows of access/contacts."""
    facts, dates = dict[str, AccessFacts](), list[str | None]()
    for row in found:
        practice = rows_of.practice_facts(row["timeZone"], row["settings"])
        dates.append(_since(row["settings"]))
        for of_client, of_edge, of_contact, accounts in row["rows"]:
            client, edge = named(CLIENT_OF_CONTACT, of_client), named(EDGE_NOW, of_edge)
            contact, account = named(PERSON_NOW, of_contact), only(ACCOUNT_NOW, accounts)
            facts[edge["id"]] = rows_of.facts_from(practice, client, edge, account, contact=contact)
            dates += [*_dates(client, edge, contact), *_since_of(accounts)]
    return FactsOfContacts(facts, rows_of.newest(*dates))


def grants_of_client(row: Row, today: date) -> list[PossibleGrant]:
    """A row of access/of_client."""
    practice = rows_of.practice_facts(row["timeZone"], row["settings"])
    client, accounts = person_from(row["client"]), row["account"]
    dates = (_since(row["settings"]), row["networkSince"], *_changed(client.access_since, client.updated_at))
    grants = [replace(_own(practice, client, accounts), newest=rows_of.newest(*dates, *_since_of(accounts)))]
    for contact, person, accounts in row["edges"]:
        edge = _edge_of(contact, client, person_from(person), today)
        newest = rows_of.newest(contact[_UPDATED_AT], *_changed(edge.person.updated_at), *_since_of(accounts))
        grants.append(replace(_granted(practice, edge, accounts), newest=newest))
    return grants


def _changed(*moments: datetime | None) -> list[str | None]:
    return [None if moment is None else stamp(moment) for moment in moments]


def grants_of_person(row: Row, today: date) -> list[PossibleGrant]:
    """A row of access/of_person."""
    practice = rows_of.practice_facts(row["timeZone"], row["settings"])
    person, accounts = person_from(row["person"]), row["account"]
    dates = (_since(row["settings"]), *_changed(person.access_since, person.updated_at))
    grants = [replace(_own(practice, person, accounts), newest=rows_of.newest(*dates, *_since_of(accounts)))]
    for contact, other in row["edges"]:
        client = person_from(other)
        newest = rows_of.newest(contact[_UPDATED_AT], *_changed(client.access_since, client.updated_at))
        granted = _granted(practice, _edge_of(contact, client, person, today), accounts)
        grants.append(replace(granted, newest=newest))
    return grants


def _own(practice: PracticeFacts, client: Person, accounts: Sequence[Any]) -> PossibleGrant:
    account = rows_of.account_facts(only(ACCOUNT_NOW, accounts))
    facts = AccessFacts(practice, facts_of_client(client), None, account, is_self=True, death=client.death)
    return PossibleGrant(facts, client, client)


def _edge_of(edge: Record, client: Person, person: Person, today: date) -> Contact:
    return contact_of(dict(zip(CONTACT_PROPERTIES, edge, strict=True)), client, person, today)


def _granted(practice: PracticeFacts, contact: Contact, accounts: Sequence[Any]) -> PossibleGrant:
    account = rows_of.account_facts(only(ACCOUNT_NOW, accounts))
    person = contact.person
    facts = AccessFacts(practice, facts_of_client(contact.client), facts_of_edge(contact), account, death=person.death)
    return PossibleGrant(facts, person, contact.client, contact.id, contact)


def grants_of_client_then(row: Row) -> list[PossibleGrant]:
    """A row of access/of_client_at."""
    practice = _practice_then(row)
    client, now = _client_then(row), person_from(row["person"])
    own = rows_of.facts_from(practice, client, None, only(ACCOUNT_FACTS.names, row["account"]), is_self=True)
    grants = [PossibleGrant(own, now, now)]
    for values, person, accounts, deaths in row["edges"]:
        edge, contact = named(EDGE_THEN, values), rows_of.death_of(DEATH, deaths)
        account = only(ACCOUNT_FACTS.names, accounts)
        facts = rows_of.facts_from(practice, client, edge, account, contact=contact)
        grants.append(PossibleGrant(facts, person_from(person), now, _contact_id(edge)))
    return grants


def _practice_then(row: Row) -> PracticeFacts:
    """A practice's settings as they were; of two that would both be so neither is known."""
    settings = row["settings"]
    return rows_of.practice_facts(row["timeZone"], settings[0] if len(settings) == 1 else None)


def _client_then(row: Row) -> Named | None:
    """A client's facts as they were, and their death as it was known then."""
    client = only(CLIENT, row["client"])
    return None if client is None else client | rows_of.death_of(DEATH, row["clientDeath"])
