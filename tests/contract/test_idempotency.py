"""Idempotency keys where time passes: what is replayed, and what the sweep may drop."""

import asyncio
from datetime import UTC, datetime, timedelta

from graph_api.engine.session import GraphSession
from graph_api.engine.writing import WriteTransaction
from graph_api.kernel.idempotency import sweep_idempotency_keys
from tests.api import Api, Installation, Now

PHONE = "+44 20 7946 0018"


async def test_d9_a_replay_gives_the_warnings_again(api: Api) -> None:
    await api.client(phones=[PHONE])
    person = {"givenName": "Otto", "familyName": "Vega", "phones": [PHONE]}
    first = await api.mutate("addClient", person=person, idempotencyKey="once")
    again = await api.mutate("addClient", person=person, idempotencyKey="once")
    assert [warning["code"] for warning in first["warnings"]] == ["SHARED_CONTACT_POINT"]
    assert again == first


async def test_a_key_past_its_day_is_swept_and_one_within_it_is_not(
    installation: Installation, api: Api, now: Now
) -> None:
    now.moment = datetime.now(UTC) - timedelta(hours=30)
    try:
        old = await api.done("addClient", person={"givenName": "Old"}, idempotencyKey="old")
    finally:
        now.moment = None
    new = await api.done("addClient", person={"givenName": "New"}, idempotencyKey="new")
    assert await sweep_idempotency_keys(installation.database, api.practice.id) == 1
    assert (await api.done("addClient", person={"givenName": "New"}, idempotencyKey="new"))["id"] == new["id"]
    assert (await api.done("addClient", person={"givenName": "Old"}, idempotencyKey="old"))["id"] != old["id"]


async def test_a_key_that_is_renewed_while_it_is_swept_stays(installation: Installation, api: Api, now: Now) -> None:
    client = await api.client()
    status = {"personId": client["id"], "idempotencyKey": "renewed"}
    now.moment = datetime.now(UTC) - timedelta(hours=30)
    try:
        await api.done("setClientStatus", **status, expectedVersion=1, status="INACTIVE")
    finally:
        now.moment = None
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(tx: WriteTransaction) -> None:
        await tx.run("people/lock", practice=api.practice.id, ids=[client["id"]], stamp="held")
        held.set()
        await release.wait()

    holding = asyncio.create_task(GraphSession(installation.database).write(hold))
    await held.wait()
    again = status | {"expectedVersion": 2, "status": "ACTIVE"}
    renewing = asyncio.create_task(api.done("setClientStatus", **again))
    await asyncio.sleep(0.3)  # where locks are waited for, it has claimed the old key and waits for the client
    sweeping = asyncio.create_task(sweep_idempotency_keys(installation.database, api.practice.id))
    await asyncio.sleep(0.3)  # and the sweep waits for the key
    release.set()
    await asyncio.gather(holding, renewing, sweeping)
    payload = await api.mutate("setClientStatus", **again)
    assert payload["errors"] == [], "the renewed key was swept, so this was done a second time"
