"""What is changed of edges, inside one write transaction."""

from collections.abc import Sequence
from datetime import datetime

from graph_api.audit.graph.chains import AuditWrites
from graph_api.audit.graph.events import head_of
from graph_api.kernel.stamps import Stamps
from graph_api.kernel.transaction import Writes
from graph_api.network.graph.edges import edge_params, pair_rows
from graph_api.network.graph.ends import EndWrites
from graph_api.network.graph.rows import contact_from, contact_row, created_row, final_version_row, version_row
from graph_api.network.model import Contact
from graph_api.network.records import CONTACT_PROPERTIES, TOGGLE_PROPERTIES, WHOLE_EDGE, EdgeRecord
from graph_api.network.requests import BeforeAdding
from graph_api.people.graph.rows import person_from
from graph_api.people.graph.writes import PersonWrites, noted_person
from graph_api.people.records import PERSON_PROPERTIES

MAX_SHOWN = 100


def noted_contact(stamps: Stamps, contact: Contact) -> Contact:
    """Note when an edge that was read, and its ends, were changed."""
    stamps.note(contact.created_at, contact.updated_at)
    noted_person(stamps, contact.client)
    noted_person(stamps, contact.person)
    return contact


class ContactWrites(Writes):
    """Edges inside a write transaction; both their people are locked before they change."""

    async def lock_for_adding(self, client_id: str, person_id: str) -> BeforeAdding:
        """Take the client's lock, and read under it; in one statement."""
        if self._tx.is_rehearsal:
            people = self._tx[PersonWrites]
            await people.lock(client_id)
            found = await people.by_ids(client_id, person_id)
            return BeforeAdding(found.get(client_id), found.get(person_id), await self.between(client_id, person_id))
        rows = await self._tx.run(
            "network/contacts/lock_for_adding",
            practice=self._practice,
            clientId=client_id,
            personId=person_id,
            stamp=self._lock,
            person=list(PERSON_PROPERTIES),
            contact=list(CONTACT_PROPERTIES),
        )
        self._tx[PersonWrites].note_locked(rows)
        if not rows:
            return BeforeAdding(None, None, None)
        client, people, edges = rows[0]["client"], rows[0]["people"], rows[0]["edges"]
        self._tx[AuditWrites].know(client[0], head_of(rows[0]["head"]))
        existing = None
        if people and edges:
            existing = noted_contact(
                self._stamps, contact_from(EdgeRecord(edges[0], client, people[0]), self._tx.today)
            )
        person = noted_person(self._stamps, person_from(people[0])) if people else None
        return BeforeAdding(noted_person(self._stamps, person_from(client)), person, existing)

    async def by_id(self, contact_id: str) -> Contact | None:
        """The edge, removed or not."""
        for name in ("network/contacts/by_ids", "network/contacts/removed_by_ids"):
            rows = await self._tx.run(name, practice=self._practice, ids=[contact_id], **edge_params(WHOLE_EDGE))
            for edge in rows[0]["rows"]:
                return noted_contact(self._stamps, contact_from(EdgeRecord(*edge), self._tx.today))
        return None

    async def between(self, client_id: str, person_id: str) -> Contact | None:
        """The current edge (D3)."""
        return (await self.between_all([(client_id, person_id)])).get((client_id, person_id))

    async def between_all(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
        """Current edges by (client id, contact's person id)."""
        rows = await self._tx.run(
            "network/contacts/by_pairs", practice=self._practice, pairs=pair_rows(pairs), **edge_params(WHOLE_EDGE)
        )
        found = (
            noted_contact(self._stamps, contact_from(EdgeRecord(*edge), self._tx.today))
            for row in rows
            for edge in row["rows"]
        )
        return {(contact.client.id, contact.person.id): contact for contact in found}

    async def create(self, contacts: Sequence[Contact]) -> None:
        """New edges."""
        rows = [created_row(self._practice, contact) for contact in contacts]
        self._tx.later("network/contacts/create", practice=self._practice, rows=rows)

    async def replace(self, before: Contact, after: Contact) -> None:
        """A changed edge; the old one is kept."""
        self._tx.later(
            "network/contacts/replace",
            practice=self._practice,
            id=after.id,
            properties=contact_row(self._practice, after),
            version=version_row(before, after.updated_at or self._now(before)),
        )
        await self._tx[EndWrites].move(before, after)

    @staticmethod
    def _now(contact: Contact) -> datetime:
        if contact.updated_at is None:
            raise ValueError("an edge without a time")
        return contact.updated_at

    async def remove(self, contact: Contact, at: datetime, reason: str | None) -> None:
        """End an edge; its last version is kept (D6)."""
        version = final_version_row(contact, at, reason)
        self._tx.later("network/contacts/remove", practice=self._practice, id=contact.id, version=version)
        await self._tx[EndWrites].move(contact, None)

    async def with_access(self, client_id: str) -> tuple[Contact, ...]:
        """Edges of a client with any toggle on, not removed; the first hundred by name."""
        rows = await self._tx.run(
            "network/contacts/with_access",
            practice=self._practice,
            clientId=client_id,
            limit=MAX_SHOWN,
            toggles=list(TOGGLE_PROPERTIES),
            **edge_params(WHOLE_EDGE),
        )
        return tuple(contact_from(EdgeRecord(*edge), self._tx.today) for row in rows for edge in row["rows"])
