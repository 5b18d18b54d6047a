"""Questions about access: who may act for whom, by which contact, and why not (D4, D5, D7, D13)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.kernel.caller import ViewerRole
from tests.accounts import give_account
from tests.api import Api, Installation, Now
from tests.contract.household import Household, new_household
from tests.contract.practice_graph import unchanged

CAN_ACT = """query ($person: ID!, $client: ID!, $action: PortalAction!, $at: DateTime) {
  canAct(personId: $person, clientId: $client, action: $action, at: $at) {
    allowed action at contact { id } contactVersion { version payments contact { id } }
    checks { rule passed explanation } nearestDenial { rule passed explanation } } }"""
WHO = """query ($client: ID!, $action: PortalAction!, $at: DateTime, $first: Int, $after: String) {
  whoCanAct(clientId: $client, action: $action, at: $at, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    nodes { person { id } client { id } contact { id status } actions } } }"""
ACTS_FOR = """query ($first: Int, $after: String) { viewer { person { id } actsFor(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { person { id } client { id displayName } contact { id } actions } } } }"""
EVERYTHING = [
    "VIEW_PORTAL",
    "READ_SECURE_MESSAGES",
    "SEND_SECURE_MESSAGE",
    "VIEW_BALANCE",
    "MAKE_PAYMENT",
    "VIEW_APPOINTMENTS",
    "SCHEDULE_APPOINTMENT",
    "RECEIVE_APPOINTMENT_REMINDERS",
]
ALL_ON = dict.fromkeys(("portalAccess", "secureMessaging", "payments", "appointmentReminders"), True)


DAY = timedelta(days=1)


def tomorrow() -> datetime:
    """A moment to come whenever it is asked for, after the test's practices are made."""
    return datetime.now(UTC) + DAY


async def can_act(api: Api, person: str, client: str, action: str = "MAKE_PAYMENT", at: str | None = None) -> Any:
    """The decision."""
    data = await api.query(CAN_ACT, person=person, client=client, action=action, at=at)
    return data["canAct"]


async def who(api: Api, client: str, action: str = "MAKE_PAYMENT", **arguments: Any) -> Any:
    """A page of those who may."""
    return (await api.query(WHO, client=client, action=action, **arguments))["whoCanAct"]


@pytest.fixture
async def home(installation: Installation) -> Household:
    return await new_household(installation)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


async def spouse(installation: Installation, home: Household, given: str = "Sam", **values: Any) -> dict[str, Any]:
    """A contact of the household's client who may do everything."""
    terms = {"relationship": "SPOUSE", **ALL_ON, **values}
    contact = await home.api.contact(home.client["id"], given, **terms)
    await give_account(installation, home.practice, contact["person"]["id"])
    return contact


async def test_d5_a_decision_shows_each_check_and_by_which_contact(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home)
    decision = await can_act(home.api, contact["person"]["id"], home.client["id"])
    assert (decision["allowed"], decision["action"], decision["nearestDenial"]) == (True, "MAKE_PAYMENT", None)
    assert (decision["contact"], decision["contactVersion"]) == ({"id": contact["id"]}, None)
    rules = [check["rule"] for check in decision["checks"]]
    assert rules == [
        "PRACTICE_FEATURE",
        "CLIENT_FEATURE",
        "CLIENT_STATUS",
        "CONTACT",
        "PORTAL_ACCESS",
        "TOGGLE",
        "DATES",
        "CONFIDENTIALITY",
        "ACCOUNT",
    ]
    assert all(check["passed"] and check["explanation"] for check in decision["checks"])


async def test_d5_the_first_denial_is_told_in_words_without_names(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home, payments=False, endsOn="2020-01-31")
    decision = await can_act(home.api, contact["person"]["id"], home.client["id"])
    assert decision["allowed"] is False
    assert decision["nearestDenial"] == {
        "rule": "TOGGLE",
        "passed": False,
        "explanation": "Payments are switched off for this contact.",
    }
    words = " ".join(check["explanation"] for check in decision["checks"])
    assert "2020-01-31" in words
    assert not any(name in words for name in ("Sam", "Ana", "García"))


async def test_who_is_not_known_is_denied_like_a_stranger(installation: Installation, home: Household) -> None:
    other = await new_household(installation)
    foreign = other.contact["person"]["id"], other.client["id"]
    unknown = "person_" + "0" * 32
    pairs = [
        foreign,
        (unknown, unknown),
        (unknown, home.client["id"]),
        (home.other["id"], unknown),
        ("x", home.client["id"]),
        ("x", "x"),
        ("", ""),
        ("x" * 10_000, "x"),
        (home.contact["id"], home.client["id"]),
        (home.practice.id, home.practice.id),
        (home.person, home.person),
    ]
    for at, rule in ((tomorrow(), "CONTACT"), (tomorrow() - 3 * DAY, "PRACTICE_FEATURE")):
        stranger = await can_act(home.api, home.other["id"], home.client["id"], at=at.isoformat())
        assert stranger["nearestDenial"]["rule"] == rule
        for person, client in pairs:
            assert await can_act(home.api, person, client, at=at.isoformat()) == stranger


async def test_s7_acting_is_one_way(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home)
    await home.api.done("setClientStatus", personId=contact["person"]["id"], expectedVersion=1, status="ACTIVE")
    back = await can_act(home.api, home.client["id"], contact["person"]["id"])
    assert back["nearestDenial"]["rule"] == "CONTACT"


async def test_a_client_acts_for_themselves_through_their_account(installation: Installation, home: Household) -> None:
    client = home.client["id"]
    assert (await can_act(home.api, client, client))["nearestDenial"]["rule"] == "ACCOUNT"
    await give_account(installation, home.practice, client)
    decision = await can_act(home.api, client, client)
    assert (decision["allowed"], decision["contact"]) == (True, None)


async def test_who_can_act_lists_the_client_and_all_who_may_by_name(
    installation: Installation, home: Household
) -> None:
    client = home.client["id"]
    assert (await who(home.api, client))["nodes"] == []
    await give_account(installation, home.practice, client)
    names = ["Zoe", "Ada", "Max"]
    contacts = {name: await spouse(installation, home, name) for name in names}
    await spouse(installation, home, "Off", portalAccess=False)
    await spouse(installation, home, "Past", endsOn="2020-01-01")
    found = await who(home.api, client, first=10)
    shown = [(row["person"]["id"], row["contact"] and row["contact"]["id"]) for row in found["nodes"]]
    expected = [(contacts[name]["person"]["id"], contacts[name]["id"]) for name in sorted(names)]
    assert shown == [(client, None), *expected]
    assert found["totalCount"] == 4
    assert all(row["client"] == {"id": client} and row["actions"] == EVERYTHING for row in found["nodes"])
    reminded = await who(home.api, client, "RECEIVE_APPOINTMENT_REMINDERS")
    assert len(reminded["nodes"]) == 5  # and the one without portal access


async def test_who_can_act_pages_stay_where_they_were(installation: Installation, home: Household) -> None:
    """While others are added, and when whoever a cursor stands for may not act any more."""
    client = home.client["id"]
    await give_account(installation, home.practice, client)
    contacts = [await spouse(installation, home, f"Sam {number}") for number in range(5)]
    people = [client, *(contact["person"]["id"] for contact in contacts)]
    seen: list[str] = []
    after = None
    for number in range(3):
        page = await who(home.api, client, first=2, after=after)
        seen += [row["person"]["id"] for row in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is (number < 2)
        assert page["pageInfo"]["hasPreviousPage"] is (number > 0)
        if number == 0:
            last = contacts[0]
            await home.api.done("removeContact", contactId=last["id"], expectedVersion=1)
            await spouse(installation, home, "Aaron")
    assert seen == people


async def test_a_cursor_of_another_question_is_refused(installation: Installation, home: Household) -> None:
    client = home.client["id"]
    await give_account(installation, home.practice, client)
    cursor = (await who(home.api, client))["pageInfo"]["endCursor"]
    for changed in ({"action": "VIEW_PORTAL"}, {"client": home.other["id"]}, {"at": tomorrow().isoformat()}):
        answer = await home.api.execute(WHO, **{"client": client, "action": "MAKE_PAYMENT", "after": cursor} | changed)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"]


async def test_nobody_may_act_for_an_unknown_client(home: Household) -> None:
    for client in ("person_" + "0" * 32, "x", home.person):
        assert (await who(home.api, client))["nodes"] == []


@pytest.mark.parametrize("at", ["1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
async def test_a_time_out_of_reach_is_refused(home: Household, at: str) -> None:
    queries = {
        CAN_ACT: {"person": home.person, "client": home.client["id"]},
        WHO: {"client": home.client["id"]},
    }
    for query, variables in queries.items():
        answer = await home.api.execute(query, **variables, action="VIEW_PORTAL", at=at)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_TIME"]


async def test_d6_the_past_is_answered_as_it_was(installation: Installation, home: Household, clock: Now) -> None:
    start = clock.moment = tomorrow()
    contact = await spouse(installation, home)
    person, client = contact["person"]["id"], home.client["id"]
    clock.moment = start + DAY
    await home.api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes={"payments": False})
    clock.moment = start + 2 * DAY
    await home.api.done("removeContact", contactId=contact["id"], expectedVersion=2)
    clock.moment = start + 3 * DAY
    before = (start - 2 * DAY).isoformat()
    expected = {before: "PRACTICE_FEATURE"} | {
        (start + timedelta(hours=hours)).isoformat(): rule
        for hours, rule in {-1: "CONTACT", 0: None, 1: None, 24: "TOGGLE", 47: "TOGGLE", 48: "CONTACT"}.items()
    }
    for at, rule in expected.items():
        decision = await can_act(home.api, person, client, at=at)
        assert decision["contact"] is None
        version = {None: (1, True), "TOGGLE": (2, False)}.get(rule)
        shown = version and {"version": version[0], "payments": version[1], "contact": {"id": contact["id"]}}
        assert decision["contactVersion"] == shown
        assert ((decision["nearestDenial"] or {}).get("rule"), decision["allowed"]) == (rule, rule is None), at
        found = await who(home.api, client, at=at)
        assert [row["contact"] for row in found["nodes"]] == (
            [] if rule else [{"id": contact["id"], "status": "REMOVED"}]
        )


async def test_acts_for_is_nothing_for_staff(home: Household) -> None:
    assert (await home.api.query(ACTS_FOR))["viewer"] == {"person": None, "actsFor": None}


@pytest.mark.parametrize("status", AccountStatus)
async def test_allowed_actions_are_what_may_be_done_now(
    installation: Installation, home: Household, status: AccountStatus
) -> None:
    contact = await home.api.contact(home.client["id"], "Sam", relationship="SPOUSE", **ALL_ON)
    await give_account(installation, home.practice, contact["person"]["id"], status=status)
    query = "query ($id: ID!) { node(id: $id) { ... on Contact { allowedActions } } }"
    shown = (await home.api.query(query, id=contact["id"]))["node"]["allowedActions"]
    assert shown == (EVERYTHING if status is AccountStatus.ACTIVE else ["RECEIVE_APPOINTMENT_REMINDERS"])
    await home.api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    assert (await home.api.query(query, id=contact["id"]))["node"]["allowedActions"] == []


async def test_asking_changes_nothing(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home)
    async with unchanged(installation.database, home.practice):
        await can_act(home.api, contact["person"]["id"], home.client["id"])
        await can_act(home.api, contact["person"]["id"], home.client["id"], at="2020-01-01T00:00:00Z")
        await who(home.api, home.client["id"])


async def test_analysts_may_ask(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home)
    analyst = installation.api(home.practice, ViewerRole.ANALYST, "analyst-1")
    assert (await can_act(analyst, contact["person"]["id"], home.client["id"]))["allowed"] is True
