"""Parameters of the statements about the keys of threads, and what a growing practice has of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.rows import stamp
from graph_api.people.model import Person
from tests.contract.growth import Case

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

THREADS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.clientId})
CREATE (p)-[:HAS_THREAD]->(:Thread {
  id: row.id, practice: row.practice, clientId: row.clientId, wrappedKey: row.wrappedKey, wrappedWith: row.wrappedWith})
"""
MESSAGES_MAY_GROW = {
    "practices/master_threads": "it counts all threads of a key, for the command line alone",
    "practices/masters_used": "a start asks which keys are used, and engines may order all threads to find the next",
}
MASTER, SOME = "m20260101-growth", 5


def _thread_id(person: Person) -> str:
    return f"thread_{person.id.removeprefix('person_')}"


def thread_rows(practice: Practice, people: Iterable[Person]) -> list[Row]:
    """A thread of each."""
    return [
        {
            "id": _thread_id(person),
            "practice": practice.id,
            "clientId": person.id,
            "wrappedKey": f"{MASTER}:{person.id}",
            "wrappedWith": MASTER,
        }
        for person in people
    ]


def message_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    people = sample.part.marked[:SOME]
    ids = [_thread_id(person) for person in people]
    rows = [
        {"id": _thread_id(person), "before": f"{MASTER}:{person.id}", "after": "m2:x", "master": "m2"}
        for person in people
    ]
    return {
        "threads/rewrap": {"rows": rows, "stamp": "x"},
        "threads/erase": {"ids": ids, "at": stamp(sample.now), "stamp": "x"},
        "threads/client_of": {"id": ids[0]},
        "threads/wrapped_of_client": {"clientId": people[0].id, "size": 100},
    }


def master_cases(sample: "Sample") -> dict[str, Case]:
    """Of all practices, by statement."""
    return {
        "practices/masters_used": Case({"above": ""}),
        "practices/master_threads": Case({"master": MASTER}),
        "practices/wrapped_page": Case(
            {"master": MASTER, "without": [_thread_id(person) for person in sample.part.marked[:SOME]], "size": 11}
        ),
    }
