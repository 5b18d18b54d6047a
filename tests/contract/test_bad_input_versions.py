"""A stale version is refused and shows what is there now."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api import APPOINTMENT, CONTACT, PERSON, PRACTITIONER, THREAD, Installation
from tests.contract.household import MUTATIONS, Household, needs_whole, new_household, on_the_hour
from tests.contract.practice_graph import unchanged
from tests.declared import input_of

VERSIONED = [name for name in MUTATIONS if "expectedVersion" in input_of(name)]
CONFLICT = f"""errors {{ code path ... on VersionConflict {{ currentVersion
  current {{ __typename id ... on Contact {{ {CONTACT} }} ... on Person {{ {PERSON} }}
  ... on MessageThread {{ {THREAD} }} ... on Practitioner {{ {PRACTITIONER} }}
  ... on Appointment {{ {APPOINTMENT} }} }} }} }}"""
HOURS = {"weekday": "FRIDAY", "from": "13:00", "to": "15:00", "startsOn": "2026-01-05"}


MOVED_BY_MONEY = ("voidCharge",)
"""A charge has other versions once it was paid, and is voided when all was given back: tests/acting/test_charges.py."""


@pytest.fixture
async def home(installation: Installation, request: pytest.FixtureRequest) -> Household:
    return await new_household(installation, whole=needs_whole(request))


@pytest.fixture(scope="module")
async def untouched(installation: Installation) -> AsyncIterator[Household]:
    """One household for refusals that leave everything as it was."""
    found = await new_household(installation, whole=True)
    async with unchanged(installation.database, found.practice):
        yield found


async def moved_on(home: Household, mutation: str) -> dict[str, Any]:
    """What the mutation is about, changed by somebody else: the entity, at version 2."""
    sent = home.inputs()[mutation]
    if "threadId" in sent:
        return await home.api.done(
            "setThreadAudience", threadId=sent["threadId"], expectedVersion=1, audience="CLIENT_ONLY"
        )
    if "appointmentId" in sent:
        return await home.api.done(
            "rescheduleAppointment",
            appointmentId=sent["appointmentId"],
            expectedVersion=1,
            startsAt=on_the_hour(hours=-2),
        )
    if "practitionerId" in sent:
        rules = [HOURS | {"locationId": home.location["id"]}]
        return await home.api.done(
            "setOpeningHours", practitionerId=sent["practitionerId"], expectedVersion=1, rules=rules
        )
    if "contactId" in sent:
        return await home.api.done(
            "updateContact", contactId=sent["contactId"], expectedVersion=1, changes={"note": "Seen"}
        )
    person = sent.get("personId") or sent["clientId"]
    return await home.api.done("updatePerson", personId=person, expectedVersion=1, changes={"preferredName": "Lu"})


@pytest.mark.parametrize("mutation", [name for name in VERSIONED if name not in MOVED_BY_MONEY])
async def test_a_stale_version_shows_the_current_entity(
    installation: Installation, home: Household, mutation: str
) -> None:
    current = await moved_on(home, mutation)
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{ {CONFLICT} }} }}"
    async with unchanged(installation.database, home.practice):
        payload = (await home.api.query(document, input=home.inputs()[mutation]))[mutation]
    (error,) = payload["errors"]
    assert (error["code"], error["path"], error["currentVersion"]) == ("VERSION_CONFLICT", ["expectedVersion"], 2)
    kinds = {"threadId": "MessageThread", "appointmentId": "Appointment", "contactId": "Contact"}
    kinds["practitionerId"] = "Practitioner"
    sent = home.inputs()[mutation]
    assert error["current"].pop("__typename") == next((kinds[name] for name in kinds if name in sent), "Person")
    assert error["current"] == current
    again = home.inputs()[mutation] | {"expectedVersion": error["currentVersion"]}
    await home.api.done(mutation, **again)


@pytest.mark.parametrize("version", [0, -1, 2, 2_147_483_647])
@pytest.mark.parametrize("mutation", VERSIONED)
async def test_a_version_that_never_was(
    installation: Installation, untouched: Household, mutation: str, version: int
) -> None:
    async with unchanged(installation.database, untouched.practice):
        error = await untouched.api.refused(mutation, **untouched.inputs()[mutation] | {"expectedVersion": version})
    assert (error["__typename"], error["currentVersion"]) == ("VersionConflict", 1)


async def test_the_version_comes_before_the_changes(home: Household) -> None:
    sent = home.inputs()["updatePerson"] | {"expectedVersion": 7, "changes": {"givenName": ""}}
    assert (await home.api.refused("updatePerson", **sent))["__typename"] == "VersionConflict"


async def test_d2_a_persons_version_does_not_count_edges(home: Household) -> None:
    """The other way round too: a changed person is no changed edge."""
    client = home.client["id"]
    await home.api.contact(client, "Eva")
    document = "query ($id: ID!) { person(id: $id) { version } }"
    assert (await home.api.query(document, id=client))["person"] == {"version": 1}
    await home.api.done("updatePerson", personId=home.person, expectedVersion=1, changes={"preferredName": "Lu"})
    versions = {contact["id"]: contact["version"] for contact in await home.api.network(client)}
    assert versions[home.contact["id"]] == 1


@pytest.mark.parametrize(
    ("mutation", "nothing"),
    [
        ("updateContact", {"changes": {}}),
        ("updateContact", {"changes": {"relationship": "PARENT", "payments": False, "note": None, "roles": []}}),
        ("updateContact", {"changes": {"secureMessaging": False}}),
        ("updatePerson", {"changes": {}}),
        ("updatePerson", {"changes": {"givenName": "Lucía", "emails": ["LUCIA@example.org".lower()]}}),
        ("setClientStatus", {"status": "ACTIVE"}),
        ("setDeceased", {"deceasedOn": None}),
        ("setClientFeature", {"enabled": True}),
        ("setConfidentialChannel", {"email": None, "phone": None}),
    ],
)
async def test_no_change_is_no_new_version(home: Household, mutation: str, nothing: dict[str, Any]) -> None:
    same = await home.api.done(mutation, **home.inputs()[mutation] | nothing)
    assert same["version"] == 1
