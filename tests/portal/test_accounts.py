"""Accounts: one per person and practice, and an address opens one account only."""

from datetime import UTC, date, datetime, timedelta

import pytest

from graph_api.access.model import AccountStatus
from graph_api.engine.errors import Unavailable
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Transaction
from graph_api.portal.graph.accounts import AccountReads, AccountWrites
from graph_api.portal.model import Account
from tests.accounts import account_at, account_of, give_account
from tests.api import Api, Installation
from tests.contract.practice_graph import run

TAKEN = "Others are changing the same"
"""A constraint refuses it each time, which only a race can explain: what the services check comes before."""


async def test_an_account_is_read_as_it_was_written(installation: Installation, api: Api) -> None:
    person = (await api.client())["id"]
    account = await give_account(installation, api.practice, person, "Ana@Example.org", status=AccountStatus.DISABLED)
    graph = Graph(GraphSession(installation.database), api.practice.id, date.min)
    assert graph.door.open(await graph[AccountReads].of([person])) == {person: account}
    assert await account_at(installation, api.practice, "ana@example.ORG") == account
    assert await account_of(installation, api.practice, person) == account


async def test_another_practice_has_none_of_it(installation: Installation, api: Api) -> None:
    person = (await api.client())["id"]
    await give_account(installation, api.practice, person, "ana@example.org")
    other = await installation.practice()
    graph = Graph(GraphSession(installation.database), other.id, date.min)
    assert graph.door.open(await graph[AccountReads].of([person])) == {}
    assert await account_at(installation, other, "ana@example.org") is None
    namesake = (await installation.api(other).client())["id"]
    assert (await give_account(installation, other, namesake, "ana@example.org")).person_id == namesake


async def test_a_person_has_one_account(installation: Installation, api: Api) -> None:
    person = (await api.client())["id"]
    await give_account(installation, api.practice, person, "ana@example.org")
    with pytest.raises(Unavailable, match=TAKEN):
        await give_account(installation, api.practice, person, "other@example.org")


async def test_an_address_opens_one_account_however_it_is_spelled(installation: Installation, api: Api) -> None:
    first, second = (await api.client("Ana"))["id"], (await api.client("Bea"))["id"]
    await give_account(installation, api.practice, first, "family@example.org")
    with pytest.raises(Unavailable, match=TAKEN):
        await give_account(installation, api.practice, second, "Family@Example.org")
    assert await account_of(installation, api.practice, second) is None


async def test_an_account_changes_under_its_lock(installation: Installation, api: Api) -> None:
    person = (await api.client())["id"]
    account = await give_account(installation, api.practice, person, "ana@example.org")
    later = datetime.now(UTC) + timedelta(minutes=1)
    graph = Graph(GraphSession(installation.database), api.practice.id, later.date())

    async def move(tx: Transaction) -> Account:
        before = await tx[AccountWrites].lock(person)
        assert before == account
        after = before.changed(later, address="new@example.org")
        await tx[AccountWrites].replace(before, after)
        return after

    after = await graph.write(move)
    assert await account_of(installation, api.practice, person) == after
    assert (after.version, after.since, after.verified_at, after.status) == (2, later, later, AccountStatus.ACTIVE)
    assert await account_at(installation, api.practice, "ana@example.org") is None
    assert await account_at(installation, api.practice, "new@example.org") == after
    [kept] = await run(
        installation.database, "MATCH (f:AccessFact {subject: $id}) RETURN properties(f) AS fact", id=person
    )
    assert kept["fact"] | {"kind": "account", "status": "ACTIVE", "address": "ana@example.org"} == kept["fact"]
    assert (kept["fact"]["validFrom"], kept["fact"]["validTo"]) == (stamp(account.since), stamp(later))
