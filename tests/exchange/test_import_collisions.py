"""Ids of two systems that overlap: no contact is attached to somebody whom a row does not mean."""

from collections.abc import Sequence
from typing import Any

import pytest

from graph_api.exchange.commands import ImportReport
from graph_api.exchange.rows import ContactRow, ImportFile, ImportSource, PersonRow
from graph_api.opening import make_auditor
from graph_api.services import import_service
from tests.api import Api, Installation

LIST = """{ clients(first: 100, filter: {statuses: [ACTIVE, INACTIVE, ARCHIVED]}) { nodes { displayName
  contactNetwork { nodes { relationship person { displayName } } } } } }"""
BY_ID = """query ($id: String!, $system: String) { personByExternalId(externalId: $id, system: $system) {
  id version displayName externalIds { system value } } }"""
Columns = dict[str, Any]
MIRA: Columns = {"given_name": "Mira", "family_name": "Kestrel", "birth_date": "2014-05-06"}
OWEN: Columns = {"given_name": "Owen", "family_name": "Kestrel", "birth_date": "1980-01-02"}
TARIQ: Columns = {"given_name": "Tariq", "family_name": "Venn", "birth_date": "1971-07-08"}
LUDO: Columns = {"given_name": "Ludo", "family_name": "Ashby", "birth_date": "1969-09-10"}
PIA: Columns = {"given_name": "Pia", "family_name": "Ashby", "birth_date": "2012-03-04"}


class Practice:
    """A practice that files are imported into."""

    def __init__(self, installation: Installation, api: Api) -> None:
        self._installation = installation
        self.api = api

    async def take(
        self,
        people: dict[str, Columns] | list[tuple[str, Columns]],
        contacts: Sequence[str] = (),
        system: str = "import",
    ) -> ImportReport:
        """Import people by id, and contacts as "client contact code"."""
        pairs = people.items() if isinstance(people, dict) else people
        rows = [PersonRow(line, key, **columns) for line, (key, columns) in enumerate(pairs, start=2)]
        edges = [ContactRow(line, *text.split()) for line, text in enumerate(contacts, start=2)]
        auditor = make_auditor(self._installation.settings)
        source = ImportSource(system)
        database = self._installation.database
        return await import_service(database, self.api.practice, auditor, source=source).run(rows, edges)

    async def networks(self) -> dict[str, list[str]]:
        """Each client's contacts."""
        nodes = (await self.api.query(LIST))["clients"]["nodes"]
        return {
            node["displayName"]: [
                f"{c['relationship']} {c['person']['displayName']}" for c in node["contactNetwork"]["nodes"]
            ]
            for node in nodes
        }

    async def by_id(self, key: str, system: str | None = None) -> Any:
        return (await self.api.query(BY_ID, id=key, system=system))["personByExternalId"]

    async def edit(self, key: str, **changes: Any) -> None:
        """As staff."""
        person = await self.by_id(key)
        await self.api.done("updatePerson", personId=person["id"], expectedVersion=person["version"], changes=changes)


@pytest.fixture
def practice(installation: Installation, api: Api) -> Practice:
    return Practice(installation, api)


def refused(report: ImportReport) -> list[tuple[str, int, str]]:
    return [(row.file.value, row.line, row.reason) for row in report.refused]


CONTRADICTS = ("people", 2, "person.contradicts")


async def test_a_second_systems_file_attaches_nobody_to_the_wrong_person(practice: Practice) -> None:
    await practice.take({"1": MIRA, "2": OWEN}, ["1 2 PRN"])
    before = await practice.networks()
    other = {"1": TARIQ, "2": LUDO, "3": PIA}, ["3 2 PRN", "1 3 SIB", "3 1 FRND"]
    report = await practice.take(*other)
    assert refused(report) == [
        CONTRADICTS,
        ("people", 3, "person.contradicts"),
        ("contacts", 2, "contact_id.unknown"),
        ("contacts", 3, "client_id.unknown"),
        ("contacts", 4, "contact_id.unknown"),
    ]
    assert (report.people_added, report.people_unchanged, report.contacts_added) == (1, 0, 0)
    assert await practice.networks() == before | {"Pia Ashby": []}


async def test_with_its_own_name_a_second_systems_ids_are_its_own(practice: Practice) -> None:
    await practice.take({"1": MIRA, "2": OWEN}, ["1 2 PRN"])
    other = {"1": TARIQ, "2": LUDO, "3": PIA}, ["3 2 PRN", "1 3 SIB"]
    report = await practice.take(*other, system="other")
    assert (refused(report), report.people_added, report.contacts_added) == ([], 3, 2)
    assert await practice.networks() == {
        "Mira Kestrel": ["PARENT Owen Kestrel"],
        "Pia Ashby": ["PARENT Ludo Ashby"],
        "Tariq Venn": ["SIBLING Pia Ashby"],
    }
    again = await practice.take(*other, system="other")
    assert (refused(again), again.people_unchanged, again.contacts_unchanged) == ([], 3, 2)
    assert (await practice.by_id("1"))["displayName"] == "Mira Kestrel"
    found = await practice.by_id("1", " Other ")
    assert (found["displayName"], found["externalIds"]) == ("Tariq Venn", [{"system": "other", "value": "1"}])
    for system in ("", "a|b", "x" * 51, "no such"):
        assert await practice.by_id("1", system) is None


@pytest.mark.parametrize("changes", [
    {"familyName": "Ashby"}, {"givenName": "Miranda", "familyName": "Smith"}, {"birthDate": "2013-05-06"},
    {"givenName": "Zoltan", "familyName": "Quirke", "birthDate": "1999-09-09"},
    {"birthDate": None, "familyName": "Doe"},
])  # fmt: skip
@pytest.mark.parametrize("columns", [MIRA, MIRA | {"birth_date": None}])
async def test_whatever_staff_changed_the_same_file_is_unchanged(
    practice: Practice, changes: Columns, columns: Columns
) -> None:
    files = {"1": columns, "2": OWEN}, ["1 2 PRN", "2 1 CHILD"]
    await practice.take(*files)
    await practice.edit("1", **changes)
    report = await practice.take(*files)
    assert (refused(report), report.people_unchanged, report.contacts_unchanged) == ([], 2, 2)
    assert report.differing == []


NOT_BORN: Columns = {"birth_date": None}
SAME = {
    "another spelling": (MIRA, MIRA | {"given_name": "Myra", "family_name": "Kestral"}),
    "swapped names": (MIRA, {"given_name": "Kestrel", "family_name": "Mira", "birth_date": None}),
    "married": (MIRA, MIRA | {"family_name": "Ashby"}),
    "preferred name": (MIRA | {"preferred_name": "Mimi"}, MIRA | {"given_name": "Mimi", "birth_date": None}),
    "corrected birth date": (MIRA, MIRA | {"birth_date": "2014-06-05"}),
    "no birth date": (MIRA, MIRA | NOT_BORN),
    "married, of no birth date, by e-mail": (
        MIRA | NOT_BORN | {"emails": ("mira@example.org",)},
        MIRA | NOT_BORN | {"family_name": "Ashby", "emails": ("Mira@example.org",)},
    ),
    "accents": (MIRA | {"given_name": "Zoë"}, MIRA | NOT_BORN | {"given_name": "Zoe"}),
    "a family name alone": (MIRA, {"given_name": None, "family_name": "Kestrel"}),
}
OTHER = {
    "nothing fits": (MIRA, TARIQ),
    "no birth date, another name": (MIRA | NOT_BORN, TARIQ | NOT_BORN),
    "only one birth date, another name": (MIRA, TARIQ | NOT_BORN),
    "a sibling": (MIRA, MIRA | {"given_name": "Owen", "birth_date": "1980-01-02"}),
    "a sibling of no birth date": (MIRA | NOT_BORN, OWEN | NOT_BORN),
    "a namesake of another family": (OWEN, LUDO | {"given_name": "Owen"}),
    "a family's e-mail": (
        MIRA | NOT_BORN | {"emails": ("all@example.org",)},
        TARIQ | NOT_BORN | {"emails": ("all@example.org",)},
    ),
    "1 January for both": (MIRA | {"birth_date": "2000-01-01"}, TARIQ | {"birth_date": "2000-01-01"}),
}


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
async def test_who_may_be_the_same_is_left_as_they_are(practice: Practice, first: Columns, second: Columns) -> None:
    await practice.take({"1": first})
    before = await practice.by_id("1")
    report = await practice.take({"1": second, "2": LUDO}, ["2 1 FRND"])
    assert (refused(report), report.people_unchanged, report.contacts_added) == ([], 1, 1)
    assert await practice.by_id("1") == before


@pytest.mark.parametrize(("first", "second"), OTHER.values(), ids=OTHER)
async def test_who_can_not_be_the_same_is_refused_with_every_contact(
    practice: Practice, first: Columns, second: Columns
) -> None:
    await practice.take({"1": first})
    report = await practice.take({"1": second, "2": PIA}, ["2 1 FRND", "1 2 FRND"])
    expected = [CONTRADICTS, ("contacts", 2, "contact_id.unknown"), ("contacts", 3, "client_id.unknown")]
    assert refused(report) == expected
    assert await practice.networks() == {"Pia Ashby": []}


async def test_lines_to_look_at_are_told(practice: Practice) -> None:
    await practice.take({"1": MIRA, "2": OWEN})
    report = await practice.take({"1": MIRA | {"birth_date": "2014-06-05"}, "2": OWEN | {"sex": "male"}})
    assert (report.differing, report.people_unchanged) == ([2], 2)


async def test_an_id_that_staff_gave_to_somebody_else_is_theirs(practice: Practice) -> None:
    await practice.take({"1": MIRA, "2": OWEN})
    await practice.edit("1", externalId=None)
    other = await practice.api.client("Ludo", "Ashby", externalId="1", birthDate="1969-09-10")
    report = await practice.take({"1": MIRA, "2": OWEN}, ["2 1 FRND"])
    assert refused(report) == [CONTRADICTS, ("contacts", 2, "contact_id.unknown")]
    report = await practice.take({"1": LUDO, "2": OWEN}, ["2 1 FRND"])
    assert (refused(report), report.contacts_added) == ([], 1)
    assert (await practice.by_id("1"))["id"] == other["id"]


async def test_an_id_of_two_people_in_one_file_takes_no_contact(practice: Practice) -> None:
    report = await practice.take([("1", MIRA), ("1", TARIQ), ("2", OWEN)], ["1 2 PRN", "2 1 CHILD"])
    assert refused(report) == [
        ("people", 3, "id.repeated"),
        ("contacts", 2, "client_id.unknown"),
        ("contacts", 3, "contact_id.unknown"),
    ]
    assert await practice.networks() == {"Owen Kestrel": []}


async def test_a_row_that_is_there_twice_leaves_no_doubt(practice: Practice) -> None:
    report = await practice.take([("1", MIRA), ("1", MIRA), ("2", OWEN)], ["1 2 PRN"])
    assert (refused(report), report.contacts_added) == ([("people", 3, "id.repeated")], 1)


async def test_a_row_refused_for_another_fault_takes_no_contact_to_whom_its_id_names(practice: Practice) -> None:
    await practice.take({"1": MIRA})
    report = await practice.take({"1": TARIQ | {"phones": ("12",)}, "2": PIA}, ["2 1 SIB", "1 2 SIB"])
    assert refused(report) == [
        ("people", 2, "phone.impossible"),
        ("contacts", 2, "contact_id.unknown"),
        ("contacts", 3, "client_id.unknown"),
    ]
    assert await practice.networks() == {"Pia Ashby": []}  # Mira became no client


async def test_what_was_imported_before_marks_were_kept_is_compared(
    practice: Practice, installation: Installation
) -> None:
    await practice.take({"1": MIRA, "2": OWEN})
    forget = "MATCH (e:ExternalId {practice: $practice}) SET e.mark = null"
    async with installation.database.session(write=True) as session:
        await (await session.run(forget, {"practice": practice.api.practice.id})).consume()
    await practice.edit("1", familyName="Ashby")
    report = await practice.take({"1": MIRA, "2": TARIQ})
    assert refused(report) == [("people", 3, "person.contradicts")]
    assert ImportFile.PEOPLE in {row.file for row in report.refused}
