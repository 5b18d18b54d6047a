"""`graph-api audit`."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_api.audit.reads import Read, ReadsFile, reads_folder
from graph_api.cli import app
from graph_api.config import Settings
from graph_api.evidence.unseen import UNSEEN
from graph_api.evidence.wiring import chains_of
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import new_id
from graph_api.opening import ready_database
from graph_api.practices.graph import Practices
from tests.cli.command import Command

PEOPLE = "id,given_name,family_name,sex,birth_date\n1,Ana,García,female,1990-01-02\n2,Bea,García,female,\n"
CONTACTS = "client_id,contact_id,relationship\n1,2,PRN\n"


@pytest.fixture
def imported(command: Command, practice: str, tmp_path: Path) -> str:
    """The slug of a practice with a client and a contact: three events."""
    for name, text in (("people.csv", PEOPLE), ("contacts.csv", CONTACTS)):
        (tmp_path / name).write_text(text)
    files = (str(tmp_path / "people.csv"), str(tmp_path / "contacts.csv"))
    result = command.run("import", *files, "--practice", practice)
    assert result.exit_code == 0, result.stderr
    return practice


def exported(command: Command, practice: str, *arguments: str) -> list[dict[str, object]]:
    """What is written to stdout."""
    text = command.done("audit", "export", "--practice", practice, *arguments)
    return [json.loads(line) for line in text.splitlines()]


def test_an_import_writes_an_event_for_each_person_and_contact(command: Command, imported: str) -> None:
    events = exported(command, imported)
    assert [event["action"] for event in events] == ["import"] * 3
    assert {event["actor"] for event in events} == {"import"}
    assert {event["reason"] for event in events} == {"command"}
    assert [event["sequence"] for event in events] == [1, 1, 2]
    contact = events[-1]
    assert contact["contactId"] is not None
    assert contact["contactVersion"] == 1
    changes = contact["changes"]
    assert isinstance(changes, list)
    assert {"relationship", "person"} <= {change["field"] for change in changes}
    times = [str(event["at"]) for event in events]
    assert times == sorted(times)


def test_an_export_is_narrowed_by_time(command: Command, imported: str) -> None:
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"  # it may be midnight now
    assert len(exported(command, imported, "--from", "2020-01-01")) == 3
    assert exported(command, imported, "--to", "2020-01-01") == []
    assert exported(command, imported, "--from", "2999-01-01T00:00:00") == []
    assert len(exported(command, imported, "--from", yesterday)) == 3


async def _tamper(data_dir: Path, practice: str, statement: str) -> None:
    async with ready_database(Settings(data_dir=data_dir, _env_file=None)) as database:
        found = await Practices(database).by_slug(practice)
        assert found is not None
        ids = [stored.event.id async for events in chains_of(database, found).chains() for stored in events]
        async with database.session(write=True) as session:
            await (await session.run(statement, {"id": ids[0]})).consume()


def test_verify_says_what_is_wrong_by_its_exit_code(command: Command, imported: str) -> None:
    result = command.run("audit", "verify", "--practice", imported)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "3 events in 2 chains, no faults; never sealed; 3 events after it" in result.stderr
    told = result.stderr.splitlines()
    place = told.index("What verify can't see:")
    assert told[place + 1 :] == [f"- {sentence}" for sentence in UNSEEN]
    assert "2 chains with a new end" in command.run("audit", "seal", "--practice", imported).stderr
    result = command.run("audit", "verify", "--practice", imported)
    assert result.exit_code == 0
    assert "last checkpoint 1 at" in result.stderr
    asyncio.run(_tamper(command.data_dir, imported, "MATCH (e:AuditEvent {id: $id}) SET e.actor = 'nobody'"))
    result = command.run("audit", "verify", "--practice", imported)
    assert result.exit_code == 1
    [line] = result.stdout.splitlines()
    assert line.startswith(f"{imported}: person_")
    assert "event 1 (event_" in line
    assert line.endswith("): changed or moved")
    asyncio.run(_tamper(command.data_dir, imported, "MATCH (e:AuditEvent {id: $id}) DELETE e"))
    result = command.run("audit", "verify", "--practice", imported)
    assert result.exit_code == 1
    assert "missing" in result.stdout or "cut off" in result.stdout
    assert command.run("audit", "seal", "--practice", imported).exit_code == 1
    assert "García" not in result.output


def test_people_who_are_put_in_by_hand_are_found_once_those_of_before_were_counted(
    command: Command, imported: str
) -> None:
    command.done("audit", "seal", "--practice", imported)
    assert command.run("audit", "verify", "--practice", imported).exit_code == 0
    invented = (
        "MATCH (e:AuditEvent {id: $id}) CREATE (:Person {id: 'person_' + replace(randomUUID(), '-', ''), "
        "practice: e.practice, givenName: 'Eve', version: 1, createdAt: e.at, updatedAt: e.at})"
    )
    asyncio.run(_tamper(command.data_dir, imported, invented))
    result = command.run("audit", "verify", "--practice", imported)
    assert result.exit_code == 1
    assert "1 people and their contacts are in no event, where a checkpoint counted 0" in result.stdout


def test_an_unknown_practice_is_refused(command: Command) -> None:
    for name in ("verify", "seal", "export"):
        assert "slug" in command.refused("audit", name, "--practice", "nowhere")


def test_reads_lists_who_was_shown_a_person(command: Command) -> None:
    person, other = new_id("person"), new_id("person")
    reads = ReadsFile(reads_folder(command.data_dir))
    moment = datetime(2026, 3, 3, 12, tzinfo=UTC)
    reads.note(Read(moment, "practice", "staff-1", "staff", "Clients", "r1", (person, other)))
    reads.note(Read(moment, "practice", "staff-2", "staff", None, "r2", (other,)))
    reads.close()
    text = command.done("audit", "reads", "--person", person)
    assert text == "2026-03-03T12:00:00.000000+00:00  staff-1  staff  Clients  r1\n"
    rows = [json.loads(line) for line in command.done("audit", "reads", "--person", other, "--json").splitlines()]
    assert [row["requestId"] for row in rows] == ["r1", "r2"]
    assert all("persons" not in row for row in rows)
    assert "person's id" in command.misused("audit", "reads", "--person", "Ana")


def test_whom_an_export_shows_is_accounted_for(command: Command, imported: str) -> None:
    person = str(exported(command, imported)[0]["subjectId"])
    [read] = [json.loads(line) for line in command.done("audit", "reads", "--person", person, "--json").splitlines()]
    assert (read["operation"], read["role"]) == ("graph-api audit export", "admin")
    assert exported(command, imported, "--to", "2020-01-01") == []
    assert len(command.done("audit", "reads", "--person", person, "--json").splitlines()) == 1


def test_every_kind_of_event_is_listed() -> None:
    lines = CliRunner().invoke(app, ["audit", "kinds"]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [kind.value for kind in EventKind]
    assert "addNewContact" in lines[4]
