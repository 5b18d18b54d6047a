"""accessEndingWithin: whose access ends in the days to come, and why (D8, D13)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from graph_api.kernel.caller import ViewerRole
from tests.accounts import give_account
from tests.api import Installation, Now
from tests.contract.coming import ENDING, NOON, Coming, after


@pytest.fixture(autouse=True)
def clock(now: Now) -> Iterator[Now]:
    now.moment = NOON
    yield now
    now.moment = None


@pytest.fixture
async def practice(installation: Installation) -> Coming:
    return await Coming.open(installation)


async def person_of(practice: Coming, contact_id: str) -> str:
    query = "query ($id: ID!) { node(id: $id) { ... on Contact { person { id } } } }"
    person_id: str = (await practice.api.query(query, id=contact_id))["node"]["person"]["id"]
    return person_id


def authority(ends_on: date | None) -> dict[str, Any]:
    return {"kind": "LEGAL_GUARDIAN", "endsOn": None if ends_on is None else ends_on.isoformat()}


async def test_d8_an_edges_last_day_is_listed_from_today_on_through_the_last_of_the_days(practice: Coming) -> None:
    client = await practice.client()
    for days in (-1, 0, 1, 30, 31):
        await practice.contact(str(days), client, endsOn=after(days).isoformat())
    await practice.contact("no end", client)
    assert await practice.within(0) == ["0"]
    assert await practice.within(1) == ["0", "1"]
    assert await practice.within(30) == ["0", "1", "30"]
    assert await practice.within(366) == ["0", "1", "30", "31"]


async def test_d4_only_what_does_something_can_end(practice: Coming) -> None:
    client, ends_on = await practice.client(), after(3).isoformat()
    await practice.contact("nothing", client, endsOn=ends_on, portalAccess=False)
    await practice.contact(
        "without effect", client, endsOn=ends_on, portalAccess=False, secureMessaging=True, payments=True
    )
    await practice.contact("reminders", client, endsOn=ends_on, portalAccess=False, appointmentReminders=True)
    await practice.contact("to come", client, startsOn=after(1).isoformat(), endsOn=ends_on)
    assert await practice.within(10) == ["reminders"]


async def test_d5_only_who_may_do_something_today_is_listed(installation: Installation, practice: Coming) -> None:
    """Nothing ends for who has no account, whose account is disabled or at the client's confidential address, or where
    the feature is off; reminders take no account."""
    client, ends_on = await practice.client(), after(3).isoformat()
    await practice.contact("kept", client, endsOn=ends_on)
    await practice.contact("invited", client, account=False, endsOn=ends_on)
    await practice.contact("reminded", client, account=False, appointmentReminders=True, endsOn=ends_on)
    disabled = await practice.contact("disabled", client, endsOn=ends_on)
    await practice.api.done("disableAccount", personId=await person_of(practice, disabled))
    shared = await practice.contact("confidential", client, account=False, endsOn=ends_on)
    await give_account(installation, practice.api.practice, await person_of(practice, shared), "ana@alone.example")
    assert sorted(await practice.within(3)) == ["confidential", "kept", "reminded"]
    sent = {"clientId": client, "expectedVersion": 1, "email": "Ana@alone.example"}
    await practice.api.done("setConfidentialChannel", **sent)
    assert sorted(await practice.within(3)) == ["kept", "reminded"]
    await practice.api.done("setClientFeature", clientId=client, feature="REMINDERS", enabled=False)
    assert await practice.within(3) == ["kept"]
    await practice.api.done("setClientFeature", clientId=client, feature="PORTAL", enabled=False)
    assert await practice.within(3) == []
    await practice.api.done("setClientFeature", clientId=client, feature="PORTAL", enabled=True)
    admin = installation.api(practice.api.practice, ViewerRole.ADMIN)
    await admin.done("setPracticeFeature", feature="PORTAL", enabled=False)
    assert await practice.within(3) == []


async def test_d7_inactive_clients_are_listed_and_archived_ones_are_not(practice: Coming) -> None:
    for status in ("ACTIVE", "INACTIVE", "ARCHIVED"):
        client = await practice.client(after(3).replace(year=2008))
        await practice.contact(f"{status} by date", client, endsOn=after(1).isoformat())
        await practice.contact(f"{status} by age", client, relationship="PARENT")
        if status != "ACTIVE":
            await practice.api.done("setClientStatus", personId=client, expectedVersion=1, status=status)
    assert sorted((await practice.within(5))[:2]) == ["ACTIVE by date", "INACTIVE by date"]
    assert sorted((await practice.within(5))[2:]) == ["ACTIVE by age", "INACTIVE by age"]


async def test_d13_a_parents_access_ends_the_day_before_the_client_comes_of_age(practice: Coming) -> None:
    for name, born in (
        ("yesterday", date(2008, 2, 19)),
        ("today", date(2008, 2, 20)),
        ("tomorrow", date(2008, 2, 21)),
        ("on 28 February", date(2008, 2, 28)),
        ("leap day", date(2008, 2, 29)),
        ("on 2 March", date(2008, 3, 2)),
    ):
        client = await practice.client(born)
        await practice.contact(name, client, relationship="PARENT")
        await practice.contact("friend", client)
    assert await practice.within(0) == ["tomorrow"]
    assert await practice.within(7) == ["tomorrow", "on 28 February"]
    assert await practice.within(8) == ["tomorrow", "on 28 February", "leap day"]
    assert await practice.within(9) == ["tomorrow", "on 28 February", "leap day", "on 2 March"]


async def test_d13_an_authority_in_force_after_that_birthday_keeps_the_access_as_long_as_it_lasts(
    practice: Coming,
) -> None:
    minor, adult, unknown = (
        await practice.client(after(10).replace(year=2008)),
        await practice.client(date(1990, 1, 1)),
        await practice.client(),
    )
    for name, client, ends_on in (
        ("minor, ends before", minor, after(5)),
        ("minor, ends after", minor, after(12)),
        ("minor, no end", minor, None),
        ("adult", adult, after(3)),
        ("adult, ended", adult, after(-1)),
        ("unknown", unknown, after(20)),
    ):
        await practice.contact(name, client, relationship="GUARDIAN", authority=authority(ends_on))
    await practice.contact("adult's friend", adult, authority=authority(after(3)))
    await practice.contact("adult, without", adult, relationship="PARENT", endsOn=after(2).isoformat())
    assert await practice.within(30) == ["adult", "minor, ends before", "minor, ends after", "unknown"]


async def test_d13_consent_keeps_the_access_of_an_adult_clients_parent(practice: Coming) -> None:
    client = await practice.client(date(1990, 1, 1))
    parent = await practice.contact("parent", client, relationship="PARENT", authority=authority(after(3)))
    assert await practice.within(5) == ["parent"]
    await practice.api.done("recordAdultConsent", contactId=parent, expectedVersion=1)
    assert await practice.within(5) == []


async def test_d13_the_practices_own_age_of_majority_counts(installation: Installation, practice: Coming) -> None:
    for age in (16, 21):
        client = await practice.client(after(4).replace(year=2026 - age))
        await practice.contact(f"turns {age}", client, relationship="STEP_PARENT")
    admin = installation.api(practice.api.practice, ViewerRole.ADMIN)
    found = []
    for age in (16, 18, 21):
        await admin.done("setAgeOfMajority", age=age)
        practice.api.bookmark = admin.bookmark
        found.append(await practice.within(30))
    assert found == [["turns 16"], [], ["turns 21"]]


async def test_each_is_listed_once_by_what_ends_first(practice: Coming) -> None:
    client = await practice.client(after(10).replace(year=2008))
    both: dict[str, Any] = {"relationship": "PARENT", "authority": authority(after(20))}
    await practice.contact("authority", client, **both)
    await practice.contact("date", client, **both, endsOn=after(15).isoformat())
    await practice.contact("same day", client, relationship="PARENT", endsOn=after(9).isoformat())
    await practice.contact("age", client, relationship="PARENT", endsOn=after(16).isoformat())
    found = await practice.within(366)
    assert sorted(found[:2]) == ["age", "same day"]
    assert found[2:] == ["date", "authority"]


async def test_the_list_follows_every_change_of_an_edge(practice: Coming) -> None:
    client = await practice.client(date(1990, 1, 1))
    contact = await practice.contact("it", client, relationship="PARENT", appointmentReminders=True)
    version = 1

    async def change(**changes: Any) -> None:
        nonlocal version
        await practice.api.done("updateContact", contactId=contact, expectedVersion=version, changes=changes)
        version += 1

    assert await practice.within(30) == []
    await change(endsOn=after(3).isoformat())
    assert (await practice.within(2), await practice.within(3)) == ([], ["it"])
    await change(endsOn=after(5).isoformat())
    assert (await practice.within(4), await practice.within(5)) == ([], ["it"])
    await change(appointmentReminders=False)
    assert await practice.within(30) == []
    await change(authority=authority(after(4)))
    assert (await practice.within(3), await practice.within(4)) == ([], ["it"])
    await change(authority=authority(after(9)))
    assert (await practice.within(4), await practice.within(5)) == ([], ["it"])
    await change(endsOn=None)
    assert (await practice.within(8), await practice.within(9)) == ([], ["it"])
    await change(relationship="FRIEND")
    assert await practice.within(30) == []
    await change(relationship="PARENT")
    await practice.api.done("removeContact", contactId=contact, expectedVersion=version)
    assert await practice.within(30) == []


async def test_the_list_follows_the_clients_birth_date(practice: Coming) -> None:
    client = await practice.client(date(1990, 1, 1))
    await practice.contact("it", client, relationship="PARENT")
    expected: dict[date | None, list[str]] = {
        after(4).replace(year=2008): ["it"],
        None: [],
        after(8).replace(year=2008): ["it"],
    }
    for version, (born, names) in enumerate(expected.items(), start=1):
        changes = {"birthDate": born and born.isoformat()}
        await practice.api.done("updatePerson", personId=client, expectedVersion=version, changes=changes)
        assert await practice.within(30) == names


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", 21), ("Europe/London", 20), ("Pacific/Honolulu", 20)])
async def test_d8_days_are_the_practices_own(installation: Installation, clock: Now, zone: str, day: int) -> None:
    clock.moment = datetime(2026, 2, 20, 11, tzinfo=UTC)
    practice = await Coming.open(installation, zone)
    client = await practice.client(date(2008, 2, 21))
    for number in (19, 20, 21):
        await practice.contact(f"date {number}", client, endsOn=f"2026-02-{number}")
    await practice.contact("age", client, relationship="PARENT")
    expected = {20: ["age", "date 20"], 21: ["date 21"]}
    assert sorted(await practice.within(0)) == expected[day]


async def test_an_analyst_reads_the_list_and_another_practice_finds_nothing(
    installation: Installation, practice: Coming
) -> None:
    await practice.contact("it", await practice.client(), endsOn=after(3).isoformat())
    practice.api = installation.api(practice.api.practice, ViewerRole.ANALYST)
    assert await practice.within(3) == ["it"]
    other = await Coming.open(installation)
    assert await other.within(366) == []


@pytest.mark.parametrize("days", [-1, 367])
async def test_days_outside_of_a_year_are_refused(practice: Coming, days: int) -> None:
    answer = await practice.api.execute(ENDING, days=days)
    assert answer["data"]["accessEndingWithin"] is None
    assert answer["errors"][0]["extensions"]["code"] == "OUT_OF_RANGE"


async def test_a_cursor_of_other_days_or_another_list_is_refused(practice: Coming) -> None:
    await practice.contact("it", await practice.client(), endsOn=after(3).isoformat())
    cursor = (await practice.page(5))["pageInfo"]["endCursor"]
    assert (await practice.page(5, after=cursor))["nodes"] == []
    for days, wrong in ((6, cursor), (5, cursor[:-2]), (5, "")):
        answer = await practice.api.execute(ENDING, days=days, after=wrong)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"
