"""Toggles are what staff stored, never permissions (S12-S14, D4, D5)."""

from typing import Any

import pytest

from tests.api import Api

TOGGLES = ("portalAccess", "secureMessaging", "payments", "appointmentReminders")
OFF = dict.fromkeys(TOGGLES, False)
FLOWS = ("addNewContact", "addExistingContact", "addReciprocalContact")


async def add(api: Api, flow: str, **toggles: bool) -> dict[str, Any]:
    """A contact added by one of the flows."""
    client, other = await api.client("Ana"), await api.client("Bea")
    if flow == "addNewContact":
        return await api.contact(client["id"], "Lucía", **toggles)
    values = {"clientId": client["id"], "personId": other["id"], "relationship": "PARENT"}
    if flow == "addExistingContact":
        return await api.done(flow, **values, **toggles)
    forward = await api.done("addExistingContact", **values)
    return await api.done(flow, contactId=forward["id"], relationship="CHILD", **toggles)


def shown(contact: dict[str, Any]) -> dict[str, bool]:
    return {name: contact[name] for name in TOGGLES}


@pytest.mark.parametrize("flow", FLOWS)
async def test_d4_all_toggles_default_to_off(api: Api, flow: str) -> None:
    assert shown(await add(api, flow)) == OFF


@pytest.mark.parametrize("flow", FLOWS)
async def test_s12_allow_access_to_client_portal(api: Api, flow: str) -> None:
    assert shown(await add(api, flow, portalAccess=True)) == OFF | {"portalAccess": True}


@pytest.mark.parametrize("toggle", TOGGLES[1:])
@pytest.mark.parametrize("flow", FLOWS)
async def test_s14_settings_toggles(api: Api, flow: str, toggle: str) -> None:
    contact = await add(api, flow, portalAccess=True, **{toggle: True})
    assert shown(contact) == OFF | {"portalAccess": True, toggle: True}


@pytest.mark.parametrize("toggle", TOGGLES)
async def test_s14_each_toggle_is_switched_alone(api: Api, toggle: str) -> None:
    contact = await add(api, "addNewContact")
    on = await api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes={toggle: True})
    assert shown(on) == OFF | {toggle: True}
    off = await api.done("updateContact", contactId=contact["id"], expectedVersion=2, changes={toggle: False})
    assert shown(off) == OFF


async def test_s13_access_is_per_client_and_stored_with_the_edge(api: Api) -> None:
    """The same contact may act for one client and not for another; theirs is no access to their own network."""
    a, b = await api.client("Ana"), await api.client("Bea")
    parent = await api.contact(a["id"], portalAccess=True, payments=True)
    person = parent["person"]["id"]
    await api.done("addExistingContact", clientId=b["id"], personId=person, relationship="AUNT")
    edges = {contact["client"]["id"]: shown(contact) for contact in await api.network(person, side="contactOf")}
    assert edges == {a["id"]: OFF | {"portalAccess": True, "payments": True}, b["id"]: OFF}


@pytest.mark.parametrize("toggle", TOGGLES[1:])
async def test_d4_toggles_may_be_stored_without_portal_access(api: Api, toggle: str) -> None:
    contact = await add(api, "addNewContact", **{toggle: True})
    assert shown(contact) == OFF | {toggle: True}
    off = {"portalAccess": False}
    same = await api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes=off)
    assert shown(same) == OFF | {toggle: True}


async def test_d4_the_network_filters_by_the_stored_toggle(api: Api) -> None:
    client = await api.client()
    given = await api.contact(client["id"], "Lucía", portalAccess=True)
    await api.contact(client["id"], "Mateo", payments=True)
    found = await api.network(client["id"], "(filter: {portalAccess: true})")
    assert [contact["id"] for contact in found] == [given["id"]]
    rest = await api.network(client["id"], "(filter: {portalAccess: false})")
    assert [contact["person"]["displayName"] for contact in rest] == ["Mateo García"]


async def test_d5_stored_toggles_are_not_permissions(api: Api) -> None:
    """An edge that is not in force keeps its toggles."""
    client = await api.client()
    contact = await api.contact(client["id"], portalAccess=True, payments=True, endsOn="2001-01-01")
    assert (contact["isInForce"], contact["portalAccess"], contact["payments"]) == (False, True, True)
    document = "query ($id: ID!) { node(id: $id) { ... on Contact { allowedActions } } }"
    assert (await api.query(document, id=contact["id"]))["node"] == {"allowedActions": []}


async def test_d5_removed_is_not_in_force(api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], portalAccess=True)
    assert contact["isInForce"] is True
    removed = await api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    assert (removed["isInForce"], removed["status"], removed["portalAccess"]) == (False, "REMOVED", True)
