"""Calendar feeds of a practice that grows, and parameters of the statements about them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from graph_api.acting.appointments.records import APPOINTMENT
from graph_api.acting.feeds.graph import FEED, feed_row, token_key
from graph_api.acting.feeds.model import CalendarFeed
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.people.model import Person
from tests.contract.cases_appointments import FIRST, HOURS

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

FEEDS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.personId})
CREATE (p)-[:HAS_CALENDAR_FEED]->(:CalendarFeed {
  id: row.id, practice: row.practice, personId: row.personId, name: row.name, showsFirstNames: row.showsFirstNames,
  createdAt: row.createdAt, tokenKey: row.tokenKey, ownerKey: row.ownerKey})
"""
SOME = 5


def _feed_of(person: Person, now: datetime) -> CalendarFeed:
    return CalendarFeed(f"feed_{person.id.removeprefix('person_')}", person.id, "Phone", False, now)


def feed_rows(practice: Practice, people: Iterable[Person], now: datetime) -> list[Row]:
    """One of each."""
    return [feed_row(practice.id, _feed_of(person, now), person.id) | {"practice": practice.id} for person in people]


def feed_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    practice, people, now = sample.practice.id, sample.part.marked[:SOME], sample.now
    person, names = people[0], {"feed": list(FEED.names)}
    known = _feed_of(person, now)
    new = CalendarFeed(new_id("feed"), person.id, "Tablet", False, now)
    return {
        "acting/feeds/of_owner": {"personId": person.id} | names,
        "acting/feeds/by_token": {"tokenKey": token_key(practice, person.id)} | names,
        "acting/feeds/appointments": {
            "views": [{"clientId": one.id, "audiences": ["SHARED"]} for one in people],
            "since": stamp(FIRST),
            "until": stamp(FIRST + timedelta(hours=HOURS)),
            "gone": ["CANCELLED"],
            "goneSince": stamp(now),
            "size": 1_000,
            "appointment": list(APPOINTMENT.names),
        },
        "acting/feeds/create": {"personId": person.id, "feed": feed_row(practice, new, "new")},
        "acting/feeds/drop": {"personId": person.id, "ids": [known.id]},
        "acting/feeds/note_read": {"id": known.id, "day": "2026-01-05"},
    }
