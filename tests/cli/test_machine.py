"""The name of a machine that is damaged, gone or another's is not made anew in silence; a new machine gets one."""

import asyncio
import base64
import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph_api.audit.checkpoint_files import checkpoint_path, text_of
from graph_api.config import Settings
from graph_api.custody.checks import KeyReport
from graph_api.custody.known import KnownKeys
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.keys.files import KEY_FILES, Key, KeyFileError, KeyPlace
from graph_api.keys.secrets import sealing_key
from graph_api.opening import ready_database
from tests.cli.command import Command

MADE = ("practice", "create", "elm", "--name", "Elm", "--time-zone", "Europe/London", "--region", "GB")
TOKEN = ("token", "--practice", "elm", "--role", "staff")
USES = {Key.SIGNING: TOKEN, Key.SEALING: ("audit", "seal")}
OWN = tuple(USES)
DAMAGED = [b"", b"\n", b"../../etc", b"0" * 15, b"0" * 17, b"0" * 4_000, b"A" * 16, b"\xff" * 16, b"0" * 8 + b"\n" * 8]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A data directory of this module's own, whose engine runs, with a practice that was sealed."""
    data_dir = tmp_path_factory.mktemp("machine") / "data"
    data_dir.mkdir(mode=0o700)
    command = Command(data_dir)
    with EmbeddedEngine(data_dir):
        command.done(*MADE)
        for arguments in USES.values():
            command.done(*arguments)
        yield command


@pytest.fixture
def serving(engine: Command) -> Iterator[Command]:
    """Afterwards the machine's name and its keys are what they were."""
    paths = [engine.data_dir / "machine", *(place(engine.data_dir, key).path for key in Key)]
    before = {path: path.read_bytes() for path in paths if path.exists()}
    yield engine
    for path in paths:
        path.unlink(missing_ok=True)
        if path in before:
            path.write_bytes(before[path])
            path.chmod(0o600)


def place(data_dir: Path, key: Key) -> KeyPlace:
    return KeyPlace(KEY_FILES[key], data_dir)


def change(command: Command, *keys: Key) -> None:
    """Put other keys in the place of these."""
    for key in keys:
        place(command.data_dir, key).path.write_bytes(place(command.data_dir, key).fresh())


def elsewhere(command: Command, data_dir: Path, keys: Sequence[Key]) -> list[KeyReport]:
    """What another machine of the same database says of its keys, once it has used them."""

    async def confirm() -> list[KeyReport]:
        own = Settings(data_dir=command.data_dir, _env_file=None)
        async with ready_database(own) as database:
            known = KnownKeys(Settings(data_dir=data_dir, database_url="bolt://shared:7687", _env_file=None), database)
            await known.confirm(keys)
            return [await known.report(key) for key in keys]

    return asyncio.run(confirm())


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_name_is_refused_like_half_a_key(serving: Command, content: bytes) -> None:
    path = serving.data_dir / "machine"
    path.write_bytes(content)
    for arguments in (*USES.values(), ("serve", "--port", "0"), ("keys", "replace", "signing-key", "--yes")):
        line = serving.refused(*arguments)
        assert f"{path} is not the name of 16 digits that was made there. Restore machine from a backup" in line
    assert path.read_bytes() == content
    states = {row["name"]: row for row in json.loads(serving.run("keys", "list", "--json").stdout)}
    checks = {row["name"]: row for row in json.loads(serving.run("doctor", "--json").stdout)}
    for key in OWN:
        assert (states[key.value]["ok"], checks[f"key {key.value}"]["ok"]) == (False, False)
        assert str(path) in checks[f"key {key.value}"]["mend"]


def test_a_name_that_is_gone_is_told_by_the_keys_beside_it(serving: Command) -> None:
    path = serving.data_dir / "machine"
    name = path.read_bytes()
    for key in OWN:
        path.unlink()
        serving.done(*USES[key])
        assert path.read_bytes() == name
        assert path.stat().st_mode & 0o777 == 0o600
    assert serving.run("keys", "list").exit_code == 0


@pytest.mark.parametrize("key", OWN, ids=lambda key: key.value)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_key_is_not_replaced_in_silence_where_the_name_is_gone_too(
    serving: Command, key: Key, is_there: bool
) -> None:
    path = place(serving.data_dir, key).path
    (serving.data_dir / "machine").unlink()
    path.unlink()
    if is_there:
        change(serving, key)
    line = serving.refused(*USES[key])
    assert f"{path} {'does not hold the key' if is_there else 'is missing'}" in line
    assert path.exists() == is_there


@pytest.mark.parametrize("are_there", [True, False])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_name_that_no_key_tells_is_not_made_anew(serving: Command, are_there: bool, is_named: bool) -> None:
    path = serving.data_dir / "machine"
    name = secrets.token_hex(8).encode() if is_named else None
    path.unlink()
    if name is not None:
        path.write_bytes(name)
    for key in OWN:
        place(serving.data_dir, key).path.unlink()
    change(serving, *OWN if are_there else ())
    for key in OWN:
        line = serving.refused(*USES[key])
        assert str(path) in line
        assert f"graph-api keys replace {key.value} --yes" in line
    assert (path.read_bytes() if path.exists() else None) == name
    assert place(serving.data_dir, Key.SIGNING).path.exists() == are_there
    states = {row["name"]: row["ok"] for row in json.loads(serving.run("keys", "list", "--json").stdout)}
    assert not any(states[key.value] for key in OWN)
    serving.done("keys", "replace", "signing-key", "--yes")
    serving.done(*TOKEN)
    assert "audit-sealing-key.pem" in serving.refused(*USES[Key.SEALING])  # it signed the checkpoints that lie here


def test_another_machines_name_is_refused(serving: Command, tmp_path: Path) -> None:
    elsewhere(serving, tmp_path / "b", OWN)
    other, own = tmp_path / "b/machine", serving.data_dir / "machine"
    own.write_bytes(other.read_bytes())
    assert "does not hold the key" in serving.refused(*TOKEN)
    own.write_bytes(secrets.token_hex(8).encode())
    assert "not the name by which the data know the keys beside it" in serving.refused(*TOKEN)
    own.unlink()
    key = place(serving.data_dir, Key.SIGNING).path
    key.write_bytes(place(tmp_path / "b", Key.SIGNING).path.read_bytes())
    assert "no key beside it tells which machine this is" in serving.refused(*TOKEN)


def test_a_new_machine_joins_a_database_that_others_use(serving: Command, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert all(report.is_right for report in elsewhere(serving, tmp_path / folder, OWN))
        assert all(report.is_right for report in elsewhere(serving, tmp_path / folder, OWN))
    names = {(folder / "machine").read_bytes() for folder in (serving.data_dir, tmp_path / "a", tmp_path / "b")}
    assert len(names) == 3


def test_a_new_machine_may_make_its_keys_one_after_the_other(serving: Command, tmp_path: Path) -> None:
    for key in (Key.PORTAL, *OWN):
        if key is not Key.PORTAL or not place(serving.data_dir, key).path.exists():
            assert all(report.is_right for report in elsewhere(serving, tmp_path / "a", [key]))


@pytest.mark.parametrize("left", ["audit-key", "signing-key.pem", "checkpoints"])
def test_a_machine_whose_directory_is_not_empty_is_no_new_one(serving: Command, tmp_path: Path, left: str) -> None:
    data_dir = tmp_path / "a"
    path = data_dir / left if left != "checkpoints" else checkpoint_path(data_dir, "practice_x")
    path.parent.mkdir(parents=True)
    path.write_bytes((serving.data_dir / "audit-key").read_bytes() if left == "audit-key" else b"x\n")
    if left == "signing-key.pem":
        path.write_bytes(place(data_dir, Key.SIGNING).fresh())
    for key in OWN:
        with pytest.raises(KeyFileError, match="A new machine begins with an empty data directory"):
            elsewhere(serving, data_dir, [key])
    assert not (data_dir / "machine").exists()


def test_a_machine_of_before_that_had_no_name_is_adopted_by_its_checkpoints(serving: Command, tmp_path: Path) -> None:
    """Several machines of 0.3.0 are upgraded one after the other, and each has checkpoints of its own."""
    data_dir = tmp_path / "a"
    (data_dir / "audit").mkdir(parents=True)
    for key in OWN:
        place(data_dir, key).path.write_bytes(place(data_dir, key).fresh())
    signature = signed(data_dir, content := {"number": 1})
    checkpoint_path(data_dir, "practice_x").write_bytes(
        text_of({"checkpoint": content, "signature": signature}) + b"\n"
    )
    assert all(report.is_right for report in elsewhere(serving, data_dir, OWN))


def signed(data_dir: Path, content: dict[str, int]) -> str:
    return base64.b64encode(sealing_key(data_dir).sign(text_of(content))).decode()
