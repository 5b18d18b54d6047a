"""Mail as an operator sees it: `graph-api mail send`, what doctor says, and what a server does by itself."""

import json
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, Process, started
from tests.patience import until as wait_until

pytestmark = pytest.mark.timeout(1_800)
LUCIA, ANA = "lucia@example.org", "ana@example.org"
ADD_CLIENT = "mutation ($input: AddClientInput!) { addClient(input: $input) { person { id } errors { message } } }"
ADD_CONTACT = """mutation ($input: AddNewContactInput!) {
  addNewContact(input: $input) { contact { id invitation { status } } errors { message } } }"""


def invite(server: Process, token: str) -> None:
    """A client, and a contact of theirs with access to the portal."""
    person = {"givenName": "Aniceta", "familyName": "Quintela", "emails": [ANA]}
    client = server.query(token, ADD_CLIENT, {"input": {"person": person}}).json()["data"]["addClient"]["person"]
    contact = {
        "clientId": client["id"],
        "person": {"givenName": "Lucrecia", "familyName": "Ferreiro", "emails": [LUCIA]},
        "relationship": "SPOUSE",
        "portalAccess": True,
    }
    payload = server.query(token, ADD_CONTACT, {"input": contact}).json()["data"]["addNewContact"]
    assert payload["errors"] == []
    assert payload["contact"]["invitation"] == {"status": "PENDING"}


def doctor(command: Command) -> dict[str, dict[str, Any]]:
    checks = json.loads(command.run("doctor", "--json").stdout)
    return {check["name"]: check for check in checks}


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_a_server_sends_at_once_and_without_a_mail_server_to_files(tmp_path: Path, workers: tuple[str, ...]) -> None:
    command = Command(tmp_path / "data")
    directory = command.data_dir / "mail"
    with started(tmp_path, command.data_dir, "serve", "--port", "0", *workers) as server:
        server.wait_for_address()
        command.done("practice", "create", "maple", "--name", "Maple", "--time-zone", "UTC", "--region", "US")
        token = command.done("token", "--practice", "maple", "--role", "staff").strip()
        invite(server, token)
        wait_until(lambda: directory.is_dir() and len(list(directory.glob("*.eml"))) == 2)
        found = doctor(command)
        assert found["outbox"]["found"].startswith("0 waiting")
        assert found["outbox"]["ok"]
        assert str(directory) in found["mail"]["found"]
        assert found["mail directory"]["ok"]
        texts = [path.read_text(encoding="utf-8") for path in directory.glob("*.eml")]
        [invitation] = [text for text in texts if "invitation#maple." in text]
        assert f"{server.address}/invitation#maple." in invitation
        secret = invitation.partition("invitation#maple.")[2].split()[0]
        assert server.interrupt() == 0
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}
    told = ("Aniceta", "Quintela", "Lucrecia", "Ferreiro")
    names = [path.name for path in directory.iterdir()]
    assert not [word for word in (*told, LUCIA, ANA) for text in (server.said, *names) if word in text]
    assert not [word for word in told for text in texts if word in text]
    assert secret not in server.said


def test_what_waits_is_sent_by_a_command_and_what_can_not_be_sent_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = Command(tmp_path / "data")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("GRAPH_API_SMTP_URL", f"smtp://user:hunter2@127.0.0.1:{port}")
    monkeypatch.setenv("GRAPH_API_MAIL_FROM", "portal@example.org")
    with started(tmp_path, command.data_dir, "serve", "--port", "0") as server:
        server.wait_for_address()
        command.done("practice", "create", "maple", "--name", "Maple", "--time-zone", "UTC", "--region", "US")
        invite(server, command.done("token", "--practice", "maple", "--role", "staff").strip())
        wait_until(lambda: "can't be reached" in server.said)
        found = doctor(command)
        assert not found["mail"]["ok"]
        assert f"127.0.0.1:{port} can't be reached" in found["mail"]["found"]
        assert "GRAPH_API_SMTP_URL" in found["mail"]["mend"]
        assert found["outbox"]["found"].startswith("2 waiting")
        assert server.interrupt() == 0
    assert "hunter2" not in server.said + json.dumps(found)
    result = command.run("mail", "send")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "to be tried again" in result.stderr
    monkeypatch.delenv("GRAPH_API_SMTP_URL")
    result = command.run("mail", "send")
    assert result.exit_code == 0
    assert "hunter2" not in result.stderr
