"""What decisions about access rest on, read of the graph (docs/access.md)."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from graph_api.access.facts import AccessFacts, PracticeFacts, facts_of_client, facts_of_edge
from graph_api.access.grants import FactsOfContacts, PairFacts, PossibleGrant
from graph_api.access.graph import rows as rows_of
from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.ids import version_id
from graph_api.kernel.records import Record
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.network.graph.rows import contact_of
from graph_api.network.model import Contact
from graph_api.network.records import CONTACT_PROPERTIES
from graph_api.people.graph.rows import person_from
from graph_api.people.model import Person
from graph_api.people.records import PERSON_PROPERTIES

GATES = 64
"""A checked write takes one of the practice's gates, by its client; a change of the practice's settings all."""
_PERSON = list(PERSON_PROPERTIES)
_CONTACT = list(CONTACT_PROPERTIES)
_UPDATED_AT = CONTACT_PROPERTIES.index("updatedAt")


def gate_key(practice_id: str, number: int) -> str:
    """practice|number."""
    return f"{practice_id}|{number:02}"


def gate_of(practice_id: str, client_id: str) -> str:
    """The gate of a client's checked writes."""
    return gate_key(practice_id, zlib.crc32(client_id.encode()) % GATES)


def pair_params(practice_id: str, person_id: str, client_id: str) -> Row:
    """A pair as the statements take it."""
    return {
        "practice": practice_id,
        "personId": person_id,
        "clientId": client_id,
        "accountKey": account_key(practice_id, person_id),
    }


def _pair_now(found: Sequence[Row], *, is_self: bool) -> PairFacts:
    row = found[0]
    client, client_stamps = _dated(rows_of.only(row["client"]), 3)
    edge, edge_stamps = _dated(rows_of.only(row["edge"]), 2)
    account, account_stamps = _dated(rows_of.only(row["account"]), 1)
    practice = rows_of.practice_facts(row["practice"][0], row["practice"][1:])
    facts = rows_of.facts_from(practice, client, edge, account, is_self=is_self)
    contact_id = None if edge is None else edge[0]
    newest = rows_of.newest(row["settingsSince"], *client_stamps, *edge_stamps, *account_stamps)
    return PairFacts(facts, contact_id=contact_id, edge_id=contact_id, newest=newest)


def _dated(values: rows_of.Values | None, dates: int) -> tuple[rows_of.Values | None, rows_of.Values]:
    """The facts, and the dates that stand after them."""
    return (None, ()) if values is None else (values[:-dates], values[-dates:])


def _version_id(edge: Sequence[Any], contact_id: str | None, version: int) -> str:
    """A superseded version's id is the edge's own; the current one's is known from the contact's."""
    found: str = edge[0]
    return version_id(found, version) if contact_id is None else found


def _sealed(grants: Sequence[PossibleGrant]) -> Sealed[Sequence[PossibleGrant]]:
    return Sealed(grants, [person.id for grant in grants for person in (grant.person, grant.client)])


class AccessReads(Reads):
    """What decisions rest on, of one practice."""

    async def pair(self, person_id: str, client_id: str) -> PairFacts:
        """As it is now; in one statement."""
        found = await self._session.read_newest("access/pair", **pair_params(self._practice, person_id, client_id))
        return _pair_now(found, is_self=person_id == client_id)

    async def pair_at(self, person_id: str, client_id: str, at: datetime) -> PairFacts:
        """As it was at a moment in the past."""
        params = pair_params(self._practice, person_id, client_id)
        (row,) = await self._session.read_past("access/pair_at", **params, at=stamp(at))
        then = rows_of.only(row["edge"])
        edge = None if then is None else [*then[0], *rows_of.death_of(then[3])]
        facts = rows_of.facts_from(
            rows_of.practice_facts(row["practice"][0], rows_of.only(row["settings"])),
            _client_then(row),
            edge,
            rows_of.only(row["account"]),
            is_self=person_id == client_id,
        )
        if then is None:
            return PairFacts(facts)
        return PairFacts(facts, version_id=_version_id(*then[:3]), edge_id=then[1] or then[0][0])

    async def contacts(self, ids: Sequence[str]) -> FactsOfContacts:
        """Of current edges as they are now, by contact id."""
        found = await self._session.read_newest(
            "access/contacts", practice=self._practice, ids=list(dict.fromkeys(ids))
        )
        facts, dates = {}, list[str | None]()
        for row in found:
            practice = rows_of.practice_facts(row["practice"][0], row["practice"][1:])
            dates.append(row["settingsSince"])
            for client, edge, accounts, changed in row["rows"]:
                account, since = _dated_all(accounts)
                dates += (*changed, *since)
                facts[edge[0]] = rows_of.facts_from(practice, client, edge, rows_of.only(account), is_self=False)
        return FactsOfContacts(facts, rows_of.newest(*dates))

    async def of_client(self, client_id: str) -> Sealed[Sequence[PossibleGrant]]:
        """The client, and each contact who has portal access or reminders now."""
        found = await self._session.read_newest("access/of_client", **_client_params(self._practice, client_id))
        return _sealed([grant for row in found for grant in _of_client(row, self._today)])

    async def of_person(self, person_id: str) -> Sealed[Sequence[PossibleGrant]]:
        """The person, and each client whose contact they are now with access."""
        found = await self._session.read_newest("access/of_person", **_person_params(self._practice, person_id))
        return _sealed([grant for row in found for grant in _of_person(row, self._today)])

    async def of_client_at(self, client_id: str, at: datetime) -> Sealed[Sequence[PossibleGrant]]:
        """The client, and each contact who had portal access or reminders then."""
        found = await self._session.read_past(
            "access/of_client_at",
            practice=self._practice,
            clientId=client_id,
            accountKey=account_key(self._practice, client_id),
            at=stamp(at),
            person=_PERSON,
        )
        return _sealed([grant for row in found for grant in _of_client_at(row)])


def _dated_all(accounts: Sequence[rows_of.Values]) -> tuple[list[rows_of.Values], list[Any]]:
    """Accounts, and since when they are so."""
    return [values[:-1] for values in accounts], [values[-1] for values in accounts]


def _client_params(practice_id: str, client_id: str) -> Row:
    return {"practice": practice_id, "clientId": client_id, "person": _PERSON, "contact": _CONTACT}


def _person_params(practice_id: str, person_id: str) -> Row:
    return {"practice": practice_id, "personId": person_id, "person": _PERSON, "contact": _CONTACT}


def _of_client(row: Row, today: date) -> list[PossibleGrant]:
    practice = rows_of.practice_facts(row["practice"][0], row["practice"][1:])
    client = person_from(row["client"])
    account, since = _dated_all(row["account"])
    newest = rows_of.newest(*row["stamps"], *_changed(client.access_since, client.updated_at), *since)
    grants = [replace(_own(practice, client, account), newest=newest)]
    for contact, person, accounts in row["edges"]:
        account, since = _dated_all(accounts)
        edge = _edge_of(contact, client, person_from(person), today)
        newest = rows_of.newest(contact[_UPDATED_AT], *_changed(edge.person.updated_at), *since)
        grants.append(replace(_granted(practice, edge, account), newest=newest))
    return grants


def _changed(*moments: datetime | None) -> list[str | None]:
    return [None if moment is None else stamp(moment) for moment in moments]


def _of_person(row: Row, today: date) -> list[PossibleGrant]:
    practice = rows_of.practice_facts(row["practice"][0], row["practice"][1:])
    person = person_from(row["person"])
    account, since = _dated_all(row["account"])
    newest = rows_of.newest(row["settingsSince"], *_changed(person.access_since, person.updated_at), *since)
    grants = [replace(_own(practice, person, account), newest=newest)]
    for contact, other in row["edges"]:
        client = person_from(other)
        newest = rows_of.newest(contact[_UPDATED_AT], *_changed(client.access_since, client.updated_at))
        granted = _granted(practice, _edge_of(contact, client, person, today), account)
        grants.append(replace(granted, newest=newest))
    return grants


def _own(practice: PracticeFacts, client: Person, accounts: Sequence[Any]) -> PossibleGrant:
    account = rows_of.account_facts(rows_of.only(accounts))
    facts = AccessFacts(practice, facts_of_client(client), None, account, is_self=True, death=client.death)
    return PossibleGrant(facts, client, client)


def _edge_of(edge: Record, client: Person, person: Person, today: date) -> Contact:
    return contact_of(dict(zip(CONTACT_PROPERTIES, edge, strict=True)), client, person, today)


def _granted(practice: PracticeFacts, contact: Contact, accounts: Sequence[Any]) -> PossibleGrant:
    account = rows_of.account_facts(rows_of.only(accounts))
    person = contact.person
    facts = AccessFacts(practice, facts_of_client(contact.client), facts_of_edge(contact), account, death=person.death)
    return PossibleGrant(facts, person, contact.client, contact.id, contact)


def _client_then(row: Row) -> list[Any] | None:
    """A client's facts as they were, and their death as it was known then."""
    client = rows_of.only(row["client"])
    return None if client is None else [*client, *rows_of.death_of(row["clientDeath"])]


def _of_client_at(row: Row) -> list[PossibleGrant]:
    practice = rows_of.practice_facts(row["practice"][0], rows_of.only(row["settings"]))
    client, now = _client_then(row), person_from(row["person"])
    own = rows_of.facts_from(practice, client, None, rows_of.only(row["account"]), is_self=True)
    grants = [PossibleGrant(own, now, now)]
    for values, contact_id, person, accounts, deaths in row["edges"]:
        edge = [*values, *rows_of.death_of(deaths)]
        facts = rows_of.facts_from(practice, client, edge, rows_of.only(accounts), is_self=False)
        grants.append(PossibleGrant(facts, person_from(person), now, contact_id))
    return grants


class AccessWrites(Writes):
    """Access inside one write transaction."""

    async def lock_gates(self) -> None:
        """Take the locks of all of the practice's gates: no checked write of it is under way then.

        For a change of the practice's settings; after people's locks, before anything is read.
        """
        keys = [gate_key(self._practice, number) for number in range(GATES)]
        await self._tx.run("access/lock_gates", practice=self._practice, keys=keys, stamp=self._lock)

    async def locked_pair(self, person_id: str, client_id: str) -> PairFacts:
        """Take the locks of a checked write, and read under them what decides it.

        Until the transaction ends nobody can make a yes of it a no: whoever would waits, or is undone, or came first.
        """
        await self._tx.run(
            "access/lock",
            practice=self._practice,
            clientId=client_id,
            accountKey=account_key(self._practice, person_id),
            gate=gate_of(self._practice, client_id),
            stamp=self._lock,
        )
        return await self.pair(person_id, client_id)

    async def pair(self, person_id: str, client_id: str) -> PairFacts:
        """What decides it now; the locks must be held."""
        found = await self._tx.run("access/pair", **pair_params(self._practice, person_id, client_id))
        pair = _pair_now(found, is_self=person_id == client_id)
        self._stamps.note(pair.newest)
        return pair

    async def of_client(self, client_id: str) -> list[PossibleGrant]:
        """The client, and each contact who has portal access or reminders."""
        found = await self._tx.run("access/of_client", **_client_params(self._practice, client_id))
        return [grant for row in found for grant in _of_client(row, self._tx.today)]

    async def of_person(self, person_id: str) -> list[PossibleGrant]:
        """The person, and each client whose contact they are with access."""
        found = await self._tx.run("access/of_person", **_person_params(self._practice, person_id))
        return [grant for row in found for grant in _of_person(row, self._tx.today)]
