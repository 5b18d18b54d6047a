"""The practice's features and age of majority, and features of one client (D5, D13)."""

from typing import Any

import pytest

from graph_api.kernel.caller import ViewerRole
from graph_api.practices.commands import MAX_AGE, MIN_AGE
from tests.api import Api, Installation
from tests.contract.practice_graph import unchanged

ALL = ["PORTAL", "MESSAGING", "PAYMENTS", "SCHEDULING", "REMINDERS"]
SETTINGS = "{ viewer { practice { id features ageOfMajority } } }"


@pytest.fixture
def admin(installation: Installation, api: Api) -> Api:
    return installation.api(api.practice, ViewerRole.ADMIN, "admin-1")


async def test_d5_a_practice_has_all_features_and_18_years_until_somebody_says_otherwise(
    installation: Installation, api: Api
) -> None:
    for role in (ViewerRole.ADMIN, ViewerRole.STAFF, ViewerRole.ANALYST):
        asked = installation.api(api.practice, role, "somebody")
        shown = (await asked.query(SETTINGS))["viewer"]["practice"]
        assert shown == {"id": api.practice.id, "features": ALL, "ageOfMajority": 18}
        node = await asked.query(f'{{ node(id: "{api.practice.id}") {{ ... on Practice {{ features }} }} }}')
        assert node["node"] == {"features": ALL}


async def test_d5_an_admin_switches_features_of_the_practice(api: Api, admin: Api) -> None:
    for feature in ALL:
        off = await admin.done("setPracticeFeature", feature=feature, enabled=False)
        assert off["features"] == [name for name in ALL if name != feature]
        assert (await api.query(SETTINGS))["viewer"]["practice"]["features"] == off["features"]
        assert (await admin.done("setPracticeFeature", feature=feature, enabled=True))["features"] == ALL


@pytest.mark.parametrize("age", [MIN_AGE, 16, 18, 19, 21, MAX_AGE])
async def test_d13_an_admin_sets_the_age_of_majority(admin: Api, age: int) -> None:
    assert (await admin.done("setAgeOfMajority", age=age))["ageOfMajority"] == age


@pytest.mark.parametrize("age", [-2_147_483_648, -1, 0, MIN_AGE - 1, MAX_AGE + 1, 2_147_483_647])
async def test_d13_an_age_that_can_be_no_age_of_majority(installation: Installation, admin: Api, age: int) -> None:
    async with unchanged(installation.database, admin.practice):
        error = await admin.refused("setAgeOfMajority", age=age)
    assert (error["reason"], error["path"]) == ("age.outOfRange", ["age"])


@pytest.mark.parametrize(
    ("role", "mutation", "sent"),
    [
        (ViewerRole.ANALYST, "setPracticeFeature", {"feature": "PORTAL", "enabled": False}),
        (ViewerRole.ANALYST, "setPracticeFeature", {"feature": "PORTAL", "enabled": True}),
        (ViewerRole.ANALYST, "setAgeOfMajority", {"age": 21}),
        (ViewerRole.STAFF, "setAgeOfMajority", {"age": 21}),
        (ViewerRole.STAFF, "setAgeOfMajority", {"age": 99}),
    ],
)
async def test_who_may_not_change_settings(
    installation: Installation, api: Api, role: ViewerRole, mutation: str, sent: dict[str, Any]
) -> None:
    """Staff switch features, admins alone say when clients come of age."""
    other = installation.api(api.practice, role, "staff-2")
    async with unchanged(installation.database, api.practice):
        error = await other.refused(mutation, **sent)
        assert (error["__typename"], error["path"]) == ("Forbidden", [])


async def test_d5_staff_switch_features_of_the_practice(api: Api) -> None:
    assert "PAYMENTS" not in (await api.done("setPracticeFeature", feature="PAYMENTS", enabled=False))["features"]


async def test_a_replayed_setting_is_not_set_again(installation: Installation, admin: Api) -> None:
    sent = {"feature": "PAYMENTS", "enabled": False, "idempotencyKey": "once"}
    first = await admin.mutate("setPracticeFeature", **sent)
    await admin.done("setPracticeFeature", feature="PAYMENTS", enabled=True)
    again = await admin.mutate("setPracticeFeature", **sent)
    assert first["practice"]["features"] != ALL
    assert (again["practice"]["features"], again["errors"]) == (ALL, [])
    async with unchanged(installation.database, admin.practice):
        error = await admin.refused("setPracticeFeature", **sent | {"enabled": True})
        assert error["__typename"] == "IdempotencyKeyReused"
    aged = {"age": 21, "idempotencyKey": "once"}
    assert (await admin.done("setAgeOfMajority", **aged))["ageOfMajority"] == 21
    await admin.done("setAgeOfMajority", age=16)
    assert (await admin.done("setAgeOfMajority", **aged))["ageOfMajority"] == 16


async def test_a_setting_waits_for_every_gate_before_it_is_read(installation: Installation, admin: Api) -> None:
    """A checked write holds one of them: it can't have read what the change leaves behind."""
    with installation.statements() as names:
        await admin.done("setPracticeFeature", feature="PORTAL", enabled=False)
    writes = [name for name in names if name.startswith(("access/", "practices/settings/", "practices/facts/"))]
    assert writes[:4] == [
        "access/lock_gates",
        "practices/settings/lock",
        "practices/facts/supersede",
        "practices/settings/save",
    ]


async def test_settings_are_one_practices(installation: Installation, admin: Api) -> None:
    away = installation.api(await installation.practice(), ViewerRole.ADMIN, "admin-1")
    async with unchanged(installation.database, away.practice):
        await admin.done("setPracticeFeature", feature="PORTAL", enabled=False)
        await admin.done("setAgeOfMajority", age=21)
    assert (await away.query(SETTINGS))["viewer"]["practice"]["features"] == ALL


async def test_d5_a_feature_is_off_for_one_client_alone(api: Api, admin: Api) -> None:
    client, other = await api.client("Ana"), await api.client("Bea")
    off = await api.done("setClientFeature", clientId=client["id"], feature="MESSAGING", enabled=False)
    assert off["version"] == 2
    assert off["clientProfile"]["features"] == [name for name in ALL if name != "MESSAGING"]
    document = "query ($id: ID!) { person(id: $id) { clientProfile { features } } }"
    assert (await api.query(document, id=other["id"]))["person"]["clientProfile"]["features"] == ALL
    await admin.done("setPracticeFeature", feature="PAYMENTS", enabled=False)
    shown = (await api.query(document, id=client["id"]))["person"]["clientProfile"]["features"]
    assert shown == ["PORTAL", "SCHEDULING", "REMINDERS"]
    on = await api.done("setClientFeature", clientId=client["id"], feature="MESSAGING", enabled=True)
    assert on["clientProfile"]["features"] == ["PORTAL", "MESSAGING", "SCHEDULING", "REMINDERS"]
    on = await api.done("setClientFeature", clientId=client["id"], feature="PAYMENTS", enabled=True)
    assert (on["version"], "PAYMENTS" in on["clientProfile"]["features"]) == (3, False)


async def test_only_clients_have_a_profile(installation: Installation, api: Api) -> None:
    contact = await api.contact((await api.client())["id"])
    document = "query ($id: ID!) { person(id: $id) { clientProfile { features confidentialEmail } } }"
    assert (await api.query(document, id=contact["person"]["id"]))["person"] == {"clientProfile": None}
    for mutation, sent in (
        ("setClientFeature", {"feature": "PORTAL", "enabled": False}),
        ("setConfidentialChannel", {"expectedVersion": 1, "email": "lu@example.org"}),
    ):
        async with unchanged(installation.database, api.practice):
            error = await api.refused(mutation, clientId=contact["person"]["id"], **sent)
        assert (error["__typename"], error["path"]) == ("NotFound", ["clientId"])


async def test_an_archived_clients_features_can_still_be_set(api: Api) -> None:
    client = await api.client()
    await api.done("setClientStatus", personId=client["id"], expectedVersion=1, status="ARCHIVED")
    off = await api.done("setClientFeature", clientId=client["id"], feature="PORTAL", enabled=False)
    assert "PORTAL" not in off["clientProfile"]["features"]


async def test_what_was_set_is_in_the_audit_log(api: Api, admin: Api) -> None:
    client = await api.client(birthDate="1990-01-01")
    contact = await api.contact(client["id"], portalAccess=True, person={"emails": ["lu@example.org"]})
    await admin.done("setPracticeFeature", feature="PORTAL", enabled=False)
    await admin.done("setAgeOfMajority", age=21)
    await api.done("setClientFeature", clientId=client["id"], feature="PORTAL", enabled=False)
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=2, email="alone@example.org")
    consented = await api.done("recordAdultConsent", contactId=contact["id"], expectedVersion=1)
    document = "{ auditLog(first: 20) { nodes { action changes { field before after } } } }"
    found = (await admin.query(document))["auditLog"]["nodes"]
    without = '["MESSAGING","PAYMENTS","REMINDERS","SCHEDULING"]'
    every = '["MESSAGING","PAYMENTS","PORTAL","REMINDERS","SCHEDULING"]'
    # The practice's events and the client's are dated apart: which of two chains comes first may differ by moments.
    said = [(event["action"], *(tuple(change.values()) for change in event["changes"])) for event in found]
    assert sorted((one for one in said if one[0].startswith(("record", "set"))), key=lambda one: one[0]) == [
        ("recordAdultConsent", ("adultConsentAt", None, consented["adultConsentAt"].replace(".000000", ""))),
        ("setAgeOfMajority", ("ageOfMajority", "18", "21")),
        ("setClientFeature", ("featuresOff", None, '["PORTAL"]')),
        ("setConfidentialChannel", ("confidentialEmail", None, "alone@example.org")),
        ("setPracticeFeature", ("features", every, without)),
    ]
