"""Another address for a portal account, and closing it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.portal.codes import MAX_ASKED, MAX_TRIES
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from tests.accounts import account_of, give_account
from tests.api import Api, Installation, Now, born
from tests.letters import Mail, mail_of
from tests.portal_users import PortalUser, code_in, portal_user, signed_in

REFUSED = "code.refused"


@dataclass
class Holder:
    """An account whose holder is signed in on two devices, and the practice's mail."""

    installation: Installation
    api: Api
    account: Account
    phone: PortalUser
    desk: PortalUser
    mail: Mail
    now: Now

    @property
    def new(self) -> str:
        """An address that nobody has."""
        return f"new-{self.account.address}"

    async def code(self, address: str | None = None) -> str:
        """A code for another address, asked for and come."""
        wanted = address or self.new
        await self.phone.done("changeAccountAddress", signed_in=True, email=wanted)
        await self.mail.send()
        return code_in(self.mail.box.to(wanted)[-1])

    async def reason(self, code: str, address: str | None = None) -> str:
        """Why the address is not moved."""
        return await self.phone.reason("changeAccountAddress", signed_in=True, email=address or self.new, code=code)

    async def move(self, code: str, address: str | None = None) -> None:
        """Move it."""
        await self.phone.done("changeAccountAddress", signed_in=True, email=address or self.new, code=code)

    async def stored(self) -> Account:
        """The account as it is."""
        found = await account_of(self.installation, self.api.practice, self.account.person_id)
        assert found is not None
        return found


@pytest.fixture
async def holder(installation: Installation, api: Api, now: Now) -> Any:
    person = await api.client("Lucía")
    account = await give_account(installation, api.practice, person["id"])
    phone, desk = [await signed_in(installation, api.practice, account) for _ in range(2)]
    yield Holder(installation, api, account, phone, desk, mail_of(installation, api.practice, now), now)
    now.moment = None


async def test_an_address_moves_with_a_code_from_the_new_one(holder: Holder) -> None:
    code = await holder.code()
    assert (await holder.stored()).address == holder.account.address, "nothing moves before"
    assert await holder.desk.is_signed_in()
    await holder.move(code)
    assert (await holder.stored()).address == holder.new
    for user in (holder.phone, holder.desk):
        assert not await user.is_signed_in(), "all sessions end, this one too"
        assert await user.reason("refreshSession", refreshToken=user.refresh_token) == "session.ended"


async def test_the_old_address_is_told_and_opens_nothing_any_more(holder: Holder) -> None:
    await holder.move(await holder.code())
    await holder.mail.send()
    [told] = holder.mail.box.to(holder.account.address)
    assert "address" in told.subject
    assert holder.new not in told.text
    assert "Lucía" not in told.text + told.subject
    old = portal_user(holder.installation, holder.api.practice, holder.account.address)
    await old.ask_for_code()
    new = portal_user(holder.installation, holder.api.practice, holder.new)
    await new.ask_for_code()
    await holder.mail.send()
    assert len(holder.mail.box.to(holder.account.address)) == 1
    assert (await new.sign_in(code_in(holder.mail.box.to(holder.new)[-1])))["errors"] == []


async def test_an_address_that_opens_another_account_is_told_by_nothing(holder: Holder) -> None:
    bea = await holder.api.client("Bea")
    other = await give_account(holder.installation, holder.api.practice, bea["id"])
    answers = []
    for address in (holder.new, other.address.upper()):
        with holder.installation.statements() as names:
            answers.append(
                (await holder.phone.mutate("changeAccountAddress", signed_in=True, email=address), list(names))
            )
    assert answers[0] == answers[1]
    assert answers[0][0]["errors"] == []
    await holder.mail.send()
    assert holder.mail.box.letters == []
    assert await holder.reason("0000 0000", other.address) == REFUSED


async def test_an_address_taken_meanwhile_is_told_to_who_reads_its_mail(holder: Holder) -> None:
    code = await holder.code()
    bea = await holder.api.client("Bea")
    await give_account(holder.installation, holder.api.practice, bea["id"], holder.new)
    assert await holder.reason("0000 0000") == REFUSED
    assert await holder.reason(code) == "account.addressTaken"
    assert (await holder.stored()).address == holder.account.address
    assert await holder.phone.is_signed_in()


async def test_a_code_holds_for_one_address_once_and_five_tries(holder: Holder) -> None:
    code = await holder.code()
    assert await holder.reason(code, f"x-{holder.new}") == REFUSED
    for _ in range(MAX_TRIES - 1):
        assert await holder.reason("0000 0000") == REFUSED
    assert await holder.reason(code) == REFUSED
    code = await holder.code()
    await holder.move(code, holder.new.upper())
    again = await signed_in(holder.installation, holder.api.practice, await holder.stored())
    assert await again.reason("changeAccountAddress", signed_in=True, email="b@people.example", code=code) == REFUSED


async def test_tries_at_once_are_counted_one_by_one(holder: Holder) -> None:
    code = await holder.code()
    tries = [holder.phone.mutate("changeAccountAddress", signed_in=True, email=holder.new, code="1") for _ in range(9)]
    await asyncio.gather(*tries)
    assert await holder.reason(code) == REFUSED


async def test_a_code_to_sign_in_moves_no_address_and_the_other_way(holder: Holder) -> None:
    user = portal_user(holder.installation, holder.api.practice, holder.account.address)
    await user.ask_for_code()
    await holder.mail.send()
    code = code_in(holder.mail.box.to(holder.account.address)[-1])
    assert await holder.reason(code) == REFUSED
    moving = await holder.code()
    for address in (holder.account.address, holder.new):
        sent: Any = {"practice": holder.api.practice.slug, "email": address, "code": moving}
        assert await user.reason("signIn", **sent) == "signIn.refused"


async def test_an_account_asks_for_five_codes_an_hour(holder: Holder) -> None:
    holder.now.moment = datetime.now(UTC)
    for number in range(MAX_ASKED):
        await holder.code(f"{number}@people.example")
    reason = await holder.phone.reason("changeAccountAddress", signed_in=True, email="x@people.example")
    assert reason == "code.tooMany"
    holder.now.moment += timedelta(hours=1)
    await holder.code("x@people.example")


async def test_what_is_no_other_address_is_told(holder: Holder) -> None:
    no_code: Any = {}
    one: Any = {"code": "12345678"}
    for address, reason in (
        ("x", "email.invalid"),
        ("", "email.invalid"),
        ("x" * 5_000, "email.invalid"),
        (holder.account.address, "account.addressUnchanged"),
        (holder.account.address.upper(), "account.addressUnchanged"),
    ):
        for code in (no_code, one):
            assert await holder.phone.reason("changeAccountAddress", signed_in=True, email=address, **code) == reason


async def test_updating_a_person_never_moves_the_account(holder: Holder) -> None:
    person = (await holder.api.query("query ($id: ID!) { person(id: $id) { version } }", id=holder.account.person_id))[
        "person"
    ]
    await holder.api.done(
        "updatePerson",
        personId=holder.account.person_id,
        expectedVersion=person["version"],
        changes={"emails": ["elsewhere@people.example"]},
    )
    assert await holder.stored() == holder.account
    assert await holder.phone.is_signed_in()


async def test_a_disabled_account_is_signed_out_at_once_and_gets_no_code(holder: Holder) -> None:
    person = await holder.api.done("disableAccount", personId=holder.account.person_id, reason="asked by phone")
    assert person["id"] == holder.account.person_id
    for user in (holder.phone, holder.desk):
        assert not await user.is_signed_in()
        assert await user.reason("refreshSession", refreshToken=user.refresh_token) == "session.ended"
    await holder.phone.ask_for_code()
    await holder.mail.send()
    assert holder.mail.box.letters == []
    assert (
        await holder.phone.reason(
            "signIn", practice=holder.api.practice.slug, email=holder.account.address, code="12345678"
        )
        == "signIn.refused"
    )


async def test_pending_codes_of_a_disabled_account_are_void_also_when_it_is_opened_again(holder: Holder) -> None:
    user = portal_user(holder.installation, holder.api.practice, holder.account.address)
    await user.ask_for_code()
    await holder.mail.send()
    code = code_in(holder.mail.box.to(holder.account.address)[-1])
    moving = await holder.code()
    await holder.api.done("disableAccount", personId=holder.account.person_id)
    await reopen(holder)
    assert (
        await user.reason("signIn", practice=holder.api.practice.slug, email=user.address, code=code)
        == "signIn.refused"
    )
    holder.phone = await signed_in(holder.installation, holder.api.practice, await holder.stored())
    assert await holder.reason(moving) == REFUSED


async def reopen(holder: Holder) -> None:
    """As an accepted invitation does."""
    session = GraphSession(holder.installation.database)
    graph = Graph(session, holder.api.practice.id, datetime.now(UTC).date())

    async def work(tx: Transaction) -> None:
        account = await tx[AccountWrites].lock(holder.account.person_id)
        assert account is not None
        await tx[AccountWrites].replace(account, account.changed(datetime.now(UTC), status=AccountStatus.ACTIVE))

    await graph.write(work)


async def test_disabling_twice_changes_nothing_more(holder: Holder) -> None:
    await holder.api.done("disableAccount", personId=holder.account.person_id)
    once = await holder.stored()
    await holder.api.done("disableAccount", personId=holder.account.person_id)
    assert await holder.stored() == once


async def test_who_has_no_account_is_told_so(holder: Holder) -> None:
    bea = await holder.api.client("Bea")
    assert (await holder.api.refused("disableAccount", personId=bea["id"]))["reason"] == "account.missing"
    elsewhere = holder.installation.api(await holder.installation.practice())
    for unknown in ("x", "", (await elsewhere.client())["id"]):
        error = await holder.api.refused("disableAccount", personId=unknown)
        assert (error["__typename"], error["path"]) == ("NotFound", ["personId"])
    error = await holder.api.refused("disableAccount", personId=holder.account.person_id, reason="x" * 501)
    assert error["reason"] == "reason.tooLong"
    assert await holder.phone.is_signed_in()


async def test_an_account_disabled_while_it_changes_its_address_stays_where_it_was(holder: Holder) -> None:
    """Either is first; what comes second sees it."""
    for number in range(5):
        code = await holder.code(f"race-{number}-{holder.account.address}")
        moving = holder.phone.post(
            "mutation ($input: ChangeAccountAddressInput!) { changeAccountAddress(input: $input) { errors { code } } }",
            {"input": {"email": f"race-{number}-{holder.account.address}", "code": code}},
            token=holder.phone.access_token,
        )
        response, _ = await asyncio.gather(moving, holder.api.done("disableAccount", personId=holder.account.person_id))
        stored = await holder.stored()
        assert not stored.is_active
        moved = response.status_code == 200 and response.json()["data"]["changeAccountAddress"]["errors"] == []
        assert (stored.address == f"race-{number}-{holder.account.address}") == moved
        assert not await holder.phone.is_signed_in()
        await reopen(holder)
        holder.account = await holder.stored()
        holder.phone = await signed_in(holder.installation, holder.api.practice, holder.account)


async def test_what_an_account_was_is_still_known(holder: Holder) -> None:
    """Whether its holder may act is asked of the account as it is now, or as it was at a moment."""
    client = await holder.api.client("Ana", "García", birthDate=born(6))
    terms = {"clientId": client["id"], "personId": holder.account.person_id, "relationship": "PARENT"}
    await holder.api.done("addExistingContact", portalAccess=True, **terms)
    query = """query ($person: ID!, $client: ID!, $at: DateTime) {
      canAct(personId: $person, clientId: $client, action: VIEW_PORTAL, at: $at) { allowed nearestDenial { rule } } }"""
    asked: Any = {"person": holder.account.person_id, "client": client["id"]}
    yes: Any = {"allowed": True, "nearestDenial": None}
    assert (await holder.api.query(query, **asked))["canAct"] == yes
    before = datetime.now(UTC)
    await holder.api.done("disableAccount", personId=holder.account.person_id)
    no = {"allowed": False, "nearestDenial": {"rule": "ACCOUNT"}}
    assert (await holder.api.query(query, **asked))["canAct"] == no
    assert (await holder.api.query(query, at=before.isoformat(), **asked))["canAct"] == yes
    assert (await holder.api.query(query, at=datetime.now(UTC).isoformat(), **asked))["canAct"] == no
