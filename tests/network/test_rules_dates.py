"""Dates decide when a contact is read, in the practice's time zone (D5, D8)."""

from typing import Any

import pytest

from tests.api import Api, At, Installation

NODE = "query ($id: ID!) { node(id: $id) { ... on Contact { status isInForce } } }"
STATUSES = ("UPCOMING", "IN_FORCE", "EXPIRED")


def lists(side: str, removed: str) -> str:
    """A list of a person's for each status, forwards and backwards."""
    fields = [
        f"{status}_{page}: {side}({page}: 9, filter: {{statuses: [{status}{removed}]}}) {{ nodes {{ id status }} }}"
        for status in STATUSES
        for page in ("first", "last")
    ]
    return f"query ($id: ID!) {{ person(id: $id) {{ {' '.join(fields)} }} }}"


async def status_everywhere(api: Api, contact: dict[str, Any]) -> str:
    """A contact's status, which every way of reading must agree on: by id, and by filters of both lists."""
    node: dict[str, Any] = (await api.query(NODE, id=contact["id"]))["node"]
    status: str = node["status"]
    assert node["isInForce"] is (status == "IN_FORCE")
    ends = {"contactNetwork": contact["client"]["id"], "contactOf": contact["person"]["id"]}
    for side, person in ends.items():
        for removed in ("", ", REMOVED"):
            found = (await api.query(lists(side, removed), id=person))["person"]
            for name, page in found.items():
                expected = [{"id": contact["id"], "status": status}] if name.startswith(status) else []
                assert page["nodes"] == expected, (side, removed, name)
    return status


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-09T23:59:59+00:00", "UPCOMING"),
        ("2026-03-10T00:00:00+00:00", "IN_FORCE"),
        ("2026-03-12T23:59:59+00:00", "IN_FORCE"),
        ("2026-03-13T00:00:00+00:00", "EXPIRED"),
    ],
)
async def test_d8_both_dates_are_inclusive(api: Api, at: At, moment: str, expected: str) -> None:
    at("2026-03-01T12:00:00+00:00")
    client = await api.client()
    contact = await api.contact(client["id"], startsOn="2026-03-10", endsOn="2026-03-12")
    assert contact["status"] == "UPCOMING"
    at(moment)
    assert await status_everywhere(api, contact) == expected


@pytest.mark.parametrize(
    ("time_zone", "moment", "expected"),
    [
        # Midnight in London is an hour earlier by UTC in summer.
        ("Europe/London", "2026-06-09T22:59:59+00:00", "UPCOMING"),
        ("Europe/London", "2026-06-09T23:00:00+00:00", "IN_FORCE"),
        ("Europe/London", "2026-06-10T22:59:59+00:00", "IN_FORCE"),
        ("Europe/London", "2026-06-10T23:00:00+00:00", "EXPIRED"),
        # Fourteen hours ahead of UTC, eleven hours behind it.
        ("Pacific/Kiritimati", "2026-06-09T09:59:59+00:00", "UPCOMING"),
        ("Pacific/Kiritimati", "2026-06-09T10:00:00+00:00", "IN_FORCE"),
        ("Pacific/Kiritimati", "2026-06-10T10:00:00+00:00", "EXPIRED"),
        ("Pacific/Pago_Pago", "2026-06-10T10:59:59+00:00", "UPCOMING"),
        ("Pacific/Pago_Pago", "2026-06-10T11:00:00+00:00", "IN_FORCE"),
        ("Pacific/Pago_Pago", "2026-06-11T10:59:59+00:00", "IN_FORCE"),
        ("Pacific/Pago_Pago", "2026-06-11T11:00:00+00:00", "EXPIRED"),
    ],
)
async def test_d8_the_day_is_the_practices(
    installation: Installation, at: At, time_zone: str, moment: str, expected: str
) -> None:
    api = installation.api(await installation.practice(time_zone))
    client = await api.client()
    contact = await api.contact(client["id"], startsOn="2026-06-10", endsOn="2026-06-10")
    at(moment)
    assert await status_everywhere(api, contact) == expected


@pytest.mark.parametrize(
    ("dates", "statuses"),
    [
        ({}, ["IN_FORCE", "IN_FORCE"]),
        ({"startsOn": "2026-06-10"}, ["UPCOMING", "IN_FORCE"]),
        ({"endsOn": "2026-06-10"}, ["IN_FORCE", "EXPIRED"]),
    ],
)
async def test_d8_an_open_end_never_comes(api: Api, at: At, dates: dict[str, str], statuses: list[str]) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], **dates)
    shown = []
    for moment in ("2000-01-01T12:00:00+00:00", "2099-01-01T12:00:00+00:00"):
        at(moment)
        shown.append(await status_everywhere(api, contact))
    assert shown == statuses


async def test_d8_no_write_is_needed_for_a_date_to_pass(api: Api, at: At) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], endsOn="2026-06-10")
    for moment, status in (("2026-06-10T12:00:00+00:00", "IN_FORCE"), ("2026-06-11T12:00:00+00:00", "EXPIRED")):
        at(moment)
        shown = (await api.network(client["id"]))[0]
        assert (shown["status"], shown["version"]) == (status, contact["version"])


async def test_d5_in_force_today_only(api: Api, at: At) -> None:
    """An edge's part of D5 that is here already: toggles stay stored, isInForce says whether they can count."""
    client = await api.client()
    await api.contact(client["id"], portalAccess=True, startsOn="2026-06-10", endsOn="2026-06-12")
    shown = []
    for day in range(9, 14):
        at(f"2026-06-{day:02}T12:00:00+00:00")
        contact = (await api.network(client["id"]))[0]
        shown.append((contact["isInForce"], contact["portalAccess"]))
    assert shown == [(False, True), (True, True), (True, True), (True, True), (False, True)]


@pytest.mark.parametrize(
    ("time_zone", "refused"), [("Pacific/Kiritimati", False), ("Europe/London", True), ("Pacific/Pago_Pago", True)]
)
async def test_d8_born_today_is_not_in_the_future(
    installation: Installation, at: At, time_zone: str, refused: bool
) -> None:
    at("2026-06-10T12:00:00+00:00")
    api = installation.api(await installation.practice(time_zone))
    payload = await api.mutate("addClient", person={"givenName": "Ana", "birthDate": "2026-06-11"})
    reasons = [(error["reason"], error["path"]) for error in payload["errors"]]
    assert reasons == ([("birthDate.future", ["person", "birthDate"])] if refused else [])
