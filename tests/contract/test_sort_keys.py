"""ORDER BY and a cursor's comparison are one order: names of every plane are paged through whole, on every engine."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.graph.conversions import rewrite_sort_keys
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.people.names import FIELD_END, fold, sort_key
from tests.api import Api, Installation
from tests.contract.many import edges_in_order, in_order
from tests.contract.practice_graph import practice_graph, run

EDGES = list(
    "\ud7ff\ue000\uf8ff\ufb00\ufdd0\uff21\uff71\ufffd\ufffe\uffff"
    "\U00010000\U0001f600\U00020bb7\U000e0100\U000f0000\U0010ffff"
)
"""Where planes and UTF-16 begin and end, private use, letters that are no characters, and what folding changes."""
MARKS = ["a\u0301", "\u0627\u064b", "\u1100\u1161", "\u05d0\u05b0", "\U0001d11e\U0001d165", "\uac00", "\u738b", "z"]
letters = st.sampled_from(EDGES) | st.characters(exclude_categories=("Cs", "Cc"))


def alphabet() -> list[str]:
    """Letters of every plane; the same for all engines."""
    chance = random.Random(7)  # noqa: S311 - no secret
    drawn = [chr(chance.randrange(plane << 16, (plane + 1) << 16)) for plane in range(17) for _ in range(2)]
    kept = [letter for letter in drawn if not "\ud800" <= letter <= "\udfff"]
    return list(dict.fromkeys((*EDGES, *MARKS, *kept)))


@given(st.text(letters, max_size=2), st.text(letters, max_size=3), st.text(letters, max_size=3))
def test_both_orders_put_keys_alike_and_as_code_points_do(start: str, one: str, other: str) -> None:
    one, other = start + one, start + other
    first, second = (
        sort_key(Person("person_" + "0" * 32, given_name="Ana", family_name=name)) for name in (one, other)
    )
    by_unit = first.encode("utf-16-be") < second.encode("utf-16-be")
    assert (first < second) is by_unit is (fold(one) + FIELD_END < fold(other) + FIELD_END)
    assert (first == second) is (fold(one) == fold(other))


def test_each_letter_stands_where_its_code_point_does_in_both_orders() -> None:
    names = sorted((fold(f"G{letter}x"), f"G{letter}x") for letter in alphabet())
    keys = [sort_key(Person("person_" + "0" * 32, family_name=name)) for _, name in names]
    assert keys == sorted(keys) == sorted(keys, key=lambda key: key.encode("utf-16-be"))


@dataclass(frozen=True)
class Everyone:
    """Somebody in whose network everyone is, and who is in everyone's; all were born on the same day."""

    api: Api
    installation: Installation
    centre: Person
    people: list[Person]
    network: list[Contact]
    contact_of: list[Contact]


@pytest.fixture(scope="module")
async def everyone(installation: Installation) -> Everyone:
    practice = await installation.practice()
    now = datetime.now(UTC)
    born = now.date().replace(day=1) - timedelta(days=366 * 30)
    made = [
        Person(
            new_id("person"),
            given_name="G",
            family_name=f"M{letter}r",
            birth_date=born,
            client_status=ClientStatus.ACTIVE,
            access_since=now,
            created_at=now,
            updated_at=now,
        )
        for letter in ("", *alphabet())
    ]
    centre, *people = made
    terms = ContactTerms(Relationship.FRIEND, appointment_reminders=True)
    edge = Contact("", centre, centre, terms, now.date(), created_at=now, updated_at=now)
    network = [replace(edge, id=new_id("contact"), person=person) for person in people]
    contact_of = [replace(edge, id=new_id("contact"), client=person) for person in people]
    graph = Graph(GraphSession(installation.database), practice.id, now.date())
    await graph.write(lambda tx: tx[PersonWrites].create(made))
    await graph.write(lambda tx: tx[ContactWrites].create([*network, *contact_of]))
    return Everyone(installation.api(practice), installation, centre, people, network, contact_of)


PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
SIZES = "$first: Int, $after: String, $last: Int, $before: String"
BOTH = "first: $first, after: $after, last: $last, before: $before"
ANY = "filter: {statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED]}"
FORWARDS = "$first: Int, $after: String"
LISTS = {
    "clients": f"query ({SIZES}) {{ list: clients({BOTH}) {{ nodes {{ id }} {PAGE} }} }}",
    "contactNetwork": f"query ({SIZES}, $id: ID!) {{ person(id: $id) {{ list: contactNetwork({BOTH}) "
    f"{{ nodes {{ id }} {PAGE} }} }} }}",
    "contactNetwork with removed": f"query ({SIZES}, $id: ID!) {{ person(id: $id) {{ "
    f"list: contactNetwork({BOTH}, {ANY}) {{ nodes {{ id }} {PAGE} }} }} }}",
    "contactOf": f"query ({SIZES}, $id: ID!) {{ person(id: $id) {{ list: contactOf({BOTH}) "
    f"{{ nodes {{ id }} {PAGE} }} }} }}",
    "contactOf with removed": f"query ({SIZES}, $id: ID!) {{ person(id: $id) {{ "
    f"list: contactOf({BOTH}, {ANY}) {{ nodes {{ id }} {PAGE} }} }} }}",
    "contactNetworkAsOf": f"query ({FORWARDS}, $id: ID!, $at: DateTime!) {{ person(id: $id) {{ "
    f"list: contactNetworkAsOf(at: $at, first: $first, after: $after) {{ nodes {{ contact {{ id }} }} {PAGE} }} }} }}",
    "whoCanAct": f"query ({FORWARDS}, $id: ID!) {{ list: whoCanAct(clientId: $id, "
    f"action: RECEIVE_APPOINTMENT_REMINDERS, first: $first, after: $after) "
    f"{{ nodes {{ contact {{ id }} }} {PAGE} }} }}",
    "clientsTurning": f"query ({FORWARDS}, $age: Int!, $days: Int!) {{ list: clientsTurning(age: $age, "
    f"withinDays: $days, first: $first, after: $after) {{ nodes {{ id }} {PAGE} }} }}",
}


def expected(everyone: Everyone, name: str) -> list[str]:
    if name in ("clients", "clientsTurning"):
        return in_order([everyone.centre, *everyone.people])
    if name.startswith("contactOf"):
        return edges_in_order(everyone.contact_of, "client")
    return edges_in_order(everyone.network)


def row_id(node: dict[str, Any] | None) -> str | None:
    if node is None:
        return None
    found: str | None = node["id"] if "id" in node else row_id(node["contact"])
    return found


async def walk(everyone: Everyone, name: str, size: int, *, backward: bool) -> list[str]:
    """All rows' ids, page by page, in reading order."""
    given_ = {"id": everyone.centre.id} if "$id" in LISTS[name] else {}
    if "$at" in LISTS[name]:
        given_["at"] = datetime.now(UTC).isoformat()
    if "$age" in LISTS[name]:
        given_ |= turning(everyone.centre)
    count, edge, more, end = (
        ("last", "before", "hasPreviousPage", "startCursor")
        if backward
        else ("first", "after", "hasNextPage", "endCursor")
    )
    found: list[str] = []
    cursor = None
    while True:
        data = await everyone.api.query(LISTS[name], **given_, **{count: size, edge: cursor})
        page = data["list"] if "list" in data else data["person"]["list"]
        ids = [found_id for node in page["nodes"] if (found_id := row_id(node)) is not None]
        found = [*ids, *found] if backward else [*found, *ids]
        if not page["pageInfo"][more]:
            return found
        cursor = page["pageInfo"][end]


def turning(person: Person) -> dict[str, Any]:
    """Which birthday comes next, and within a year."""
    today, born = datetime.now(UTC).date(), person.birth_date or date.min
    age = today.year - born.year + (1 if (born.month, born.day) < (today.month, today.day) else 0)
    return {"age": age, "days": 366}


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("name", LISTS)
async def test_names_of_every_plane_are_listed_whole(everyone: Everyone, name: str, size: int) -> None:
    assert await walk(everyone, name, size, backward=False) == expected(everyone, name)
    if "$last" in LISTS[name]:
        assert await walk(everyone, name, size, backward=True) == expected(everyone, name)


OLD_KEYS = """
UNWIND $rows AS row MATCH (p:Person {id: row.id})
SET p.sortKey = row.sortKey, p.clientKey = p.practice + $end + row.sortKey,
  p.birthKey = p.practice + $end + p.birthDate + $end + row.sortKey
"""


async def test_the_migration_writes_keys_of_before_anew(everyone: Everyone) -> None:
    database, practice = everyone.installation.database, everyone.api.practice
    today = await practice_graph(database, practice)
    rows = [
        {"id": person.id, "sortKey": FIELD_END.join((fold(person.family_name), fold(person.given_name), person.id))}
        for person in (everyone.centre, *everyone.people)
    ]
    async with database.session(write=True) as session:
        await (await session.run(OLD_KEYS, {"rows": rows, "end": FIELD_END})).consume()
    assert await practice_graph(database, practice) != today
    for _ in range(2):
        await rewrite_sort_keys(database)
        assert await practice_graph(database, practice) == today
    found = await run(database, "MATCH (p:Person {practice: $practice}) RETURN p.sortKey AS key", practice=practice.id)
    assert all(letter <= "\uffff" for row in found for letter in row["key"])
