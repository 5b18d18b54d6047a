"""What a portal account sees (S13): itself, clients whose portal it may view, its own contacts of these."""

import pytest

from graph_api.kernel.caller import ViewerRole
from tests.api import Installation
from tests.contract.seen_by import Seen, fill

PORTAL = ViewerRole.PORTAL


@pytest.fixture(scope="module")
async def seen(installation: Installation) -> Seen:
    return await fill(installation)


@pytest.mark.parametrize(("name", "visible"), [("dee", True), ("ann", True), ("bob", False), ("fay", False)])
async def test_s13_people(seen: Seen, name: str, visible: bool) -> None:
    query = """query ($id: ID!) {
      person(id: $id) { id } client(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }"""
    data = await seen.data(PORTAL, query, id=seen.ids[name])
    found = {"id": seen.ids[name]} if visible else None
    assert data == {"person": found, "client": found, "node": found, "nodes": [found]}


@pytest.mark.parametrize(
    ("name", "visible"), [("parent", True), ("back", False), ("other", False), ("ended", False), ("practice", True)]
)
async def test_s13_nodes(seen: Seen, name: str, visible: bool) -> None:
    data = await seen.data(PORTAL, "query ($id: ID!) { node(id: $id) { id } }", id=seen.ids[name])
    assert data["node"] == ({"id": seen.ids[name]} if visible else None)


async def test_s13_own_contacts_alone_with_their_count(seen: Seen) -> None:
    shown = "contactOf { totalCount nodes { id client { displayName } } } contactNetwork { totalCount nodes { id } }"
    query = f"query ($id: ID!) {{ person(id: $id) {{ {shown} }} }}"
    own = await seen.data(PORTAL, query, id=seen.ids["dee"])
    contact = {"id": seen.ids["parent"], "client": {"displayName": "Annie Ray"}}
    assert own["person"] == {"contactOf": {"totalCount": 1, "nodes": [contact]}, "contactNetwork": None}
    other = await seen.data(PORTAL, query, id=seen.ids["ann"])
    assert other["person"] == {"contactOf": None, "contactNetwork": None}


async def test_s13_nothing_is_reached_through_another_object(seen: Seen) -> None:
    """By an alias, a fragment, or a contact's person or client."""
    query = """query ($id: ID!) {
        node(id: $id) { ... on Contact { ...shown again: person { emails } reciprocal { id } } } }
      fragment shown on Contact {
        client { mails: emails birthDate clientStatus contactNetwork { nodes { id } } } note }"""
    data = await seen.data(PORTAL, query, id=seen.ids["parent"])
    client = {"mails": None, "birthDate": None, "clientStatus": None, "contactNetwork": None}
    assert data["node"] == {
        "client": client,
        "note": None,
        "again": {"emails": ["dee@example.org"]},
        "reciprocal": None,
    }


@pytest.mark.parametrize(
    ("filter_", "count"),
    [
        ("{}", 1),
        ("{statuses: []}", 0),
        ("{relationships: []}", 0),
        ("{relationships: [PARENT]}", 1),
        ("{relationships: [FRIEND]}", 0),
        ("{roles: []}", 0),
        ("{portalAccess: true}", 1),
        ("{portalAccess: false}", 0),
        ("{statuses: [REMOVED]}", 0),
    ],
)
async def test_s13_a_filter_reads_through_nothing(seen: Seen, filter_: str, count: int) -> None:
    """An empty list is none of them, never some; an edge that is not shown is not counted either."""
    query = f"query ($id: ID!) {{ person(id: $id) {{ contactOf(filter: {filter_}) {{ totalCount nodes {{ id }} }} }} }}"
    found = (await seen.data(PORTAL, query, id=seen.ids["dee"]))["person"]["contactOf"]
    assert (found["totalCount"], len(found["nodes"])) == (count, count)


async def test_s13_viewer(seen: Seen) -> None:
    data = await seen.data(PORTAL, "{ viewer { role person { displayName emails } } }")
    assert data["viewer"] == {"role": "PORTAL", "person": {"displayName": "Di Ray", "emails": ["dee@example.org"]}}
    staff = await seen.data(ViewerRole.STAFF, "{ viewer { person { id } } }")
    assert staff["viewer"] == {"person": None}


async def test_d5_what_ended_is_not_seen_any_more(installation: Installation) -> None:
    seen = await fill(installation)
    query = "query ($ann: ID!, $edge: ID!) { person(id: $ann) { id } node(id: $edge) { id } }"
    ids = {"ann": seen.ids["ann"], "edge": seen.ids["parent"]}
    assert None not in (await seen.data(PORTAL, query, **ids)).values()
    changes = {"portalAccess": False}
    await seen.api.done("updateContact", contactId=ids["edge"], expectedVersion=1, changes=changes)
    assert await seen.data(PORTAL, query, **ids) == {"person": None, "node": None}


async def test_s13_no_day_is_found_out_by_asking_about_other_moments(seen: Seen) -> None:
    """A yes that ends on the client's birthday of majority would tell the birthday."""
    query = """query ($dee: ID!, $ann: ID!, $at: DateTime) {
      canAct(personId: $dee, clientId: $ann, action: VIEW_PORTAL, at: $at) { allowed checks { rule } } }"""
    ids = {"dee": seen.ids["dee"], "ann": seen.ids["ann"]}
    assert (await seen.data(PORTAL, query, **ids))["canAct"] == {"allowed": True, "checks": None}
    for at in ("2033-02-27T12:00:00Z", "2033-03-02T12:00:00Z", "2021-01-01T12:00:00Z"):
        body = await seen.ask(PORTAL, query, at=at, **ids)
        assert (body["data"], body["errors"][0]["extensions"]["code"]) == ({"canAct": None}, "INVALID_TIME")
    analyst = (await seen.data(ViewerRole.ANALYST, query, **ids))["canAct"]
    assert analyst == {"allowed": True, "checks": None}
