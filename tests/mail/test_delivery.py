"""How far an invitation's mail has come, as staff see it: against a real mail server, in its own words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.kernel.caller import ViewerRole
from graph_api.keys.secrets import installation_secret
from graph_api.mail.sending import MAX_AGE, MailSender, retry_after
from graph_api.mail.smtp import SmtpTransport
from graph_api.mail_server import MailServer
from graph_api.portal.invitation_letters import COMPOSERS, TRACKERS
from tests.api import Api, Installation, Now
from tests.http.mail_server import Received, mail_server
from tests.letters import PORTAL, OutboxOf

LUCIA = "lucia@example.org"
DELIVERY = "delivery { status at problem }"
OF_CONTACT = f"query ($id: ID!) {{ node(id: $id) {{ ... on Contact {{ invitation {{ status {DELIVERY} }} }} }} }}"
OF_CLIENT = f"""query ($id: ID!) {{ person(id: $id) {{
  clientProfile {{ invitation {{ status sentTo {DELIVERY} }} }} }} }}"""
WAITING = {"status": "WAITING", "at": None, "problem": None}


@dataclass
class Post:
    """The practice's sender, and the mail server it hands letters to."""

    sender: MailSender
    server: Received
    clock: Now

    async def send(self) -> str:
        """What is due; when it was tried, as the API shows it."""
        assert self.clock.moment is not None
        await self.sender.send_due()
        return self.clock.moment.isoformat(timespec="microseconds")

    def later(self, by: timedelta) -> None:
        """Let the clock go on."""
        assert self.clock.moment is not None
        self.clock.moment += by


@asynccontextmanager
async def posting(installation: Installation, api: Api, clock: Now, *, smtputf8: bool = True) -> AsyncIterator[Post]:
    """A mail server, for as long as it is needed."""
    secret = installation_secret(installation.settings.data_dir)
    async with mail_server(smtputf8=smtputf8) as server:
        carrier = SmtpTransport(MailServer.from_url(f"smtp://127.0.0.1:{server.port}"), "portal@clinic.example", clock)
        outbox = OutboxOf(installation.database, api.practice)
        yield Post(MailSender(outbox, carrier, COMPOSERS, TRACKERS, PORTAL, secret, clock), server, clock)


@pytest.fixture
async def post(installation: Installation, api: Api, now: Now) -> AsyncIterator[Post]:
    now.moment = datetime.now(UTC)
    async with posting(installation, api, now) as post:
        yield post
    now.moment = None


async def invited(api: Api, address: str = LUCIA) -> dict[str, Any]:
    """A contact with access to the portal, of a client who can't be told of it."""
    client = await api.client("Ana", emails=[])
    return await api.contact(client["id"], "Lucía", portalAccess=True, person={"emails": [address]})


async def delivery(api: Api, contact: dict[str, Any]) -> Any:
    """Of a contact's invitation."""
    return (await api.query(OF_CONTACT, id=contact["id"]))["node"]["invitation"]["delivery"]


async def test_what_the_server_takes_is_handed_over(api: Api, post: Post) -> None:
    contact = await invited(api)
    assert await delivery(api, contact) == WAITING
    at = await post.send()
    assert await delivery(api, contact) == {"status": "HANDED_OVER", "at": at, "problem": None}
    assert post.server.recipients == [[LUCIA]]


@pytest.mark.parametrize(("reply", "status", "problem"), [
    ("550 5.1.1 no such user", "REFUSED", "MAILBOX_UNKNOWN"),
    ("550 5.4.5 Daily user sending limit exceeded", "DEFERRED", "SENDING_LIMIT"),
    ("552 5.2.2 mailbox full", "DEFERRED", "MAILBOX_FULL"),
    ("451 4.7.1 greylisted", "DEFERRED", "POLICY"),
])  # fmt: skip
async def test_what_the_server_says_of_the_recipient_is_shown(
    api: Api, post: Post, reply: str, status: str, problem: str
) -> None:
    contact = await invited(api)
    post.server.refuse = reply
    at = await post.send()
    assert await delivery(api, contact) == {"status": status, "at": at, "problem": problem}


async def test_a_policy_at_the_content_is_tried_again_and_passes(api: Api, post: Post) -> None:
    contact = await invited(api)
    post.server.refuse_content = "554 5.7.1 rejected by policy"
    at = await post.send()
    assert await delivery(api, contact) == {"status": "DEFERRED", "at": at, "problem": "POLICY"}
    post.server.refuse_content = None
    post.later(retry_after(1))
    at = await post.send()
    assert await delivery(api, contact) == {"status": "HANDED_OVER", "at": at, "problem": None}


async def test_a_daily_limit_is_waited_for_longer_than_a_day_and_not_for_ever(api: Api, post: Post) -> None:
    contact = await invited(api)
    post.server.refuse = "550 5.4.5 Daily user sending limit exceeded"
    began = post.clock.moment
    assert began is not None
    for _ in range(40):
        await post.send()
        if (await delivery(api, contact))["status"] == "REFUSED":
            break
        post.later(timedelta(hours=4))
    ended = post.clock.moment
    assert ended is not None
    assert timedelta(days=2) < ended - began <= MAX_AGE + timedelta(hours=4)
    assert (await delivery(api, contact))["problem"] == "SENDING_LIMIT"


async def test_sending_again_waits_again(api: Api, post: Post) -> None:
    contact = await invited(api)
    post.server.refuse = "550 5.1.1 no such user"
    await post.send()
    await api.done("resendInvitation", contactId=contact["id"])
    assert await delivery(api, contact) == WAITING
    post.server.refuse = None
    await post.send()
    assert (await delivery(api, contact))["status"] == "HANDED_OVER"


async def test_a_server_that_is_away_is_told(installation: Installation, api: Api, now: Now) -> None:
    now.moment = datetime.now(UTC)
    contact = await invited(api)
    async with posting(installation, api, now) as post:
        pass  # its port is closed again
    at = await post.send()
    now.moment = None
    assert await delivery(api, contact) == {"status": "DEFERRED", "at": at, "problem": "UNREACHABLE"}


async def test_an_address_that_needs_smtputf8_is_said_so_at_once_and_when_it_is_refused(
    installation: Installation, api: Api, now: Now
) -> None:
    now.moment = datetime.now(UTC)
    client = await api.client("Ana", emails=[])
    terms = {"clientId": client["id"], "relationship": "PARENT", "portalAccess": True}
    payload = await api.mutate("addNewContact", person={"givenName": "Lucía", "emails": ["lucía@example.org"]}, **terms)
    assert payload["errors"] == []
    warning = {w["code"]: w for w in payload["warnings"]}["ADDRESS_NEEDS_SMTPUTF8"]
    assert warning["path"] == ["portalAccess"]
    assert [person["id"] for person in warning["persons"]] == [payload["contact"]["person"]["id"]]
    async with posting(installation, api, now, smtputf8=False) as post:
        at = await post.send()
    assert await delivery(api, payload["contact"]) == {"status": "REFUSED", "at": at, "problem": "NEEDS_SMTPUTF8"}
    again = await api.mutate("resendInvitation", contactId=payload["contact"]["id"])
    assert [w["code"] for w in again["warnings"]] == ["ADDRESS_NEEDS_SMTPUTF8"]
    async with posting(installation, api, now) as post:
        await post.send()
    assert (await delivery(api, payload["contact"]))["status"] == "HANDED_OVER"
    now.moment = None
    ascii_domain = await api.client("Bea", emails=["bea@müller.example"])
    assert (await api.mutate("inviteClient", clientId=ascii_domain["id"]))["warnings"] == []


async def test_a_clients_own_invitation_is_seen_by_staff_alone(
    installation: Installation, api: Api, post: Post
) -> None:
    client = await api.client("Ana", emails=["ana@example.org"])
    assert (await api.query(OF_CLIENT, id=client["id"]))["person"]["clientProfile"]["invitation"] is None
    await api.done("inviteClient", clientId=client["id"])
    at = await post.send()
    shown = (await api.query(OF_CLIENT, id=client["id"]))["person"]["clientProfile"]["invitation"]
    handed_over = {"status": "HANDED_OVER", "at": at, "problem": None}
    assert shown == {"status": "PENDING", "sentTo": "ana@example.org", "delivery": handed_over}
    analyst = installation.api(api.practice, ViewerRole.ANALYST)
    assert (await analyst.query(OF_CLIENT, id=client["id"]))["person"]["clientProfile"] is None


async def test_of_an_invitation_of_before_nothing_is_known(installation: Installation, api: Api, post: Post) -> None:
    contact = await invited(api)
    forget = "MATCH (i:Invitation {contactId: $id}) REMOVE i.deliveryStatus, i.deliveryAt, i.deliveryProblem"
    async with installation.database.session(write=True) as session:
        await (await session.run(forget, {"id": contact["id"]})).consume()
    assert await delivery(api, contact) is None
    await post.send()
    assert (await delivery(api, contact))["status"] == "HANDED_OVER"


async def test_no_word_of_the_server_is_logged(api: Api, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    await invited(api)
    post.server.refuse = f"550 5.1.1 <{LUCIA}>: nobody of that name"
    await post.send()
    assert LUCIA not in caplog.text
    assert "nobody of that name" not in caplog.text
