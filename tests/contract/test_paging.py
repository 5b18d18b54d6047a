"""Keyset pages: whole, in order, both ways, and stable while rows come and go."""

import asyncio
import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.people.model import ClientStatus
from tests.api import Api, Installation
from tests.contract.listing import Listing, ids_of
from tests.contract.many import FAMILIES, NAMES, Many, Name, edges_in_order, in_order

SIZES = [1, 2, 7, len(NAMES) - 1, len(NAMES), len(NAMES) + 1, 100]


@pytest.fixture
def many(installation: Installation, api: Api) -> Many:
    return Many(installation, api.practice)


async def test_clients_come_whole_and_in_order_at_every_size(api: Api, many: Many) -> None:
    people = await many.people(reversed(NAMES))
    await many.people([("Aa", "Nobody's client")], status=None)
    listing = Listing(api, "clients")
    for size in SIZES:
        assert await listing.forwards(size) == in_order(people), size
        assert await listing.backwards(size) == in_order(people), size


async def test_s2_networks_come_whole_and_in_order_at_every_size(api: Api, many: Many) -> None:
    client, *others = await many.people([("Client", "A"), *NAMES])
    contacts = await many.edges([(client, other) for other in others])
    listing = Listing(api, "contactNetwork", client.id)
    for size in SIZES:
        assert await listing.forwards(size) == edges_in_order(contacts), size
        assert await listing.backwards(size) == edges_in_order(contacts), size


async def test_s6_networks_a_person_is_in_come_whole_and_in_order_at_every_size(api: Api, many: Many) -> None:
    person, *clients = await many.people([("Contact", "A"), *NAMES])
    contacts = await many.edges([(client, person) for client in clients])
    listing = Listing(api, "contactOf", person.id)
    for size in SIZES:
        assert await listing.forwards(size) == edges_in_order(contacts, "client"), size
        assert await listing.backwards(size) == edges_in_order(contacts, "client"), size


name_parts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
names = st.tuples(st.none() | name_parts | st.sampled_from(FAMILIES[1:]), name_parts | st.sampled_from(["Ana", "ana"]))


@given(names=st.lists(names, min_size=1, max_size=15), size=st.integers(1, 5))
@settings(max_examples=20, deadline=None)
async def test_d10_any_names_and_ties_are_in_order(installation: Installation, names: list[Name], size: int) -> None:
    practice = await installation.practice()
    many, api = Many(installation, practice), installation.api(practice)
    people = await many.people(names)
    listing = Listing(api, "clients")
    assert await listing.forwards(size) == await listing.backwards(size) == in_order(people)
    contacts = await many.edges([(people[0], other) for other in people])
    listing = Listing(api, "contactNetwork", people[0].id)
    assert await listing.forwards(size) == await listing.backwards(size) == edges_in_order(contacts)


async def test_the_longest_names_whose_folded_form_is_far_longer_have_their_place(api: Api) -> None:
    long = "\ufdfa" * 200  # folds to eighteen letters each
    first = await api.client(long, long, birthDate="1990-01-01")
    second = await api.client("Ana", "Zz")
    assert sorted(await Listing(api, "clients").forwards(1)) == sorted([first["id"], second["id"]])


async def test_a_page_is_25_when_no_size_is_given(api: Api, many: Many) -> None:
    people = await many.people([("A", str(number)) for number in range(30)])
    page = await Listing(api, "clients").page()
    assert ids_of(page, 25) == in_order(people)[:25]
    assert page["pageInfo"]["hasNextPage"] is True
    await many.edges([(people[0], other) for other in people[1:]])
    assert len((await Listing(api, "contactNetwork", people[0].id).page())["nodes"]) == 25


async def test_an_empty_list_is_a_page_without_cursors(api: Api) -> None:
    client = await api.client()
    for listing in (Listing(api, "contactNetwork", client["id"]), Listing(api, "clients", filter="{statuses: []}")):
        for arguments in ({"first": 3}, {"last": 3}):
            page = await listing.page(**arguments)
            assert ids_of(page, 3) == []
            assert not page["pageInfo"]["hasNextPage"]
            assert not page["pageInfo"]["hasPreviousPage"]


@pytest.mark.parametrize("arguments", [
    {"first": 0}, {"first": -1}, {"first": 101}, {"last": 0}, {"last": 101}, {"first": 1, "last": 1},
])  # fmt: skip
async def test_sizes_outside_1_to_100_and_both_directions_are_refused(api: Api, arguments: dict[str, int]) -> None:
    client = await api.client()
    for listing in (Listing(api, "clients"), Listing(api, "contactOf", client["id"])):
        assert await listing.code(**arguments) == "INVALID_PAGE"


async def test_a_cursor_goes_with_its_own_direction(api: Api, many: Many) -> None:
    await many.people(NAMES[:3])
    listing = Listing(api, "clients")
    cursor = (await listing.page(first=1))["pageInfo"]["endCursor"]
    assert await listing.code(last=1, after=cursor) == "INVALID_PAGE"
    assert await listing.code(first=1, before=cursor) == "INVALID_PAGE"
    assert await listing.code(before=cursor) == "INVALID_PAGE"


async def test_cursors_hold_no_personal_data(api: Api) -> None:
    client = await api.client("Guadalupe", "Montoya")
    await api.contact(client["id"], "Estefanía", person={"familyName": "Montoya"})
    for listing in (Listing(api, "clients"), Listing(api, "contactNetwork", client["id"])):
        cursor = (await listing.page(first=1))["pageInfo"]["endCursor"]
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        text = raw.decode("latin-1").casefold()
        for told in ("guadalupe", "montoya", "estefan", api.practice.id, api.practice.slug):
            assert told not in text
            assert told not in cursor.casefold()


async def test_a_cursor_of_another_list_filter_or_practice_is_refused(
    installation: Installation, api: Api, many: Many
) -> None:
    client, *others = await many.people(NAMES[:4])
    await many.edges([(client, other) for other in others])
    other_api = installation.api(await installation.practice())
    listings = [
        Listing(api, "clients"),
        Listing(api, "clients", filter="{statuses: [ACTIVE]}"),
        Listing(api, "contactNetwork", client.id),
        Listing(api, "contactNetwork", client.id, "{portalAccess: false}"),
        Listing(api, "contactNetwork", client.id, "{statuses: [IN_FORCE, REMOVED]}"),
        Listing(api, "contactNetwork", client.id, "{relationships: [FRIEND]}"),
        Listing(api, "contactOf", others[0].id),
    ]
    for own in listings:
        cursor = (await own.page(first=1))["pageInfo"]["endCursor"]
        for listing in listings:
            if listing is not own:
                assert await listing.code(first=1, after=cursor) == "INVALID_CURSOR"
                assert await listing.code(last=1, before=cursor) == "INVALID_CURSOR"
        if own.field == "clients":
            assert (
                await Listing(other_api, "clients", filter=own.filter).code(first=1, after=cursor) == "INVALID_CURSOR"
            )


async def test_the_same_filter_said_in_another_order_keeps_its_cursors(api: Api, many: Many) -> None:
    await many.people(NAMES[:4])
    one = Listing(api, "clients", filter="{statuses: [INACTIVE, ACTIVE]}")
    cursor = (await one.page(first=1))["pageInfo"]["endCursor"]
    other = Listing(api, "clients", filter="{statuses: [ACTIVE, INACTIVE, ACTIVE]}")
    assert await other.page(first=9, after=cursor) == await one.page(first=9, after=cursor)


@pytest.mark.parametrize("cursor", ["", "x", "ä", "=", "\x00", "A" * 600, base64.b64encode(b"offset:5").decode()])
async def test_a_made_up_cursor_is_refused(api: Api, cursor: str) -> None:
    assert await Listing(api, "clients").code(first=1, after=cursor) == "INVALID_CURSOR"


async def test_an_altered_cursor_is_refused(api: Api, many: Many) -> None:
    await many.people(NAMES[:4])
    listing = Listing(api, "clients")
    cursor = (await listing.page(first=1))["pageInfo"]["endCursor"]
    for place in (0, 5, 20, len(cursor) - 6):
        altered = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert await listing.code(first=1, after=altered) == "INVALID_CURSOR"


async def test_only_the_statuses_asked_for_are_paged(api: Api, many: Many) -> None:
    kept = {status: await many.people(NAMES[:6], status) for status in ClientStatus}
    for statuses in (["ARCHIVED"], ["ACTIVE", "ARCHIVED"], ["ACTIVE", "INACTIVE", "ARCHIVED"]):
        expected = in_order([person for status in statuses for person in kept[ClientStatus(status)]])
        listing = Listing(api, "clients", filter=f"{{statuses: [{', '.join(statuses)}]}}")
        assert await listing.forwards(4) == await listing.backwards(4) == expected
    default = in_order(kept[ClientStatus.ACTIVE] + kept[ClientStatus.INACTIVE])
    assert await Listing(api, "clients").forwards(5) == default


async def test_one_practice_never_sees_a_row_of_another(installation: Installation) -> None:
    practices = [await installation.practice() for _ in range(3)]
    kept = {practice.id: await Many(installation, practice).people(NAMES[:9]) for practice in practices}
    for practice in practices:
        listing = Listing(installation.api(practice), "clients")
        assert await listing.forwards(4) == await listing.backwards(4) == in_order(kept[practice.id])


async def test_each_client_of_a_page_has_a_network_that_is_paged_on(api: Api, many: Many) -> None:
    clients = await many.people(NAMES[:5])
    others = await many.people(NAMES[5:12], status=None)
    contacts = await many.edges([(client, other) for client in clients for other in others])
    network = "id contactNetwork(first: 2) { nodes { id } pageInfo { endCursor hasNextPage } }"
    data = await api.query(f"{{ clients(first: 5) {{ nodes {{ {network} }} }} }}")
    for node in data["clients"]["nodes"]:
        page = node["contactNetwork"]
        rest = await Listing(api, "contactNetwork", node["id"]).page(first=100, after=page["pageInfo"]["endCursor"])
        found = [contact["id"] for contact in (*page["nodes"], *rest["nodes"])]
        assert found == edges_in_order([contact for contact in contacts if contact.client.id == node["id"]])


async def test_readers_on_many_pages_at_once_do_not_disturb_each_other(api: Api, many: Many) -> None:
    people = await many.people(NAMES)
    listing = Listing(api, "clients")
    found = await asyncio.gather(*(listing.forwards(size) for size in range(3, 11)))
    assert all(ids == in_order(people) for ids in found)


async def test_s11_what_a_search_finds_is_paged_whole_and_in_one_order(api: Api, many: Many) -> None:
    people = await many.people([("García", f"Ana{number % 3}") for number in range(23)])
    document = """query ($first: Int, $after: String) { findContacts(search: "gar", first: $first, after: $after) {
      nodes { score person { id } } pageInfo { hasNextPage endCursor } } }"""
    orders = []
    for size in (1, 5, 22, 23, 100):
        found, after = [], None
        while True:
            page = (await api.query(document, first=size, after=after))["findContacts"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                break
            assert len(page["nodes"]) == size
            after = page["pageInfo"]["endCursor"]
        orders.append([node["person"]["id"] for node in found])
        assert [node["score"] for node in found] == sorted((node["score"] for node in found), reverse=True)
    assert set(orders[0]) == {person.id for person in people}
    assert all(order == orders[0] for order in orders)
