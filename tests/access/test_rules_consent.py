"""An adult client's consent to a parent's or guardian's portal access; what is shown without it (D13)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from graph_api.kernel.caller import ViewerRole
from tests.api import Api, At, Installation
from tests.contract.practice_graph import edges, unchanged

NOON = "2026-06-10T12:00:00+00:00"
PARENTS = (
    "PARENT",
    "NATURAL_PARENT",
    "ADOPTIVE_PARENT",
    "FOSTER_PARENT",
    "STEP_PARENT",
    "GUARDIAN",
    "GUARDIAN_AD_LITEM",
)
REVIEW = "REVIEW_ACCESS"


async def parent(api: Api, birth_date: str | None, given: str = "Eva", **terms: Any) -> dict[str, Any]:
    """A parent with portal access, of a client born on that day."""
    client = await api.client(f"{given}'s child", birthDate=birth_date)
    person = {"emails": [f"{given}@example.org"]}
    return await api.contact(client["id"], given, person=person, **{"portalAccess": True} | terms)


async def consented(api: Api, contact: dict[str, Any]) -> dict[str, Any]:
    return await api.done("recordAdultConsent", contactId=contact["id"], expectedVersion=contact["version"])


async def refused(installation: Installation, api: Api, contact: dict[str, Any]) -> str:
    """Why consent is not recorded; nothing was changed."""
    async with unchanged(installation.database, api.practice):
        error = await api.refused("recordAdultConsent", contactId=contact["id"], expectedVersion=contact["version"])
    assert error["path"] == ["contactId"]
    reason: str = error["reason"]
    return reason


async def changed(api: Api, contact: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The payload of a change of the contact as it is now."""
    document = "query ($id: ID!) { node(id: $id) { ... on Contact { version } } }"
    version = (await api.query(document, id=contact["id"]))["node"]["version"]
    payload = await api.mutate("updateContact", contactId=contact["id"], expectedVersion=version, changes=changes)
    assert payload["errors"] == []
    return payload


async def reviewed(api: Api, contact: dict[str, Any]) -> bool:
    """Whether a change of the note shows the portal access for review."""
    payload = await changed(api, contact, note=f"Seen {contact['id']} {datetime.now(UTC)}")
    return (REVIEW, ["changes", "portalAccess"]) in [(one["code"], one["path"]) for one in payload["warnings"]]


@pytest.mark.parametrize("relationship", PARENTS)
@pytest.mark.parametrize("birth_date", ["1990-01-01", None])
async def test_d13_consent_is_recorded_on_the_edge_and_its_version_before_is_kept(
    installation: Installation, api: Api, at: At, relationship: str, birth_date: str | None
) -> None:
    """Where the birth date is unknown, staff say by it that the client is an adult."""
    at(NOON)
    contact = await parent(api, birth_date, relationship=relationship)
    at("2026-06-10T13:00:00+00:00")
    payload = await api.mutate("recordAdultConsent", contactId=contact["id"], expectedVersion=1)
    assert payload["errors"] == []
    assert REVIEW not in [warning["code"] for warning in payload["warnings"]]
    shown = payload["contact"]
    assert (shown["version"], shown["adultConsentAt"]) == (2, "2026-06-10T13:00:00.000000+00:00")
    assert {name: value for name, value in shown.items() if name not in ("version", "adultConsentAt")} == {
        name: value for name, value in contact.items() if name != "version"
    }
    (before,) = await edges(installation.database, api.practice, "HAD_CONTACT", contactId=contact["id"])
    assert (before["version"], before["validTo"], "adultConsentAt" in before) == (1, shown["adultConsentAt"], False)
    (current,) = await edges(installation.database, api.practice, "HAS_CONTACT", id=contact["id"])
    assert current["adultConsentAt"] == current["updatedAt"] == shown["adultConsentAt"]


async def test_d13_consent_is_recorded_for_adults_alone(installation: Installation, api: Api, at: At) -> None:
    """From the very birthday on; of 29 February on 1 March."""
    at(NOON)
    assert await refused(installation, api, await parent(api, "2008-06-11")) == "client.minor"
    await consented(api, await parent(api, "2008-06-10", "Ida"))
    at("2026-02-28T12:00:00+00:00")
    leap = await parent(api, "2008-02-29", "Zoe")
    assert await refused(installation, api, leap) == "client.minor"
    at("2026-03-01T12:00:00+00:00")
    await consented(api, leap)


@pytest.mark.parametrize(
    ("time_zone", "minor", "adult"),
    [
        ("Pacific/Auckland", "2026-06-09T11:59:59+00:00", "2026-06-09T12:00:00+00:00"),
        ("Europe/London", "2026-06-09T22:59:59+00:00", "2026-06-09T23:00:00+00:00"),
        ("Pacific/Honolulu", "2026-06-10T09:59:59+00:00", "2026-06-10T10:00:00+00:00"),
    ],
)
async def test_d13_the_birthday_begins_where_the_practice_is(
    installation: Installation, at: At, time_zone: str, minor: str, adult: str
) -> None:
    api = installation.api(await installation.practice(time_zone))
    at(minor)
    contact = await parent(api, "2008-06-10")
    assert await refused(installation, api, contact) == "client.minor"
    at(adult)
    await consented(api, contact)


async def test_d13_the_practices_age_of_majority_decides(installation: Installation, api: Api, at: At) -> None:
    at(NOON)
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    contact = await parent(api, "2007-01-01")  # 19
    await admin.done("setAgeOfMajority", age=21)
    assert await refused(installation, api, contact) == "client.minor"
    assert not await reviewed(api, contact)
    await admin.done("setAgeOfMajority", age=16)
    assert await reviewed(api, contact)
    await consented(api, contact | {"version": 3})
    assert not await reviewed(api, contact)
    client = await api.client("Bea", birthDate="2010-06-10")  # 16 today
    other = await api.client("Ben")
    values = {"clientId": client["id"], "relationship": "PARENT", "portalAccess": True}
    person = {"givenName": "Max", "emails": ["max@example.org"]}
    new = await api.mutate("addNewContact", **values, person=person)
    existing = await api.mutate("addExistingContact", **values, personId=other["id"])
    assert [[one["code"] for one in payload["warnings"]] for payload in (new, existing)] == [[REVIEW], [REVIEW]]


async def test_d13_consent_counts_that_was_given_as_an_adult(installation: Installation, api: Api, at: At) -> None:
    """Where the client turns out to have been a minor then, it needs to be given again."""
    at(NOON)
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    contact = await parent(api, "2007-01-01")  # 19
    await consented(api, contact)
    await admin.done("setAgeOfMajority", age=21)
    at("2028-06-10T12:00:00+00:00")
    assert await reviewed(api, contact)
    again = await consented(api, contact | {"version": 3})
    assert again["adultConsentAt"].startswith("2028-06-10T12:00:00")
    assert not await reviewed(api, contact)


@pytest.mark.parametrize("relationship", ["SPOUSE", "GRANDPARENT", "HEALTHCARE_POWER_OF_ATTORNEY", "CHILD"])
async def test_d13_other_relationships_need_no_consent(installation: Installation, api: Api, relationship: str) -> None:
    assert await refused(installation, api, await parent(api, "1990-01-01", relationship=relationship)) == (
        "consent.notNeeded"
    )


async def test_d13_consent_is_to_access_that_is_there(installation: Installation, api: Api) -> None:
    contact = await parent(api, "1990-01-01", portalAccess=False, secureMessaging=True)
    assert await refused(installation, api, contact) == "portalAccess.off"


async def test_d13_a_removed_contact_gets_no_consent(installation: Installation, api: Api) -> None:
    contact = await parent(api, "1990-01-01")
    await api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    assert await refused(installation, api, contact | {"version": 2}) == "contact.removed"


async def test_d7_nobody_gets_access_to_an_archived_client(installation: Installation, api: Api) -> None:
    contact = await parent(api, "1990-01-01")
    await api.done("setClientStatus", personId=contact["client"]["id"], expectedVersion=1, status="ARCHIVED")
    assert await refused(installation, api, contact) == "client.archived"


async def test_d7_a_contact_of_an_inactive_client_is_shown(api: Api) -> None:
    contact = await parent(api, "1990-01-01")
    await api.done("setClientStatus", personId=contact["client"]["id"], expectedVersion=1, status="INACTIVE")
    payload = await api.mutate("recordAdultConsent", contactId=contact["id"], expectedVersion=1)
    assert [warning["code"] for warning in payload["warnings"]] == ["CLIENT_INACTIVE"]


async def test_d13_consent_ends_when_portal_access_is_switched_off(api: Api) -> None:
    contact = await parent(api, "1990-01-01")
    await consented(api, contact)
    document = "query ($id: ID!) { node(id: $id) { ... on Contact { adultConsentAt portalAccess } } }"
    await changed(api, contact, payments=True, relationship="GUARDIAN")
    assert (await api.query(document, id=contact["id"]))["node"]["adultConsentAt"] is not None
    await changed(api, contact, portalAccess=False)
    assert (await api.query(document, id=contact["id"]))["node"] == {"adultConsentAt": None, "portalAccess": False}
    payload = await changed(api, contact, portalAccess=True)
    assert [warning["code"] for warning in payload["warnings"]] == [REVIEW]
    assert (await api.query(document, id=contact["id"]))["node"] == {"adultConsentAt": None, "portalAccess": True}


@pytest.mark.parametrize("birth_date", ["1990-01-01", None])
async def test_d13_an_authority_in_force_covers_the_access(api: Api, at: At, birth_date: str | None) -> None:
    """Through its last day; without one for good."""
    at(NOON)
    contact = await parent(api, birth_date, authority={"kind": "LEGAL_GUARDIAN", "endsOn": "2026-06-10"})
    assert not await reviewed(api, contact)
    at("2026-06-11T00:00:00+01:00")
    assert await reviewed(api, contact)
    await changed(api, contact, authority={"kind": "LEGAL_GUARDIAN"})
    assert not await reviewed(api, contact)
    await changed(api, contact, authority=None)
    assert await reviewed(api, contact)


async def test_d13_an_ended_authority_is_named_and_no_date_is(api: Api, at: At) -> None:
    """A warning is kept beside the idempotency key: nothing of the client's health or birth stands in it."""
    at(NOON)
    client = await api.client(birthDate="1990-04-05")
    person = {"givenName": "Eva", "emails": ["eva@example.org"]}
    payload = await api.mutate(
        "addNewContact",
        clientId=client["id"],
        person=person,
        relationship="PARENT",
        portalAccess=True,
        authority={"kind": "COURT_ORDER", "endsOn": "2026-06-09"},
        idempotencyKey="once",
    )
    (warning,) = payload["warnings"]
    assert (warning["code"], warning["path"]) == (REVIEW, ["portalAccess"])
    assert "authority" in warning["message"]
    assert not any(character.isdigit() for character in warning["message"].replace("D13", ""))
