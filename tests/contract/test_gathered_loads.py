"""Requests of one practice that ask for the same at the same time share a statement, and nothing else."""

import asyncio
from typing import Any

from graph_api.kernel.caller import ViewerRole
from tests.api import Api, Installation
from tests.contract.many import Many

NETWORK = """query ($id: ID!) { client(id: $id) { id displayName version
  contactNetwork { totalCount nodes { person { displayName } } } } }"""
REQUESTS = 24


async def family(installation: Installation, api: Api, name: str) -> list[str]:
    """Clients who each have the next as a contact; the practice is known already."""
    many = Many(installation, api.practice)
    people = await many.people((f"{name} {number:02}", "Given") for number in range(REQUESTS))
    await many.edges([(people[n], people[(n + 1) % REQUESTS]) for n in range(REQUESTS)])
    await api.query("{ viewer { id } }")
    return [person.id for person in people]


def name(data: dict[str, Any]) -> tuple[str, list[str]]:
    """A client's name and the names in their network."""
    client = data["client"]
    return client["displayName"], [node["person"]["displayName"] for node in client["contactNetwork"]["nodes"]]


async def test_many_requests_at_once_take_few_statements_and_each_gets_its_own(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    ids = await family(installation, api, "Own")
    with installation.statements() as sent:
        found = await asyncio.gather(*(api.query(NETWORK, id=client_id) for client_id in ids))
    expected = [(f"Given Own {n:02}", [f"Given Own {(n + 1) % REQUESTS:02}"]) for n in range(REQUESTS)]
    assert [name(data) for data in found] == expected
    assert set(sent) == {"network/contacts/network"}
    assert len(sent) < REQUESTS / 2


async def test_practices_do_not_mix(installation: Installation) -> None:
    one, other = [installation.api(await installation.practice()) for _ in range(2)]
    own, others = await family(installation, one, "One"), await family(installation, other, "Other")
    asked = [(api, client_id) for client_id in (*own, *others) for api in (one, other)]
    found = await asyncio.gather(*(api.query(NETWORK, id=client_id) for api, client_id in asked))
    for (api, client_id), data in zip(asked, found, strict=True):
        if (api is one) == (client_id in own):
            assert data["client"]["id"] == client_id
        else:
            assert data["client"] is None


async def test_what_a_role_may_not_read_is_hidden_although_both_ask_at_once(installation: Installation) -> None:
    practice = await installation.practice()
    staff, analyst = installation.api(practice), installation.api(practice, ViewerRole.ANALYST)
    ids = await family(installation, staff, "Role")
    await analyst.query("{ viewer { id } }")
    with installation.statements() as sent:
        found = await asyncio.gather(*(api.query(NETWORK, id=ids[0]) for api in (staff, analyst) * 8))
    assert [data["client"]["version"] for data in found] == [1, None] * 8
    assert set(sent) == {"network/contacts/network"}


async def test_requests_see_what_their_caller_committed_before(installation: Installation) -> None:
    """However many others read the same meanwhile."""
    api = installation.api(await installation.practice())
    client = await api.client("Ana")

    async def reading() -> None:
        while not done.is_set():
            await api.query(NETWORK, id=client["id"])

    done = asyncio.Event()
    readers = [asyncio.create_task(reading()) for _ in range(4)]
    try:
        for number in range(1, 6):
            await api.contact(client["id"], f"Contact {number}")
            data = await api.query(NETWORK, id=client["id"])
            assert data["client"]["contactNetwork"]["totalCount"] == number
    finally:
        done.set()
        await asyncio.gather(*readers)


async def test_a_failed_load_of_one_query_leaves_others_alone(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    ids = await family(installation, api, "Failing")
    wrong = NETWORK.replace("contactNetwork {", 'contactNetwork(after: "wrong") {')
    answers = await asyncio.gather(
        *(api.execute(query, id=client_id) for client_id in ids for query in (NETWORK, wrong))
    )
    assert all("errors" not in answer for answer in answers[::2])
    for answer in answers[1::2]:
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"]
        assert answer["data"]["client"]["contactNetwork"] is None
