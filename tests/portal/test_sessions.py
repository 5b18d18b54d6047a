"""Sessions of portal accounts: refreshed, ended here or everywhere, and never used twice."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.portal.graph.sessions import sweep_sessions
from graph_api.portal.model import Account
from graph_api.portal.session_model import IDLE_LASTS, SESSION_LASTS
from tests.accounts import give_account
from tests.api import Api, Installation, Now
from tests.contract.workers import count
from tests.portal_users import PortalUser, open_session, portal_user, signed_in

ENDED = "session.ended"
SESSIONS = "(:Account {practice: $practice})-[:HAS_SESSION]->(s:Session)"


@dataclass
class Holder:
    """An account, and its holder signed in on two devices."""

    installation: Installation
    api: Api
    account: Account
    phone: PortalUser
    desk: PortalUser
    now: Now

    async def refreshed(self, user: PortalUser, refresh_token: str | None = None) -> str | None:
        """Why the session does not go on; None when it does."""
        payload = await user.refresh(refresh_token)
        return payload["errors"][0]["reason"] if payload["errors"] else None

    async def sweep(self, at: datetime) -> int:
        """Drop what is past its time by then."""
        return await sweep_sessions(self.installation.database, self.api.practice.id, at)


@pytest.fixture
async def holder(installation: Installation, api: Api, now: Now) -> Any:
    person = await api.client("Lucía")
    account = await give_account(installation, api.practice, person["id"])
    phone, desk = [await signed_in(installation, api.practice, account) for _ in range(2)]
    yield Holder(installation, api, account, phone, desk, now)
    now.moment = None


async def test_a_session_is_refreshed_and_goes_on(holder: Holder) -> None:
    before = holder.phone.access_token, holder.phone.refresh_token
    for _ in range(3):
        assert await holder.refreshed(holder.phone) is None
        assert await holder.phone.is_signed_in()
    assert (holder.phone.access_token, holder.phone.refresh_token) != before
    assert await holder.phone.is_signed_in(before[0]), "an access token lasts its fifteen minutes"
    assert await holder.desk.is_signed_in()


async def test_a_refresh_token_used_twice_ends_its_family_and_no_other(holder: Holder) -> None:
    first = holder.phone.refresh_token
    await holder.refreshed(holder.phone)
    second = holder.phone.refresh_token
    await holder.refreshed(holder.phone)
    assert await holder.refreshed(holder.phone, first) == ENDED
    assert not await holder.phone.is_signed_in()
    for token in (holder.phone.refresh_token, second, first):
        assert await holder.refreshed(holder.phone, token) == ENDED
    assert await holder.desk.is_signed_in()
    assert await holder.refreshed(holder.desk) is None


async def test_a_refresh_token_used_at_once_from_two_places_ends_its_family(holder: Holder) -> None:
    for _ in range(5):
        user = await signed_in(holder.installation, holder.api.practice, holder.account)
        token, access = user.refresh_token, user.access_token
        others = [portal_user(holder.installation, holder.api.practice) for _ in range(2)]
        answers = await asyncio.gather(*(holder.refreshed(other, token) for other in others))
        assert sorted(map(str, answers)) == ["None", ENDED]
        assert not await user.is_signed_in(access)
        winner = others[answers.index(None)]
        assert await holder.refreshed(winner) == ENDED


@pytest.mark.parametrize("token", ["", "x", "A" * 107, "é", "x" * 5_000])
async def test_what_is_no_refresh_token_ends_nothing(holder: Holder, token: str) -> None:
    assert await holder.phone.reason("refreshSession", refreshToken=token) == ENDED
    forged = f"{token}{(holder.phone.refresh_token or '')[len(token) :]}"[:400]
    assert await holder.refreshed(holder.phone, forged or "x") in (ENDED, None)
    assert await holder.desk.is_signed_in()


async def test_a_session_ends_where_it_is_signed_out(holder: Holder) -> None:
    await holder.phone.done("signOut", signed_in=True)
    assert not await holder.phone.is_signed_in()
    assert await holder.refreshed(holder.phone) == ENDED
    assert await holder.desk.is_signed_in()


async def test_all_sessions_end_when_signed_out_everywhere(holder: Holder) -> None:
    other = await give_account(holder.installation, holder.api.practice, (await holder.api.client("Bea"))["id"])
    bea = await signed_in(holder.installation, holder.api.practice, other)
    await holder.phone.done("signOut", signed_in=True, everywhere=True)
    for user in (holder.phone, holder.desk):
        assert not await user.is_signed_in()
        assert await holder.refreshed(user) == ENDED
    assert await bea.is_signed_in()


async def test_who_is_no_portal_account_is_not_signed_out(holder: Holder) -> None:
    query = "mutation { signOut(input: {everywhere: true}) { errors { code } } }"
    assert (await holder.api.query(query))["signOut"]["errors"] == [{"code": "FORBIDDEN"}]
    response = await holder.phone.post(query, {})
    assert response.status_code == 401
    assert await holder.phone.is_signed_in()


async def test_a_session_lasts_thirty_days_and_fourteen_without_use(holder: Holder) -> None:
    started = datetime.now(UTC)
    assert (timedelta(days=30), timedelta(days=14)) == (SESSION_LASTS, IDLE_LASTS)
    holder.now.moment = started + IDLE_LASTS - timedelta(minutes=1)
    assert await holder.refreshed(holder.phone) is None
    holder.now.moment = started + IDLE_LASTS + timedelta(minutes=1)
    assert await holder.refreshed(holder.phone) is None
    assert await holder.refreshed(holder.desk) == ENDED, "it was not used for fourteen days"
    holder.now.moment = started + 2 * IDLE_LASTS
    assert await holder.refreshed(holder.phone) is None
    holder.now.moment = started + SESSION_LASTS + timedelta(minutes=1)
    assert await holder.refreshed(holder.phone) == ENDED


async def test_no_access_token_outlives_its_session(holder: Holder) -> None:
    opened = datetime.now(UTC) - SESSION_LASTS + timedelta(minutes=5)
    session = await open_session(holder.installation, holder.api.practice, holder.account, opened)
    user = portal_user(holder.installation, holder.api.practice)
    holder.now.moment = opened + timedelta(days=10)
    user.refresh_token = session.refresh_token
    await user.refresh()
    holder.now.moment = opened + timedelta(days=20)
    await user.refresh()
    holder.now.moment = datetime.now(UTC)
    payload = await user.refresh()
    expires_at = datetime.fromisoformat(payload["session"]["accessTokenExpiresAt"])
    assert expires_at <= opened + SESSION_LASTS
    assert await user.is_signed_in()
    holder.now.moment = opened + SESSION_LASTS
    assert not await user.is_signed_in()


async def test_sessions_past_their_time_are_swept(holder: Holder) -> None:
    practice, database = holder.api.practice, holder.installation.database
    before = await count(database, SESSIONS, practice=practice.id)
    assert before == 2
    assert await holder.sweep(datetime.now(UTC)) == 0
    assert await holder.sweep(datetime.now(UTC) + SESSION_LASTS + timedelta(minutes=1)) == 2
    assert await count(database, SESSIONS, practice=practice.id) == 0
    assert not await holder.phone.is_signed_in()
    assert await holder.refreshed(holder.phone) == ENDED


async def test_no_secret_of_a_session_is_in_the_database(holder: Holder) -> None:
    await holder.refreshed(holder.phone)
    kept = await everything(holder)
    for secret in (holder.phone.access_token, holder.phone.refresh_token, holder.desk.refresh_token):
        assert secret
        assert secret not in kept
        assert not any(part in kept for part in secret.split(".") if len(part) > 20)


async def everything(holder: Holder) -> str:
    """All that the database holds of the practice."""
    text = "MATCH (n {practice: $practice}) OPTIONAL MATCH (n)-[r]->() RETURN properties(n) AS n, properties(r) AS r"
    async with holder.installation.database.session(write=False) as session:
        found = [record.data() async for record in await session.run(text, {"practice": holder.api.practice.id})]
    assert "refreshHash" in str(found)
    return str(found)
