"""Imports on every engine: what is taken in, what is refused and why, and what is never touched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.exchange import commands as importing
from graph_api.exchange.commands import ImportReport
from graph_api.exchange.rows import ContactRow, ImportFile, PersonRow
from graph_api.kernel.caller import Practice
from graph_api.opening import make_auditor
from graph_api.services import import_service
from tests.api import Api, Installation

MANY = 700
"""More than two batches of people."""


@dataclass
class Family:
    """One practice, and rows to import into it; lines count from 2, as below a header."""

    installation: Installation
    practice: Practice
    people: list[PersonRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)

    @property
    def api(self) -> Api:
        return self.installation.api(self.practice)

    def person(self, key: str | None, given: str | None = "Ana", family: str | None = "García", **more: Any) -> None:
        self.people.append(PersonRow(len(self.people) + 2, key, given, family, **more))

    def contact(
        self, client: str | None, person: str | None, code: str | None = "PRN", label: str | None = None
    ) -> None:
        self.contacts.append(ContactRow(len(self.contacts) + 2, client, person, code, label))

    async def run(self) -> ImportReport:
        return await import_service(
            self.installation.database, self.practice, make_auditor(self.installation.settings)
        ).run(self.people, self.contacts)

    async def find(self, key: str) -> dict[str, Any]:
        document = """query ($key: String!) { personByExternalId(externalId: $key) {
          id displayName givenName birthDate gender emails phones clientStatus version externalId
          contactNetwork(filter: {statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED]}) { nodes {
            id version status relationship relationshipLabel roles portalAccess secureMessaging payments
            appointmentReminders person { externalId } } } } }"""
        person: dict[str, Any] | None = (await self.api.query(document, key=key))["personByExternalId"]
        assert person is not None, key
        return person

    async def clients_total(self) -> int:
        answer = await self.api.query("{ clients(first: 1) { totalCount } }")
        total: int = answer["clients"]["totalCount"]
        return total


@pytest.fixture(scope="module")
def installation(apart: Installation) -> Installation:
    """Many people are taken in."""
    return apart


@pytest.fixture
async def family(installation: Installation) -> Family:
    return Family(installation, await installation.practice())


def refusals(report: ImportReport, file: ImportFile) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in report.refused if row.file is file]


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return (
        report.people_added,
        report.people_unchanged,
        report.contacts_added,
        report.contacts_unchanged,
        report.clients_added,
    )


async def test_people_and_contacts_are_taken_in_as_they_are(family: Family) -> None:
    family.person("A1", "Ana", "García", birth_date="1990-02-28", sex="female", preferred_name="Anita")
    family.person("A2", "Ødegård", None, sex="MALE", emails=("O@Example.com",), phones=("020 7946 0018",))
    family.person("A3", None, "Nguyễn", sex=None)
    family.contact("A1", "A2", "PRN")
    family.contact("A1", "A3", "x-OTHER", "landlady")
    report = await family.run()
    assert (counts(report), report.refused, report.alike) == ((3, 0, 2, 0, 1), [], [])

    ana, other = await family.find("A1"), await family.find("A2")
    assert (ana["displayName"], ana["birthDate"], ana["gender"]) == ("Anita García", "1990-02-28", "FEMALE")
    assert (ana["clientStatus"], ana["version"], other["clientStatus"]) == ("ACTIVE", 1, None)
    assert (other["gender"], other["emails"], other["phones"]) == ("MALE", ["O@example.com"], ["+442079460018"])
    edges = {edge["person"]["externalId"]: edge for edge in ana["contactNetwork"]["nodes"]}
    assert (edges["A2"]["relationship"], edges["A3"]["relationshipLabel"]) == ("PARENT", "landlady")


async def test_d4_imported_contacts_have_every_toggle_off(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.contact("A1", "A2", "SPS")
    await family.run()
    [edge] = (await family.find("A1"))["contactNetwork"]["nodes"]
    toggles = [edge[name] for name in ("portalAccess", "secureMessaging", "payments", "appointmentReminders")]
    assert (toggles, edge["roles"], edge["status"]) == ([False] * 4, [], "IN_FORCE")


async def test_s7_an_imported_contact_is_one_way(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.contact("A1", "A2", "SPS")
    await family.run()
    other = await family.find("A2")
    assert (other["clientStatus"], other["contactNetwork"]["nodes"]) == (None, [])


async def test_s5_imported_people_are_found_by_search(family: Family) -> None:
    family.person("A1", "Máire", "Ní Bhriain", phones=("020 7946 0099",))
    await family.run()
    document = "query ($search: String!) { findContacts(search: $search) { nodes { person { externalId } } } }"
    for search in ("maire bhri", "+44 20 7946 0099"):
        nodes = (await family.api.query(document, search=search))["findContacts"]["nodes"]
        assert [node["person"]["externalId"] for node in nodes] == ["A1"], search


async def test_rows_that_break_a_rule_are_refused_with_line_and_reason(family: Family) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    bad: list[tuple[str, dict[str, Any]]] = [
        ("name.missing", {"given": None, "family": None}),
        ("birthDate.future", {"birth_date": tomorrow}),
        ("birthDate.invalid", {"birth_date": "1990-02-30"}),
        ("birthDate.invalid", {"birth_date": "28.2.1990"}),
        ("birthDate.invalid", {"birth_date": "19900228"}),
        ("birthDate.invalid", {"birth_date": "1980-W01-2"}),
        ("birthDate.tooEarly", {"birth_date": "0015-06-01"}),
        ("birthDate.tooEarly", {"birth_date": "1899-12-31"}),
        ("sex.unknown", {"sex": "f"}),
        ("givenName.tooLong", {"given": "x" * 201}),
        ("familyName.forbiddenCharacter", {"family": "Gar\u202ecía"}),
        ("givenName.forbiddenCharacter", {"given": "Ana\x07"}),
        ("email.invalid", {"emails": ("ana",)}),
        ("phone.impossible", {"phones": ("12",)}),
        ("emails.tooMany", {"emails": tuple(f"a{n}@example.com" for n in range(21))}),
    ]
    for number, (_, columns) in enumerate(bad):
        family.person(f"B{number}", **columns)
    family.person(None)
    family.person("x" * 201)
    family.person("G", "Good")
    family.person("G", "Second")
    report = await family.run()
    expected = [(line, reason) for line, (reason, _) in enumerate(bad, start=2)]
    expected += [(17, "id.missing"), (18, "externalId.tooLong"), (20, "id.repeated")]
    assert refusals(report, ImportFile.PEOPLE) == expected
    assert (counts(report), report.refused_rows) == ((1, 0, 0, 0, 0), 18)
    assert (await family.find("G"))["givenName"] == "Good"
    missing = await family.api.query('{ personByExternalId(externalId: "B0") { id } }')
    assert missing["personByExternalId"] is None


async def test_an_id_of_a_refused_row_names_nobody_in_a_later_one(family: Family) -> None:
    """Two people under one id: the second must not get the contacts of the first."""
    family.person("A", "Ann", emails=("bad",))
    family.person("A", "Dora")
    report = await family.run()
    assert refusals(report, ImportFile.PEOPLE) == [(2, "email.invalid"), (3, "id.repeated")]
    missing = await family.api.query('{ personByExternalId(externalId: "A") { id } }')
    assert missing["personByExternalId"] is None


async def test_a_row_with_several_faults_names_them_all(family: Family) -> None:
    family.person("A1", None, None, sex="?", birth_date="never")
    report = await family.run()
    reasons = ["birthDate.invalid", "sex.unknown", "name.missing"]
    assert (refusals(report, ImportFile.PEOPLE), report.refused_rows) == ([(2, reason) for reason in reasons], 1)


async def test_contacts_that_break_a_rule_are_refused_with_line_and_reason(family: Family) -> None:
    for key in ("A1", "A2", "A3"):
        family.person(key, f"Given {key}")
    family.person("NAMELESS", None, None)
    rows: list[tuple[str | None, str | None, str | None, list[str]]] = [
        ("A1", "A2", "PRN", []),
        ("A1", "A2", "SPS", ["contact.repeated"]),
        ("A1", "A1", "PRN", ["contact.self"]),
        ("A1", "A3", "parent", ["relationship.unknown"]),
        ("A1", "A3", None, ["relationship.unknown"]),
        ("A1", "A3", "x-OTHER", ["relationshipLabel.missing"]),
        ("A1", "NOBODY", "PRN", ["contact_id.unknown"]),
        ("NOBODY", "A1", "PRN", ["client_id.unknown"]),
        ("NAMELESS", "NOBODY", "PRN", ["client_id.unknown", "contact_id.unknown"]),
        (None, "A1", "PRN", ["client_id.missing"]),
        ("A1", None, "PRN", ["contact_id.missing"]),
        # Refused above, so this is the first of its pair.
        ("A1", "A3", "CHILD", []),
    ]
    for client, person, code, _ in rows:
        family.contact(client, person, code)
    report = await family.run()
    expected = [(line, reason) for line, (_, _, _, reasons) in enumerate(rows, start=2) for reason in reasons]
    assert refusals(report, ImportFile.CONTACTS) == expected
    assert counts(report) == (3, 0, 2, 0, 1)
    edges = (await family.find("A1"))["contactNetwork"]["nodes"]
    assert {edge["person"]["externalId"]: edge["relationship"] for edge in edges} == {"A2": "PARENT", "A3": "CHILD"}


async def test_who_appears_as_client_becomes_one_also_where_the_row_is_refused(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.person("A3", "Cy")
    family.contact("A1", "NOBODY")
    family.contact("A2", "A3", "nonsense")
    report = await family.run()
    statuses = [(await family.find(key))["clientStatus"] for key in ("A1", "A2", "A3")]
    assert (statuses, report.clients_added) == (["ACTIVE", "ACTIVE", None], 2)


async def test_d1_who_was_only_a_contact_becomes_a_client_by_a_later_import(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.contact("A1", "A2", "SPS")
    await family.run()
    before = await family.find("A2")
    family.people.clear()
    family.contact("A2", "A1", "SPS")
    report = await family.run()
    after = await family.find("A2")
    assert counts(report) == (0, 0, 1, 1, 1)
    assert (before["clientStatus"], after["clientStatus"], after["version"]) == (None, "ACTIVE", before["version"] + 1)
    assert await family.clients_total() == 2
    listed = await family.api.query("{ clients(first: 10) { nodes { externalId } } }")
    assert {node["externalId"] for node in listed["clients"]["nodes"]} == {"A1", "A2"}


async def test_running_again_changes_nothing(family: Family) -> None:
    for key in ("A1", "A2", "A3"):
        family.person(key, f"Given {key}", birth_date="1990-02-28")
    family.contact("A1", "A2")
    family.contact("A2", "A3")
    assert counts(await family.run()) == (3, 0, 2, 0, 2)
    before = [await family.find(key) for key in ("A1", "A2", "A3")]
    report = await family.run()
    assert (counts(report), report.refused, report.alike) == ((0, 3, 0, 2, 0), [], [])
    assert [await family.find(key) for key in ("A1", "A2", "A3")] == before


async def test_what_staff_changed_stays(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.contact("A1", "A2")
    await family.run()
    api, ana = family.api, await family.find("A1")
    changed = await api.done("updatePerson", personId=ana["id"], expectedVersion=1, changes={"givenName": "Anna"})
    [edge] = ana["contactNetwork"]["nodes"]
    await api.done("updateContact", contactId=edge["id"], expectedVersion=1, changes={"relationship": "GUARDIAN"})
    await api.done("setClientStatus", personId=ana["id"], expectedVersion=changed["version"], status="INACTIVE")
    before = await family.find("A1")
    report = await family.run()
    assert counts(report) == (0, 2, 0, 1, 0)
    assert (await family.find("A1")) == before
    assert (before["givenName"], before["clientStatus"]) == ("Anna", "INACTIVE")
    assert before["contactNetwork"]["nodes"][0]["relationship"] == "GUARDIAN"


async def test_d6_a_contact_staff_removed_is_not_added_again(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.contact("A1", "A2")
    await family.run()
    [edge] = (await family.find("A1"))["contactNetwork"]["nodes"]
    await family.api.done("removeContact", contactId=edge["id"], expectedVersion=1)
    report = await family.run()
    assert (counts(report), report.refused) == ((0, 2, 0, 1, 0), [])
    [still] = (await family.find("A1"))["contactNetwork"]["nodes"]
    assert (still["id"], still["status"]) == (edge["id"], "REMOVED")


async def test_d7_an_archived_client_takes_no_one_in(family: Family) -> None:
    family.person("A1")
    family.person("A2", "Bo")
    family.person("A3", "Cy")
    family.contact("A1", "A2")
    await family.run()
    ana = await family.find("A1")
    await family.api.done("setClientStatus", personId=ana["id"], expectedVersion=1, status="ARCHIVED")
    family.contact("A1", "A3")
    report = await family.run()
    assert refusals(report, ImportFile.CONTACTS) == [(3, "client.archived")]
    assert (counts(report)[2:], (await family.find("A1"))["clientStatus"]) == ((0, 1, 0), "ARCHIVED")
    assert len((await family.find("A1"))["contactNetwork"]["nodes"]) == 1


async def test_people_staff_added_under_the_same_external_id_are_left_as_they_are(family: Family) -> None:
    staffs = await family.api.client("Anna", "Garcia", externalId="A1")
    family.person("A1", "Ana", "García")
    family.person("A2", "Bo")
    family.contact("A1", "A2")
    report = await family.run()
    found = await family.find("A1")
    assert (counts(report), found["id"], found["givenName"]) == ((1, 1, 1, 0, 0), staffs["id"], "Anna")


async def test_d9_people_who_look_like_others_are_added_and_named(family: Family) -> None:
    await family.api.client("Ana", "García", birthDate="1990-02-28")
    family.person("A1", "Ana", "García", birth_date="1990-02-28")
    family.person("A2", "Bo", "Lind", emails=("lind@example.com",))
    family.person("A3", "B.", "Lind", emails=("lind@example.com",))
    family.person("A4", "Cy", "Lind", emails=("lind@example.com",))
    report = await family.run()
    assert (report.people_added, report.refused, report.alike) == (4, [], [2, 4])


async def test_the_same_ids_in_two_practices_are_different_people(installation: Installation, family: Family) -> None:
    other = Family(installation, await installation.practice())
    for one in (family, other):
        one.person("A1")
        one.person("A2", "Bo")
        one.contact("A1", "A2")
    assert counts(await family.run()) == (2, 0, 1, 0, 1)
    other.people.clear()
    report = await other.run()
    assert [reason for _, reason in refusals(report, ImportFile.CONTACTS)] == [
        "client_id.unknown",
        "contact_id.unknown",
    ]
    other.person("A1", "Otra")
    other.person("A2", "Bo")
    assert counts(await other.run()) == (2, 0, 1, 0, 1)
    assert (await family.find("A1"))["id"] != (await other.find("A1"))["id"]


def make_many(family: Family) -> None:
    for number in range(MANY):
        family.person(f"M{number}", f"Given {number}", "Many", birth_date="1990-02-28" if number < 300 else None)
    for number in range(MANY - 1):
        family.contact(f"M{number}", f"M{number + 1}", "SIB")


async def assert_whole(family: Family) -> None:
    """Every person once, every edge once."""
    assert await family.clients_total() == MANY - 1
    again = await family.run()
    assert (counts(again), again.refused) == ((0, MANY, 0, MANY - 1, 0), [])
    for number in (0, 249, 250, MANY - 2):
        edges = (await family.find(f"M{number}"))["contactNetwork"]["nodes"]
        assert [edge["person"]["externalId"] for edge in edges] == [f"M{number + 1}"]


async def test_two_imports_of_one_file_at_once_add_everything_once(family: Family) -> None:
    make_many(family)
    reports = await asyncio.gather(family.run(), family.run())
    assert sum(report.people_added for report in reports) == MANY
    assert sum(report.contacts_added for report in reports) == MANY - 1
    assert sum(report.clients_added for report in reports) == MANY - 1
    assert all(report.refused == [] for report in reports)
    await assert_whole(family)


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", [(ImportFile.PEOPLE, 1), (ImportFile.CONTACTS, 1)])
async def test_an_import_that_was_cut_off_goes_on_when_run_again(
    family: Family, after: tuple[ImportFile, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PEOPLE_AT_ONCE", 100)
    monkeypatch.setattr(importing, "CONTACTS_AT_ONCE", 100)
    make_many(family)
    done: list[ImportFile] = []

    def progress(file: ImportFile, rows: int) -> None:
        if rows:
            done.append(file)
        if done.count(after[0]) > after[1]:
            raise Killed

    with pytest.raises(Killed):
        await import_service(
            family.installation.database, family.practice, make_auditor(family.installation.settings)
        ).run(family.people, family.contacts, progress)
    report = await family.run()
    added: Sequence[int] = (report.people_added, report.contacts_added)
    missing = (MANY - 200, MANY - 1) if after[0] is ImportFile.PEOPLE else (0, MANY - 1 - 200)
    assert tuple(added) == missing
    await assert_whole(family)
