"""Notices of messages: who is told, where, how often, and of nothing (M9, X8)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.accounts import account_of
from tests.acting.cast import Cast, new_cast
from tests.api import Installation, Now
from tests.letters import Mail, mail_of


class Hours:
    """The sender's clock."""

    def __init__(self) -> None:
        self.ahead = timedelta(minutes=3)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
async def cast(installation: Installation) -> Cast:
    """Everybody, in a fresh practice, whose front desk is told."""
    cast = await new_cast(installation)
    await cast.done("admin", "setMessaging", "practice { id }", staffNoticeEmail="desk@practice.example")
    await mail_of(installation, cast.practice).send()
    return cast


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def mail(installation: Installation, cast: Cast, hours: Hours) -> Mail:
    """The practice's, three minutes later."""
    return mail_of(installation, cast.practice, hours)


async def address(cast: Cast, who: str) -> str:
    """Where somebody's account is."""
    account = await account_of(cast.installation, cast.practice, cast.ids[who])
    assert account is not None
    return account.address


async def test_m9_readers_are_told_once_and_of_nothing(installation: Installation, cast: Cast, mail: Mail) -> None:
    thread = await cast.start("staff", "The result is positive", "Biopsy", audience="SHARED")
    await cast.send("staff", thread, "Call us")
    assert (await mail_of(installation, cast.practice).send()).sent == 0, "notices wait for two minutes"
    assert (await mail.send()).sent == 3
    assert mail.box.addresses == {await address(cast, who) for who in ("ben", "anna", "carl")}
    for letter in mail.box.letters:
        for word in ("positive", "Biopsy", "Call us", "Ben", "Anna", "Carl", "Moreno", "staff-1"):
            assert word not in letter.text + letter.subject
        assert "Test practice" in letter.subject


async def test_m9_nobody_is_told_again_before_they_looked(cast: Cast, mail: Mail, hours: Hours, now: Now) -> None:
    thread = await cast.start("staff", audience="SHARED")
    assert (await mail.send()).sent == 3
    await cast.send("staff", thread)
    hours.ahead = timedelta(minutes=20)
    assert (await mail.send()).sent == 0
    now.moment = datetime.now(UTC) + timedelta(minutes=4)
    await cast.done("anna", "markThreadRead", "thread { id }", threadId=thread, through=2)
    await cast.send("staff", thread)
    now.moment = None
    assert (await mail.send()).sent == 1
    assert mail.box.letters[-1].address == await address(cast, "anna")


async def test_m9_what_was_read_or_is_forbidden_by_then_is_not_told(cast: Cast, mail: Mail) -> None:
    thread = await cast.start("staff", audience="SHARED")
    await cast.done("anna", "markThreadRead", "thread { id }", threadId=thread, through=1)
    await cast.change("carl", secureMessaging=False)
    assert (await mail.send()).sent == 1
    assert mail.box.addresses == {await address(cast, "ben")}


async def test_m9_staff_are_told_at_the_front_desk_or_whoever_is_to_answer(
    cast: Cast, mail: Mail, hours: Hours
) -> None:
    thread = await cast.start("anna", "Where does it hurt?")
    assert (await mail.send()).sent == 1
    assert mail.box.addresses == {"desk@practice.example"}
    made = await cast.does(
        "admin",
        "addPractitioner",
        "practitioner { id }",
        displayName="Dr. Okafor",
        noticeEmail="okafor@practice.example",
    )
    values = {"threadId": thread, "expectedVersion": 1, "practitionerId": made["practitioner"]["id"]}
    await cast.done("staff", "assignThread", "thread { id }", **values)
    await cast.send("anna", thread)
    hours.ahead = timedelta(minutes=6)
    assert (await mail.send()).sent == 1
    [_, letter] = mail.box.letters
    assert letter.address == "okafor@practice.example"
    assert "hurt" not in letter.text


async def test_m9_answered_by_then_staff_are_not_told(cast: Cast, mail: Mail) -> None:
    thread = await cast.start("anna")
    await cast.send("staff", thread)
    await mail.send()
    assert mail.box.addresses == {await address(cast, "anna")}


async def test_r2_of_a_private_thread_nothing_goes_to_a_contacts_address(cast: Cast, mail: Mail) -> None:
    shared = await address(cast, "ben")
    person = {"emails": [shared]}
    await cast.api.contact(cast.ids["ben"], "Mum", person=person, relationship="PARENT")
    sent = {"clientId": cast.ids["ben"], "subject": "S", "body": "B", "audience": "CLIENT_ONLY"}
    payload = await cast.does("staff", "startThread", "thread { id }", **sent)
    assert [warning["code"] for warning in payload["warnings"]] == ["CLIENT_NOT_TOLD"]
    assert (await mail.send()).sent == 0
    await cast.start("staff", audience="SHARED")
    await mail.send()
    assert shared in mail.box.addresses
