"""A caller sees their own writes on whichever worker they ask next, or is told to try again; never old data."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph_api.engine import session
from graph_api.http.bookmarks import HEADER, LASTS, MAX_HEADER, BookmarkCodec
from graph_api.keys.secrets import installation_secret
from tests.api import Api, Installation
from tests.contract.workers import Workers, two_workers

UUID_END = 19
AHEAD = (10**15).to_bytes(8, "big")
GENEROUS = 15.0
"""Seconds, against a hang; well below the 30 that a request of these installations may take."""


@pytest.fixture(autouse=True)
def soon_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nobody arrives, so to wait for long tells nothing more."""
    monkeypatch.setattr(session, "BOOKMARK_TIMEOUT", 2.0)


@pytest.fixture(scope="module")
async def workers(installation: Installation) -> AsyncIterator[Workers]:
    async with two_workers(installation) as found:
        yield found


@pytest.fixture
def codec(installation: Installation) -> BookmarkCodec:
    return BookmarkCodec(installation_secret(installation.settings.data_dir))


@pytest.fixture
def neo4j(installation: Installation) -> None:
    if installation.name == "embedded":
        pytest.skip("the embedded engine is one process, which all workers read and write: nobody is ever behind")


def far_ahead(bookmark: str) -> str:
    """A Neo4j bookmark with its transaction id raised: in PackStream, the database's id, the transaction's and []."""
    raw = base64.b64decode(bookmark.removeprefix("FB:") + "==")
    assert raw[:3] == b"\x91\xcc\x10"
    assert raw[-1:] == b"\x90"
    return "FB:" + base64.b64encode(raw[:UUID_END] + b"\xcb" + AHEAD + b"\x90").decode()


def future_header(api: Api, codec: BookmarkCodec) -> str:
    """A header of ours for a transaction that is yet to come."""
    [bookmark] = codec.decode(api.practice.id, api.bookmark)
    header = codec.encode(api.practice.id, frozenset({far_ahead(bookmark)}))
    assert header is not None
    return header


def told_to_retry(response: httpx.Response) -> dict[str, Any]:
    """The body of a 503 that may be retried because the caller's write has not arrived."""
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) >= 1
    body: dict[str, Any] = response.json()
    for error in body["errors"]:
        assert error["extensions"] == {"code": "UNAVAILABLE", "retryable": True}
        assert "has not arrived" in error["message"]
    return body


@pytest.mark.usefixtures("neo4j")
async def test_a_write_answers_with_a_bookmark_which_reads_carry_on(api: Api) -> None:
    assert (await api.post({"query": "{ viewer { id } }"})).headers.get(HEADER) is None
    await api.client()
    header = api.bookmark
    assert header is not None
    read = await api.post({"query": "{ clients { nodes { id } } }"})
    assert read.headers[HEADER] == header
    await api.client("Bea")
    assert api.bookmark != header


@pytest.mark.usefixtures("neo4j")
async def test_a_refused_write_keeps_the_callers_bookmark(api: Api) -> None:
    client = await api.client()
    header = api.bookmark
    values = {"clientId": client["id"], "personId": client["id"], "relationship": "FRIEND"}
    await api.refused("addExistingContact", **values)
    assert api.bookmark == header


async def test_a_write_is_seen_on_another_worker_at_once(workers: Workers, api: Api) -> None:
    one, two = workers.pair(api.practice)
    for number in range(20):
        client = await one.client(f"Ana {number}")
        two.bookmark = one.bookmark
        data = await two.query("query ($id: ID!) { person(id: $id) { givenName } }", id=client["id"])
        assert data["person"] == {"givenName": f"Ana {number}"}


async def test_the_embedded_engine_gives_no_bookmark_and_waits_for_none(
    installation: Installation, api: Api, codec: BookmarkCodec
) -> None:
    if installation.name != "embedded":
        pytest.skip("Neo4j waits, as the tests below prove")
    await api.client()
    assert api.bookmark is None
    header = codec.encode(api.practice.id, frozenset({"arcade:tx:99999999999999"}))
    assert header is not None
    response = await api.post({"query": "{ clients { nodes { givenName } } }"}, **{HEADER: header})
    assert response.json() == {"data": {"clients": {"nodes": [{"givenName": "Ana"}]}}}


@pytest.mark.parametrize("place", [0, 10, 30, -2])
async def test_an_altered_bookmark_is_refused(api: Api, codec: BookmarkCodec, place: int) -> None:
    header = codec.encode(api.practice.id, frozenset({"FB:kcwQjensqengRp6SMFuME/EJbckR1JA="}))
    assert header is not None
    text = list(header)
    text[place] = "A" if text[place] != "A" else "B"
    await refused(api, "".join(text))


async def refused(api: Api, header: str) -> None:
    """400, and nothing executed."""
    body = {"query": 'mutation { addClient(input: {person: {givenName: "Never"}}) { person { id } } }'}
    response = await api.post(body, **{HEADER: header})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_BOOKMARK"}
    assert "data" not in response.json()
    assert (await api.query("{ clients { nodes { id } } }"))["clients"]["nodes"] == []


async def test_a_bookmark_of_another_practice_is_refused(
    installation: Installation, api: Api, codec: BookmarkCodec
) -> None:
    other = await installation.practice()
    header = codec.encode(other.id, frozenset({"FB:kcwQ"}))
    assert header is not None
    assert codec.decode(other.id, header) == {"FB:kcwQ"}
    await refused(api, header)


@pytest.mark.parametrize("header", ["FB:kcwQ", "not base64!", "=" * 8, "AAAA", "A" * 100])
async def test_a_made_up_bookmark_is_refused(api: Api, header: str) -> None:
    await refused(api, header)


async def test_a_bookmark_over_4_kb_is_refused_and_one_of_4_kb_is_read(api: Api, codec: BookmarkCodec) -> None:
    assert MAX_HEADER == 4_096
    fitting = [codec.encode(api.practice.id, frozenset({"x" * size})) for size in range(3_000, 3_100)]
    whole = max((header for header in fitting if header is not None), key=len)
    assert len(whole) == MAX_HEADER
    assert codec.decode(api.practice.id, whole)
    assert fitting[-1] is None
    await refused(api, whole + "AAAA")
    await refused(api, "A" * (MAX_HEADER + 1))


@pytest.mark.usefixtures("neo4j")
async def test_after_ten_minutes_a_bookmark_is_waited_for_no_more(
    installation: Installation, api: Api, codec: BookmarkCodec
) -> None:
    """A database that was restored would otherwise keep its callers waiting for what it lost."""
    await api.client()
    [bookmark] = codec.decode(api.practice.id, api.bookmark)
    secret = installation_secret(installation.settings.data_dir)
    aged = BookmarkCodec(secret, lambda: time.time() - LASTS - 1)
    header = aged.encode(api.practice.id, frozenset({far_ahead(bookmark)}))
    assert header is not None
    response = await api.post({"query": "{ clients { nodes { givenName } } }"}, **{HEADER: header})
    assert response.json() == {"data": {"clients": {"nodes": [{"givenName": "Ana"}]}}}


@pytest.mark.usefixtures("neo4j")
async def test_a_read_that_can_not_see_the_callers_write_is_told_to_retry_and_gets_no_old_data(
    workers: Workers, api: Api, codec: BookmarkCodec
) -> None:
    one, two = workers.pair(api.practice)
    client = await one.client("Ana")
    header = future_header(one, codec)
    query = {"query": f'{{ clients {{ nodes {{ id }} }} person(id: "{client["id"]}") {{ givenName }} }}'}
    async with asyncio.timeout(GENEROUS):
        responses = await asyncio.gather(*(two.post(query, **{HEADER: header}) for _ in range(4)))
    for response in responses:
        assert told_to_retry(response)["data"] == {"clients": None, "person": None}
        assert response.headers[HEADER] == header
    two.bookmark = one.bookmark
    assert (await two.query(query["query"]))["person"] == {"givenName": "Ana"}


@pytest.mark.usefixtures("neo4j")
async def test_a_write_that_can_not_see_the_callers_write_is_told_to_retry_and_changes_nothing(
    workers: Workers, api: Api, codec: BookmarkCodec
) -> None:
    one, two = workers.pair(api.practice)
    client = await one.client("Ana")
    header = future_header(one, codec)
    values = f'personId: "{client["id"]}", expectedVersion: 1, status: ARCHIVED'
    mutation = f"mutation {{ setClientStatus(input: {{{values}}}) {{ person {{ id }} }} }}"
    async with asyncio.timeout(GENEROUS):
        response = await two.post({"query": mutation}, **{HEADER: header})
    assert told_to_retry(response)["data"] == {"setClientStatus": None}
    person = await one.query("query ($id: ID!) { person(id: $id) { clientStatus version } }", id=client["id"])
    assert person["person"] == {"clientStatus": "ACTIVE", "version": 1}
