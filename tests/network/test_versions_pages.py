"""The past in pages: stable while what is now goes on changing (D6)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api import Now
from tests.contract.household import Household
from tests.network.past import AS_OF, HISTORY, HOUR, START, Told

LATER = START + timedelta(days=10_000)


async def test_history_is_paged_and_stays_where_it_was_while_versions_are_added(home: Household) -> None:
    told, contact = Told(home.api), home.contact["id"]
    for version in range(1, 8):
        changes = {"note": f"Note {version}"}
        await home.api.done("updateContact", contactId=contact, expectedVersion=version, changes=changes)
    page = await told.history(contact, first=3)
    assert [node["version"] for node in page["nodes"]] == [8, 7, 6]
    assert page["pageInfo"]["hasNextPage"] is True
    assert page["pageInfo"]["hasPreviousPage"] is False
    assert page["totalCount"] == 8
    await home.api.done("updateContact", contactId=contact, expectedVersion=8, changes={"note": "Note 8"})
    page = await told.history(contact, first=3, after=page["pageInfo"]["endCursor"])
    assert [node["version"] for node in page["nodes"]] == [5, 4, 3]
    assert page["pageInfo"]["hasPreviousPage"] is True
    await home.api.done("removeContact", contactId=contact, expectedVersion=9)
    page = await told.history(contact, first=3, after=page["pageInfo"]["endCursor"])
    assert [node["version"] for node in page["nodes"]] == [2, 1]
    assert page["pageInfo"]["hasNextPage"] is False
    assert page["totalCount"] == 9
    last = await told.history(contact, first=3, after=page["pageInfo"]["endCursor"])
    assert (last["nodes"], last["pageInfo"]["hasNextPage"]) == ([], False)


async def test_a_network_of_the_past_is_paged_in_its_order_while_it_changes(home: Household, clock: Now) -> None:
    told, client = Told(home.api), (await home.api.client())["id"]
    ids = [(await home.api.contact(client, f"Max {number:02}"))["id"] for number in range(9)]
    clock.moment = START + HOUR
    at = START + HOUR / 2
    found: list[str] = []
    page: dict[str, Any] = await told.as_of(client, at, first=4)
    while True:
        found += [node["contact"]["id"] for node in page["nodes"]]
        assert page["totalCount"] == len(ids)
        if not page["pageInfo"]["hasNextPage"]:
            break
        # Whatever is done now changes nothing of what was.
        gone, changed = ids[len(found) - 1], ids[len(found)]
        await home.api.done("removeContact", contactId=gone, expectedVersion=1)
        await home.api.done("updateContact", contactId=changed, expectedVersion=1, changes={"payments": True})
        clock.moment += HOUR
        page = await told.as_of(client, at, first=4, after=page["pageInfo"]["endCursor"])
    assert found == ids


async def test_a_cursor_of_another_moment_or_list_is_refused(home: Household) -> None:
    told, client, contact = Told(home.api), home.client["id"], home.contact["id"]
    now, later = LATER, LATER + HOUR
    cursor = (await told.as_of(client, now, first=1))["pageInfo"]["endCursor"]
    history_cursor = (await told.history(contact, first=1))["pageInfo"]["endCursor"]
    for at, after in ((later, cursor), (now, history_cursor), (now, "x")):
        answer = await home.api.execute(AS_OF, id=client, at=at.isoformat(), after=after)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"
    answer = await home.api.execute(HISTORY, id=contact, after=cursor)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_outside_of_its_bounds_is_refused(home: Household, first: int) -> None:
    for document, variables in (
        (HISTORY, {"id": home.contact["id"]}),
        (AS_OF, {"id": home.client["id"], "at": START.isoformat()}),
    ):
        answer = await home.api.execute(document, **variables, first=first)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_PAGE"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_is_none_is_refused(home: Household, at: str) -> None:
    answer = await home.api.execute(AS_OF, id=home.client["id"], at=at)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_TIME"
