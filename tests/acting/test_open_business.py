"""What is left open when a client is archived, when somebody dies, and when a practitioner leaves (A13, X9)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acting.clinic import SHOWN, Clinic, ahead, new_clinic
from tests.api import Installation

NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Appointment {{ {SHOWN} }} }} }}"


@pytest.fixture
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


async def version_of(clinic: Clinic, who: str) -> int:
    query = "query ($id: ID!) { person(id: $id) { version } }"
    return int((await clinic.cast.api.query(query, id=clinic.cast.ids[who]))["person"]["version"])


async def warned(clinic: Clinic, who: str, mutation: str, shown: str, **values: Any) -> list[str]:
    payload = await clinic.cast.does(who, mutation, shown, **values)
    assert payload["errors"] == [], payload
    return [warning["code"] for warning in payload["warnings"] if warning["code"] == "OPEN_BUSINESS"]


async def archive(clinic: Clinic, status: str) -> list[str]:
    version = await version_of(clinic, "ben")
    values = {"personId": clinic.cast.ids["ben"], "expectedVersion": version, "status": status}
    return await warned(clinic, "staff", "setClientStatus", "person { id }", **values)


async def test_a13_who_archives_a_client_is_told_of_appointments_to_come(clinic: Clinic) -> None:
    await clinic.book("staff", ahead(-2, 9))
    assert await archive(clinic, "ARCHIVED") == []
    assert await archive(clinic, "ACTIVE") == []
    await clinic.book("ben", ahead(4, 9), "request")
    assert await archive(clinic, "ARCHIVED") == ["OPEN_BUSINESS"]


async def test_x9_a_death_releases_holds_and_leaves_bookings_to_staff(clinic: Clinic) -> None:
    held = await clinic.book("ben", ahead(4, 9), "request")
    booked = await clinic.book("ben", ahead(5, 9))
    values = {"personId": clinic.cast.ids["ben"], "expectedVersion": await version_of(clinic, "ben")}
    died = ahead(0).date().isoformat()
    found = await warned(clinic, "staff", "setDeceased", "person { id }", **values, deceasedOn=died)
    assert found == ["OPEN_BUSINESS"]
    node = (await clinic.cast.ask("staff", NODE, id=held["id"]))["node"]
    assert (node["status"], node["version"]) == ("EXPIRED", 2)
    assert await clinic.not_done("staff", "confirmAppointment", node) == "client.deceased"
    other = await clinic.cast.api.client("Eva", "Lopez")
    await clinic.book("staff", ahead(4, 9), clientId=other["id"])
    node = (await clinic.cast.ask("staff", NODE, id=booked["id"]))["node"]
    assert (node["status"], node["version"]) == ("BOOKED", 1)
    await clinic.done("staff", "cancelAppointment", node)
    await clinic.check()


async def test_x9_a_previewed_death_releases_nothing(clinic: Clinic) -> None:
    held = await clinic.book("ben", ahead(4, 9), "request")
    query = """query ($input: ContactChangeInput!) { rehearseContactChange(input: $input) {
      errors { code } } }"""
    version = await version_of(clinic, "ben")
    sent = {"personId": clinic.cast.ids["ben"], "expectedVersion": version, "deceasedOn": ahead(0).date().isoformat()}
    answer = await clinic.cast.ask("staff", query, input={"deceased": sent})
    assert answer["rehearseContactChange"]["errors"] == []
    node = (await clinic.cast.ask("staff", NODE, id=held["id"]))["node"]
    assert (node["status"], node["version"]) == ("REQUESTED", 1)


async def test_a13_who_says_that_a_practitioner_has_left_is_told_what_is_open(clinic: Clinic) -> None:
    async def leaves(who: str, version: int, *, stays: bool = False) -> list[str]:
        values = {"practitionerId": who, "expectedVersion": version, "isActive": stays}
        return await warned(clinic, "admin", "updatePractitioner", "practitioner { id }", **values)

    begun = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    await clinic.book("staff", begun, practitionerId=clinic.lee)
    booked = await clinic.book("staff", ahead(4, 9))
    assert await leaves(clinic.lee, 2) == [], "what has begun is not to come"
    assert await leaves(clinic.kim, 2) == ["OPEN_BUSINESS"]
    assert await leaves(clinic.kim, 3, stays=True) == []
    await clinic.done("staff", "cancelAppointment", booked)
    assert await leaves(clinic.kim, 4) == []
    assert await leaves(clinic.kim, 5, stays=True) == []
    thread = await clinic.cast.start("anna")
    values = {"threadId": thread, "expectedVersion": 1, "practitionerId": clinic.kim}
    await clinic.cast.done("staff", "assignThread", "thread { id }", **values)
    assert await leaves(clinic.kim, 6) == ["OPEN_BUSINESS"]
