"""The outbox: a mail is sent once it can be, by one sender, and its secret is nowhere but in the letter."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.mail.model import Letter, LetterDeferred, LetterRefused, TransportDown
from graph_api.mail.queues import Outbox
from graph_api.mail.sending import GIVEN_UP_IS_KEPT, LEASE, MAX_ATTEMPTS, retry_after
from tests.api import Api, Installation, Now
from tests.contract.practice_graph import run
from tests.letters import Mail, mail_of
from tests.portal.test_invitations import ANA, LUCIA, invited
from tests.stranger import ask, refusal

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
DOWN = TransportDown("the mail server can't be reached")


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    """The services' and the senders' clock."""
    now.moment = START
    yield now
    now.moment = None


@pytest.fixture
def mail(installation: Installation, api: Api, clock: Now) -> Mail:
    """The practice's."""
    return mail_of(installation, api.practice, clock)


async def outbox(installation: Installation, api: Api) -> list[dict[str, Any]]:
    """What waits, or was given up, in the graph."""
    found = await run(
        installation.database,
        "MATCH (m:OutboxMail) WHERE m.practice = $practice RETURN properties(m) AS mail",
        practice=api.practice.id,
    )
    return [dict(record["mail"]) for record in found]


def later(clock: Now, by: timedelta) -> None:
    """Let the clock go on."""
    assert clock.moment is not None
    clock.moment += by


async def test_a_dead_mail_server_does_not_touch_the_mutation(
    installation: Installation, api: Api, mail: Mail, clock: Now
) -> None:
    mail.box.fails = DOWN
    await invited(api)
    report = await mail.send()
    assert (report.sent, report.postponed) == (0, 1), "where one can't be handed over the others are not tried"
    assert len(await outbox(installation, api)) == 2
    mail.box.fails = None
    later(clock, timedelta(seconds=1))
    assert (await mail.send()).sent == 1
    later(clock, retry_after(1))
    assert (await mail.send()).sent == 1
    assert mail.box.addresses == {LUCIA, ANA}
    assert await outbox(installation, api) == []


async def test_a_letter_that_waits_is_tried_less_and_less_often_then_given_up(
    installation: Installation, api: Api, mail: Mail, clock: Now
) -> None:
    client = await api.client("Ana", emails=[])
    await api.contact(client["id"], portalAccess=True, person={"emails": [LUCIA]})
    mail.box.fails = LetterDeferred()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        report = await mail.send()
        assert (report.postponed, report.given_up) == ((1, 0) if attempt < MAX_ATTEMPTS else (0, 1))
        if attempt < MAX_ATTEMPTS:
            later(clock, retry_after(attempt) - timedelta(seconds=1))
            assert (await mail.send()).postponed == 0
            later(clock, timedelta(seconds=1))
    later(clock, timedelta(days=2))
    assert await mail.send() == type(report)()
    [kept] = await outbox(installation, api)
    assert kept["attempts"] == MAX_ATTEMPTS
    counts = await Outbox(installation.database).counts()
    assert counts.failed >= 1
    mail.box.fails = None
    later(clock, GIVEN_UP_IS_KEPT)
    assert (await mail.send()).dropped == 1
    assert (mail.box.letters, await outbox(installation, api)) == ([], [])


async def test_a_letter_that_is_refused_for_good_is_given_up_and_does_not_stop_the_others(
    installation: Installation, api: Api, mail: Mail
) -> None:
    await invited(api)
    mail.box.fails = LetterRefused()
    assert (await mail.send()).given_up == 2
    assert all("failedAt" in kept for kept in await outbox(installation, api))


async def test_resending_takes_the_place_of_what_was_given_up(installation: Installation, api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    mail.box.fails = LetterRefused()
    await mail.send()
    mail.box.fails = None
    await api.done("resendInvitation", contactId=contact["id"])
    assert (await mail.send()).sent == 1
    assert mail.box.addresses == {LUCIA}
    assert [kept["kind"] for kept in await outbox(installation, api)] == ["client-notice"]


async def test_a_crash_between_claim_and_send_leaves_nothing_that_opens(
    installation: Installation, api: Api, mail: Mail, clock: Now
) -> None:
    """The secret of the letter that was never sent is with nobody; when the claim has run out a fresh one is sent."""
    await invited(api)
    lost: list[Letter] = []

    async def crash(letter: Letter) -> None:
        lost.append(letter)
        raise asyncio.CancelledError

    mail.box.send = crash  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            await mail.send()
    other = mail_of(installation, api.practice, clock)
    assert (await other.send()).sent == 0, "the claims hold"
    later(clock, LEASE)
    assert (await other.send()).sent == 2
    [unsent] = [letter for letter in lost if letter.address == LUCIA]
    token = unsent.text.partition("#")[2].split()[0]
    assert token != other.box.token(LUCIA)
    assert (await refusal(installation, "acceptInvitation", token=token))[0] == "invitation.unknown"
    assert (await ask(installation, "acceptInvitation", token=other.box.token(LUCIA)))["errors"] == []


async def test_a_letter_that_was_sent_but_not_noted_is_sent_again_and_the_first_is_void(
    installation: Installation, api: Api, mail: Mail, clock: Now
) -> None:
    await invited(api)
    sent: list[Letter] = []

    async def send_then_crash(letter: Letter) -> None:
        sent.append(letter)
        raise asyncio.CancelledError

    mail.box.send = send_then_crash  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            await mail.send()
    [first] = [letter for letter in sent if letter.address == LUCIA]
    token = first.text.partition("#")[2].split()[0]
    later(clock, LEASE)
    second = mail_of(installation, api.practice, clock)
    await second.send()
    assert (await refusal(installation, "acceptInvitation", token=token))[0] == "invitation.unknown"
    assert (await ask(installation, "acceptInvitation", token=second.box.token(LUCIA)))["errors"] == []


async def test_many_senders_at_once_send_each_letter_once(installation: Installation, api: Api, clock: Now) -> None:
    client = await api.client("Ana", emails=[])
    addresses = {f"contact-{number}@example.org" for number in range(12)}
    for number, address in enumerate(sorted(addresses)):
        await api.contact(client["id"], f"Xan {number}", portalAccess=True, person={"emails": [address]})
    senders = [mail_of(installation, api.practice, clock) for _ in range(4)]
    await asyncio.gather(*(sender.send() for sender in senders))
    letters = [letter.address for sender in senders for letter in sender.box.letters]
    assert sorted(letters) == sorted(addresses)
    for sender in senders:
        for letter in sender.box.letters:
            token = sender.box.token(letter.address)
            assert (await ask(installation, "acceptInvitation", token=token))["errors"] == []


async def test_revoking_while_a_sender_holds_the_mail_wins(installation: Installation, api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    kept = mail.box.send

    async def revoke_first(letter: Letter) -> None:
        if letter.address == LUCIA:
            await api.done("revokeInvitation", contactId=contact["id"])
        await kept(letter)

    mail.box.send = revoke_first  # type: ignore[method-assign]
    await mail.send()
    token = mail.box.token(LUCIA)
    assert (await refusal(installation, "acceptInvitation", token=token))[0] == "invitation.revoked"


async def test_no_secret_is_in_the_graph_nor_the_outbox_nor_a_log(
    installation: Installation,
    api: Api,
    mail: Mail,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await invited(api)
    before = str(await outbox(installation, api))
    await mail.send()
    slug, _, secret = mail.box.token(LUCIA).partition(".")
    everything = await run(
        installation.database,
        "MATCH (n) WHERE n.practice = $practice RETURN properties(n) AS n",
        practice=api.practice.id,
    )
    out, err = capfd.readouterr()
    for text in (before, str(everything), out, err, caplog.text):
        assert secret not in text
    for text in (out, err, caplog.text):
        assert not [name for name in (LUCIA, ANA) if name in text]
    assert slug == api.practice.slug


async def test_letters_name_the_practice_and_nobody(api: Api, mail: Mail) -> None:
    client = await api.client("Aniceta", "Quintela", emails=[ANA], birthDate="1990-02-03")
    await api.contact(
        client["id"],
        "Lucrecia",
        portalAccess=True,
        person={"familyName": "Ferreiro", "emails": [LUCIA]},
        relationship="HEALTHCARE_POWER_OF_ATTORNEY",
        note="Has the keys.",
    )
    await mail.send()
    assert mail.box.addresses == {LUCIA, ANA}
    for letter in mail.box.letters:
        text = f"{letter.subject}\n{letter.text}\n{letter.sender_name}".casefold()
        assert api.practice.name.casefold() in text
        told = ("aniceta", "quintela", "lucrecia", "ferreiro", "1990", "attorney", "health", "patient", "keys", "@")
        assert not [word for word in told if word in text]


async def test_mail_that_waits_is_found_by_the_worker_that_wrote_it(
    installation: Installation, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(installation.server.mail, "_woken", type("Event", (), {"set": lambda _: woken.append(True)})())
    await api.client("Eva")
    assert woken == []
    await invited(api)
    assert woken == [True]
    client = await api.client("Uxía")
    await api.refused(
        "addNewContact",
        clientId=client["id"],
        person={"givenName": "Noa"},
        relationship="PARENT",
        portalAccess=True,
    )
    assert woken == [True]
