"""Practitioners of a practice that grows, and parameters of the statements about them."""

from datetime import datetime
from typing import TYPE_CHECKING

from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.people.model import Person
from graph_api.practitioners.graph import PRACTITIONER_PROPERTIES, practitioner_row, subject_key
from graph_api.practitioners.model import MAX_PRACTITIONERS, Practitioner

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

PRACTITIONERS = """
UNWIND $rows AS row
CREATE (:Practitioner {
  id: row.id, practice: row.practice, displayName: row.displayName, subject: row.subject, subjectKey: row.subjectKey,
  isActive: row.isActive, version: row.version, createdAt: row.createdAt, updatedAt: row.updatedAt})
"""
ONE_IN = 20
"""People who are marked; so that a grown practice has no more practitioners than a practice may have."""
SOME = 5
PRACTITIONERS_MAY_GROW = dict.fromkeys(
    ("practitioners/list", "practitioners/total", "audit/present_practitioners"),
    "all of a practice's practitioners are asked for, and there are a thousand at most",
)


def practitioner_of(person: Person, now: datetime) -> Practitioner:
    """Somebody with an id and a subject of their own."""
    mark = person.id.removeprefix("person_")
    return Practitioner(
        f"practitioner_{mark}", person.display_name, subject=f"staff-{mark}", created_at=now, updated_at=now
    )


def practitioner_rows(practice: Practice, people: tuple[Person, ...], now: datetime) -> list[Row]:
    """As they are stored."""
    found = [practitioner_of(person, now) for person in people[::ONE_IN]]
    return [practitioner_row(practice.id, one) | {"practice": practice.id} for one in found]


def practitioner_cases(sample: "Sample") -> dict[str, Row]:
    """Of practitioners who are there, and of one who could be added."""
    known = [practitioner_of(person, sample.now) for person in sample.part.marked[::ONE_IN]][:SOME]
    fresh = Practitioner(new_id("practitioner"), "Ada Okafor", created_at=sample.now, updated_at=sample.now)
    practice, ids, whole = sample.practice.id, [one.id for one in known], {"practitioner": PRACTITIONER_PROPERTIES}
    return {
        "practitioners/by_ids": {"ids": ids} | whole,
        "practitioners/by_subject": {"subjectKey": subject_key(practice, str(known[0].subject))} | whole,
        "practitioners/create": {"practitioner": practitioner_row(practice, fresh)},
        "practitioners/list": {"includeInactive": True, "limit": MAX_PRACTITIONERS} | whole,
        "practitioners/lock": {"ids": sorted(ids), "stamp": "x"} | whole,
        "practitioners/replace": {"id": ids[0], "practitioner": practitioner_row(practice, known[0])},
        "practitioners/total": {},
    }
