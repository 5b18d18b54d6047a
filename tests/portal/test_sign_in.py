"""Signing in to the portal by a code mailed to the account's address."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.engine.session import GraphSession
from graph_api.http.entrance import PortalGate
from graph_api.http.portal_tokens import PortalTokens
from graph_api.kernel.caller import NOWHERE, ViewerRole, anonymous
from graph_api.kernel.graph import Graph
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.keys.secrets import installation_secret, portal_signing_key
from graph_api.opening import make_auditor
from graph_api.portal.attempts import ID_BYTES, Attempts
from graph_api.portal.codes import APART, MAX_TRIES, code_from
from graph_api.portal.graph.codes import GATES, CodeWrites, addresses_under_pressure
from graph_api.portal.graph.sessions import sweep_sessions
from graph_api.portal.model import Account
from graph_api.portal.session_ports import Limited
from graph_api.portal.signing_in import SignInService
from graph_api.services import wiring
from tests.accounts import give_account
from tests.api import Api, Installation, Now
from tests.budgets import budget
from tests.contract.practice_graph import run
from tests.contract.workers import count
from tests.letters import Mail, mail_of
from tests.portal_users import PortalUser, code_in, portal_user

UNKNOWN = "nobody@people.example"
REFUSED = "signIn.refused"
STRANGERS = budget(300, 10_000)
"""How many try in turn; 10,000 when it is to be thorough."""


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
        """A code that was asked for and came; after the time that parts letters, where there was one before."""
        if self.mail.box.letters:
            self.later(APART)
        await self.user.ask_for_code()
        await self.mail.send()
        return code_in(self.mail.box.to(self.account.address)[-1])

    def later(self, by: timedelta) -> None:
        """Let the clock go on."""
        self.now.moment = (self.now.moment or datetime.now(UTC)) + by

    def elsewhere(self, address: str | None = None) -> PortalUser:
        """Somebody on another connection, who asked for nothing."""
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
    return code[:-1] + ("1" if code[-1] == "0" else "0")


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
    assert (await user.sign_in(f"\u201c{code.replace(' ', '-').lower()}\u201d.\n"))["errors"] == []


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


@pytest.mark.parametrize("with_attempt", [True, False])
async def test_the_fifth_try_may_be_right_but_no_sixth(portal: Portal, with_attempt: bool) -> None:
    user = portal.user if with_attempt else portal.elsewhere()
    code = await portal.code()
    for _ in range(MAX_TRIES - 1):
        assert await reason(user, wrong(code)) == REFUSED
    assert (await user.sign_in(code))["errors"] == []
    code = await portal.code()
    for _ in range(MAX_TRIES):
        assert await reason(user, wrong(code)) == REFUSED
    assert await reason(user, code) == REFUSED
    assert (await user.sign_in(await portal.code()))["errors"] == [], "a fresh one has tries of its own"


async def test_tries_at_once_are_counted_one_by_one(portal: Portal) -> None:
    """Twelve at once, of which five are counted: the right one among the others comes too late."""
    for attempt in (False, True):
        code = await portal.code()
        users = [portal.elsewhere() for _ in range(12)]
        for user in users:
            user.attempt = portal.user.attempt if attempt else None
        first = await asyncio.gather(*(reason(user, wrong(code)) for user in users))
        assert set(first) == {REFUSED}
        assert await reason(users[0], code) == REFUSED


async def test_the_same_code_at_once_signs_in_one(portal: Portal) -> None:
    for _ in range(5):
        code = await portal.code()
        users = [portal.elsewhere() for _ in range(4)]
        for user in users[:2]:
            await user.ask_for_code()
        payloads = await asyncio.gather(*(user.sign_in(code) for user in users))
        assert [payload["errors"] == [] for payload in payloads].count(True) == 1


async def test_a_newer_code_does_not_void_the_one_before_until_one_is_used(portal: Portal) -> None:
    """Anybody may have the newer one mailed while the owner types the one before."""
    codes = [await portal.code() for _ in range(3)]
    assert len(set(codes)) == 3
    assert (await portal.user.sign_in(codes[1]))["errors"] == []
    for code in codes:
        assert await reason(portal.user, code) == REFUSED


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


@pytest.mark.parametrize("with_attempt", [True, False])
async def test_what_is_read_and_written_is_alike_whatever_an_address_was_used_for(
    portal: Portal, with_attempt: bool
) -> None:
    """The same statements, as many nodes of the same kind made and changed: so the time it takes tells nothing."""
    portal.now.moment = datetime.now(UTC)
    await make_gates(portal)
    who = {kind: portal.elsewhere(address) for kind, address in (await used(portal)).items()}
    who["nowhere"] = portal_user(
        portal.installation, replace(portal.api.practice, slug="no-such-practice"), portal.account.address
    )
    for _ in range(2):
        asked = {kind: await done(portal, user, "requestSignInCode") for kind, user in who.items()}
        assert asked == dict.fromkeys(who, asked["never"])
        for user in who.values():
            await user.ask_for_code()
            user.attempt = user.attempt if with_attempt else None
        for _ in range(MAX_TRIES + 1):
            tried = {kind: await done(portal, user, "signIn", **user.trying("0")) for kind, user in who.items()}
            assert tried == dict.fromkeys(who, tried["never"])
        await portal.mail.send()
        portal.later(timedelta(minutes=5))


async def used(portal: Portal) -> dict[str, str]:
    """Addresses by what was done with them: of no account, and of accounts."""
    found = {"never": "never@people.example", "asked, no account": "asked@people.example"}
    for number, kind in enumerate(("never, account", "asked", "asked within the hour", "tried", "disabled")):
        person = await portal.api.client(f"Bea {number}")
        status = AccountStatus.DISABLED if kind == "disabled" else AccountStatus.ACTIVE
        account = await give_account(portal.installation, portal.api.practice, person["id"], status=status)
        found[kind] = account.address
    for kind in ("asked within the hour", "disabled", "asked, no account"):
        await portal.elsewhere(found[kind]).ask_for_code()
    await portal.mail.send()
    portal.later(timedelta(minutes=11))
    await portal.elsewhere(found["asked"]).ask_for_code()
    await portal.mail.send()
    await reason(portal.elsewhere(found["tried"]), "0")
    return found


async def make_gates(portal: Portal) -> None:
    """Those that a practice has once somebody tried this and that."""
    for practice in (portal.api.practice, NOWHERE):
        graph = Graph(GraphSession(portal.installation.database), practice.id, datetime.now(UTC).date())

        async def work(tx: Transaction) -> None:
            for number in range(GATES * 6):
                await tx[CodeWrites].try_one(str(number))

        await graph.write(work)
        made = f"(c:OneTimeCode) WHERE c.practice = $practice AND c.key STARTS WITH '{practice.id}|gate|'"
        assert await count(portal.installation.database, made, practice=practice.id) == GATES


async def done(portal: Portal, user: PortalUser, name: str, **values: str) -> tuple[Any, ...]:
    """What a stranger could tell, and which kinds of nodes were made and changed for it."""
    before = await kinds_by_node(portal)
    seen_of_it = await seen(portal, user, name, **{"practice": user.practice.slug, "email": user.address} | values)
    after = await kinds_by_node(portal)
    made = sorted(kind for key, (kind, _) in after.items() if key not in before)
    changed = sorted(kind for key, (kind, node) in after.items() if key in before and before[key][1] != node)
    assert before.keys() <= after.keys()
    return seen_of_it, made, changed


async def kinds_by_node(portal: Portal) -> dict[str, tuple[str, str]]:
    """Label and properties of what a try or an asking can touch, by key."""
    statement = """
    MATCH (n) WHERE (n:OneTimeCode OR n:OutboxMail OR n:Account) AND n.practice IN $practices
    RETURN n.key AS key, labels(n)[0] AS kind, properties(n) AS node"""
    practices = [portal.api.practice.id, NOWHERE.id]
    found = await run(portal.installation.database, statement, practices=practices)
    return {record["key"]: (record["kind"], repr(sorted(record["node"].items()))) for record in found}


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


async def test_many_askings_make_few_letters_and_never_none(portal: Portal) -> None:
    """However many ask: letters are parted, and whoever asks finds one that is younger than five minutes."""
    portal.now.moment = datetime.now(UTC)
    for minute in range(0, 24, 2):
        for _ in range(3):
            # Answered alike: that others ask for an address would tell that it opens an account.
            await portal.elsewhere(portal.account.address).ask_for_code()
            await portal.mail.send()
        assert len(portal.mail.box.letters) == [1, 2, 3, 4, 5, 5, 5, 6, 6, 7, 7, 7][minute // 2], minute
        portal.later(timedelta(minutes=1))
        await portal.mail.send()
        portal.later(timedelta(minutes=1))
    await portal.user.ask_for_code()
    await portal.mail.send()
    code = code_in(portal.mail.box.letters[-1])
    assert (await portal.user.sign_in(code))["errors"] == [], "whichever asking it was mailed for"


async def test_askings_at_once_make_one_letter_and_one_more_for_those_who_came_later(portal: Portal) -> None:
    asked = [portal.elsewhere().ask_for_code() for _ in range(9)]
    await asyncio.gather(*asked)
    senders = [mail_of(portal.installation, portal.api.practice, portal.now) for _ in range(3)]
    await asyncio.gather(*(sender.send() for sender in senders))
    letters = [letter for sender in senders for letter in sender.box.letters]
    assert len(letters) == 1
    await asyncio.gather(*(portal.elsewhere().ask_for_code() for _ in range(5)))
    assert (await portal.mail.send()).sent == 0
    portal.later(APART)
    assert (await portal.mail.send()).sent == 1
    assert (
        await count(
            portal.installation.database, "(m:OutboxMail {practice: $practice})", practice=portal.api.practice.id
        )
        == 0
    )


async def test_strangers_tries_leave_the_owner_able_to_sign_in(portal: Portal) -> None:
    """Each with an attempt of their own, and some without one."""
    portal.now.moment = datetime.now(UTC)
    code = await portal.code()
    await strangers_try(portal, STRANGERS)
    assert (await portal.user.sign_in(code))["errors"] == []
    code = await portal.code()
    await strangers_try(portal, 20, attempts=False)
    await asyncio.gather(*(portal.elsewhere().ask_for_code() for _ in range(10)))
    assert await reason(portal.elsewhere(), code) == REFUSED, "who has no attempt shares their tries"
    portal.later(APART)
    await portal.mail.send()
    assert (await portal.user.sign_in(code))["errors"] == [], "it is not void though others were mailed"


async def strangers_try(portal: Portal, tries: int, *, attempts: bool = True) -> None:
    """So many wrong codes, eight at a time, each from a network of its own; below HTTP, to be fast."""
    installation, slug, address = portal.installation, portal.api.practice.slug, portal.account.address
    settings = installation.settings
    secret, tokens = installation_secret(settings.data_dir, None), PortalTokens(portal_signing_key(settings.data_dir))
    auditor, issuer = make_auditor(settings), Attempts(secret, slug)
    gate = PortalGate(
        installation.database,
        secret,
        wiring(auditor),
        tokens,
        Unlimited(),
        is_open=True,
        now=portal.now,
        on_mail=lambda: None,
    )
    somebody, session = anonymous(network="10.0.0.1"), GraphSession(installation.database)
    signing_in = Scope(somebody, session, secret, makers=gate.makers())[SignInService]
    waiting = iter(range(tries))

    async def some() -> None:
        for number in waiting:
            attempt = issuer.issue(address, number.to_bytes(ID_BYTES), portal.now()) if attempts else None
            tried = await signing_in.sign_in(slug, address, code_from(token_bytes(32)), attempt)
            assert tried.entity is None

    await asyncio.gather(*(some() for _ in range(8)))


class Unlimited:
    """Limits of nobody: each stranger has a network of their own."""

    async def admit(self, _what: Limited, _network: str) -> bool:
        """Always."""
        return True


ACCOUNT = "query ($id: ID!) { person(id: $id) { account { status address codesAskedFor } } }"


async def test_staff_see_an_address_under_pressure(portal: Portal) -> None:
    portal.now.moment = datetime.now(UTC)
    person_id = portal.account.person_id
    shown = {"status": "ACTIVE", "address": portal.account.address, "codesAskedFor": 0}
    assert (await portal.api.query(ACCOUNT, id=person_id))["person"]["account"] == shown
    for _ in range(12):
        await portal.elsewhere().ask_for_code()
    await portal.mail.send()
    assert (await portal.api.query(ACCOUNT, id=person_id))["person"]["account"] == shown | {"codesAskedFor": 12}
    addresses, most = await addresses_under_pressure(portal.installation.database, portal.now(), 12)
    assert addresses >= 1
    assert most >= 12
    await portal.user.ask_for_code()
    portal.later(timedelta(minutes=59))
    assert (await portal.api.query(ACCOUNT, id=person_id))["person"]["account"] == shown | {"codesAskedFor": 12}
    portal.later(timedelta(minutes=1))
    assert (await portal.api.query(ACCOUNT, id=person_id))["person"]["account"] == shown
    nobody = await portal.api.client("Bea")
    assert (await portal.api.query(ACCOUNT, id=nobody["id"]))["person"]["account"] is None
    analyst = portal.installation.api(portal.api.practice, ViewerRole.ANALYST)
    assert (await analyst.query(ACCOUNT, id=person_id))["person"]["account"] is None


async def test_an_attempt_is_of_one_asker_one_address_and_one_hour(portal: Portal) -> None:
    code = await portal.code()
    other = await give_account(portal.installation, portal.api.practice, (await portal.api.client("Bea"))["id"])
    theirs = portal.elsewhere(other.address)
    await theirs.ask_for_code()
    for attempt in (theirs.attempt, "", "x", "x" * 5_000, portal.user.attempt and portal.user.attempt[:-2] + "AA"):
        user = portal.elsewhere()
        user.attempt = attempt
        assert await reason(user, code) == REFUSED
    assert (await portal.user.sign_in(code))["errors"] == []
    attempt = portal.user.attempt
    portal.later(timedelta(minutes=61))
    code = await portal.code()
    portal.user.attempt = attempt
    assert await reason(portal.user, code) == REFUSED


async def test_a_caller_may_try_so_often(portal: Portal) -> None:
    reasons = [await reason(portal.user, "0") for _ in range(121)]
    assert set(reasons[:120]) == {REFUSED}
    assert reasons[120] == "portal.tooManyTries"
    sent: Any = {"practice": portal.api.practice.slug, "email": portal.account.address, "code": "0"}
    [error] = (await portal.user.mutate("signIn", **sent))["errors"]
    assert error["message"] == "There were too many attempts. Wait a while, then try again."
    assert await reason(portal.elsewhere(), "0") == REFUSED, "others are not kept out"


@pytest.mark.parametrize("code", ["", "x", "1" * 5_000, "\x00", "\ud7ff" * 90])
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
    stranger = portal.elsewhere(UNKNOWN)
    await stranger.ask_for_code()
    await portal.mail.send()
    kinds = "(c:OneTimeCode {practice: $practice})"
    assert await count(database, kinds, practice=practice) == 1, "nothing is kept of who has no account"
    assert await reason(stranger, code) == REFUSED
    assert await count(database, kinds, practice=practice) == 2, "but of how often an asker tried"
    assert await reason(portal.elsewhere(UNKNOWN), code) == REFUSED
    assert await sweep_sessions(database, practice, datetime.now(UTC)) == 0
    assert await sweep_sessions(database, practice, datetime.now(UTC) + timedelta(minutes=61)) == 2
    assert await count(database, kinds, practice=practice) == 1, "a gate, which is of nobody"
    assert await reason(portal.user, code) == REFUSED


async def reason(user: PortalUser, code: str) -> str:
    """Why a code is refused."""
    return await user.reason("signIn", **user.trying(code))
