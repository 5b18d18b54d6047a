"""A key that is not the one that the data know is refused, in words; replacing one on purpose is a command."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_api.config import Settings
from graph_api.custody.known import KnownKeys
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.keys.files import KEY_FILES, Key, KeyFileError, KeyPlace
from graph_api.opening import ready_database
from tests.cli.command import Command

PEOPLE = "id,given_name,family_name,sex,birth_date\n1,Ana,García,female,1990-01-02\n2,Bea,García,female,\n"
CONTACTS = "client_id,contact_id,relationship\n1,2,PRN\n"
PEM = KeyPlace(KEY_FILES[Key.SIGNING], Path()).fresh()
DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "half of it": lambda content: content[: len(content) // 2],
    "blanks": lambda content: b" \n" * 40,
    "zero bytes": lambda content: b"\0" * len(content),
    "nothing": lambda content: b"",
    "one digit": lambda content: b"a" * 64,
    "another kind": lambda content: b"0123456789abcdef" * 4 if b"BEGIN" in content else PEM,
}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A data directory of this module's own, whose engine runs, with a practice of three events that were sealed."""
    folder = tmp_path_factory.mktemp("keys")
    data_dir = folder / "data"
    data_dir.mkdir(mode=0o700)
    for name, text in (("people.csv", PEOPLE), ("contacts.csv", CONTACTS)):
        (folder / name).write_text(text)
    command = Command(data_dir)
    with EmbeddedEngine(data_dir):
        made = ("--name", "Oak", "--time-zone", "Europe/London", "--region", "GB")
        command.done("practice", "create", "oak", *made)
        command.done("import", str(folder / "people.csv"), str(folder / "contacts.csv"), "--practice", "oak")
        command.done("audit", "seal")
        command.done("token", "--practice", "oak", "--role", "staff")
        command.done("mail", "send")
        yield command


def run(command: Command, statement: str) -> list[dict[str, Any]]:
    """What somebody does who can write to the database."""

    async def write() -> list[dict[str, Any]]:
        settings = Settings(data_dir=command.data_dir, _env_file=None)
        async with ready_database(settings) as database, database.session(write=True) as session:
            return [dict(record) async for record in await session.run(statement)]

    return asyncio.run(write())


def place(command: Command, key: Key) -> KeyPlace:
    return KeyPlace(KEY_FILES[key], command.data_dir)


def states(command: Command) -> dict[str, str]:
    result = command.run("keys", "list", "--json")
    return {row["name"]: row["state"] for row in json.loads(result.stdout)}


def uses(key: Key) -> list[tuple[str, ...]]:
    """Commands that need it."""
    needing: dict[Key, list[tuple[str, ...]]] = {
        Key.AUDIT: [("audit", "verify"), ("audit", "seal"), ("serve", "--port", "0")],
        Key.SEALING: [("audit", "verify"), ("audit", "seal"), ("serve", "--port", "0")],
        Key.SIGNING: [("token", "--practice", "oak", "--role", "staff")],
        Key.SECRET: [("mail", "send")],
    }
    return needing[key]


USED = (Key.AUDIT, Key.SEALING, Key.SIGNING, Key.SECRET)


def test_the_data_know_each_key_that_was_used_and_none_is_shown(serving: Command) -> None:
    found = states(serving)
    assert {name for name, state in found.items() if state == "matches the data"} == {key.value for key in USED}
    assert found["portal-signing-key"] == "has not been made yet"
    result = serving.run("keys", "list")
    assert result.exit_code == 0
    for key in USED:
        path = place(serving, key).path
        assert path.stat().st_mode & 0o777 == 0o600
        for line in path.read_text().splitlines():
            assert line not in result.output
    rows = run(serving, "MATCH (k:KeyCheck) RETURN k.value AS value")
    assert len(rows) == len(USED)
    contents = {place(serving, key).path.read_text().strip() for key in USED}
    assert not contents & {row["value"] for row in rows}
    assert not list(serving.data_dir.glob(".*.new"))


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("key", USED, ids=lambda key: key.value)
def test_a_damaged_key_is_refused_and_not_replaced(serving: Command, key: Key, damage: str) -> None:
    path = place(serving, key).path
    content = path.read_bytes()
    damaged = DAMAGED[damage](content)
    path.write_bytes(damaged)
    try:
        line = serving.refused(*uses(key)[0])
        assert path.name in line
        assert "backup" in line
        for secret in (damaged.decode().strip()[:20], content.decode()[30:50]):
            assert not secret or secret not in line
        assert path.read_bytes() == damaged
    finally:
        path.write_bytes(content)
    serving.done(*uses(key)[0])


@pytest.mark.parametrize("key", USED, ids=lambda key: key.value)
def test_a_key_that_is_gone_or_another_is_refused_and_brought_back(serving: Command, key: Key) -> None:
    path = place(serving, key).path
    content = path.read_bytes()
    other = place(serving, key).fresh()
    for there, state in ((None, "is missing"), (other, "does not match the data")):
        path.unlink()
        if there is not None:
            path.write_bytes(there)
            path.chmod(0o600)
        for arguments in uses(key):
            line = serving.refused(*arguments)
            assert str(path) in line
            assert f"keys replace {key.value}" in line
        assert path.exists() == (there is not None)
        assert states(serving)[key.value] == state
        checks = {row["name"]: row for row in json.loads(serving.run("doctor", "--json").stdout)}
        assert not checks[f"key {key.value}"]["ok"]
        assert str(path) in checks[f"key {key.value}"]["mend"]
        if there is None:
            path.write_bytes(b"")
    path.write_bytes(content)
    for arguments in uses(key)[:1]:
        serving.done(*arguments)
    assert states(serving)[key.value] == "matches the data"


@pytest.mark.parametrize("key", [Key.AUDIT, Key.SEALING], ids=lambda key: key.value)
def test_data_of_before_adopt_the_key_that_they_were_made_with_alone(serving: Command, key: Key) -> None:
    path = place(serving, key).path
    content = path.read_bytes()
    run(serving, f"MATCH (k:KeyCheck) WHERE k.name STARTS WITH '{key.value}' DELETE k RETURN 1 AS done")
    path.unlink()
    assert "is missing" in serving.refused("audit", "verify")
    assert not path.exists()
    path.write_bytes(place(serving, key).fresh())
    assert "does not hold the key" in serving.refused("audit", "verify")
    path.write_bytes(content)
    path.chmod(0o600)
    assert states(serving)[key.value] == "is not recorded with the data yet"
    serving.done("audit", "verify")
    assert states(serving)[key.value] == "matches the data"


@pytest.mark.parametrize("key", USED, ids=lambda key: key.value)
def test_a_key_is_replaced_on_purpose(serving: Command, key: Key) -> None:
    path = place(serving, key).path
    before = path.read_bytes()
    assert "--yes" in serving.refused("keys", "replace", key.value)
    assert path.read_bytes() == before
    serving.done("keys", "replace", key.value, "--yes")
    assert path.read_bytes() != before
    assert path.stat().st_mode & 0o777 == 0o600
    assert states(serving)[key.value] == "matches the data"
    result = serving.run("audit", "verify")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    path.write_bytes(before)
    assert "does not hold the key" in serving.refused(*uses(key)[0])
    path.unlink()
    assert "is missing" in serving.refused(*uses(key)[0])
    serving.done("keys", "replace", key.value, "--yes", "--lost")
    result = serving.run("audit", "verify")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert "is lost" in result.stderr or key is not Key.AUDIT
    serving.done("audit", "seal")
    events = [json.loads(line) for line in serving.done("audit", "export", "--practice", "oak").splitlines()]
    told = [event for event in events if event["action"] == "keys.replaced"]
    assert [change["after"] for change in told[-1]["changes"]] == [key.value, "true"]


def test_the_portal_key_is_looked_after_too(serving: Command) -> None:
    """Only a server uses it, so that no command makes it."""
    key = Key.PORTAL
    at = place(serving, key)

    async def confirm() -> None:
        settings = Settings(data_dir=serving.data_dir, _env_file=None)
        async with ready_database(settings) as database:
            await KnownKeys(settings, database).confirm([key])

    asyncio.run(confirm())
    content = at.path.read_bytes()
    assert at.path.stat().st_mode & 0o777 == 0o600
    assert states(serving)[key.value] == "matches the data"
    for damage in DAMAGED.values():
        at.path.write_bytes(damage(content))
        assert "backup" in serving.refused("serve", "--port", "0")
        assert at.path.read_bytes() == damage(content)
    for there, state in ((at.fresh(), "does not match the data"), (None, "is missing")):
        at.path.unlink()
        if there is not None:
            at.path.write_bytes(there)
        assert states(serving)[key.value] == state
        with pytest.raises(KeyFileError, match=f"keys replace {key.value}"):
            asyncio.run(confirm())
        assert at.path.exists() == (there is not None)
    serving.done("keys", "replace", key.value, "--yes")
    fresh = at.path.read_bytes()
    assert fresh != content
    assert at.path.stat().st_mode & 0o777 == 0o600
    assert states(serving)[key.value] == "matches the data"
    asyncio.run(confirm())
    assert not list(serving.data_dir.glob(".*.new"))
    assert serving.run("audit", "verify").exit_code == 0
    events = [json.loads(line) for line in serving.done("audit", "export", "--practice", "oak").splitlines()]
    told = [event for event in events if event["action"] == "keys.replaced"]
    assert [change["after"] for change in told[-1]["changes"]] == [key.value]


def test_checkpoints_alone_tell_that_there_was_an_audit_key(serving: Command, tmp_path: Path) -> None:
    """As before the database is restored: a fresh key would not be the one that its events were made with."""
    command = Command(tmp_path / "data")
    shutil.copytree(serving.data_dir / "audit", command.data_dir / "audit")
    with EmbeddedEngine(command.data_dir):
        assert "audit-key is missing" in command.refused("audit", "verify")
        assert states(command)["audit-key"] == "is missing"
        assert not (command.data_dir / "audit-key").exists()


def test_the_list_shows_names_and_files_whole(serving: Command) -> None:
    """They are typed into other commands, also from a narrow terminal."""
    text = "".join(line.replace("│", "|") for line in serving.done("keys", "list").splitlines())
    assert "…" not in text
    for key in Key:
        assert key.value in text


def test_replacing_the_audit_key_leaves_old_events_provable_and_the_former_key_useless(serving: Command) -> None:
    serving.done("keys", "replace", "audit-key", "--yes")
    [former, *_] = sorted(serving.data_dir.glob("audit-key.former-*"), key=lambda path: path.stat().st_mtime)[::-1]
    assert former.stat().st_mode & 0o777 == 0o600
    kept = former.read_bytes()
    former.unlink()
    assert "changed or moved" in serving.run("audit", "verify").stdout
    former.write_bytes(kept)
    assert serving.run("audit", "verify").exit_code == 0
    run(serving, "MATCH (e:AuditEvent) WHERE e.action = 'keys.replaced' SET e.reason = 'role' RETURN 1 AS done")
    assert "changed or moved" in serving.run("audit", "verify").stdout
    run(serving, "MATCH (e:AuditEvent) WHERE e.action = 'keys.replaced' SET e.reason = 'command' RETURN 1 AS done")
    assert serving.run("audit", "verify").exit_code == 0


def test_no_key_is_replaced_while_a_server_runs(serving: Command) -> None:
    from graph_api.keys.secrets import serving as held

    with held(serving.data_dir):
        assert "Stop it first" in serving.refused("keys", "replace", "secret", "--yes")


def test_replacing_that_was_ended_in_between_goes_on(serving: Command) -> None:
    """The data know the new key, and its file was not moved to its place yet."""
    at = place(serving, Key.SECRET)
    before = at.path.read_bytes()
    fresh = at.fresh()
    at.draft.write_bytes(fresh)
    value = at.check(fresh)
    run(serving, f"MATCH (k:KeyCheck {{name: 'secret'}}) SET k.value = '{value}' RETURN 1 AS done")
    serving.done("mail", "send")
    assert at.path.read_bytes() == fresh != before
    assert not at.draft.exists()


def test_a_shared_key_is_put_there_first(serving: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    shared.write_bytes(place(serving, Key.SECRET).path.read_bytes())
    monkeypatch.setenv("GRAPH_API_SECRET_FILE", str(shared))
    serving.done("mail", "send")
    assert "Put the new one there first" in serving.refused("keys", "replace", "secret", "--yes")
    shared.write_bytes(place(serving, Key.SECRET).fresh())
    assert "does not hold the key" in serving.refused("mail", "send")
    serving.done("keys", "replace", "secret", "--yes")
    serving.done("mail", "send")
    for content in (b"\0" * 40, b" " * 80, b"ab" * 30, PEM):
        shared.write_bytes(content)
        line = serving.refused("mail", "send")
        assert "random" in line or "32 bytes" in line
    shared.unlink()
    assert "GRAPH_API_SECRET_FILE" in serving.refused("mail", "send")
    monkeypatch.delenv("GRAPH_API_SECRET_FILE")
    serving.done("keys", "replace", "secret", "--yes")
