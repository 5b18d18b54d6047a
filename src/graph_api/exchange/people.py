"""The people of an import, inside one transaction: added, already there, or contradicting the person there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.exchange.graph import ImportWrites
from graph_api.exchange.model import KnownPerson, contradicts, differs
from graph_api.exchange.rows import NewImportedPerson
from graph_api.kernel.transaction import Transaction
from graph_api.people.duplicates import judge, match_keys
from graph_api.people.external_ids import mark_of
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ExternalId, Person

Known = Mapping[str, KnownPerson]
"""People of the practice by external id."""
MAX_COMPARED = 500
"""People compared with for one shared key, for the report of whom may be there twice."""


@dataclass(frozen=True, slots=True)
class PeopleDone:
    """What became of a batch."""

    known: Known
    """Added or there already; whoever a row contradicts is left out."""
    added: tuple[NewImportedPerson, ...]
    contradicting: tuple[NewImportedPerson, ...]
    """Rows whose id names somebody else."""
    differing: tuple[int, ...]
    """Lines of people who are there under another name or birth date, and may be the same."""
    alike: tuple[int, ...]


async def write_people(tx: Transaction, rows: Sequence[NewImportedPerson], system: str) -> PeopleDone:
    """Those who are not there yet. Under the locks of their match keys, as staff's adds are (D9)."""
    tx[PersonWrites].lock_match_keys({key for row in rows for key in match_keys(row.person)})
    found = await tx[ImportWrites].known([ExternalId(system, row.external_id) for row in rows])
    known = {external_id.value: person for external_id, person in found.items()}
    changed = [row for row in rows if row.external_id in known and known[row.external_id].mark != mark_of(row.person)]
    contradicting = tuple(row for row in changed if contradicts(row.person, known[row.external_id].person))
    differing = tuple(
        row.line for row in changed if row not in contradicting and differs(row.person, known[row.external_id].person)
    )
    added = tuple(row for row in rows if row.external_id not in known)
    alike = await _alike(tx, added)
    added = tuple(_dated(row, tx.stamp()) for row in added)
    if added:
        await tx[PersonWrites].create([row.person for row in added])
    known |= {row.external_id: KnownPerson(row.person) for row in added}
    for row in contradicting:
        del known[row.external_id]
    return PeopleDone(known, added, contradicting, differing, alike)


def _dated(row: NewImportedPerson, at: datetime) -> NewImportedPerson:
    since = at if row.person.is_client else None
    return replace(row, person=replace(row.person, access_since=since, created_at=at, updated_at=at))


async def _alike(tx: Transaction, rows: Sequence[NewImportedPerson]) -> tuple[int, ...]:
    """Lines of people whom staff would have been asked about: in an import their ids say that they differ."""
    keys = {key for row in rows for key in match_keys(row.person)}
    sharing: dict[str, list[Person]] = {}
    for person in await tx[PersonWrites].sharing_match_keys(keys, MAX_COMPARED):
        _note(sharing, person)
    lines = []
    for row in rows:
        candidates = {person.id: person for key in match_keys(row.person) for person in sharing.get(key, ())}
        if judge(row.person, candidates.values()).matches:
            lines.append(row.line)
        _note(sharing, row.person)
    return tuple(lines)


def _note(sharing: dict[str, list[Person]], person: Person) -> None:
    for key in match_keys(person):
        sharing.setdefault(key, []).append(person)
