"""What decisions about access rest on, read of the graph (docs/access.md)."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from graph_api.access.grants import FactsOfContacts, PairFacts, PossibleGrant
from graph_api.access.graph.grants import (
    contacts_now,
    grants_of_client,
    grants_of_client_then,
    grants_of_person,
    pair_now,
    pair_then,
)
from graph_api.access.graph.names import CONTACTS, GRANTS, GRANTS_THEN, PAIR, PAIR_THEN
from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes

GATES = 64
"""A checked write takes one of the practice's gates, by its client; a change of the practice's settings all."""


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


def _sealed(grants: Sequence[PossibleGrant]) -> Sealed[Sequence[PossibleGrant]]:
    return Sealed(grants, [person.id for grant in grants for person in (grant.person, grant.client)])


class AccessReads(Reads):
    """What decisions rest on, of one practice."""

    async def pair(self, person_id: str, client_id: str) -> PairFacts:
        """As it is now; in one statement."""
        found = await self._session.read_newest(
            "access/pair", **pair_params(self._practice, person_id, client_id), **PAIR
        )
        return pair_now(found[0], is_self=person_id == client_id)

    async def pair_at(self, person_id: str, client_id: str, at: datetime) -> PairFacts:
        """As it was at a moment in the past."""
        params = pair_params(self._practice, person_id, client_id)
        (row,) = await self._session.read_past("access/pair_at", **params, **PAIR_THEN, at=stamp(at))
        return pair_then(row, is_self=person_id == client_id)

    async def contacts(self, ids: Sequence[str]) -> FactsOfContacts:
        """Of current edges as they are now, by contact id."""
        found = await self._session.read_newest(
            "access/contacts", practice=self._practice, ids=list(dict.fromkeys(ids)), **CONTACTS
        )
        return contacts_now(found)

    async def of_client(self, client_id: str) -> Sealed[Sequence[PossibleGrant]]:
        """The client, and each contact who has portal access or reminders now."""
        found = await self._session.read_newest("access/of_client", **_client_params(self._practice, client_id))
        return _sealed([grant for row in found for grant in grants_of_client(row, self._today)])

    async def of_person(self, person_id: str) -> Sealed[Sequence[PossibleGrant]]:
        """The person, and each client whose contact they are now with access."""
        found = await self._session.read_newest("access/of_person", **_person_params(self._practice, person_id))
        return _sealed([grant for row in found for grant in grants_of_person(row, self._today)])

    async def of_client_at(self, client_id: str, at: datetime) -> Sealed[Sequence[PossibleGrant]]:
        """The client, and each contact who had portal access or reminders then."""
        found = await self._session.read_past(
            "access/of_client_at",
            practice=self._practice,
            clientId=client_id,
            accountKey=account_key(self._practice, client_id),
            at=stamp(at),
            **GRANTS_THEN,
        )
        return _sealed([grant for row in found for grant in grants_of_client_then(row)])


def _client_params(practice_id: str, client_id: str) -> Row:
    return {"practice": practice_id, "clientId": client_id, **GRANTS}


def _person_params(practice_id: str, person_id: str) -> Row:
    return {"practice": practice_id, "personId": person_id, **GRANTS}


class AccessWrites(Writes):
    """Access inside one write transaction."""

    def lock_gates(self) -> None:
        """Take the locks of all of the practice's gates: when anything is read next, no checked write is under way.

        For a change of the practice's settings; after people's locks, before anything is read.
        """
        keys = [gate_key(self._practice, number) for number in range(GATES)]
        self._tx.lock("access/lock_gates", practice=self._practice, keys=keys, stamp=self._lock)

    async def locked_pair(self, person_id: str, client_id: str) -> PairFacts:
        """Take the locks of a checked write, and read under them what decides it.

        Until the transaction ends nobody can make a yes of it a no: whoever would waits, or is undone, or came first.
        """
        self._tx.lock(
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
        found = await self._tx.run("access/pair", **pair_params(self._practice, person_id, client_id), **PAIR)
        pair = pair_now(found[0], is_self=person_id == client_id)
        self._stamps.note(pair.newest)
        return pair

    async def of_client(self, client_id: str) -> list[PossibleGrant]:
        """The client, and each contact who has portal access or reminders."""
        found = await self._tx.run("access/of_client", **_client_params(self._practice, client_id))
        return [grant for row in found for grant in grants_of_client(row, self._tx.today)]

    async def of_person(self, person_id: str) -> list[PossibleGrant]:
        """The person, and each client whose contact they are with access."""
        found = await self._tx.run("access/of_person", **_person_params(self._practice, person_id))
        return [grant for row in found for grant in grants_of_person(row, self._tx.today)]
