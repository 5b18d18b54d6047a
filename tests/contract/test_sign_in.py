"""Signing in to the portal by a code mailed to the account's address."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graph_api.domain.access import AccountStatus
from graph_api.domain.accounts import Account
from graph_api.domain.codes import MAX_ASKED, MAX_TRIES
from graph_api.domain.model import NOWHERE
from graph_api.engine.session import GraphSession
from graph_api.keys import installation_secret
from graph_api.repositories.graph import GraphRepository
from graph_api.repositories.sessions import sweep_sessions
from graph_api.services.sign_in import sign_in_key
from tests.accounts import give_account
from tests.api import Api, Installation, Now
from tests.contract.workers import count
from tests.mail import Mail, mail_of
from tests.portal import PortalUser, code_in, portal_user

UNKNOWN = "nobody@people.example"
REFUSED = "signIn.refused"


@dataclass
class Portal:
    """A practice with one account, whose holder is not signed in, and the practice's mail."""

    installation: Installation
    api: Api
    account: Account
    user: PortalUser
    mail: Mail
    now: Now

    async def code(self) -> str:
        """A code that was asked for and came."""
        await self.user.ask_for_code()
        await self.mail.send()
        return code_in(self.mail.box.to(self.account.address)[-1])

    def elsewhere(self, address: str | None = None) -> PortalUser:
        """Somebody on another connection."""
        return portal_user(self.installation, self.api.practice, address or self.account.address)


@pytest.fixture
async def portal(installation: Installation, api: Api, now: Now) -> Any:
    person = await api.client("Lucía")
    account = await give_account(installation, api.practice, person["id"])
    now.moment = None
    user = portal_user(installation, api.practice, account.address)
    yield Portal(installation, api, account, user, mail_of(installation, api.practice, now), now)
    now.moment = None


def wrong(code: str) -> str:
    """Another code."""
    return str((int(code.replace(" ", "")) + 1) % 10**8).zfill(8)


async def test_a_code_comes_by_mail_and_signs_in(portal: Portal) -> None:
    code = await portal.code()
    payload = await portal.user.sign_in(code)
    assert payload["errors"] == []
    viewer = (await portal.user.viewer()).json()["data"]["viewer"]
    assert (viewer["role"], viewer["person"]["id"]) == ("PORTAL", portal.account.person_id)
    [letter] = portal.mail.box.letters
    assert letter.address == portal.account.address
    assert "Lucía" not in letter.text + letter.subject
    assert code not in letter.subject


async def test_the_address_and_the_code_may_be_typed_as_people_do(portal: Portal) -> None:
    code = await portal.code()
    user = portal.elsewhere(f" {portal.account.address.upper()} ")
    assert (await user.sign_in(f" {code.replace(' ', '-')} "))["errors"] == []


async def test_a_code_is_good_once(portal: Portal) -> None:
    code = await portal.code()
    assert (await portal.user.sign_in(code))["errors"] == []
    assert await reason(portal.elsewhere(), code) == REFUSED


async def test_a_code_is_good_for_ten_minutes(portal: Portal) -> None:
    portal.now.moment = datetime.now(UTC)
    code = await portal.code()
    portal.now.moment += timedelta(minutes=10)
    assert await reason(portal.user, code) == REFUSED
    portal.now.moment -= timedelta(microseconds=1)
    assert (await portal.user.sign_in(code))["errors"] == []


async def test_the_fifth_try_may_be_right_but_no_sixth(portal: Portal) -> None:
    code = await portal.code()
    for _ in range(MAX_TRIES - 1):
        assert await reason(portal.user, wrong(code)) == REFUSED
    assert (await portal.user.sign_in(code))["errors"] == []
    code = await portal.code()
    for _ in range(MAX_TRIES):
        assert await reason(portal.user, wrong(code)) == REFUSED
    assert await reason(portal.user, code) == REFUSED
    assert (await portal.user.sign_in(await portal.code()))["errors"] == [], "a fresh code has tries of its own"


async def test_tries_at_once_are_counted_one_by_one(portal: Portal) -> None:
    """Twelve at once, of which five are counted: the right one among the others comes too late."""
    for right_at in (0, 11):
        code = await portal.code()
        tries = [wrong(code)] * 12
        users = [portal.elsewhere() for _ in tries]
        first = await asyncio.gather(*(reason(user, each) for user, each in zip(users, tries, strict=True)))
        assert set(first) == {REFUSED}, right_at
        assert await reason(portal.elsewhere(), code) == REFUSED


async def test_the_same_code_at_once_signs_in_one(portal: Portal) -> None:
    for _ in range(MAX_ASKED):
        code = await portal.code()
        users = [portal.elsewhere() for _ in range(4)]
        payloads = await asyncio.gather(*(user.sign_in(code) for user in users))
        assert [payload["errors"] == [] for payload in payloads].count(True) == 1


async def test_a_newer_code_takes_the_place_of_the_one_before(portal: Portal) -> None:
    before = await portal.code()
    after = await portal.code()
    assert await reason(portal.user, before) == REFUSED
    assert (await portal.user.sign_in(after))["errors"] == []


async def test_a_code_is_of_one_address_of_one_practice(portal: Portal) -> None:
    installation, practice = portal.installation, portal.api.practice
    other = await give_account(installation, practice, (await portal.api.client("Bea"))["id"])
    code = await portal.code()
    assert await reason(portal.elsewhere(other.address), code) == REFUSED
    elsewhere = await installation.practice()
    assert await reason(portal_user(installation, elsewhere, portal.account.address), code) == REFUSED
    assert (await portal.user.sign_in(code))["errors"] == []


async def test_an_address_that_opens_nothing_gets_no_mail_and_the_same_answers(portal: Portal) -> None:
    """Asking and trying: body, headers and what the database is asked are alike, whoever it is."""
    disabled = await give_account(
        portal.installation, portal.api.practice, (await portal.api.client("Bea"))["id"], status=AccountStatus.DISABLED
    )
    nowhere = replace(portal.api.practice, slug="no-such-practice")
    who = {
        "known": portal.user,
        "unknown": portal.elsewhere(UNKNOWN),
        "disabled": portal.elsewhere(disabled.address),
        "nowhere": portal_user(portal.installation, nowhere, portal.account.address),
    }
    asked: dict[str, Any] = {name: await seen(portal, user, "requestSignInCode") for name, user in who.items()}
    assert asked == dict.fromkeys(who, asked["known"])
    assert asked["known"][0]["requestSignInCode"]["errors"] == []
    await portal.mail.send()
    assert portal.mail.box.addresses == {portal.account.address}
    tried: dict[str, Any] = {name: await seen(portal, user, "signIn", code="0000 0000") for name, user in who.items()}
    assert tried == dict.fromkeys(who, tried["known"])
    assert tried["known"][0]["signIn"]["errors"][0]["reason"] == REFUSED


async def seen(portal: Portal, user: PortalUser, name: str, **values: str) -> tuple[Any, ...]:
    """What a stranger can tell: the answer, its headers, and, for the time it takes, what is done for it."""
    sent = {"practice": user.practice.slug, "email": user.address, **values}
    kind = f"{name[0].upper()}{name[1:]}Input"
    fields = "errors { code message path ... on InvalidInput { reason } }"
    with portal.installation.statements() as names:
        response = await user.post(
            f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {fields} }} }}", {"input": sent}
        )
    return response.json()["data"], sorted(response.headers.keys()), list(names)


async def test_mails_to_nobody_leave_the_outbox(portal: Portal) -> None:
    nowhere = portal_user(portal.installation, replace(portal.api.practice, slug="no-such-practice"), UNKNOWN)
    await nowhere.ask_for_code()
    await portal.elsewhere(UNKNOWN).ask_for_code()
    sender = mail_of(portal.installation, NOWHERE)
    assert (await sender.send()).sent == (await portal.mail.send()).sent == 0
    assert (await sender.send()).dropped == 0
    assert sender.box.letters == portal.mail.box.letters == []


async def test_an_address_is_asked_for_five_codes_an_hour(portal: Portal) -> None:
    """However many callers ask, and whether or not the address opens an account."""
    portal.now.moment = datetime.now(UTC)
    for address in (portal.account.address, UNKNOWN):
        mailed = 0
        for _ in range(MAX_ASKED + 2):
            # Answered alike: that others ask for an address would tell that it opens an account.
            await portal.elsewhere(address).ask_for_code()
            mailed += (await portal.mail.send()).sent
        assert mailed == (MAX_ASKED if address != UNKNOWN else 0)
    portal.now.moment += timedelta(hours=1)
    await portal.user.ask_for_code()
    assert (await portal.mail.send()).sent == 1


async def test_codes_asked_for_at_once_are_counted_one_by_one(portal: Portal) -> None:
    sent: Any = {"practice": portal.api.practice.slug, "email": portal.account.address}
    asked = [portal.elsewhere().mutate("requestSignInCode", **sent) for _ in range(MAX_ASKED + 4)]
    payloads = await asyncio.gather(*asked)
    assert [payload["errors"] for payload in payloads] == [[]] * (MAX_ASKED + 4)
    secret = installation_secret(portal.installation.settings.data_dir, None)
    key = sign_in_key(secret, portal.account.address)
    graph = GraphRepository(GraphSession(portal.installation.database), portal.api.practice.id, date.today())
    assert len(await graph.write(lambda tx: tx.codes.lock(key))) == MAX_ASKED


async def test_a_caller_may_try_so_often(portal: Portal) -> None:
    reasons = [await reason(portal.user, "0") for _ in range(121)]
    assert set(reasons[:120]) == {REFUSED}
    assert reasons[120] == "portal.tooManyTries"
    sent: Any = {"practice": portal.api.practice.slug, "email": portal.account.address, "code": "0"}
    [error] = (await portal.user.mutate("signIn", **sent))["errors"]
    assert error["message"] == "There were too many tries. Wait a while, then try again."
    assert await reason(portal.elsewhere(), "0") == REFUSED, "others are not kept out"


@pytest.mark.parametrize("code", ["", "x", "1" * 5_000, "\x00", "１２３４５６７８"])
async def test_what_is_no_code_is_refused_alike(portal: Portal, code: str) -> None:
    await portal.code()
    assert await reason(portal.user, code) == REFUSED


async def test_what_is_no_address_is_told(portal: Portal) -> None:
    for address in ("", "x", "a@b@c", "x" * 5_000):
        user = portal.elsewhere(address or " ")
        sent: Any = {"practice": portal.api.practice.slug, "email": address}
        assert await user.reason("requestSignInCode", **sent) == "email.invalid"
        assert await reason(user, "12345678") == REFUSED


async def test_an_account_disabled_after_the_code_was_made_stays_closed(portal: Portal) -> None:
    code = await portal.code()
    await portal.api.done("disableAccount", personId=portal.account.person_id)
    assert await reason(portal.user, code) == REFUSED


async def test_no_code_is_in_the_database_and_what_is_kept_of_it_is_swept(portal: Portal) -> None:
    code = await portal.code()
    practice, database = portal.api.practice.id, portal.installation.database
    statement = "MATCH (n {practice: $practice}) RETURN labels(n) AS labels, properties(n) AS n"
    async with database.session(write=False) as session:
        found = [record.data() async for record in await session.run(statement, {"practice": practice})]
    assert [row for row in found if row["labels"] == ["OneTimeCode"]]
    kept = str([row["n"] for row in found])
    assert code not in kept
    assert code.replace(" ", "") not in kept
    await portal.elsewhere(UNKNOWN).ask_for_code()
    assert await count(database, "(c:OneTimeCode {practice: $practice})", practice=practice) == 2
    assert await sweep_sessions(database, practice, datetime.now(UTC)) == 0
    assert await sweep_sessions(database, practice, datetime.now(UTC) + timedelta(minutes=61)) == 2
    assert await count(database, "(c:OneTimeCode {practice: $practice})", practice=practice) == 0
    assert await reason(portal.user, code) == REFUSED


async def reason(user: PortalUser, code: str) -> str:
    """Why a code is refused."""
    return await user.reason("signIn", practice=user.practice.slug, email=user.address, code=code)
