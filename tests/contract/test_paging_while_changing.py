"""Pages while rows come and go: nobody who was there all the time is lost or repeated."""

import asyncio
from itertools import count

import pytest

from tests.api import Api, Installation
from tests.contract.listing import Listing
from tests.contract.many import NAMES, Many, edges_in_order, in_order

ALL = "{statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED]}"


@pytest.fixture
def many(installation: Installation, api: Api) -> Many:
    return Many(installation, api.practice)


async def test_clients_added_between_pages_lose_and_repeat_no_one(api: Api, many: Many) -> None:
    people = await many.people(NAMES[:20])
    listing = Listing(api, "clients")

    async def add() -> None:
        await many.people([(None, "A"), ("Ábalos", "Ana"), ("m", "m"), ("🙂🙂", "z")])

    for walk in (listing.forwards, listing.backwards):
        found = await walk(3, add)
        there_all_the_time = {person.id for person in people}
        assert [person_id for person_id in found if person_id in there_all_the_time] == in_order(people)
        assert len(found) == len(set(found)) > len(people)


async def test_clients_added_by_others_at_the_same_time_lose_and_repeat_no_one(api: Api, many: Many) -> None:
    people = await many.people(NAMES[:20])
    finished = asyncio.Event()

    async def others() -> None:
        for number in count():
            if finished.is_set():
                return
            await many.people([("Ábalos", f"{number}"), ("Żak", f"{number}")])

    adding = asyncio.create_task(others())
    found = await Listing(api, "clients").forwards(2)
    finished.set()
    await adding
    there_all_the_time = {person.id for person in people}
    assert [person_id for person_id in found if person_id in there_all_the_time] == in_order(people)
    assert len(found) == len(set(found))


async def test_contacts_added_and_removed_between_pages_lose_and_repeat_no_one(api: Api, many: Many) -> None:
    client, *others = await many.people([("Client", "A"), *NAMES[:20]])
    contacts = await many.edges([(client, other) for other in others])
    ordered = edges_in_order(contacts)
    leaving = ordered[1::5]  # among them the last of a page, whose cursor is in use
    staying = [contact_id for contact_id in ordered if contact_id not in leaving]
    left = iter(leaving)

    async def change() -> None:
        extra = await many.people([("Ábalos", "Ana"), ("Żak", "Ana")], status=None)
        await many.edges([(client, person) for person in extra])
        if (contact_id := next(left, None)) is not None:
            await api.done("removeContact", contactId=contact_id, expectedVersion=1)

    found = await Listing(api, "contactNetwork", client.id).forwards(2, change)
    assert next(left, None) is None
    assert [contact_id for contact_id in found if contact_id in set(staying)] == staying
    assert len(found) == len(set(found))


async def test_d6_the_removal_of_the_row_a_cursor_stands_for_does_not_end_the_list(api: Api, many: Many) -> None:
    client, *others = await many.people([("Client", "A"), *NAMES[:6]])
    ordered = edges_in_order(await many.edges([(client, other) for other in others]))
    listing = Listing(api, "contactNetwork", client.id)
    cursor = (await listing.page(first=3))["pageInfo"]["endCursor"]
    await api.done("removeContact", contactId=ordered[2], expectedVersion=1)
    after = await listing.page(first=9, after=cursor)
    before = await listing.page(last=9, before=cursor)
    assert [node["id"] for node in after["nodes"]] == ordered[3:]
    assert [node["id"] for node in before["nodes"]] == ordered[:2]


async def test_a_client_who_is_archived_between_pages_does_not_end_the_list(api: Api, many: Many) -> None:
    people = await many.people(NAMES[:6])
    listing = Listing(api, "clients")
    page = await listing.page(first=3)
    archived = page["nodes"][-1]["id"]
    await api.done("setClientStatus", personId=archived, expectedVersion=1, status="ARCHIVED")
    rest = await listing.page(first=9, after=page["pageInfo"]["endCursor"])
    assert [node["id"] for node in rest["nodes"]] == in_order(people)[3:]


async def test_d6_a_network_pages_right_with_a_person_who_was_removed_and_added_again(api: Api, many: Many) -> None:
    client, *others = await many.people([("Client", "A"), *NAMES[:4]])
    expected: list[tuple[str, list[str]]] = []
    for other_id in in_order(others):
        ids = []
        for turn in range(4):
            values = {"clientId": client.id, "personId": other_id, "relationship": "FRIEND"}
            added = await api.done("addExistingContact", **values)
            ids.append(added["id"])
            if turn < 3:
                await api.done("removeContact", contactId=added["id"], expectedVersion=1)
        expected.append((other_id, ids))
    everything = [contact_id for _, ids in expected for contact_id in sorted(ids)]
    listing = Listing(api, "contactNetwork", client.id, ALL)
    for size in (1, 2, 3, 5, 16, 100):
        assert await listing.forwards(size) == await listing.backwards(size) == everything, size
    removed = [contact_id for _, ids in expected for contact_id in sorted(ids[:3])]
    assert await Listing(api, "contactNetwork", client.id, "{statuses: [REMOVED]}").forwards(2) == removed
    current = [ids[3] for _, ids in expected]
    assert await Listing(api, "contactNetwork", client.id).forwards(2) == current
    other_side = Listing(api, "contactOf", expected[0][0], ALL)
    assert await other_side.forwards(1) == await other_side.backwards(3) == sorted(expected[0][1])


async def test_d6_the_total_counts_what_the_filter_shows_on_every_page(api: Api, many: Many) -> None:
    client, *others = await many.people([("Client", "A"), *NAMES[:5]])
    contacts = await many.edges([(client, other) for other in others])
    await api.done("removeContact", contactId=contacts[0].id, expectedVersion=1)
    document = """query ($id: ID!, $statuses: [ContactStatus!]!, $after: String) {
      person(id: $id) {
        contactNetwork(first: 2, after: $after, filter: {statuses: $statuses}) { totalCount pageInfo { endCursor } }
      } }"""
    for statuses, total in ((["IN_FORCE"], 4), (["REMOVED"], 1), (["IN_FORCE", "REMOVED"], 5), (["EXPIRED"], 0)):
        after = None
        for _ in range(2):
            data = await api.query(document, id=client.id, statuses=statuses, after=after)
            assert data["person"]["contactNetwork"]["totalCount"] == total
            after = data["person"]["contactNetwork"]["pageInfo"]["endCursor"]
