"""Practitioners as the graph keeps them."""

from collections.abc import Iterable, Sequence

from graph_api.engine.session import Row
from graph_api.kernel.fields import Codec
from graph_api.kernel.graph import Reads
from graph_api.kernel.records import Record
from graph_api.kernel.transaction import Writes
from graph_api.people.names import fold
from graph_api.practitioners.model import MAX_PRACTITIONERS, Practitioner

PRACTITIONER = Codec(Practitioner)
"""How practitioners are kept."""
PRACTITIONER_PROPERTIES = list(PRACTITIONER.names)


def subject_key(practice_id: str, subject: str) -> str:
    """practice|subject: a subject names one practitioner of a practice at most."""
    return f"{practice_id}|{subject}"


def practitioner_row(practice_id: str, practitioner: Practitioner) -> Row:
    """All of a Practitioner node's properties but its practice, which the statement sets.

    Without a subject there is no key: an absent property is in no constraint, on either engine.
    """
    row = PRACTITIONER.row(practitioner)
    if practitioner.subject is None:
        return row
    return row | {"subjectKey": subject_key(practice_id, practitioner.subject)}


def _id(record: Record) -> str:
    found: str = record[0]
    return found


class PractitionerReads(Reads):
    """Practitioners of one practice; they are shown whole, as they are few and small."""

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Practitioner]:
        """Those that exist, by id; others may be among them."""
        found: dict[str, Record] = await self._session.gather(
            "practitioners/by_ids", ids, _id, practice=self._practice, practitioner=PRACTITIONER_PROPERTIES
        )
        return {practitioner_id: PRACTITIONER.of(record) for practitioner_id, record in found.items()}

    async def by_subject(self, subject: str) -> Practitioner | None:
        """Whom a token's subject names."""
        rows = await self._session.read("practitioners/by_subject", **_of_subject(self._practice, subject))
        return PRACTITIONER.of(rows[0]["practitioner"]) if rows else None

    async def list(self, *, include_inactive: bool) -> tuple[Practitioner, ...]:
        """All, at most `MAX_PRACTITIONERS`, by name without regard to case and accents, then by id."""
        rows = await self._session.read(
            "practitioners/list",
            practice=self._practice,
            includeInactive=include_inactive,
            limit=MAX_PRACTITIONERS,
            practitioner=PRACTITIONER_PROPERTIES,
        )
        found = (PRACTITIONER.of(row["practitioner"]) for row in rows)
        # Here and not in the statement: engines put letters above U+FFFF in different places.
        return tuple(sorted(found, key=lambda one: (fold(one.display_name), one.id)))


class PractitionerWrites(Writes):
    """Practitioners inside a write transaction. Their locks come after people's, gates' and match keys', and after
    the practice's own where its chain gets an event."""

    async def lock(self, ids: Iterable[str]) -> dict[str, Practitioner]:
        """Take practitioners' locks, in id order; those that exist, by id, as they are under the locks."""
        found = self.lock_ahead(ids)
        await self._tx.hold()
        return found

    def lock_ahead(self, ids: Iterable[str]) -> dict[str, Practitioner]:
        """As `lock`, along with whatever is read next: what is found is there from then on."""
        found: dict[str, Practitioner] = {}
        self._tx.lock(
            "practitioners/lock",
            lambda rows: found.update((one.id, one) for one in map(self._noted, rows)),
            practice=self._practice,
            ids=sorted(set(ids)),
            stamp=self._lock,
            practitioner=PRACTITIONER_PROPERTIES,
        )
        return found

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Practitioner]:
        """Those that exist, by id, without their locks."""
        rows = await self._tx.run(
            "practitioners/by_ids", practice=self._practice, ids=list(ids), practitioner=PRACTITIONER_PROPERTIES
        )
        return {record[0]: PRACTITIONER.of(record) for row in rows for record in row["rows"]}

    async def by_subject(self, subject: str) -> Practitioner | None:
        """Whom a token's subject names, without their lock."""
        rows = await self._tx.run("practitioners/by_subject", **_of_subject(self._practice, subject))
        return PRACTITIONER.of(rows[0]["practitioner"]) if rows else None

    async def total(self) -> int:
        """How many the practice has."""
        rows = await self._tx.run("practitioners/total", practice=self._practice)
        return int(rows[0]["total"])

    async def create(self, practitioner: Practitioner) -> None:
        """A new one."""
        row = practitioner_row(self._practice, practitioner)
        self._tx.later("practitioners/create", practice=self._practice, practitioner=row)

    async def replace(self, practitioner: Practitioner) -> None:
        """As they are from now on; they must be locked."""
        row = practitioner_row(self._practice, practitioner)
        self._tx.later("practitioners/replace", practice=self._practice, id=practitioner.id, practitioner=row)

    def _noted(self, row: Row) -> Practitioner:
        practitioner = PRACTITIONER.of(row["practitioner"])
        self._stamps.note(practitioner.updated_at)
        return practitioner


def _of_subject(practice_id: str, subject: str) -> Row:
    key = subject_key(practice_id, subject)
    return {"practice": practice_id, "subjectKey": key, "practitioner": PRACTITIONER_PROPERTIES}
