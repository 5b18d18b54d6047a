"""The account of reads: who was shown whom; ids alone, a line per request."""

import asyncio
import re
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from graph_api.audit.reads import CURRENT, HAND_OVER_EVERY, Read, ReadsFile, reads_folder, reads_of
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from tests.api import Api, Installation
from tests.contract.household import Household, new_household
from tests.patience import PATIENCE

PERSON_ID = re.compile(r"person_[0-9a-f]{32}")
NETWORK = "nodes { id client { id } person { id displayName } isReciprocated }"
QUERIES = {
    "person": "query One($person: ID!) { person(id: $person) { id displayName } }",
    "a person without an id": "query One($person: ID!) { person(id: $person) { displayName } }",
    "client and network": f"query One($client: ID!) {{ client(id: $client) {{ contactNetwork {{ {NETWORK} }} }} }}",
    "contact of": f"query One($person: ID!) {{ person(id: $person) {{ contactOf {{ {NETWORK} }} }} }}",
    "clients": "query One { clients(first: 2) { nodes { id } } }",
    "clients and networks": f"query One {{ clients {{ nodes {{ id contactNetwork(first: 1) {{ {NETWORK} }} }} }} }}",
    "search": 'query One($client: ID) { findContacts(search: "a", forClientId: $client, first: 2) { nodes { '
    "person { id } existingContact { person { id } client { id } } } } }",
    "nodes": "query One($person: ID!, $contact: ID!) { nodes(ids: [$person, $contact]) { id "
    "... on Contact { client { id } person { id } reciprocal { id person { id } } } } }",
    "as it was": 'query One($client: ID!) { person(id: $client) { contactNetworkAsOf(at: "2100-01-01T00:00:00Z") '
    "{ nodes { id client { id } person { id } } } } }",
    "history": "query One($contact: ID!) { node(id: $contact) { ... on Contact { history { nodes { id person { id } "
    "client { id } contact { id } } } } } }",
    "who can act": "query One($client: ID!) { whoCanAct(clientId: $client, "
    "action: RECEIVE_APPOINTMENT_REMINDERS) { nodes { "
    "person { id } client { id } } } }",
    "can act": "query One($person: ID!, $client: ID!) { canAct(personId: $person, clientId: $client, "
    "action: VIEW_PORTAL) { allowed contact { person { id } client { id } } } }",
    "the log": "query One { auditLog { nodes { client { id } contact { person { id } } } } }",
}


@dataclass
class Reading:
    """A household read by an admin."""

    installation: Installation
    home: Household
    admin: Api

    async def answer(self, query: str) -> tuple[dict[str, Any], str]:
        """The data, and the request's id."""
        variables = {
            "client": self.home.client["id"],
            "person": self.home.person,
            "contact": self.home.contact["id"],
        }
        response = await self.admin.post({"query": query, "variables": variables})
        body = response.json()
        assert "errors" not in body, body
        return body["data"], response.headers["X-Request-ID"]

    def rows(self, request_id: str) -> list[dict[str, Any]]:
        """The lines about a request."""
        self.installation.server.reads.flush()
        path = reads_folder(self.installation.settings.data_dir) / CURRENT
        rows = [orjson.loads(line) for line in path.read_bytes().splitlines()]
        return [row for row in rows if row["requestId"] == request_id]


@pytest.fixture(scope="module")
async def reading(installation: Installation) -> Reading:
    home = await new_household(installation)
    await home.api.contact(home.client["id"], "Nora", appointmentReminders=True)
    admin = installation.api(home.practice, ViewerRole.ADMIN, "admin-1")
    admin.bookmark = home.api.bookmark
    return Reading(installation, home, admin)


@pytest.mark.parametrize("ordinarily", [False, True])
@pytest.mark.parametrize("name", QUERIES)
async def test_everyone_an_answer_shows_is_in_the_account(reading: Reading, name: str, ordinarily: bool) -> None:
    # An introspection makes the whole operation be answered the ordinary way.
    query = QUERIES[name] if not ordinarily else QUERIES[name][:-1] + ' again: __type(name: "Person") { name } }'
    data, request_id = await reading.answer(query)
    (row,) = reading.rows(request_id)
    shown = set(PERSON_ID.findall(orjson.dumps(data).decode()))
    assert shown <= set(row["persons"])
    assert len(row["persons"]) == len(set(row["persons"])) > 0
    assert (row["actor"], row["role"], row["operation"]) == ("admin-1", "admin", "One")
    assert row["practice"] == reading.home.practice.id
    assert abs((datetime.now(UTC) - datetime.fromisoformat(row["at"])).total_seconds()) < 300
    people = {*(home_id["id"] for home_id in (reading.home.client, reading.home.other))}
    if name in ("person", "a person without an id"):
        assert row["persons"] == [reading.home.person]
        assert not people & set(row["persons"])


async def test_a_page_counts_those_it_shows_and_no_more(reading: Reading) -> None:
    data, request_id = await reading.answer("query One { clients(first: 1) { nodes { id } } }")
    (row,) = reading.rows(request_id)
    assert row["persons"] == [data["clients"]["nodes"][0]["id"]]


async def test_what_shows_nobody_has_no_line(reading: Reading) -> None:
    _, request_id = await reading.answer("query One { viewer { role } relationshipTypes { code } }")
    assert reading.rows(request_id) == []


async def test_a_refused_addition_shows_its_candidates(reading: Reading) -> None:
    document = """mutation Add($input: AddClientInput!) { addClient(input: $input) { person { id } errors {
      ... on ContactAlreadyExists { candidates { person { id displayName } } } } } }"""
    person = {"givenName": "Lucía", "familyName": "García", "emails": ["lucia@example.org"]}
    response = await reading.admin.post({"query": document, "variables": {"input": {"person": person}}})
    (row,) = reading.rows(response.headers["X-Request-ID"])
    assert row["persons"] == [reading.home.person]
    assert row["operation"] == "Add"


async def test_the_file_has_no_names_and_is_its_owners_alone(reading: Reading) -> None:
    await reading.answer(QUERIES["clients and networks"])
    reading.installation.server.reads.flush()
    folder = reads_folder(reading.installation.settings.data_dir)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.glob("reads*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = path.read_text()
        for word in ("Lucía", "García", "Ana", "example.org", "displayName"):
            assert word not in text


def _read(number: int, person: str) -> Read:
    return Read(datetime.now(UTC), "practice", "staff-1", "staff", f"Number{number}", "r", (person,))


def test_a_full_file_is_put_aside_and_still_read(tmp_path: Path) -> None:
    person, other = new_id("person"), new_id("person")
    reads = ReadsFile(tmp_path, rotate_at=1_000)
    for number in range(40):
        reads.note(_read(number, person if number % 2 else other))
        reads.flush()
    reads.close()
    assert len(list(tmp_path.glob("reads-*.ndjson"))) > 3
    assert [row["operation"] for row in reads_of(tmp_path, person)] == [f"Number{n}" for n in range(1, 40, 2)]


async def test_several_workers_write_whole_lines(tmp_path: Path) -> None:
    person = new_id("person")
    workers = [ReadsFile(tmp_path, rotate_at=20_000) for _ in range(4)]

    def work(reads: ReadsFile) -> None:
        for number in range(500):
            reads.note(_read(number, person))
            if number % 50 == 0:
                reads.flush()
        reads.close()

    await asyncio.gather(*(asyncio.to_thread(work, reads) for reads in workers))
    assert sum(1 for _ in reads_of(tmp_path, person)) == 2_000


def test_reads_of_a_loop_that_ended_are_handed_over_with_those_of_the_next(tmp_path: Path) -> None:
    person = new_id("person")
    reads = ReadsFile(tmp_path)

    async def one(number: int, wait: float) -> None:
        reads.note(_read(number, person))
        await asyncio.sleep(wait)

    asyncio.run(one(1, 0.0))
    asyncio.run(one(2, 3 * HAND_OVER_EVERY))
    deadline = time.monotonic() + PATIENCE
    while len(list(reads_of(tmp_path, person))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [row["operation"] for row in reads_of(tmp_path, person)] == ["Number1", "Number2"]
    reads.close()


def test_a_line_that_a_crash_cut_off_is_passed_over(tmp_path: Path) -> None:
    person = new_id("person")
    reads = ReadsFile(tmp_path)
    reads.note(_read(1, person))
    reads.close()
    path = tmp_path / CURRENT
    path.write_bytes(path.read_bytes() + f'{{"persons":["{person}"'.encode())
    assert [row["operation"] for row in reads_of(tmp_path, person)] == ["Number1"]


def test_a_file_that_cant_be_written_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "audit"
    folder.write_text("no folder")
    reads = ReadsFile(folder)
    reads.note(_read(1, new_id("person")))
    reads.flush()
    assert reads.is_broken
    assert "reads can't be written down" in caplog.text
    folder.unlink()
    reads.note(_read(2, new_id("person")))
    reads.flush()
    assert not reads.is_broken
    reads.close()
