"""Reminders as an operator sees them: `graph-api worker`, `serve --no-worker` and `graph-api remind`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.twilio import account_of

from tests.cli.command import Command, Process, started
from tests.cli.test_doctor import examined
from tests.patience import until as wait_until

pytestmark = pytest.mark.timeout(1_800)
NAMES = ("Aniceta", "Quintela")
PERSON = {"givenName": NAMES[0], "familyName": NAMES[1], "emails": ["ana@example.org"]}


def does(server: Process, token: str, name: str, shown: str, /, **values: Any) -> str:
    """What a mutation that must succeed made: its id."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {shown} {{ id }} errors {{ message }} }} }}"
    payload = server.query(token, text, {"input": values}).json()["data"][name]
    assert payload["errors"] == []
    return str(payload[shown]["id"])


def book(server: Process, token: str) -> None:
    """An appointment in two days, of which a rule reminds that is due already."""
    rules = [{"minutesBefore": 20_160, "channels": ["EMAIL"]}]
    does(server, token, "setReminderRules", "practice", rules=rules)
    practitioner = does(server, token, "addPractitioner", "practitioner", displayName="Kim")
    room = does(server, token, "addLocation", "location", name="Room 1")
    kind = {"name": "Visit", "publicName": "Visit", "minutes": 30, "practitionerIds": [practitioner]}
    start = (datetime.now(UTC) + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    does(
        server,
        token,
        "bookAppointment",
        "appointment",
        clientId=does(server, token, "addClient", "person", person=PERSON),
        typeId=does(server, token, "addAppointmentType", "type", **kind, locationIds=[room]),
        practitionerId=practitioner,
        locationId=room,
        startsAt=start.isoformat(),
    )


def letters(command: Command) -> list[str]:
    """The reminders that were sent."""
    texts = [path.read_text(encoding="utf-8") for path in (command.data_dir / "mail").glob("*.eml")]
    return [text for text in texts if "a reminder of an appointment" in text]


def test_a_worker_reminds_where_servers_are_told_not_to(tmp_path: Path) -> None:
    command = Command(tmp_path / "data")
    with started(tmp_path, command.data_dir, "serve", "--port", "0", "--no-worker") as server:
        server.wait_for_address()
        command.done("practice", "create", "maple", "--name", "Maple", "--time-zone", "UTC", "--region", "US")
        book(server, command.done("token", "--practice", "maple", "--role", "admin").strip())
        listed = command.done("remind", "due")
        assert "maple  appointment_" in listed
        assert ", 336 h before\n1 due." in listed
        assert command.done("remind", "due", "--within", "8784").endswith("1 to look at within 8784 h.\n")
        assert letters(command) == []
        assert "1 wait, the longest for" in examined(command)["reminders"]["found"]
        assert "graph-api worker" in examined(command)["reminders"]["mend"]
        with started(tmp_path, command.data_dir, "worker") as worker:
            wait_until(lambda: bool(letters(command)))
            wait_until(lambda: "Nothing is due." in command.done("remind", "due"))
            assert worker.terminate() == 0
        [letter] = letters(command)
        assert "Room 1" in letter
        assert "Nothing is due." in command.done("remind", "due")
        assert command.done("remind", "due", "--within", "1") == "Nothing to look at within 1 h.\n"
        checks = examined(command)
        assert {name: checks[name]["found"] for name in ("reminders", "undelivered reminders", "texts")} == {
            "reminders": "none is late",
            "undelivered reminders": "none in 7 days",
            "texts": "files",
        }
        command.done("worker", "--once")
        assert command.done("remind", "plan", "--practice", "maple") == "1 appointments planned.\n"
        command.done("remind", "test", "--practice", "maple", "--to", "me@example.org")
        assert len(letters(command)) == 2
        assert server.interrupt() == 0
    said = server.said + worker.said + listed
    assert not [word for word in (*NAMES, "ana@example.org") if word in said + letter.replace("ana@example.org", "")]


def test_doctor_tells_of_practices_that_want_texts_and_have_no_gateway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = Command(tmp_path / "data")
    with started(tmp_path, command.data_dir, "serve", "--port", "0") as server:
        server.wait_for_address()
        command.done("practice", "create", "maple", "--name", "Maple", "--time-zone", "UTC", "--region", "US")
        token = command.done("token", "--practice", "maple", "--role", "admin").strip()
        does(server, token, "setReminderRules", "practice", rules=[{"minutesBefore": 120, "channels": ["SMS"]}])
        assert examined(command)["texts"]["found"] == "files"
        monkeypatch.setenv("GRAPH_API_SMTP_URL", "smtp://127.0.0.1:9")
        monkeypatch.setenv("GRAPH_API_MAIL_FROM", "practice@example.org")
        assert "no gateway for maple" in examined(command)["texts"]["found"]
        accounts = tmp_path / "twilio.json"
        accounts.write_text(json.dumps({"maple": account_of()}), encoding="utf-8")
        accounts.chmod(0o644)
        monkeypatch.setenv("GRAPH_API_SMS", "twilio")
        monkeypatch.setenv("GRAPH_API_TWILIO_FILE", str(accounts))
        assert "chmod 600" in examined(command)["texts"]["mend"]
        accounts.chmod(0o600)
        assert "GRAPH_API_PUBLIC_URL" in examined(command)["texts"]["mend"]
        monkeypatch.setenv("GRAPH_API_PUBLIC_URL", "https://api.example.org")
        assert examined(command)["texts"] == {"name": "texts", "ok": True, "found": "by twilio", "mend": None}
        assert server.interrupt() == 0
