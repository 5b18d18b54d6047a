"""Two admins give two practitioners the same subject at one moment: one wins, and the other is told (A1)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from graph_api.engine.bolt import is_constraint_failure
from graph_api.engine.session import GraphSession
from graph_api.engine.writing import WriteTransaction
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.practitioners.graph import practitioner_row
from graph_api.practitioners.model import Practitioner
from tests.api import Api, Installation
from tests.contract.workers import Workers, at_once, count, rounds, two_workers, winner_and_loser

TIED = "(p:Practitioner {practice: $practice, subject: $subject})"


@pytest.fixture(scope="module")
async def workers(installation: Installation) -> AsyncIterator[Workers]:
    async with two_workers(installation) as found:
        yield found


def admins(workers: Workers, api: Api) -> tuple[Api, Api]:
    """The same admin in two browsers, each of which reaches another worker."""
    token = workers.installation.token(api.practice, ViewerRole.ADMIN, "admin-1")
    return Api(workers.installation.server.app, token, api.practice), Api(workers.second.app, token, api.practice)


async def test_a1_of_two_who_add_the_same_subject_one_wins(
    installation: Installation, workers: Workers, api: Api
) -> None:
    async def race(number: int) -> None:
        one, two = admins(workers, api)
        values = {"displayName": f"Ada {number}", "subject": f"staff-{number}"}
        first, second = await at_once(
            one.mutate("addPractitioner", **values), two.mutate("addPractitioner", **values), number
        )
        _, error = winner_and_loser(first, second)
        assert (error["reason"], error["path"]) == ("subject.taken", ["subject"])
        assert await workers.count(api.practice, TIED, subject=values["subject"]) == 1

    await rounds(race)


async def test_a1_of_two_who_move_to_the_same_subject_one_wins(
    installation: Installation, workers: Workers, api: Api
) -> None:
    async def race(number: int) -> None:
        one, two = admins(workers, api)
        made = [await one.done("addPractitioner", displayName=f"{name} {number}") for name in ("Ada", "Bo")]
        two.bookmark = one.bookmark
        first, second = (
            {"practitionerId": practitioner["id"], "expectedVersion": 1, "subject": f"moved-{number}"}
            for practitioner in made
        )
        answers = await at_once(
            one.mutate("updatePractitioner", **first), two.mutate("updatePractitioner", **second), number
        )
        _, error = winner_and_loser(*answers)
        assert (error["reason"], error["path"]) == ("subject.taken", ["subject"])
        assert await workers.count(api.practice, TIED, subject=f"moved-{number}") == 1

    await rounds(race)


async def test_a1_who_writes_without_the_practices_lock_meets_the_constraint(
    installation: Installation, api: Api
) -> None:
    """Where locks are waited for, the other wins, and where they are not, who commits first. Never do both."""
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    written, release = asyncio.Event(), asyncio.Event()
    now = datetime.now(UTC)
    other = Practitioner(new_id("practitioner"), "Bo", subject="staff-1", created_at=now, updated_at=now)

    async def hold(tx: WriteTransaction) -> None:
        row = practitioner_row(api.practice.id, other)
        await tx.run("practitioners/create", practice=api.practice.id, practitioner=row)
        written.set()
        await release.wait()

    holding = asyncio.create_task(GraphSession(installation.database).write(hold))
    await written.wait()
    adding = asyncio.create_task(admin.mutate("addPractitioner", displayName="Ada", subject="staff-1"))
    await asyncio.sleep(0.3)  # where locks are waited for, it waits for the key
    release.set()
    payload, failure = await asyncio.gather(adding, asyncio.gather(holding, return_exceptions=True))
    if failure == [None]:
        assert [error["reason"] for error in payload["errors"]] == ["subject.taken"]
    else:
        assert payload["errors"] == []
        assert is_constraint_failure(failure[0])
    assert await count(installation.database, TIED, practice=api.practice.id, subject="staff-1") == 1
