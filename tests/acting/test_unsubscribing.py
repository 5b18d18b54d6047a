"""Whoever has an address takes it off, by the link in a reminder; its owner alone puts it on again (R8)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from graph_api.acting.reminders.model import ReminderChannel
from graph_api.acting.reminders.planning import Address
from graph_api.acting.reminders.unsubscribing import link_for, link_of
from graph_api.keys.secrets import installation_secret
from graph_api.mail.message import message_of
from tests.acting.clinic import Clinic, ahead, new_clinic
from tests.acting.reminding import Reminded, reminded, set_rules
from tests.acting.test_appointment_notices import address, update
from tests.api import Installation
from tests.contract.auditing import AuditOf

PREFERENCES = "person { reminderPreferences { email isOptedOutOfEmail isOptedOutOfSms } }"
TWO_DAYS, TWO_HOURS = 2_880, 120


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    clinic = await new_clinic(installation)
    await set_rules(clinic, (TWO_DAYS, ["EMAIL"]), (TWO_HOURS, ["EMAIL"]))
    return clinic


@pytest.fixture
def worker(installation: Installation, clinic: Clinic) -> Reminded:
    return reminded(installation, clinic.cast.practice, "https://api.example/")


async def ask(installation: Installation, method: str, path: str, **more: Any) -> httpx.Response:
    """One request, as a mail program or a browser makes it."""
    transport = httpx.ASGITransport(installation.server.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.request(method, path, **more)


async def of_ben(clinic: Clinic) -> Any:
    """How Ben is reminded, as staff see it."""
    query = f"query ($id: ID!) {{ {PREFERENCES.replace('person', 'person(id: $id)', 1)} }}"
    return (await clinic.cast.ask("staff", query, id=clinic.cast.ids["ben"]))["person"]["reminderPreferences"]


async def test_r8_the_link_of_a_reminder_takes_the_address_off(
    clinic: Clinic, worker: Reminded, installation: Installation
) -> None:
    start = ahead(5, 12)
    await clinic.book("staff", start)
    await worker.at(start - timedelta(minutes=TWO_DAYS))
    [letter] = worker.box.letters
    message = message_of(letter, "practice@example.org", start)
    assert message["List-Unsubscribe"] == f"<{letter.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(letter.unsubscribe) in letter.text
    path = str(letter.unsubscribe).removeprefix("https://api.example")
    assert "@" not in path

    shown = await ask(installation, "GET", path)
    assert shown.status_code == 200
    assert "Test practice" in shown.text
    assert (await of_ben(clinic))["isOptedOutOfEmail"] is False, "GET changes nothing"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        assert (
            await ask(installation, "POST", path, content="List-Unsubscribe=One-Click", headers=form)
        ).status_code == 200
    assert await of_ben(clinic) == {"email": True, "isOptedOutOfEmail": True, "isOptedOutOfSms": False}
    assert await worker.at(start - timedelta(minutes=TWO_HOURS)) == []
    audit = AuditOf(installation, clinic.cast.api)
    events = [event["action"] for event in await audit.events(clinic.cast.practice.id)]
    assert events.count("optOut.stop") == 1


async def test_r8_the_owner_alone_puts_an_address_on_again(
    clinic: Clinic, worker: Reminded, installation: Installation
) -> None:
    secret = installation_secret(installation.settings.data_dir, installation.settings.secret_file)
    accounts = "query ($id: ID!) { person(id: $id) { account { address } } }"
    own = (await clinic.cast.ask("staff", accounts, id=clinic.cast.ids["ben"]))["person"]["account"]["address"]
    await update(clinic, "ben", emails=[own])
    link = link_for(secret, clinic.cast.practice, Address(ReminderChannel.EMAIL, own))
    assert (await ask(installation, "POST", link.path)).status_code == 200
    ben = clinic.cast.ids["ben"]
    for who in ("staff", "admin"):
        await clinic.cast.done(who, "setReminderPreferences", PREFERENCES, personId=ben, email=True)
    assert (await of_ben(clinic))["isOptedOutOfEmail"] is True
    found = await clinic.cast.done("ben", "setReminderPreferences", PREFERENCES, personId=ben, email=True)
    assert found["reminderPreferences"]["isOptedOutOfEmail"] is False
    start = ahead(5, 12)
    await clinic.book("staff", start)
    assert await worker.at(start - timedelta(minutes=TWO_DAYS)) == [own]


async def test_r8_a_link_that_is_not_ours_is_none(clinic: Clinic, installation: Installation) -> None:
    secret = installation_secret(installation.settings.data_dir, installation.settings.secret_file)
    practice = clinic.cast.practice
    link = link_for(secret, practice, Address(ReminderChannel.EMAIL, await address(clinic, "ben")))
    other = await installation.practice()
    wrong = [
        link.path[:-1],
        link.path[:-1] + ("0" if link.path[-1] != "0" else "1"),
        link.path.replace(practice.slug, other.slug),
        link.path.replace(practice.slug, "nowhere"),
        "/unsubscribe/",
        "/unsubscribe/" + "x" * 10_000,
    ]
    for path in wrong:
        for method in ("GET", "POST"):
            assert (await ask(installation, method, path)).status_code == 404
    assert (await ask(installation, "DELETE", link.path)).status_code == 405
    assert link_of(link.path) == link
    assert (await of_ben(clinic))["isOptedOutOfEmail"] is False
