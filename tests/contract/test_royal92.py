"""royal92, a real family network, imported as it is on every engine, and checked."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from graph_api.bootstrap import import_service
from graph_api.cli.csv_files import ImportFiles, read_import_files
from graph_api.services.importing import ImportReport
from tests.api import Api, Installation

ROYAL92 = Path(str(files("graph_api.demo") / "data" / "royal92"))
NAMELESS = {"I785", "I788", "I1442", "I1709"}
PAGE = """query ($first: Int, $after: String) { clients(first: $first, after: $after) {
  nodes { id externalId } pageInfo { hasNextPage endCursor } } }"""


@dataclass
class Royal92:
    """The practice it was imported into, and what the import said."""

    installation: Installation
    api: Api
    report: ImportReport
    rows: ImportFiles

    async def again(self) -> ImportReport:
        """The same files once more."""
        service = import_service(self.installation.database, self.api.practice)
        return await service.run(self.rows.people, self.rows.contacts)


@pytest.fixture(scope="module")
async def royal92(installation: Installation) -> Royal92:
    practice = await installation.practice()
    rows = read_import_files(ROYAL92 / "people.csv", ROYAL92 / "contacts.csv")
    report = await import_service(installation.database, practice).run(rows.people, rows.contacts)
    return Royal92(installation, installation.api(practice), report, rows)


async def person(api: Api, external_id: str, fields: str) -> dict[str, Any]:
    """One person by their id in the file."""
    document = f"query ($id: String!) {{ personByExternalId(externalId: $id) {{ {fields} }} }}"
    found: dict[str, Any] = (await api.query(document, id=external_id))["personByExternalId"]
    return found


async def all_clients(api: Api, size: int, between: Any = None) -> list[str | None]:
    """Every client's id in the file, page by page; `between` runs after each page."""
    found: list[str | None] = []
    after = None
    while True:
        page = (await api.query(PAGE, first=size, after=after))["clients"]
        found += [node["externalId"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
        if between is not None:
            await between()


def test_d10_who_has_neither_name_is_refused_and_everyone_else_is_taken_in(royal92: Royal92) -> None:
    report, rows = royal92.report, royal92.rows
    assert (report.people_added, report.contacts_added, report.clients_added) == (3_006, 5_990, 2_877)
    assert report.refused_rows == 14
    nameless = {row.line for row in rows.people if row.external_id in NAMELESS}
    touching = {row.line for row in rows.contacts if {row.client_id, row.contact_id} & NAMELESS}
    assert {row.line for row in report.refused if row.file.value == "people"} == nameless
    assert {row.line for row in report.refused if row.file.value == "contacts"} == touching
    assert all(row.reason and row.message for row in report.refused)


async def test_s2_victorias_network_and_the_networks_she_is_in(royal92: Royal92) -> None:
    fields = """displayName birthDate clientStatus
      contactNetwork(first: 100) { totalCount nodes { relationship isReciprocated person { externalId } } }
      contactOf(first: 100) { totalCount nodes { relationship client { externalId } } }"""
    victoria = await person(royal92.api, "I1", fields)
    rows = [row for row in royal92.rows.contacts if NAMELESS.isdisjoint({row.client_id, row.contact_id})]
    network = {row.contact_id for row in rows if row.client_id == "I1"}
    networks = {row.client_id for row in rows if row.contact_id == "I1"}
    assert (victoria["displayName"], victoria["birthDate"]) == ("Victoria Hanover", "1819-05-24")
    assert victoria["clientStatus"] == "ACTIVE"
    assert {node["person"]["externalId"] for node in victoria["contactNetwork"]["nodes"]} == network
    assert {node["client"]["externalId"] for node in victoria["contactOf"]["nodes"]} == networks
    assert (victoria["contactNetwork"]["totalCount"], victoria["contactOf"]["totalCount"]) == (
        len(network),
        len(networks),
    )
    albert = next(n for n in victoria["contactNetwork"]["nodes"] if n["person"]["externalId"] == "I2")
    assert (albert["relationship"], albert["isReciprocated"]) == ("SPOUSE", True)
    children = [n for n in victoria["contactOf"]["nodes"] if n["relationship"] == "PARENT"]
    assert len(children) == 9


async def test_all_clients_page_by_page_while_others_are_added(royal92: Royal92) -> None:
    accepted = {row.external_id for row in royal92.rows.people} - NAMELESS
    expected = {row.client_id for row in royal92.rows.contacts} & accepted
    added = 0

    async def add_one() -> None:
        nonlocal added
        added += 1
        family = "AZMÅ"[added % 4] + f"dded {added}"
        await royal92.api.client(f"New {added}", family)

    found = await all_clients(royal92.api, 100, between=add_one)
    imported = [external_id for external_id in found if external_id is not None]
    assert len(imported) == len(set(imported)) == 2_877
    assert set(imported) == expected
    assert added >= 28


async def test_d6_a_second_import_keeps_what_staff_changed_and_removed(royal92: Royal92) -> None:
    api = royal92.api
    fields = "id version contactNetwork(first: 100) { nodes { id version person { externalId } } }"
    before = await person(api, "I3", fields)
    edge = before["contactNetwork"]["nodes"][0]
    await api.done("removeContact", contactId=edge["id"], expectedVersion=edge["version"])
    changes = {"personId": before["id"], "expectedVersion": before["version"]}
    await api.done("updatePerson", **changes, changes={"preferredName": "Vicky"})
    archived = {"personId": before["id"], "expectedVersion": before["version"] + 1, "status": "INACTIVE"}
    await api.done("setClientStatus", **archived)
    report = await royal92.again()
    assert (report.people_added, report.contacts_added, report.clients_added) == (0, 0, 0)
    assert (report.people_unchanged, report.contacts_unchanged, report.refused_rows) == (3_006, 5_990, 14)
    after = await person(api, "I3", "preferredName clientStatus contactNetwork(first: 100) { nodes { id } }")
    assert (after["preferredName"], after["clientStatus"]) == ("Vicky", "INACTIVE")
    assert edge["id"] not in {node["id"] for node in after["contactNetwork"]["nodes"]}
    assert len(after["contactNetwork"]["nodes"]) == len(before["contactNetwork"]["nodes"]) - 1
