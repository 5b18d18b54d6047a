"""What is changed of people, inside one write transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from graph_api.audit.graph.chains import AuditWrites
from graph_api.audit.model import NO_EVENTS
from graph_api.engine.session import Row
from graph_api.kernel.rows import stamp
from graph_api.kernel.stamps import Stamps
from graph_api.kernel.transaction import Transaction, Writes
from graph_api.people.duplicates import match_keys
from graph_api.people.external_ids import mark_of
from graph_api.people.graph.rows import external_key, person_from, person_row
from graph_api.people.model import ExternalId, Person
from graph_api.people.names import name_words
from graph_api.people.records import PERSON_PROPERTIES


def name_key_rows(practice_id: str, person: Person) -> list[Row]:
    """One entry for each word a person is searched by; its text holds all of them, each after a space."""
    found = sorted(name_words(person))
    text = " " + " ".join(found)
    return [{"personId": person.id, "key": f"{practice_id} {word} {person.id}", "text": text} for word in found]


def noted_person(stamps: Stamps, person: Person) -> Person:
    """Note when a person that was read was changed."""
    stamps.note(person.created_at, person.updated_at, person.access_since)
    return person


class PersonWrites(Writes):
    """People inside a write transaction; their locks come first."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self.age_of_majority: int | None = None
        """The practice's, as read when people were last locked; None when it is not known (D13)."""

    def _match_key(self, key: str) -> str:
        return f"{self._practice} {key}"

    async def lock(self, *ids: str) -> None:
        """Take the people's locks, in id order: whatever is read next is read under them.

        A rehearsal reads what comes along with them.
        """
        if self._tx.is_rehearsal:
            settings = await self._tx.run("practices/settings/read", practice=self._practice)
            self.age_of_majority = settings[0]["ageOfMajority"] if settings else None
            return
        self._tx.lock("people/lock", self._note_lock, practice=self._practice, ids=sorted(set(ids)), stamp=self._lock)

    def _note_lock(self, rows: Sequence[Row]) -> None:
        self.note_locked(rows)
        self._tx[AuditWrites].know_locked(rows)

    def note_locked(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._stamps.note_rows(row["stamps"])
            if row["ageOfMajority"]:
                self.age_of_majority = row["ageOfMajority"][0]

    def lock_match_keys(self, keys: Iterable[str]) -> None:
        """Take the locks under which duplicates are decided (D9), in key order: what is read next, is under them."""
        wanted = sorted({self._match_key(key) for key in keys})
        if wanted and not self._tx.is_rehearsal:
            self._tx.lock("people/lock_match_keys", practice=self._practice, keys=wanted, stamp=self._lock)

    async def by_ids(self, *ids: str) -> dict[str, Person]:
        """Those that exist, by id."""
        wanted = list(dict.fromkeys(ids))
        rows = await self._tx.run("people/by_ids", practice=self._practice, ids=wanted, person=list(PERSON_PROPERTIES))
        return {record[0]: noted_person(self._stamps, person_from(record)) for row in rows for record in row["rows"]}

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

    async def holders(self, external_ids: Iterable[ExternalId]) -> frozenset[str]:
        """The ids of the people whom they name."""
        keys = [external_key(self._practice, external_id) for external_id in external_ids]
        return frozenset((await self.external_id_holders(keys)).values()) if keys else frozenset()

    async def external_id_holders(self, keys: Sequence[str]) -> dict[str, str]:
        """Person ids by practice|system|value."""
        rows = await self._tx.run("people/by_external_ids", practice=self._practice, keys=list(keys), person=["id"])
        return {row["key"]: row["person"][0] for row in rows}

    async def create(self, people: Sequence[Person]) -> None:
        """New people with their keys; their match keys must be locked."""
        rows = [
            {
                "person": person_row(self._practice, person),
                "names": name_key_rows(self._practice, person),
                "externalIds": self._external_id_rows(person, person.external_ids),
            }
            for person in people
        ]
        self._tx.later("people/create", practice=self._practice, rows=rows)
        for person in people:
            self._tx[AuditWrites].know(person.id, NO_EVENTS)
        await self._tie_match_keys(people)

    async def _tie_match_keys(self, people: Sequence[Person]) -> None:
        ties = [{"personId": p.id, "key": self._match_key(key)} for p in people for key in match_keys(p)]
        if ties:
            self._tx.later("people/create_match_keys", practice=self._practice, rows=ties)

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

    async def update(self, before: Person, after: Person) -> None:
        """All fields and keys of a person; `after`'s match keys must be locked."""
        row = person_row(self._practice, after)
        self._tx.later("people/update", practice=self._practice, id=after.id, properties=row)
        if match_keys(before) != match_keys(after) or name_words(before) != name_words(after):
            self._tx.later("people/detach_match_keys", practice=self._practice, id=after.id)
            self._tx.later("people/delete_name_keys", practice=self._practice, id=after.id)
            await self._tie_match_keys([after])
            names = name_key_rows(self._practice, after)
            if names:
                self._tx.later("people/create_name_keys", practice=self._practice, rows=names)
        gone = [external_key(self._practice, known) for known in set(before.external_ids) - set(after.external_ids)]
        if gone:
            self._tx.later("people/delete_external_ids", practice=self._practice, keys=gone)
        added = self._external_id_rows(after, set(after.external_ids) - set(before.external_ids))
        if added:
            self._tx.later("people/create_external_ids", practice=self._practice, rows=added)

    async def reject_duplicates(self, person_id: str, others: Sequence[str], by: str, at: datetime) -> None:
        """Store staff's verdict that they are not the same (D9)."""
        self._tx.later(
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


async def people_by_id(tx: Transaction, ids: Iterable[str]) -> Mapping[str, Person]:
    """People as they are now."""
    return await tx[PersonWrites].by_ids(*ids)
