"""royal92, a real family network, imported whole on every engine and looked at as front ends do."""

from dataclasses import dataclass
from typing import Any

import pytest

from graph_api.cli.csv_files import ImportFiles, read_import_files
from graph_api.demo.session import ROYAL92_DATA
from graph_api.exchange.commands import ImportReport
from graph_api.exchange.rows import ImportFile, ImportSource
from graph_api.kernel.caller import Practice
from graph_api.opening import make_auditor
from graph_api.services import import_service
from tests.api import Api, Installation

HISTORIC = ImportSource(is_historic=True)
PEOPLE, CONTACTS, CLIENTS = 3_006, 5_990, 2_877
NAMELESS = [786, 789, 1443, 1710]
TOUCHING_THEM = [
    (1924, "client_id.unknown"),
    (1925, "contact_id.unknown"),
    (1926, "contact_id.unknown"),
    (1928, "client_id.unknown"),
    (1929, "contact_id.unknown"),
    (1930, "contact_id.unknown"),
    (3280, "client_id.unknown"),
    (3281, "contact_id.unknown"),
    (3844, "client_id.unknown"),
    (3845, "contact_id.unknown"),
]
PAGE = """query ($after: String, $first: Int) { clients(first: $first, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { id } } }"""


@dataclass(frozen=True)
class Royal92:
    """The practice it was imported into, and what the import said."""

    installation: Installation
    practice: Practice
    files: ImportFiles
    first: ImportReport

    @property
    def api(self) -> Api:
        return self.installation.api(self.practice)

    async def import_again(self) -> ImportReport:
        service = import_service(
            self.installation.database, self.practice, make_auditor(self.installation.settings), source=HISTORIC
        )
        return await service.run(self.files.people, self.files.contacts)

    async def person(self, key: str, fields: str) -> dict[str, Any]:
        document = f"query ($key: String!) {{ personByExternalId(externalId: $key) {{ {fields} }} }}"
        person: dict[str, Any] = (await self.api.query(document, key=key))["personByExternalId"]
        return person


@pytest.fixture(scope="module")
async def royal92(apart: Installation) -> Royal92:
    """Imported once for each engine."""
    practice = await apart.practice()
    files = read_import_files(ROYAL92_DATA / "people.csv", ROYAL92_DATA / "contacts.csv")
    auditor = make_auditor(apart.settings)
    service = import_service(apart.database, practice, auditor, source=HISTORIC)
    report = await service.run(files.people, files.contacts)
    return Royal92(apart, practice, files, report)


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.people_added, report.contacts_added, report.clients_added


async def test_everyone_with_a_name_is_taken_in(royal92: Royal92) -> None:
    assert (len(royal92.files.people), len(royal92.files.contacts)) == (3_010, 6_000)
    assert (counts(royal92.first), royal92.first.alike) == ((PEOPLE, CONTACTS, CLIENTS), [])


async def test_d10_the_fourteen_rows_without_a_name_are_refused_by_line_and_reason(royal92: Royal92) -> None:
    found = [(row.file, row.line, row.reason) for row in royal92.first.refused]
    people = [(ImportFile.PEOPLE, line, "name.missing") for line in NAMELESS]
    assert found == people + [(ImportFile.CONTACTS, line, reason) for line, reason in TOUCHING_THEM]
    assert royal92.first.refused_rows == 14


async def test_s1_victorias_contact_network(royal92: Royal92) -> None:
    fields = """displayName birthDate gender clientStatus
      contactNetwork { totalCount nodes { relationship isReciprocated person { externalId displayName } } }"""
    victoria = await royal92.person("I1", fields)
    described = (victoria["displayName"], victoria["birthDate"], victoria["gender"], victoria["clientStatus"])
    assert described == ("Victoria Hanover", "1819-05-24", "FEMALE", "ACTIVE")
    network = victoria["contactNetwork"]
    assert network["totalCount"] == 3
    edges = {edge["person"]["externalId"]: (edge["relationship"], edge["isReciprocated"]) for edge in network["nodes"]}
    assert edges == {"I2": ("SPOUSE", True), "I133": ("PARENT", False), "I138": ("PARENT", False)}


async def test_s6_the_networks_victoria_is_in(royal92: Royal92) -> None:
    fields = "contactOf { totalCount nodes { relationship client { externalId displayName } } }"
    networks = (await royal92.person("I1", fields))["contactOf"]
    children = {f"I{number}": "PARENT" for number in (3, 4, 5, 6, 7, 8, 9, 10, 11)}
    found = {edge["client"]["externalId"]: edge["relationship"] for edge in networks["nodes"]}
    assert (found, networks["totalCount"]) == ({**children, "I2": "SPOUSE"}, 10)


async def test_paging_through_all_clients_loses_and_repeats_no_one_while_others_are_added(royal92: Royal92) -> None:
    api, after, seen, added = royal92.api, None, [], []
    number = 0
    while True:
        page = (await api.query(PAGE, after=after, first=100))["clients"]
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        # One before all others, one after them, and one where the reader is now.
        for family in ("", f"Zz {number}", f"Hanover {number}"):
            person = {"givenName": f"A{number}", **({"familyName": family} if family else {})}
            added.append((await api.done("addClient", person=person))["id"])
            number += 1
    assert len(seen) == len(set(seen))
    assert len(set(seen) - set(added)) == CLIENTS
    total = (await api.query("{ clients(first: 1) { totalCount } }"))["clients"]["totalCount"]
    assert total == CLIENTS + len(added)


async def test_importing_again_changes_nothing_and_keeps_what_staff_did(royal92: Royal92) -> None:
    api = royal92.api
    fields = "id version displayName contactNetwork { nodes { id version person { externalId } } }"
    philip = await royal92.person("I57", fields)
    changes = {"preferredName": "Changed by staff"}
    await api.done("updatePerson", personId=philip["id"], expectedVersion=philip["version"], changes=changes)
    removed = philip["contactNetwork"]["nodes"][0]
    await api.done("removeContact", contactId=removed["id"], expectedVersion=removed["version"])

    again = await royal92.import_again()
    assert counts(again) == (0, 0, 0)
    assert (again.people_unchanged, again.contacts_unchanged) == (PEOPLE, CONTACTS)
    assert again.refused == royal92.first.refused
    kept = await royal92.person("I57", fields)
    assert kept["displayName"].startswith("Changed by staff")
    left = [edge["id"] for edge in kept["contactNetwork"]["nodes"]]
    assert left == [edge["id"] for edge in philip["contactNetwork"]["nodes"][1:]]
