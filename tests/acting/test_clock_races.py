"""The clock takes access away while somebody acts: nothing that is dated later was let through (X1, S14).

A parent acts for a child until the child is of age. That day begins while they write, book and cancel.
"""

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from graph_api.kernel.stamps import utc_now
from tests.accounts import give_account
from tests.acting.cast import Cast
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.api import Installation, Now
from tests.budgets import budget
from tests.portal_users import signed_in

ROUNDS = budget(20, 200)
TOGETHER, WITHIN = 4, 0.3
ZONE = ZoneInfo("Europe/London")
"""The practice's."""
TIMES = "query ($id: ID!) { node(id: $id) { ... on MessageThread { messages(first: 50) { nodes { sentAt body } } } } }"


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.ahead = timedelta(0)


async def new_parent(clinic: Clinic, midnight: datetime) -> None:
    """Ben is of age from then on, and Pat is his mother."""
    cast = clinic.cast
    born = midnight.astimezone(ZONE).date()
    query = "query ($id: ID!) { person(id: $id) { version } }"
    version = (await cast.ask("staff", query, id=cast.ids["ben"]))["person"]["version"]
    changes = {"birthDate": date(born.year - 18, born.month, born.day).isoformat()}
    await cast.api.done("updatePerson", personId=cast.ids["ben"], expectedVersion=version, changes=changes)
    contact = await cast.api.contact(cast.ids["ben"], "Pat", relationship="NATURAL_PARENT")
    cast.ids["pat"], cast.contacts["pat"] = contact["person"]["id"], contact
    await cast.change("pat", portalAccess=True, secureMessaging=True)
    account = await give_account(cast.installation, cast.practice, cast.ids["pat"])
    cast.users["pat"] = await signed_in(cast.installation, cast.practice, account)


def next_midnight(clinic_now: datetime) -> datetime:
    """Of the practice, on a day that every year has."""
    day = clinic_now.astimezone(ZONE).date() + timedelta(days=1)
    if (day.month, day.day) == (2, 29):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


async def after(seconds: float, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    await asyncio.sleep(seconds)
    return await work


async def done_at(cast: Cast, clinic: Clinic, thread: str) -> list[datetime]:
    """When Pat wrote, booked and cancelled."""
    found = (await cast.ask("admin", TIMES, id=thread))["node"]["messages"]["nodes"]
    times = [datetime.fromisoformat(one["sentAt"]) for one in found if one["body"] == "Racing"]
    for one in await clinic.kept():
        for by, at in ((one.booked_by, one.created_at), (one.cancelled_by, one.cancelled_at)):
            if by is not None and at is not None and by.person_id == cast.ids["pat"]:
                times.append(at)
    return times


async def test_x1_nothing_is_done_once_the_clock_has_ended_it(installation: Installation, clock: Now) -> None:
    clinic = await new_clinic(installation, age=12)
    cast = clinic.cast
    midnight = next_midnight(utc_now())
    await new_parent(clinic, midnight)
    thread = await cast.start("pat")
    held = [await clinic.book("staff", ahead(5 + number, 9)) for number in range(ROUNDS)]
    let_through = refused = 0
    for number in range(ROUNDS):
        clock.ahead = midnight - utc_now() - timedelta(seconds=WITHIN / 2)
        sent = {"threadId": thread, "body": "Racing"}
        ways: list[Awaitable[dict[str, Any]]] = [
            cast.does("pat", "sendMessage", "message { id }", **sent),
            cast.does("pat", "bookAppointment", "appointment { id }", **clinic.sent(ahead(5 + number, 14))),
            clinic.does("pat", "cancelAppointment", held[number]),
            cast.does("pat", "sendMessage", "message { id }", **sent),
        ]
        answers = await asyncio.gather(*(after(place * WITHIN / TOGETHER, way) for place, way in enumerate(ways)))
        let_through += sum(not answer["errors"] for answer in answers)
        refused += sum(bool(answer["errors"]) for answer in answers)
        assert {error["code"] for answer in answers for error in answer["errors"]} <= {
            "NOT_FOUND",
            "FORBIDDEN",
            "INVALID_INPUT",
        }
    clock.ahead = timedelta(0)
    times = await done_at(cast, clinic, thread)
    assert len(times) == let_through
    assert [at for at in times if at >= midnight] == []
    assert refused, "the clock came first sometimes"
    assert let_through, "and sometimes they did"
    await clinic.check()
