"""What can be done inside one write transaction of one practice."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from graph_api.access.graph.decisions import AccessWriteRepository
from graph_api.access.graph.upcoming import EndsRepository
from graph_api.audit.graph.chains import AuditWriteRepository
from graph_api.audit.graph.events import head_of
from graph_api.audit.model import NO_EVENTS
from graph_api.engine.session import Row, WriteTransaction
from graph_api.exchange.model import KnownPerson, mark_of
from graph_api.kernel.idempotency import StoredSuccess
from graph_api.kernel.rows import stamp
from graph_api.kernel.stamps import Stamps
from graph_api.mail.graph import OutboxRepository
from graph_api.network.graph.edges import edge_params, pair_rows
from graph_api.network.graph.rows import contact_from, contact_row, created_row, final_version_row, version_row
from graph_api.network.model import Contact
from graph_api.network.ports import BeforeAdding
from graph_api.network.records import CONTACT_PROPERTIES, WHOLE_EDGE, EdgeRecord
from graph_api.people.duplicates import match_keys
from graph_api.people.model import ExternalId, Person
from graph_api.people.names import name_words
from graph_api.people.records import IMPORTED_PROPERTIES, PERSON_PROPERTIES
from graph_api.people.rows import activated_row, external_key, imported_person, person_from, person_row
from graph_api.portal.graph.accounts import AccountWriteRepository
from graph_api.portal.graph.codes import CodeWriteRepository
from graph_api.portal.graph.invitations import InvitationWriteRepository
from graph_api.portal.graph.sessions import SessionWriteRepository
from graph_api.practices.facts import FactRepository
from graph_api.practices.graph import SettingsRepository

MAX_SHOWN = 100
KEY_LASTS = timedelta(hours=24)


def name_key_rows(practice_id: str, person: Person) -> list[Row]:
    """One entry for each word a person is searched by; its text holds all of them, each after a space."""
    found = sorted(name_words(person))
    text = " " + " ".join(found)
    return [{"personId": person.id, "key": f"{practice_id} {word} {person.id}", "text": text} for word in found]


class WriteRepository:
    """Implements the `Writes` port."""

    def __init__(
        self, transaction: WriteTransaction, practice_id: str, today: date, stamps: Stamps | None = None
    ) -> None:
        self._tx = transaction
        self._practice = practice_id
        self._today = today
        self._stamp = secrets.token_hex(8)
        self._stamps = stamps = stamps or Stamps()
        self._ends = EndsRepository(transaction, practice_id)
        self.facts = FactRepository(transaction, practice_id)
        self.settings = SettingsRepository(transaction, practice_id, self._stamp, stamps)
        self.age_of_majority: int | None = None
        """The practice's, as read with the last lock of people."""
        self.access = AccessWriteRepository(transaction, practice_id, self._stamp, stamps, today)
        self.accounts = AccountWriteRepository(transaction, practice_id, self._stamp, stamps, self.facts)
        self.invitations = InvitationWriteRepository(transaction, practice_id, self._stamp)
        self.outbox = OutboxRepository(transaction, practice_id)
        self.audit = AuditWriteRepository(transaction, practice_id, self._stamp, stamps)
        self.sessions = SessionWriteRepository(transaction, practice_id, self._stamp)
        self.codes = CodeWriteRepository(transaction, practice_id, self._stamp)

    @property
    def practice_id(self) -> str:
        """Whose practice it is."""
        return self._practice

    @property
    def changed(self) -> bool:
        """Whether anything was changed; locks are no change."""
        return self._tx.changed

    def stamp(self) -> datetime:
        """From when on it is so."""
        return self._stamps.make()

    @property
    def stamped(self) -> datetime | None:
        """The stamp, if one was made."""
        return self._stamps.made

    def _match_key(self, key: str) -> str:
        return f"{self._practice} {key}"

    async def lock_people(self, *ids: str) -> None:
        """Take the people's locks, in id order."""
        rows = await self._tx.run("people/lock", practice=self._practice, ids=sorted(set(ids)), stamp=self._stamp)
        self._note_locked(rows)
        self.audit.know_locked(rows)

    def _note_locked(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._stamps.note_rows(row["stamps"])
            if row["ageOfMajority"]:
                self.age_of_majority = row["ageOfMajority"][0]

    async def lock_for_adding(self, client_id: str, person_id: str) -> BeforeAdding:
        """Take the client's lock, and read under it; in one statement."""
        rows = await self._tx.run(
            "contacts/lock_for_adding",
            practice=self._practice,
            clientId=client_id,
            personId=person_id,
            stamp=self._stamp,
            person=list(PERSON_PROPERTIES),
            contact=list(CONTACT_PROPERTIES),
        )
        self._note_locked(rows)
        if not rows:
            return BeforeAdding(None, None, None)
        client, people, edges = rows[0]["client"], rows[0]["people"], rows[0]["edges"]
        self.audit.know(client[0], head_of(rows[0]["head"]))
        existing = None
        if people and edges:
            existing = self._stamps.contact(contact_from(EdgeRecord(edges[0], client, people[0]), self._today))
        person = self._stamps.person(person_from(people[0])) if people else None
        return BeforeAdding(self._stamps.person(person_from(client)), person, existing)

    async def lock_match_keys(self, keys: Iterable[str]) -> None:
        """Take the locks under which duplicates are decided (D9), in key order."""
        wanted = sorted({self._match_key(key) for key in keys})
        if wanted:
            await self._tx.run("people/lock_match_keys", practice=self._practice, keys=wanted, stamp=self._stamp)

    async def people(self, *ids: str) -> dict[str, Person]:
        """Those that exist, by id."""
        wanted = list(dict.fromkeys(ids))
        rows = await self._tx.run("people/by_ids", practice=self._practice, ids=wanted, person=list(PERSON_PROPERTIES))
        return {record[0]: self._stamps.person(person_from(record)) for row in rows for record in row["rows"]}

    async def sharing_match_keys(self, keys: Iterable[str], limit: int) -> tuple[Person, ...]:
        """People who share one of the keys; at most `limit` for each."""
        wanted = sorted({self._match_key(key) for key in keys})
        if not wanted:
            return ()
        rows = await self._tx.run(
            "people/by_match_keys",
            practice=self._practice,
            keys=wanted,
            limit=limit,
            person=list(PERSON_PROPERTIES),
        )
        found = {record[0]: record for row in rows for record in row["people"]}
        return tuple(person_from(record) for record in found.values())

    async def external_id_holder(self, external_id: ExternalId) -> str | None:
        """The id of the person it names."""
        key = external_key(self._practice, external_id)
        return (await self.external_id_holders([key])).get(key)

    async def external_id_holders(self, keys: Sequence[str]) -> dict[str, str]:
        """Person ids by practice|system|value."""
        rows = await self._tx.run("people/by_external_ids", practice=self._practice, keys=list(keys), person=["id"])
        return {row["key"]: row["person"][0] for row in rows}

    async def known(self, external_ids: Sequence[ExternalId]) -> dict[ExternalId, KnownPerson]:
        """Whom they name."""
        by_key = {external_key(self._practice, external_id): external_id for external_id in external_ids}
        rows = await self._tx.run(
            "imports/known", practice=self._practice, keys=list(by_key), person=list(IMPORTED_PROPERTIES)
        )
        return {by_key[row["key"]]: KnownPerson(imported_person(row["person"]), row["mark"]) for row in rows}

    async def create_people(self, people: Sequence[Person]) -> None:
        """New people with their keys; their match keys must be locked."""
        rows = [
            {
                "person": person_row(self._practice, person),
                "names": name_key_rows(self._practice, person),
                "externalIds": self._external_id_rows(person, person.external_ids),
            }
            for person in people
        ]
        await self._tx.run("people/create", practice=self._practice, rows=rows)
        for person in people:
            self.audit.know(person.id, NO_EVENTS)
        await self._tie_match_keys(people)

    async def _tie_match_keys(self, people: Sequence[Person]) -> None:
        ties = [{"personId": p.id, "key": self._match_key(key)} for p in people for key in match_keys(p)]
        if ties:
            await self._tx.run("people/create_match_keys", practice=self._practice, rows=ties)

    def _external_id_rows(self, person: Person, external_ids: Iterable[ExternalId]) -> list[Row]:
        return [
            {
                "personId": person.id,
                "key": external_key(self._practice, known),
                "system": known.system,
                "value": known.value,
                "mark": mark_of(person),
            }
            for known in external_ids
        ]

    async def update_person(self, before: Person, after: Person) -> None:
        """All fields and keys of a person; `after`'s match keys must be locked."""
        row = person_row(self._practice, after)
        await self._tx.run("people/update", practice=self._practice, id=after.id, properties=row)
        if match_keys(before) != match_keys(after) or name_words(before) != name_words(after):
            await self._tx.run("people/detach_match_keys", practice=self._practice, id=after.id)
            await self._tx.run("people/delete_name_keys", practice=self._practice, id=after.id)
            await self._tie_match_keys([after])
            names = name_key_rows(self._practice, after)
            if names:
                await self._tx.run("people/create_name_keys", practice=self._practice, rows=names)
        gone = [external_key(self._practice, known) for known in set(before.external_ids) - set(after.external_ids)]
        if gone:
            await self._tx.run("people/delete_external_ids", practice=self._practice, keys=gone)
        added = self._external_id_rows(after, set(after.external_ids) - set(before.external_ids))
        if added:
            await self._tx.run("people/create_external_ids", practice=self._practice, rows=added)

    async def reject_duplicates(self, person_id: str, others: Sequence[str], by: str, at: datetime) -> None:
        """Store staff's verdict that they are not the same (D9)."""
        await self._tx.run(
            "people/reject_duplicates",
            practice=self._practice,
            id=person_id,
            others=list(others),
            by=by,
            at=stamp(at),
        )

    async def rejected_duplicates(self, person_id: str) -> frozenset[str]:
        """Whom staff said the person is not."""
        rows = await self._tx.run("people/rejected_duplicates", practice=self._practice, id=person_id)
        return frozenset(row["other"] for row in rows)

    async def contact(self, contact_id: str) -> Contact | None:
        """The edge, removed or not."""
        for name in ("contacts/by_ids", "contacts/removed_by_ids"):
            rows = await self._tx.run(name, practice=self._practice, ids=[contact_id], **edge_params(WHOLE_EDGE))
            for edge in rows[0]["rows"]:
                return self._stamps.contact(contact_from(EdgeRecord(*edge), self._today))
        return None

    async def contact_between(self, client_id: str, person_id: str) -> Contact | None:
        """The current edge (D3)."""
        return (await self.contacts_between([(client_id, person_id)])).get((client_id, person_id))

    async def contacts_between(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
        """Current edges by (client id, contact's person id)."""
        rows = await self._tx.run(
            "contacts/by_pairs", practice=self._practice, pairs=pair_rows(pairs), **edge_params(WHOLE_EDGE)
        )
        found = (
            self._stamps.contact(contact_from(EdgeRecord(*edge), self._today)) for row in rows for edge in row["rows"]
        )
        return {(contact.client.id, contact.person.id): contact for contact in found}

    async def linked(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which pairs of client and contact have an edge, or once had one that was removed."""
        rows = await self._tx.run("imports/linked", practice=self._practice, pairs=pair_rows(pairs))
        return {(row["clientId"], row["personId"]) for row in rows}

    async def create_contacts(self, contacts: Sequence[Contact]) -> None:
        """New edges."""
        rows = [created_row(self._practice, contact) for contact in contacts]
        await self._tx.run("contacts/create", practice=self._practice, rows=rows)

    async def replace_contact(self, before: Contact, after: Contact) -> None:
        """A changed edge; the old one is kept."""
        await self._tx.run(
            "contacts/replace",
            practice=self._practice,
            id=after.id,
            properties=contact_row(self._practice, after),
            version=version_row(before, after.updated_at or self._now(before)),
        )
        await self._ends.move(before, after)

    @staticmethod
    def _now(contact: Contact) -> datetime:
        if contact.updated_at is None:
            raise ValueError("an edge without a time")
        return contact.updated_at

    async def remove_contact(self, contact: Contact, at: datetime, reason: str | None) -> None:
        """End an edge; its last version is kept (D6)."""
        version = final_version_row(contact, at, reason)
        await self._tx.run("contacts/remove", practice=self._practice, id=contact.id, version=version)
        await self._ends.move(contact, None)

    async def contacts_with_access(self, client_id: str) -> tuple[Contact, ...]:
        """Edges of a client with any toggle on, not removed; the first hundred by name."""
        rows = await self._tx.run(
            "contacts/with_access",
            practice=self._practice,
            clientId=client_id,
            limit=MAX_SHOWN,
            **edge_params(WHOLE_EDGE),
        )
        return tuple(contact_from(EdgeRecord(*edge), self._today) for row in rows for edge in row["rows"])

    async def activate_clients(self, people: Sequence[Person], at: datetime) -> None:
        """People who were no clients become ACTIVE ones."""
        rows = [activated_row(self._practice, person, at) for person in people]
        await self._tx.run("imports/activate", practice=self._practice, rows=rows)

    async def claim_key(self, key: str, now: datetime) -> StoredSuccess | None:
        """Lock an idempotency key; what is stored under it."""
        rows = await self._tx.run("idempotency/claim", practice=self._practice, key=self._full(key), stamp=self._stamp)
        return self._stored(rows, now)

    def _full(self, key: str) -> str:
        return f"{self._practice}|{key}"

    @staticmethod
    def _stored(rows: Sequence[Row], now: datetime) -> StoredSuccess | None:
        """What a key's record says; one past its time says nothing."""
        row = rows[0] if rows else None
        if row is None or row["expiresAt"] is None or row["expiresAt"] <= stamp(now):
            return None
        return StoredSuccess(row["inputHash"], row["entityId"], row["warnings"] or "[]")

    async def store_key(self, key: str, success: StoredSuccess, now: datetime) -> None:
        """Keep a success under a claimed key."""
        expires_at = stamp(now + KEY_LASTS)
        await self._tx.run(
            "idempotency/store",
            practice=self._practice,
            key=self._full(key),
            inputHash=success.input_hash,
            entityId=success.entity_id,
            warnings=success.warnings,
            expiresAt=expires_at,
            expiryKey=f"{self._practice}|{expires_at}",
        )
