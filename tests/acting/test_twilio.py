"""Texts by Twilio's own library: sent once, known again, and stopped by the phone's owner (R7, R8)."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from bench.twilio import ACCOUNT_SID, AUTH_TOKEN, FORMER_TOKEN, SENDER, TwilioServer, account_of, twilio_server
from twilio.request_validator import RequestValidator

from graph_api.acting.reminders.answers import said
from graph_api.bootstrap import Server
from graph_api.kernel.happened import EventKind
from graph_api.sms.accounts import AccountsError, read_accounts
from graph_api.sms.twilio import TwilioGateway, inbound_path, status_path
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.acting.reminding import Died, Reminded, preview, reminded, set_rules
from tests.acting.test_appointment_notices import update
from tests.api import Installation
from tests.contract.auditing import AuditOf

PUBLIC = "https://api.example"
BEN, CARL = "+447700900123", "+447700900124"
TWO_HOURS = 120
DELIVERIES = """query ($id: ID!) { node(id: $id) { ... on Appointment {
  deliveries { channel status reason attempts } } } }"""


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with twilio_server() as made:
        yield made


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    clinic = await new_clinic(installation)
    await set_rules(clinic, (TWO_HOURS, ["SMS"]))
    await update(clinic, "ben", phones=[BEN])
    await update(clinic, "carl", phones=[CARL])
    await clinic.cast.change("carl", appointmentReminders=True)
    return clinic


def accounts_file(folder: Path, slug: str, **values: Any) -> Path:
    path = folder / "twilio.json"
    path.write_text(json.dumps({slug: account_of(**values)}))
    path.chmod(0o600)
    return path


@pytest.fixture
async def gateway(twilio: TwilioServer, clinic: Clinic, tmp_path: Path) -> AsyncIterator[TwilioGateway]:
    accounts = read_accounts(accounts_file(tmp_path, clinic.cast.practice.slug))
    made = TwilioGateway(accounts, PUBLIC, twilio.url)
    yield made
    await made.close()


@pytest.fixture
def worker(installation: Installation, clinic: Clinic, gateway: TwilioGateway) -> Reminded:
    return reminded(installation, clinic.cast.practice, gateway=gateway)


@pytest.fixture
async def web(installation: Installation, clinic: Clinic, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A server that knows the practice's account, as Twilio reaches it."""
    path = accounts_file(tmp_path, clinic.cast.practice.slug)
    settings = installation.settings.model_copy(update={"sms": "twilio", "twilio_file": path, "public_url": PUBLIC})
    server = Server(settings, installation.database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url="http://127.0.0.1") as client:
        yield client
    server.reads.close()


def signed(path: str, token: str = AUTH_TOKEN, **fields: str) -> dict[str, Any]:
    """A post as Twilio makes it."""
    data = {"AccountSid": ACCOUNT_SID, **fields}
    signature = RequestValidator(token).compute_signature(PUBLIC + path, data)
    return {"url": path, "data": data, "headers": {"X-Twilio-Signature": signature}}


def answer(clinic: Clinic, body: str, number: int = 1, phone: str = BEN, **more: str) -> dict[str, Any]:
    """What somebody answers to a text."""
    fields = {"From": phone, "To": SENDER, "Body": body, "MessageSid": f"SM{number:032x}", **more}
    return signed(inbound_path(clinic.cast.practice.slug), **fields)


async def is_out(clinic: Clinic) -> bool:
    query = "query ($id: ID!) { person(id: $id) { reminderPreferences { isOptedOutOfSms } } }"
    found = (await clinic.cast.ask("staff", query, id=clinic.cast.ids["ben"]))["person"]
    return bool(found["reminderPreferences"]["isOptedOutOfSms"])


async def deliveries(clinic: Clinic, appointment: dict[str, Any]) -> Any:
    found = await clinic.cast.ask("staff", DELIVERIES, id=appointment["id"])
    return sorted(found["node"]["deliveries"], key=lambda one: (one["status"], one["attempts"]))


async def test_r4_a_text_goes_to_the_phone_and_asks_to_be_told_of(
    clinic: Clinic, worker: Reminded, twilio: TwilioServer
) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    report = await worker.report(start - timedelta(minutes=TWO_HOURS))
    assert report.sent == 2
    assert [one["from"] for one in twilio.taken] == [SENDER, SENDER]
    [body] = twilio.bodies(BEN)
    assert body.endswith("Reply STOP to end.")
    assert set(twilio.callbacks) == {PUBLIC + status_path(clinic.cast.practice.slug)}
    assert twilio.asked == []  # nothing was tried before


async def test_r7_a_text_whose_answer_got_lost_is_found_again_and_not_sent_twice(
    clinic: Clinic, worker: Reminded, twilio: TwilioServer
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    twilio.loses = 2
    due = twilio.moment = start - timedelta(minutes=TWO_HOURS)
    assert (await worker.report(due)).deferred == 2
    assert [one["status"] for one in await deliveries(clinic, booked)] == ["SENDING", "SENDING"]
    assert (await worker.report(due + timedelta(minutes=10))).sent == 2
    assert {len(twilio.bodies(phone)) for phone in (BEN, CARL)} == {1}
    assert [one["status"] for one in await deliveries(clinic, booked)] == ["SENT", "SENT"]
    assert {query["To"] for query in twilio.asked} == {BEN, CARL}


async def test_r7_a_worker_that_dies_after_a_text_was_taken_leaves_one_text(
    installation: Installation, clinic: Clinic, worker: Reminded, gateway: TwilioGateway, twilio: TwilioServer
) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    send = gateway.send

    async def dies(*values: Any) -> None:
        await send(*values)
        raise Died

    gateway.send = dies  # type: ignore[method-assign, assignment]
    due = twilio.moment = start - timedelta(minutes=TWO_HOURS)
    with pytest.raises(Died):
        await worker.report(due)
    gateway.send = send  # type: ignore[method-assign]
    other = reminded(installation, clinic.cast.practice, gateway=gateway)
    await other.report(due + timedelta(minutes=3))
    assert len(twilio.bodies(BEN)) == 1
    assert len(twilio.bodies(CARL)) == 1


async def test_r7_the_same_words_about_two_appointments_are_two_texts(
    clinic: Clinic, worker: Reminded, twilio: TwilioServer
) -> None:
    """Two of a family at the same time: the second text is not taken for the first."""
    start, lee = ahead(5, 12), clinic.cast.ids["ben"]
    await clinic.book("staff", start)
    await clinic.book("staff", start, clientId=lee, practitionerId=clinic.lee, overbook=True)
    twilio.loses = 1
    due = twilio.moment = start - timedelta(minutes=TWO_HOURS)
    await worker.report(due)
    await worker.report(due + timedelta(minutes=10))
    assert [len(twilio.bodies(phone)) for phone in (BEN, CARL)] == [2, 2]


@pytest.mark.parametrize(
    ("status", "code", "found"),
    [(400, 21211, ("FAILED", "REFUSED")), (400, 21610, ("FAILED", "OPTED_OUT"))],
)
async def test_r7_a_number_that_takes_none_is_refused_once(
    clinic: Clinic, worker: Reminded, twilio: TwilioServer, status: int, code: int, found: tuple[str, str]
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    twilio.refuses[BEN] = (status, code)
    due = start - timedelta(minutes=TWO_HOURS)
    await worker.report(due)
    await worker.report(due + timedelta(minutes=30))
    assert [(one["status"], one["reason"], one["attempts"]) for one in await deliveries(clinic, booked)] == [
        (*found, 1),
        ("SENT", None, 1),
    ]
    assert await is_out(clinic) is (code == 21610)


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (503, 20503), (401, 20003), (400, 21606)])
async def test_r7_what_is_no_fault_of_the_number_is_tried_again(
    clinic: Clinic, worker: Reminded, twilio: TwilioServer, status: int, code: int
) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    twilio.refuses[BEN] = (status, code)
    due = start - timedelta(minutes=TWO_HOURS)
    assert (await worker.report(due)).deferred == 1
    twilio.refuses.clear()
    assert (await worker.report(due + timedelta(minutes=10))).sent == 1
    assert len(twilio.bodies(BEN)) == 1


async def test_r7_a_gateway_that_is_down_is_asked_again(
    installation: Installation, clinic: Clinic, twilio: TwilioServer, tmp_path: Path
) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    accounts = read_accounts(accounts_file(tmp_path, clinic.cast.practice.slug))
    down, up = TwilioGateway(accounts, None, "http://127.0.0.1:9"), TwilioGateway(accounts, None, twilio.url)
    due = start - timedelta(minutes=TWO_HOURS)
    assert (await reminded(installation, clinic.cast.practice, gateway=down).report(due)).deferred == 2
    assert (await reminded(installation, clinic.cast.practice, gateway=up).report(due + timedelta(minutes=9))).sent == 2
    await down.close()
    await up.close()


async def test_r8_stop_and_start_are_of_the_number(
    installation: Installation, clinic: Clinic, web: httpx.AsyncClient, worker: Reminded, twilio: TwilioServer
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    response = await web.post(**answer(clinic, " Stop. "))
    assert (response.status_code, response.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert await is_out(clinic)
    assert "OPTED_OUT" in {line["reason"] for line in await preview(clinic, booked["id"])}
    await worker.report(start - timedelta(minutes=TWO_HOURS))
    assert (twilio.bodies(BEN), len(twilio.bodies(CARL))) == ([], 1)
    assert (await web.post(**answer(clinic, "stop", 2))).status_code == 200  # twice
    assert (await web.post(**answer(clinic, "START", 3))).status_code == 200
    assert not await is_out(clinic)
    assert (await web.post(**answer(clinic, "stop", 2))).status_code == 200  # an earlier one, posted again
    assert not await is_out(clinic)
    events = await AuditOf(installation, clinic.cast.api).events(clinic.cast.practice.id)
    told = [(event["action"], event["actor"]) for event in events if event["action"].startswith("optOut")]
    assert sorted(told) == [("optOut.start", "twilio"), ("optOut.stop", "twilio")]


async def test_r8_twilios_own_reading_counts(clinic: Clinic, web: httpx.AsyncClient) -> None:
    assert (await web.post(**answer(clinic, "arrêter", OptOutType="STOP"))).status_code == 200
    assert await is_out(clinic)


@pytest.mark.parametrize("phone", ["+15005550006", "+447700900777"])
async def test_r8_a_number_that_nobody_has_is_kept_off(clinic: Clinic, web: httpx.AsyncClient, phone: str) -> None:
    assert (await web.post(**answer(clinic, "STOP", phone=phone))).status_code == 200
    await update(clinic, "ben", phones=[phone])
    assert await is_out(clinic)


async def test_r8_what_is_not_signed_changes_nothing(clinic: Clinic, web: httpx.AsyncClient) -> None:
    good = answer(clinic, "STOP")
    path = good["url"]
    wrong = [
        good | {"headers": {}},
        good | {"headers": {"X-Twilio-Signature": "x" * 28}},
        good | {"headers": {"X-Twilio-Signature": "ü".encode("latin-1")}},
        good | {"data": good["data"] | {"From": CARL}},
        good | {"url": f"{path}?a=b"},
        good | {"url": inbound_path("nobody")},
        good | {"url": f"{path}/other"},
        signed(path, "o" * 32, **{name: value for name, value in good["data"].items() if name != "AccountSid"}),
        signed(path, **(good["data"] | {"AccountSid": "AC" + "9" * 32})),
    ]
    for one in wrong:
        response = await web.post(**one)
        assert (response.status_code, response.text) == (403, "This is not signed.\n")
    large = await web.post(**signed(path, Body="x" * 1_000_000))
    assert large.status_code == 413
    assert (await web.get(path)).status_code == 405
    assert not await is_out(clinic)


async def test_r8_a_former_token_counts_while_it_is_in_the_file(clinic: Clinic, web: httpx.AsyncClient) -> None:
    fields = {"From": BEN, "Body": "STOP", "MessageSid": "SM" + "a" * 32}
    assert (await web.post(**signed(inbound_path(clinic.cast.practice.slug), FORMER_TOKEN, **fields))).is_success
    assert await is_out(clinic)


async def test_r6_a_text_that_does_not_arrive_is_seen_by_staff(
    clinic: Clinic, web: httpx.AsyncClient, worker: Reminded, twilio: TwilioServer
) -> None:
    start = ahead(5, 12)
    booked = await clinic.book("staff", start)
    await worker.report(start - timedelta(minutes=TWO_HOURS))
    path = status_path(clinic.cast.practice.slug)
    sids = {one["to"]: one["sid"] for one in twilio.taken}
    for status in ("sent", "delivered"):
        await web.post(**signed(path, MessageSid=sids[CARL], MessageStatus=status, To=CARL))
    stopped = {"MessageSid": sids[BEN], "MessageStatus": "undelivered", "To": BEN}
    assert (await web.post(**signed(path, **stopped))).status_code == 200
    assert [(one["status"], one["reason"]) for one in await deliveries(clinic, booked)] == [
        ("FAILED", "REFUSED"),
        ("SENT", None),
    ]
    assert not await is_out(clinic)
    await web.post(**signed(path, **stopped, ErrorCode="21610"))
    assert await is_out(clinic)
    unknown = signed(path, MessageSid="SM" + "f" * 32, MessageStatus="failed", To=BEN)
    assert (await web.post(**unknown)).status_code == 200


async def test_x8_no_number_and_no_word_is_logged(
    clinic: Clinic,
    web: httpx.AsyncClient,
    worker: Reminded,
    twilio: TwilioServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    start = ahead(5, 12)
    await clinic.book("staff", start)
    twilio.refuses[CARL] = (401, 20003)
    await worker.report(start - timedelta(minutes=TWO_HOURS))
    await worker.report(start - timedelta(minutes=TWO_HOURS - 30))
    assert [query["To"] for query in twilio.asked] == [CARL]
    await web.post(**answer(clinic, "STOP everything"))
    await web.post(**answer(clinic, "STOP"))
    await asyncio.sleep(0.3)  # the access log is written every tenth of a second
    output = capfd.readouterr()
    for text in (caplog.text, output.out, output.err):
        for word in (BEN[1:], CARL[1:], "Reply STOP", "everything", AUTH_TOKEN, "reminder of an appointment"):
            assert word not in text
    assert "/webhooks/twilio/" in output.err


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", EventKind.OPT_OUT_STOP),
        ("  stopall\n", EventKind.OPT_OUT_STOP),
        ("Unsubscribe", EventKind.OPT_OUT_STOP),
        ("cancel", EventKind.OPT_OUT_STOP),
        ("end", EventKind.OPT_OUT_STOP),
        ("quit!", EventKind.OPT_OUT_STOP),
        ("revoke", EventKind.OPT_OUT_STOP),
        ("OptOut", EventKind.OPT_OUT_STOP),
        ('"start"', EventKind.OPT_OUT_START),
        ("yes", EventKind.OPT_OUT_START),
        ("UNSTOP", EventKind.OPT_OUT_START),
        ("please stop", None),
        ("I can't come", None),
        ("", None),
    ],
)
def test_r8_words(text: str, kind: EventKind | None) -> None:
    assert said(text) is kind


@pytest.mark.parametrize(
    ("values", "said_of_it"),
    [
        ({"from": None}, "from or messagingServiceSid"),
        ({"messagingServiceSid": "MG" + "3" * 32}, "from or messagingServiceSid"),
        ({"accountSid": "x"}, "accountSid"),
        ({"apiSecret": None}, "apiSecret"),
        ({"other": "x"}, "other"),
    ],
)
def test_a_file_of_accounts_that_is_wrong_is_explained_and_not_shown(
    tmp_path: Path, values: dict[str, Any], said_of_it: str
) -> None:
    with pytest.raises(AccountsError, match=said_of_it) as told:
        read_accounts(accounts_file(tmp_path, "maple-street", **values))
    assert AUTH_TOKEN not in str(told.value)


def test_a_file_of_accounts_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = accounts_file(tmp_path, "maple-street")
    path.chmod(0o640)
    with pytest.raises(AccountsError, match="chmod 600"):
        read_accounts(path)
    with pytest.raises(AccountsError, match="No such file"):
        read_accounts(tmp_path / "none.json")
