"""The portal as it is run: two workers, mail in files, from the invitation to signing out; and closed to others."""

import email
import re
import stat
from email import policy
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import born
from tests.cli.command import Command, Process, started
from tests.cli.test_serve import ANYWHERE, MANY
from tests.patience import PATIENCE
from tests.patience import until as wait_until

pytestmark = pytest.mark.timeout(1_800)

LUCIA = "lucia@people.example"
BORN = born(10)
SESSION = "session { accessToken refreshToken } errors { ... on InvalidInput { reason } }"
CODE = re.compile(r"^([0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4})\s*$", re.MULTILINE)
TOKEN = re.compile(r"/invitation#(\S+)")


def call(server: Process, name: str, selected: str, bearer: str | None = None, **values: Any) -> dict[str, Any]:
    """A mutation's payload."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    body = {
        "query": f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {selected} }} }}",
        "variables": {"input": values},
    }
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    response = httpx.post(f"{server.address}/graphql", json=body, headers=headers, timeout=PATIENCE)
    assert response.status_code == 200, response.text
    payload: dict[str, Any] = response.json()["data"][name]
    return payload


def letters(data_dir: Path, pattern: re.Pattern[str]) -> list[str]:
    """What the letters in the data directory bring, oldest first; they are their owner's alone."""
    found = []
    for path in sorted((data_dir / "mail").glob("*.eml")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        if message["To"] == LUCIA:
            found += pattern.findall(message.get_content().replace("\r\n", "\n"))
    return found


def invite(server: Process, staff: str) -> None:
    """A contact with access to the portal."""
    person = {"givenName": "Ana", "familyName": "Ruiz", "birthDate": BORN}
    client = call(server, "addClient", "person { id }", staff, person=person)["person"]["id"]
    contact = {"givenName": "Lucía", "familyName": "Ruiz", "emails": [LUCIA]}
    terms = {"relationship": "PARENT", "portalAccess": True}
    added = call(
        server, "addNewContact", "contact { id } errors { message }", staff, clientId=client, person=contact, **terms
    )
    assert added["errors"] == []


def test_from_the_invitation_to_signing_out(command: Command, practice: str, tmp_path: Path) -> None:
    data_dir = command.data_dir
    known = len(letters(data_dir, TOKEN)), len(letters(data_dir, CODE))
    with started(tmp_path, data_dir, "serve", "--port", "0", *MANY) as server:
        server.wait_for_address()
        invite(server, command.done("token", "--practice", practice, "--role", "staff").strip())
        wait_until(lambda: len(letters(data_dir, TOKEN)) > known[0])
        token = letters(data_dir, TOKEN)[-1]
        accepted = call(server, "acceptInvitation", SESSION, token=token, clientBirthDate=BORN)
        secrets = [token, *accepted["session"].values()]
        viewer = "{ viewer { role person { displayName } actsFor { nodes { client { displayName } } } } }"
        assert server.query(accepted["session"]["accessToken"], viewer).json()["data"]["viewer"] == {
            "role": "PORTAL",
            "person": {"displayName": "Lucía Ruiz"},
            "actsFor": {"nodes": [{"client": {"displayName": "Ana Ruiz"}}]},
        }
        asked = call(server, "requestSignInCode", "attempt errors { code }", practice=practice, email=LUCIA)
        wait_until(lambda: len(letters(data_dir, CODE)) > known[1])
        code = letters(data_dir, CODE)[-1]
        attempt = asked["attempt"]
        signed_in = call(server, "signIn", SESSION, practice=practice, email=LUCIA, code=code, attempt=attempt)
        session = signed_in["session"]
        refreshed = call(server, "refreshSession", SESSION, refreshToken=session["refreshToken"])["session"]
        secrets += [code, code.replace(" ", ""), attempt, *session.values(), *refreshed.values()]
        for _ in range(6):
            assert server.query(refreshed["accessToken"], viewer).status_code == 200
        call(server, "signOut", "errors { code }", refreshed["accessToken"], everywhere=True)
        for access in (accepted, session, refreshed):
            access_token = access.get("session", access)["accessToken"]
            for _ in range(6):
                assert server.query(access_token, viewer).status_code == 401, "on either worker, at once"
        assert server.interrupt() == 0
    assert not [secret for secret in secrets if secret in server.said], "no secret is in the log"
    assert LUCIA not in server.said


def test_without_mail_nobody_signs_in_from_elsewhere(command: Command, practice: str, tmp_path: Path) -> None:
    with started(tmp_path, command.data_dir, "serve", "--host", ANYWHERE, "--port", "0") as server:
        server.wait_for(f"Serving http://{ANYWHERE}:")
        assert "GRAPH_API_SMTP_URL" in server.said
        found = re.search(r"Serving http://[\d.]+:(\d+)", server.said)
        assert found
        server.address = f"http://127.0.0.1:{found.group(1)}"
        for name, values in (
            ("requestSignInCode", {"practice": practice, "email": LUCIA}),
            ("signIn", {"practice": practice, "email": LUCIA, "code": "12345678"}),
            ("refreshSession", {"refreshToken": "x"}),
            ("acceptInvitation", {"token": f"{practice}.{'x' * 43}"}),
        ):
            payload = call(server, name, "errors { ... on InvalidInput { reason } }", **values)
            assert payload["errors"] == [{"reason": "portal.closed"}], name
        assert server.interrupt() == 0


def test_with_mail_they_do(command: Command, practice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("GRAPH_API_MAIL_FROM", "portal@clinic.example")
    with started(tmp_path, command.data_dir, "serve", "--host", ANYWHERE, "--port", "0") as server:
        server.wait_for(f"Serving http://{ANYWHERE}:")
        found = re.search(r"Serving http://[\d.]+:(\d+)", server.said)
        assert found
        server.address = f"http://127.0.0.1:{found.group(1)}"
        payload = call(server, "requestSignInCode", "errors { code }", practice=practice, email="x@people.example")
        assert payload["errors"] == []
        assert server.interrupt() == 0
