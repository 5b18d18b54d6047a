"""What edges were is readable (D6): Contact.history, contactNetworkAsOf and a version by its id."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from tests.api import Installation, Now
from tests.contract.household import Household
from tests.contract.seen_by import fill
from tests.network.past import AS_OF, HOUR, NODE, START, TICK, Told

MAIL = {"emails": ["max@example.org"]}


def hours(*steps: int) -> list[str]:
    return [(START + step * HOUR).isoformat(timespec="microseconds") for step in steps]


@dataclass(frozen=True)
class Story:
    """A contact added at 0 h, changed at 1 h, changed at 2 h, removed at 3 h, and added again at 4 h."""

    first: str
    again: str
    person: str


@pytest.fixture
async def story(installation: Installation, home: Household, clock: Now) -> Story:
    api, client = home.api, home.client["id"]
    added = await api.contact(client, "Max", relationship="PARENT", portalAccess=True, person=MAIL)
    for step, changes in ((1, {"secureMessaging": True}), (2, {"relationship": "GUARDIAN", "endsOn": "2030-01-01"})):
        clock.moment = START + step * HOUR
        await api.done("updateContact", contactId=added["id"], expectedVersion=step, changes=changes)
    clock.moment = START + 3 * HOUR
    await api.done("removeContact", contactId=added["id"], expectedVersion=3, reason="Moved away")
    clock.moment = START + 4 * HOUR
    person = added["person"]["id"]
    again = await api.done("addExistingContact", clientId=client, personId=person, relationship="FRIEND")
    clock.moment = START + 5 * HOUR
    return Story(added["id"], again["id"], person)


async def test_d6_history_is_every_version_newest_first(home: Household, story: Story) -> None:
    found = await Told(home.api).history(story.first)
    nodes = found["nodes"]
    assert [node["version"] for node in nodes] == [3, 2, 1]
    assert [node["validFrom"] for node in nodes] == hours(2, 1, 0)
    assert [node["validTo"] for node in nodes] == hours(3, 2, 1)
    assert [node["relationship"] for node in nodes] == ["GUARDIAN", "PARENT", "PARENT"]
    assert [node["secureMessaging"] for node in nodes] == [True, True, False]
    assert [node["endsOn"] for node in nodes] == ["2030-01-01", None, None]
    assert all(node["portalAccess"] for node in nodes)
    assert {node["contact"]["id"] for node in nodes} == {story.first}
    assert {node["client"]["id"] for node in nodes} == {home.client["id"]}
    assert {node["person"]["id"] for node in nodes} == {story.person}
    assert found["totalCount"] == 3


async def test_d6_a_removal_ends_the_last_version_and_makes_none(home: Household, story: Story) -> None:
    contact = (
        await home.api.query(
            "query ($id: ID!) { node(id: $id) { ... on Contact { version removedAt } } }", id=story.first
        )
    )["node"]
    newest = (await Told(home.api).history(story.first))["nodes"][0]
    assert contact == {"version": 4, "removedAt": newest["validTo"]}
    assert newest["contact"]["status"] == "REMOVED"


async def test_d6_who_is_added_again_has_a_history_of_their_own(home: Household, story: Story) -> None:
    found = await Told(home.api).history(story.again)
    (node,) = found["nodes"]
    assert (node["version"], node["validFrom"], node["validTo"]) == (1, hours(4)[0], None)
    assert node["relationship"] == "FRIEND"
    assert found["totalCount"] == 1


async def test_d6_a_current_versions_id_stays_when_it_is_superseded(home: Household, clock: Now) -> None:
    told = Told(home.api)
    contact = home.contact["id"]
    (before,) = (await told.history(contact))["nodes"]
    seen = (await home.api.query(NODE, id=before["id"]))["node"]
    assert seen == before | {"__typename": "ContactVersion"}
    clock.moment = datetime.now(UTC) + HOUR
    await home.api.done("updateContact", contactId=contact, expectedVersion=1, changes={"payments": True})
    newest, oldest = (await told.history(contact))["nodes"]
    assert oldest == before | {"validTo": newest["validFrom"]}
    assert newest["id"] != before["id"]
    for node in (newest, oldest):
        assert (await home.api.query(NODE, id=node["id"]))["node"] == node | {"__typename": "ContactVersion"}


async def test_d6_the_last_versions_id_stays_after_the_removal(home: Household) -> None:
    told, contact = Told(home.api), home.contact["id"]
    (before,) = (await told.history(contact))["nodes"]
    removed = await home.api.done("removeContact", contactId=contact, expectedVersion=1)
    (after,) = (await told.history(contact))["nodes"]
    assert after == before | {"validTo": removed["removedAt"], "contact": {"id": contact, "status": "REMOVED"}}
    assert (await home.api.query(NODE, id=after["id"]))["node"]["validTo"] == removed["removedAt"]


async def test_d6_a_network_is_shown_as_it_was_at_each_moment(home: Household, story: Story) -> None:
    told, client = Told(home.api), home.client["id"]

    async def at(moment: datetime) -> list[tuple[str, int]]:
        found = await told.as_of(client, moment)
        rows = [(node["contact"]["id"], node["version"]) for node in found["nodes"]]
        assert found["totalCount"] == len(rows)
        return [row for row in rows if row[0] in (story.first, story.again)]

    assert await at(START - TICK) == []
    assert await at(START) == [(story.first, 1)]
    assert await at(START + HOUR - TICK) == [(story.first, 1)]
    assert await at(START + HOUR) == [(story.first, 2)]
    assert await at(START + 2 * HOUR - TICK) == [(story.first, 2)]
    assert await at(START + 2 * HOUR) == [(story.first, 3)]
    assert await at(START + 3 * HOUR - TICK) == [(story.first, 3)]
    assert await at(START + 3 * HOUR) == []
    assert await at(START + 4 * HOUR - TICK) == []
    assert await at(START + 4 * HOUR) == [(story.again, 1)]
    assert await at(START + timedelta(days=4_000)) == [(story.again, 1)]


async def test_d6_before_anything_was_there_a_network_is_empty(home: Household) -> None:
    told = Told(home.api)
    for moment in (datetime(1, 1, 2, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)):
        found = await told.as_of(home.client["id"], moment)
        assert (found["nodes"], found["totalCount"]) == ([], 0)


async def test_d6_in_the_future_a_network_is_as_it_is_now(home: Household) -> None:
    now = await home.api.network(home.client["id"])
    found = await Told(home.api).as_of(home.client["id"], datetime(9999, 1, 1, tzinfo=UTC))
    assert [node["contact"]["id"] for node in found["nodes"]] == [contact["id"] for contact in now]
    assert len(now) > 1
    assert {node["validTo"] for node in found["nodes"]} == {None}


async def test_a_moments_offset_counts(home: Household, story: Story) -> None:
    async def at(text: str) -> int:
        data = await home.api.query(AS_OF, id=home.client["id"], at=text)
        return sum(node["contact"]["id"] == story.first for node in data["person"]["contactNetworkAsOf"]["nodes"])

    assert await at("2026-06-10T13:59:59.999999+02:00") == 0
    assert await at("2026-06-10T14:00:00+02:00") == 1
    assert await at("2026-06-10T07:00:00-05:00") == 1


async def test_d6_people_of_the_past_are_shown_as_they_are_now(home: Household, story: Story) -> None:
    await home.api.done("updatePerson", personId=story.person, expectedVersion=1, changes={"givenName": "Maxima"})
    history = await Told(home.api).history(story.first)
    then = await Told(home.api).as_of(home.client["id"], START)
    names = [node["person"]["displayName"] for node in (*history["nodes"], *then["nodes"])]
    assert names.count("Maxima García") == 4


async def test_d6_a_version_keeps_authority_and_every_term(home: Household) -> None:
    authority = {"kind": "COURT_ORDER", "documentReference": "file 7", "endsOn": "2031-02-03"}
    terms = {
        "relationship": "OTHER",
        "relationshipLabel": "Godmother",
        "roles": ["NEXT_OF_KIN", "BILLING_CONTACT"],
        "portalAccess": True,
        "secureMessaging": True,
        "payments": True,
        "appointmentReminders": True,
        "startsOn": "2020-01-01",
        "endsOn": "2120-01-01",
        "authority": authority,
    }
    contact = await home.api.contact(home.client["id"], "Max", person=MAIL, **terms)
    plain = dict.fromkeys(("relationshipLabel", "roles", "startsOn", "endsOn", "authority"))
    off = dict.fromkeys(("portalAccess", "secureMessaging", "payments", "appointmentReminders"), False)
    changes = {"relationship": "FRIEND", **plain, **off}
    await home.api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes=changes)
    newest, oldest = (await Told(home.api).history(contact["id"]))["nodes"]
    assert {name: oldest[name] for name in terms} == terms
    assert {name: newest[name] for name in terms} == changes | {"roles": []}


async def test_another_practices_versions_are_not_found(installation: Installation, home: Household) -> None:
    (version,) = (await Told(home.api).history(home.contact["id"]))["nodes"]
    await home.api.done("updateContact", contactId=home.contact["id"], expectedVersion=1, changes={"payments": True})
    newest = (await Told(home.api).history(home.contact["id"]))["nodes"][0]
    other = installation.api(await installation.practice())
    ids = [version["id"], newest["id"], new_id("version"), "version_x"]
    data = await other.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert data["nodes"] == [None, None, None, None]
    for version_id in ids:
        assert (await other.query(NODE, id=version_id))["node"] is None
    answer = await other.query(AS_OF, id=home.client["id"], at=START.isoformat())
    assert answer["person"] is None


async def test_nodes_of_every_kind_come_in_the_order_of_their_ids(home: Household, story: Story) -> None:
    versions = [node["id"] for node in (await Told(home.api).history(story.first))["nodes"]]
    current = (await Told(home.api).history(story.again))["nodes"][0]["id"]
    ids = [versions[2], story.person, current, story.first, versions[0], new_id("version"), home.client["id"]]
    data = await home.api.query("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)
    kinds = ["ContactVersion", "Person", "ContactVersion", "Contact", "ContactVersion", None, "Person"]
    expected = [kind and {"__typename": kind, "id": node_id} for kind, node_id in zip(kinds, ids, strict=True)]
    assert data["nodes"] == expected


async def test_analysts_read_the_past_with_its_version_numbers(
    installation: Installation, home: Household, story: Story
) -> None:
    api = installation.api(home.practice, ViewerRole.ANALYST)
    told = Told(api)
    assert [node["version"] for node in (await told.history(story.first))["nodes"]] == [3, 2, 1]
    assert story.first in [node["contact"]["id"] for node in (await told.as_of(home.client["id"], START))["nodes"]]
    data = await api.query(
        "query ($id: ID!) { node(id: $id) { ... on Contact { version history { nodes { version "
        "contact { version } } } } } }",
        id=story.again,
    )
    assert data["node"] == {"version": None, "history": {"nodes": [{"version": 1, "contact": {"version": None}}]}}


async def test_portal_accounts_do_not_read_the_past(installation: Installation) -> None:
    seen = await fill(installation)
    history = "{ node(id: $id) { ... on Contact { id history { totalCount nodes { id } } } } }"
    then = "{ person(id: $id) { id contactNetworkAsOf(at: $at) { nodes { id } } } }"
    node = "query ($id: ID!) { node(id: $id) { __typename id } }"
    shown = await seen.data(ViewerRole.STAFF, f"query ($id: ID!) {history}", id=seen.ids["parent"])
    version = shown["node"]["history"]["nodes"][0]["id"]
    assert (await seen.data(ViewerRole.STAFF, node, id=version))["node"]["__typename"] == "ContactVersion"
    portal = ViewerRole.PORTAL
    assert await seen.data(portal, f"query ($id: ID!) {history}", id=seen.ids["parent"]) == {
        "node": {"id": seen.ids["parent"], "history": None}
    }
    sent = {"id": seen.ids["dee"], "at": START.isoformat()}
    assert await seen.data(portal, f"query ($id: ID!, $at: DateTime!) {then}", **sent) == {
        "person": {"id": seen.ids["dee"], "contactNetworkAsOf": None}
    }
    assert await seen.data(portal, node, id=version) == {"node": None}
    for field in ("accessEndingWithin(days: 9)", "clientsTurning(age: 18, withinDays: 9)"):
        assert set((await seen.data(portal, f"{{ {field} {{ totalCount nodes {{ id }} }} }}")).values()) == {None}
