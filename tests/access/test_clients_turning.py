"""clientsTurning: who has which birthday in the days to come, in the practice's own days (D8, D13)."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.people.names import sort_key
from tests.api import Api, Installation, Now
from tests.contract.coming import NOON, TODAY

TURNING = """query ($age: Int!, $days: Int!, $first: Int, $after: String) { clientsTurning(age: $age, withinDays: $days,
  first: $first, after: $after) { totalCount nodes { id givenName birthDate } edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.fixture(autouse=True)
def clock(now: Now) -> Iterator[Now]:
    now.moment = NOON
    yield now
    now.moment = None


async def page(api: Api, age: int, days: int, **arguments: Any) -> dict[str, Any]:
    """A page as it is."""
    found: dict[str, Any] = (await api.query(TURNING, age=age, days=days, **arguments))["clientsTurning"]
    assert [edge["node"]["id"] for edge in found["edges"]] == [node["id"] for node in found["nodes"]]
    return found


async def turning(api: Api, age: int, days: int) -> list[str]:
    """Given names, in order."""
    found = await page(api, age, days, first=100)
    assert found["totalCount"] == len(found["nodes"])
    return [node["givenName"] for node in found["nodes"]]


async def test_d13_birthdays_are_listed_from_today_on_through_the_last_of_the_days(api: Api) -> None:
    for name, born in (
        ("Yesterday", "2008-02-19"),
        ("Today", "2008-02-20"),
        ("Tomorrow", "2008-02-21"),
        ("In a year", "2009-02-20"),
        ("After a year", "2009-02-21"),
        ("Other age", "2007-02-21"),
    ):
        await api.client(name, birthDate=born)
    await api.client("Unknown")
    assert await turning(api, 18, 0) == ["Today"]
    assert await turning(api, 18, 1) == ["Today", "Tomorrow"]
    assert await turning(api, 18, 364) == ["Today", "Tomorrow"]
    assert await turning(api, 18, 365) == ["Today", "Tomorrow", "In a year"]
    assert await turning(api, 18, 366) == ["Today", "Tomorrow", "In a year", "After a year"]
    assert await turning(api, 19, 1) == ["Other age"]
    assert await turning(api, 17, 0) == ["In a year"]


async def test_d13_a_leap_day_counts_on_1_march_of_a_common_year(api: Api, clock: Now) -> None:
    for name, born in (("Before", "2008-02-28"), ("Leap day", "2008-02-29"), ("March", "2008-03-01")):
        await api.client(name, "Zapata" if name == "Leap day" else "Abad", birthDate=born)
    for moment, age, expected in (
        (datetime(2026, 2, 28, 12, tzinfo=UTC), 18, ["Before"]),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), 18, ["Leap day", "March"]),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), 20, ["Leap day"]),
        (datetime(2028, 3, 1, 12, tzinfo=UTC), 20, ["March"]),
    ):
        clock.moment = moment
        assert await turning(api, age, 0) == expected
    clock.moment = datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert await turning(api, 18, 1) == ["Before", "Leap day", "March"]


async def test_a_newborn_turns_0_and_the_oldest_130(api: Api, clock: Now) -> None:
    clock.moment = datetime(2030, 2, 20, 12, tzinfo=UTC)
    await api.client("Newborn", birthDate="2030-02-20")
    await api.client("Oldest", birthDate="1900-02-25")
    assert await turning(api, 0, 366) == ["Newborn"]
    assert await turning(api, 130, 5) == ["Oldest"]


async def test_d7_active_and_inactive_clients_are_listed(api: Api) -> None:
    client = await api.client("Ana", birthDate="2008-02-22")
    contact = await api.contact(client["id"], "Max", person={"birthDate": "2008-02-22"})
    assert await turning(api, 18, 5) == ["Ana"]
    for version, (status, names) in enumerate(
        {"INACTIVE": ["Ana"], "ARCHIVED": [], "ACTIVE": ["Ana"]}.items(), start=1
    ):
        await api.done("setClientStatus", personId=client["id"], expectedVersion=version, status=status)
        assert await turning(api, 18, 5) == names
    person = contact["person"]["id"]
    await api.done("setClientStatus", personId=person, expectedVersion=1, status="ACTIVE")
    assert sorted(await turning(api, 18, 5)) == ["Ana", "Max"]


async def test_the_list_follows_birth_dates_and_names(api: Api) -> None:
    ana = await api.client("Ana", "García", birthDate="2008-02-22")
    await api.client("Eva", "Mora", birthDate="2008-02-22")
    assert await turning(api, 18, 5) == ["Ana", "Eva"]
    await api.done("updatePerson", personId=ana["id"], expectedVersion=1, changes={"familyName": "Zapata"})
    assert await turning(api, 18, 5) == ["Eva", "Ana"]
    await api.done("updatePerson", personId=ana["id"], expectedVersion=2, changes={"birthDate": "2008-02-21"})
    assert await turning(api, 18, 5) == ["Ana", "Eva"]
    await api.done("updatePerson", personId=ana["id"], expectedVersion=3, changes={"birthDate": None})
    assert await turning(api, 18, 5) == ["Eva"]


@pytest.mark.parametrize(
    ("zone", "name"), [("Pacific/Kiritimati", "On 21"), ("Europe/London", "On 20"), ("Pacific/Honolulu", "On 20")]
)
async def test_d8_days_are_the_practices_own(installation: Installation, clock: Now, zone: str, name: str) -> None:
    clock.moment = datetime(2026, 2, 20, 11, tzinfo=UTC)
    api = installation.api(await installation.practice(zone))
    for day in (19, 20, 21):
        await api.client(f"On {day}", birthDate=f"2008-02-{day}")
    assert await turning(api, 18, 0) == [name]


async def test_pages_are_whole_and_in_order_while_clients_change(installation: Installation, api: Api) -> None:
    born = [TODAY.replace(year=2008) + timedelta(days=day) for day in (0, 1, 1, 1, 8, 9, 9, 20, 40)]
    people = [
        Person(
            new_id("person"),
            f"Given {number % 3}",
            f"Family {number % 4}",
            birth_date=born[number % len(born)],
            client_status=ClientStatus.ACTIVE,
            created_at=NOON,
            updated_at=NOON,
        )
        for number in range(60)
    ]
    graph = Graph(GraphSession(installation.database), api.practice.id, TODAY)
    await graph.write(lambda tx: tx[PersonWrites].create(people))
    ordered = sorted(people, key=lambda person: (person.birth_date or date.max, sort_key(person)))
    expected = [person.id for person in ordered if person.birth_date and person.birth_date <= date(2008, 3, 11)]
    found: list[str] = []
    answer = await page(api, 18, 20, first=7)
    total = len(expected)
    while True:
        ids = [node["id"] for node in answer["nodes"]]
        assert answer["totalCount"] == total
        found += ids
        if not answer["pageInfo"]["hasNextPage"]:
            break
        # Who was seen last is archived, or their birth date corrected: the next page goes on all the same.
        if len(found) % 2:
            await api.done("setClientStatus", personId=ids[-1], expectedVersion=1, status="ARCHIVED")
        else:
            await api.done("updatePerson", personId=ids[-1], expectedVersion=1, changes={"birthDate": "1990-01-01"})
        total -= 1
        answer = await page(api, 18, 20, first=7, after=answer["pageInfo"]["endCursor"])
    assert found == expected


async def test_a_cursor_tells_no_birth_date(api: Api) -> None:
    await api.client("Ana", birthDate="2008-02-22")
    cursor = (await page(api, 18, 5))["pageInfo"]["endCursor"]
    assert b"2008" not in base64.urlsafe_b64decode(cursor)


@pytest.mark.parametrize(("age", "days"), [(-1, 5), (131, 5), (18, -1), (18, 367)])
async def test_what_is_out_of_range_is_refused(api: Api, age: int, days: int) -> None:
    answer = await api.execute(TURNING, age=age, days=days)
    assert answer["data"]["clientsTurning"] is None
    assert answer["errors"][0]["extensions"]["code"] == "OUT_OF_RANGE"


async def test_a_cursor_of_other_arguments_is_refused(api: Api) -> None:
    await api.client("Ana", birthDate="2008-02-22")
    cursor = (await page(api, 18, 5))["pageInfo"]["endCursor"]
    assert (await page(api, 18, 5, after=cursor))["nodes"] == []
    for age, days in ((17, 5), (18, 6)):
        answer = await api.execute(TURNING, age=age, days=days, after=cursor)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_an_analyst_reads_the_list_and_another_practice_finds_nothing(
    installation: Installation, api: Api
) -> None:
    await api.client("Ana", birthDate="2008-02-22")
    assert await turning(installation.api(api.practice, ViewerRole.ANALYST), 18, 5) == ["Ana"]
    assert await turning(installation.api(await installation.practice()), 18, 366) == []
