"""What staff read of what others did for a client (X3, X4)."""

from typing import Any

import pytest

from tests.acting.cast import Cast, new_cast
from tests.api import Installation

HISTORY = """query ($id: ID!, $first: Int, $after: String) { person(id: $id) {
  actingHistory(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { at action node { __typename id }
      by { text person { id } practitioner { id } contact { id } contactVersion } } } } }"""
SHOWN = "query ($id: ID!) { person(id: $id) { actingHistory { nodes { action by { text contactVersion } } } } }"


@pytest.fixture
async def cast(installation: Installation) -> Cast:
    """Everybody, in a fresh practice."""
    return await new_cast(installation)


async def history(cast: Cast, who: str = "staff", **arguments: Any) -> Any:
    """What is shown of Ben."""
    person = (await cast.ask(who, HISTORY, id=cast.ids["ben"], **arguments))["person"]
    return None if person is None else person["actingHistory"]


async def test_x3_what_contacts_did_is_told_with_contact_and_version(cast: Cast) -> None:
    first = await cast.start("anna", audience="SHARED")
    before = cast.contacts["anna"]
    await cast.change("anna", note="Call first", relationship="PARENT", authority={"kind": "COURT_ORDER"})
    await cast.send("ben", first)
    await cast.send("staff", first)
    await cast.change("anna", relationship="SPOUSE")
    await cast.send("anna", first)
    second = await cast.start("carl")
    found = (await history(cast))["nodes"]
    assert [(one["action"], one["node"], one["by"]["text"]) for one in found] == [
        ("startThread", {"__typename": "MessageThread", "id": second}, "Carl Moreno (unrelated friend) for Ben Moreno"),
        ("sendMessage", {"__typename": "MessageThread", "id": first}, "Anna Moreno (spouse) for Ben Moreno"),
        ("startThread", {"__typename": "MessageThread", "id": first}, "Anna Moreno (unrelated friend) for Ben Moreno"),
    ]
    assert [one["at"] for one in found] == sorted((one["at"] for one in found), reverse=True)
    latest, earliest = found[1]["by"], found[2]["by"]
    assert earliest["contactVersion"] == before["version"]
    assert latest["contactVersion"] == cast.contacts["anna"]["version"] == before["version"] + 2
    for by in (latest, earliest):
        assert by["contact"] == {"id": before["id"]}
        assert by["person"] == {"id": cast.ids["anna"]}
        assert by["practitioner"] is None


async def test_x3_it_stays_when_the_contact_is_removed_and_added_again(cast: Cast) -> None:
    await cast.start("anna")
    removed = cast.contacts["anna"]
    await cast.remove("anna")
    assert [one["by"]["contact"] for one in (await history(cast))["nodes"]] == [{"id": removed["id"]}]
    await cast.add_again("anna")
    await cast.start("anna")
    found = (await history(cast))["nodes"]
    assert [one["by"]["contact"]["id"] for one in found] == [cast.contacts["anna"]["id"], removed["id"]]
    assert [one["by"]["contactVersion"] for one in found] == [1, removed["version"]]


async def test_x6_only_staff_read_it(cast: Cast) -> None:
    await cast.start("anna")
    assert len((await history(cast, "admin"))["nodes"]) == 1
    for who in ("analyst", "anna", "ben", "nora", "elsewhere"):
        assert await history(cast, who) is None, who


async def test_pages_of_it_go_on_from_their_end(cast: Cast) -> None:
    thread = await cast.start("anna")
    for _ in range(4):
        await cast.send("anna", thread)
        await cast.send("staff", thread)
    page = await history(cast, first=2)
    times = [one["at"] for one in page["nodes"]]
    while page["pageInfo"]["hasNextPage"]:
        page = await history(cast, first=2, after=page["pageInfo"]["endCursor"])
        times += [one["at"] for one in page["nodes"]]
    assert len(times) == 5
    assert times == [one["at"] for one in (await history(cast))["nodes"]]


async def test_it_says_nothing_of_others_clients(cast: Cast) -> None:
    other = await cast.api.client("Bea", "Moreno")
    contact = {"clientId": other["id"], "personId": cast.ids["anna"], "relationship": "FRIEND"}
    await cast.api.done("addExistingContact", **contact, portalAccess=True, secureMessaging=True)
    await cast.start("anna", clientId=other["id"])
    assert (await history(cast))["nodes"] == []
    assert (await cast.ask("staff", HISTORY, id=cast.ids["anna"]))["person"]["actingHistory"]["nodes"] == []


async def test_a_page_of_it_takes_three_statements(cast: Cast) -> None:
    for who in ("anna", "carl", "anna"):
        await cast.start(who)
    await cast.ask("staff", SHOWN, id=cast.ids["ben"])
    with cast.installation.statements() as names:
        found = await cast.ask("staff", SHOWN, id=cast.ids["ben"])
    assert len(found["person"]["actingHistory"]["nodes"]) == 3
    assert [name for name in names if not name.startswith("network/")] == ["people/by_ids", "audit/acting"]
    assert len(names) <= 5  # versions: past ones, current ones, and those that became past meanwhile
