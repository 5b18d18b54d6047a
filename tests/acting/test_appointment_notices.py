"""Letters about appointments: who gets them, where, when, and of what (A12, R2, R4, X6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acting.clinic import APPOINTMENT_SHOWN, Clinic, ahead, new_clinic
from tests.api import Installation
from tests.letters import Mail, mail_of


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    clinic = await new_clinic(installation)
    await mail_of(installation, clinic.cast.practice).send()
    return clinic


@pytest.fixture
def mail(installation: Installation, clinic: Clinic) -> Mail:
    return mail_of(installation, clinic.cast.practice)


async def address(clinic: Clinic, who: str) -> str:
    """Somebody's first e-mail address."""
    query = "query ($id: ID!) { person(id: $id) { emails } }"
    emails: list[str] = (await clinic.cast.api.query(query, id=clinic.cast.ids[who]))["person"]["emails"]
    return emails[0]


async def sent_to(mail: Mail) -> list[str]:
    """Where the letters about appointments went that are sent now."""
    mail.box.letters.clear()
    await mail.send()
    mail.box.letters[:] = [letter for letter in mail.box.letters if "appointment" in letter.subject]
    return sorted(letter.address for letter in mail.box.letters)


async def update(clinic: Clinic, who: str, **fields: Any) -> None:
    """Change a person's own fields."""
    query = "query ($id: ID!) { person(id: $id) { version } }"
    version = (await clinic.cast.api.query(query, id=clinic.cast.ids[who]))["person"]["version"]
    await clinic.cast.api.done("updatePerson", personId=clinic.cast.ids[who], expectedVersion=version, changes=fields)


async def test_a12_the_client_whoever_booked_and_whoever_is_reminded_are_told(clinic: Clinic, mail: Mail) -> None:
    await clinic.cast.change("carl", appointmentReminders=True)
    start = ahead(3, 9)
    await clinic.book("anna", start, reason="Cough")
    told = sorted([await address(clinic, who) for who in ("ben", "anna", "carl")])
    assert await sent_to(mail) == told
    for letter in mail.box.letters:
        assert letter.subject == "Test practice: an appointment is booked"
        assert f"{start:%A}, {start.day} {start:%B %Y}, 09:00 (UTC)" in letter.text
        for word in ("Ben", "Anna", "Moreno", "Kim", "Visit", "Cough", "meet.example", "Online"):
            assert word not in letter.text + letter.subject


async def test_a12_whoever_was_told_before_hears_of_every_change(clinic: Clinic, mail: Mail) -> None:
    booked = await clinic.book("anna", ahead(3, 9))
    told = sorted([await address(clinic, who) for who in ("ben", "anna")])
    assert await sent_to(mail) == told
    moved = await clinic.done("staff", "rescheduleAppointment", booked, startsAt=ahead(3, 12).isoformat())
    assert await sent_to(mail) == told
    assert all("12:00 (UTC)" in letter.text and "does not count any more" in letter.text for letter in mail.box.letters)
    await clinic.done("staff", "cancelAppointment", moved, reason="Kim is ill")
    assert await sent_to(mail) == told
    assert all("was cancelled" in letter.subject and "ill" not in letter.text for letter in mail.box.letters)


async def test_a12_a_request_is_told_and_what_became_of_it(clinic: Clinic, mail: Mail) -> None:
    first, second = await clinic.book("ben", ahead(4, 9), "request"), await clinic.book("ben", ahead(4, 12), "request")
    ben = await address(clinic, "ben")
    assert await sent_to(mail) == [ben, ben]
    assert all("has not confirmed it yet" in letter.text for letter in mail.box.letters)
    await clinic.done("staff", "confirmAppointment", first)
    await clinic.done("staff", "declineAppointment", second, reason="We are closed")
    assert await sent_to(mail) == [ben, ben]
    subjects = {letter.subject.partition(": ")[2] for letter in mail.box.letters}
    assert subjects == {"an appointment is booked", "an appointment was not confirmed"}


async def test_a12_changes_before_the_letter_is_written_are_told_by_one(clinic: Clinic, mail: Mail) -> None:
    booked = await clinic.book("ben", ahead(3, 9))
    moved = await clinic.done("ben", "rescheduleAppointment", booked, startsAt=ahead(3, 11).isoformat())
    await clinic.done("ben", "cancelAppointment", moved)
    assert await sent_to(mail) == [await address(clinic, "ben")]
    assert "was cancelled" in mail.box.letters[0].subject


async def test_x6_who_may_not_know_when_it_is_sent_is_told_nothing(clinic: Clinic, mail: Mail) -> None:
    booked = await clinic.book("anna", ahead(3, 9))
    await clinic.cast.change("anna", portalAccess=False)
    assert await sent_to(mail) == [await address(clinic, "ben")]
    hidden = await clinic.done("staff", "setAppointmentAudience", booked, audience="CLIENT_ONLY")
    await clinic.cast.change("anna", portalAccess=True, appointmentReminders=True)
    await clinic.done("staff", "cancelAppointment", hidden)
    assert await sent_to(mail) == [await address(clinic, "ben")]


async def test_x6_a_contact_who_sees_appointments_is_not_told_of_others_bookings(clinic: Clinic, mail: Mail) -> None:
    await clinic.book("staff", ahead(3, 9))
    assert await sent_to(mail) == [await address(clinic, "ben")], "Anna and Carl see it, and asked for no reminders"


async def test_r2_a_confidential_channel_is_the_clients_only_one(clinic: Clinic, mail: Mail) -> None:
    cast = clinic.cast
    await update(clinic, "anna", emails=["ben.private@example.org"])
    await cast.change("anna", appointmentReminders=True)
    query = "query ($id: ID!) { person(id: $id) { version } }"
    version = (await cast.api.query(query, id=cast.ids["ben"]))["person"]["version"]
    await cast.api.done(
        "setConfidentialChannel", clientId=cast.ids["ben"], expectedVersion=version, email="ben.private@example.org"
    )
    await clinic.book("staff", ahead(3, 9))
    assert await sent_to(mail) == ["ben.private@example.org"]
    assert "portal" in mail.box.letters[0].text


async def test_r2_who_shares_an_address_gets_one_letter(clinic: Clinic, mail: Mail) -> None:
    for who in ("ben", "carl"):
        await update(clinic, who, emails=["Family@example.org" if who == "ben" else "family@example.org"])
    await clinic.cast.change("carl", appointmentReminders=True)
    await clinic.book("staff", ahead(3, 9))
    assert [one.casefold() for one in await sent_to(mail)] == ["family@example.org"]


async def test_r2_of_a_private_one_nothing_goes_to_a_contacts_address(clinic: Clinic, mail: Mail) -> None:
    for who in ("ben", "carl"):
        await update(clinic, who, emails=["family@example.org"])
    sent = clinic.sent(ahead(3, 9), audience="CLIENT_ONLY")
    payload = await clinic.cast.does("staff", "bookAppointment", APPOINTMENT_SHOWN, **sent)
    assert [warning["code"] for warning in payload["warnings"]] == ["CLIENT_NOT_TOLD"]
    assert await sent_to(mail) == []
    await update(clinic, "ben", emails=["ben@example.org"])
    await clinic.done("staff", "cancelAppointment", payload["appointment"])
    assert await sent_to(mail) == ["ben@example.org"]


async def test_r4_reminders_without_the_portal_tell_nothing_of_it(clinic: Clinic, mail: Mail) -> None:
    await update(clinic, "nora", emails=["nora@example.org"])
    await clinic.cast.change("nora", portalAccess=False, appointmentReminders=True)
    await clinic.book("staff", ahead(3, 9))
    assert "nora@example.org" in await sent_to(mail)
    [letter] = mail.box.to("nora@example.org")
    assert "call the practice" in letter.text
    assert "https://" not in letter.text


async def test_a7_a_series_is_told_by_one_letter(clinic: Clinic, mail: Mail) -> None:
    sent = clinic.sent(ahead(3, 9), repeat={"everyWeeks": 1, "count": 4})
    payload = await clinic.cast.does("staff", "bookAppointment", f"series {{ id version }} {APPOINTMENT_SHOWN}", **sent)
    ben = await address(clinic, "ben")
    assert await sent_to(mail) == [ben]
    assert mail.box.letters[0].text.count(", 09:00 (UTC): booked") == 4
    third = payload["series"][2]
    await clinic.done("staff", "cancelAppointment", third, scope="THIS_AND_FOLLOWING")
    assert await sent_to(mail) == [ben]
    text = mail.box.letters[0].text
    assert (text.count(": booked"), text.count(": cancelled")) == (2, 2)


async def test_a12_of_what_has_passed_nobody_is_told(clinic: Clinic, mail: Mail, installation: Installation) -> None:
    past = await clinic.book("staff", ahead(-2, 9))
    coming = await clinic.book("staff", ahead(3, 9))
    late = mail_of(installation, clinic.cast.practice, lambda: datetime.now(UTC) + timedelta(days=4))
    assert await sent_to(late) == []
    await clinic.done("admin", "setAppointmentOutcome", past, outcome="ENTERED_IN_ERROR")
    assert await sent_to(mail) == []
    await clinic.done("admin", "setAppointmentOutcome", coming, outcome="ENTERED_IN_ERROR")
    assert await sent_to(mail) == [await address(clinic, "ben")]


async def test_a12_whatever_became_of_it_an_earlier_time_is_said_to_count_no_more(clinic: Clinic, mail: Mail) -> None:
    """The letter does not know what its reader was told: a time that was moved from must not stand beside this one."""
    booked = await clinic.book("staff", ahead(4, 9), "request")
    await sent_to(mail)
    assert "does not count" not in mail.box.letters[0].text
    asked = await clinic.done("ben", "rescheduleAppointment", booked, startsAt=ahead(5, 12).isoformat())
    assert (asked["status"], len(await sent_to(mail))) == ("REQUESTED", 1)
    assert "does not count any more" in mail.box.letters[0].text
    moved = await clinic.done("ben", "rescheduleAppointment", asked, startsAt=ahead(6, 12).isoformat())
    await clinic.done("staff", "declineAppointment", moved)
    assert len(await sent_to(mail)) == 1
    assert "does not count any more" in mail.box.letters[0].text


async def test_a12_a_contact_who_moved_it_hears_of_its_cancellation(clinic: Clinic, mail: Mail) -> None:
    booked = await clinic.book("staff", ahead(4, 9))
    moved = await clinic.done("anna", "rescheduleAppointment", booked, startsAt=ahead(5, 12).isoformat())
    told = sorted([await address(clinic, who) for who in ("ben", "anna")])
    assert await sent_to(mail) == told
    await clinic.done("staff", "cancelAppointment", moved)
    assert await sent_to(mail) == told


async def test_a12_staff_are_warned_of_a_move_into_the_past(clinic: Clinic, mail: Mail) -> None:
    booked = await clinic.book("staff", ahead(4, 9))
    await sent_to(mail)
    payload = await clinic.does("staff", "rescheduleAppointment", booked, startsAt=ahead(-1, 9).isoformat())
    assert [warning["code"] for warning in payload["warnings"]] == ["IN_PAST", "CLIENT_NOT_TOLD"]
    assert await sent_to(mail) == []


async def test_r2_each_private_one_of_a_series_is_warned_of(clinic: Clinic, mail: Mail) -> None:
    for who in ("ben", "carl"):
        await update(clinic, who, emails=["family@example.org"])
    sent = clinic.sent(ahead(3, 9), repeat={"everyWeeks": 1, "count": 3})
    payload = await clinic.cast.does("staff", "bookAppointment", "series { id version } errors { code }", **sent)
    first, second, _ = payload["series"]
    await clinic.done("staff", "setAppointmentAudience", second, audience="CLIENT_ONLY")
    ended = await clinic.does("staff", "cancelAppointment", first, scope="THIS_AND_FOLLOWING")
    assert [warning["code"] for warning in ended["warnings"]] == ["CLIENT_NOT_TOLD"]
    assert await sent_to(mail) == ["family@example.org"]
    assert mail.box.letters[0].text.count("cancelled") == 2


async def test_r2_whoever_may_not_know_is_no_reason_to_warn(clinic: Clinic) -> None:
    for feature in ("SCHEDULING", "REMINDERS"):
        await clinic.cast.api.done("setClientFeature", clientId=clinic.cast.ids["ben"], feature=feature, enabled=False)
    sent = clinic.sent(ahead(3, 9), audience="CLIENT_ONLY")
    assert (await clinic.cast.does("staff", "bookAppointment", APPOINTMENT_SHOWN, **sent))["warnings"] == []
