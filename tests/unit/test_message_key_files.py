"""The file of message masters: what may be in it, and that a changed one is noticed by those who read it before."""

import base64
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph_api.acting.messages.encryption import BodyUnreadable, MessageKeys, Place, UnknownMasterKey, master_of
from graph_api.acting.messages.unreadable import NAME, PUT_ASIDE_AT, UnreadableBodies
from graph_api.config import Settings
from graph_api.custody.masters_in_use import message_keys
from graph_api.keys.files import KEY_FILES, Key, KeyFileError, KeyPlace
from graph_api.keys.masters import MOST_MASTERS, is_master_id, masters_content, new_master, parse_masters

MASTERS = [new_master() for _ in range(3)]
WHOLE = masters_content(MASTERS)
LINE = WHOLE.splitlines()[0]
SHORT = base64.b64encode(os.urandom(31))
DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda content: b"",
    "blanks": lambda content: b" \n" * 40,
    "zero bytes": lambda content: b"\0" * len(content),
    "half a key": lambda content: content[:-20],
    "one character less": lambda content: content[:-2],
    "a blank line": lambda content: content.replace(b"\n", b"\n\n", 1),
    "an id twice": lambda content: content + content.splitlines()[0].split()[0] + b" " + masters_content(MASTERS)[-46:],
    "a line twice": lambda content: content + content.splitlines()[0] + b"\n",
    "a key twice": lambda content: content + b"other " + content.splitlines()[0].split()[1] + b"\n",
    "a short key": lambda content: content + b"m1 " + SHORT + b"\n",
    "a long key": lambda content: content + b"m1 " + base64.b64encode(os.urandom(33)) + b"\n",
    "a key of zeros": lambda content: content + b"m1 " + base64.b64encode(bytes(32)) + b"\n",
    "no id": lambda content: content + base64.b64encode(os.urandom(32)) + b"\n",
    "an id with a colon": lambda content: content + b"a:b " + base64.b64encode(os.urandom(32)) + b"\n",
    "a comment": lambda content: b"# the keys\n" + content,
    "a PEM": lambda content: KeyPlace(KEY_FILES[Key.SIGNING], Path()).fresh(),
    "another kind of key": lambda content: b"0123456789abcdef" * 4,
    "letters beyond ASCII": lambda content: content + "é".encode(),
    "too many": lambda content: masters_content([new_master() for _ in range(MOST_MASTERS + 1)]),
}


def place(folder: Path) -> KeyPlace:
    return KeyPlace(KEY_FILES[Key.MESSAGES], folder)


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, _env_file=None)


def put(folder: Path, content: bytes) -> None:
    """As editors and `mv` do: another file in its place."""
    draft = folder / "draft"
    draft.write_bytes(content)
    draft.chmod(0o600)
    draft.replace(place(folder).path)


def test_masters_are_read_as_they_were_written() -> None:
    assert parse_masters(WHOLE) == tuple(MASTERS)
    assert parse_masters(WHOLE.replace(b"\n", b"\r\n")) == tuple(MASTERS)
    assert parse_masters(WHOLE.rstrip()) == tuple(MASTERS)


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_refused_and_not_shown(damage: str, tmp_path: Path) -> None:
    damaged = DAMAGED[damage](WHOLE)
    put(tmp_path, damaged)
    with pytest.raises(KeyFileError, match="damaged") as caught:
        message_keys(settings(tmp_path))
    assert "backup" in str(caught.value)
    for word in damaged.split():
        assert len(word) < 20 or word.decode("utf-8", "replace") not in str(caught.value)
    assert place(tmp_path).path.read_bytes() == damaged


@pytest.mark.parametrize(("text", "is_one"), [("m1", True), ("A.b_c-1", True), ("", False), ("-a", False),
                                              ("a b", False), ("a|b", False), ("a" * 33, False)])  # fmt: skip
def test_what_a_master_may_be_called(text: str, is_one: bool) -> None:
    assert is_master_id(text) is is_one


def test_a_file_that_is_not_there_is_a_draft_for_its_owner_alone(tmp_path: Path) -> None:
    keys = message_keys(settings(tmp_path))
    at = place(tmp_path)
    assert not at.path.exists()
    assert at.draft.stat().st_mode & 0o777 == 0o600
    assert message_keys(settings(tmp_path)).unwrap(keys.wrap(keys.new_data_key()))
    at.promote()
    assert at.path.stat().st_mode & 0o777 == 0o600
    assert keys.first == parse_masters(at.path.read_bytes())[0].id


def test_a_shared_file_must_be_there(tmp_path: Path) -> None:
    shared = Settings(data_dir=tmp_path, message_keys_file=tmp_path / "shared", _env_file=None)
    with pytest.raises(KeyFileError, match="GRAPH_API_MESSAGE_KEYS_FILE"):
        message_keys(shared)
    (tmp_path / "shared").write_bytes(WHOLE)
    assert message_keys(shared).first == MASTERS[0].id


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    put(tmp_path, masters_content(MASTERS[1:]))
    keys = message_keys(settings(tmp_path))
    wrapped = MessageKeys(MASTERS).wrap(keys.new_data_key())
    with pytest.raises(UnknownMasterKey):
        keys.unwrap(wrapped)
    put(tmp_path, WHOLE)
    assert keys.unwrap(wrapped)
    assert master_of(keys.wrap(keys.new_data_key())) == MASTERS[0].id


def test_a_damaged_or_missing_file_leaves_a_running_server_its_keys(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, WHOLE)
    keys = message_keys(settings(tmp_path))
    put(tmp_path, WHOLE[:-20])
    for _ in range(3):
        assert keys.first == MASTERS[0].id
    assert len([line for line in caplog.messages if "changed message keys are not used" in line]) == 1
    place(tmp_path).path.unlink()
    assert keys.first == MASTERS[0].id
    put(tmp_path, masters_content(MASTERS[1:]))
    assert keys.first == MASTERS[1].id


def test_what_can_not_be_read_is_counted_by_doctor_without_its_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    bodies = UnreadableBodies(tmp_path)
    assert bodies.count(now).times == 0
    spot = Place("practice_1", "thread_1", 3, "somebody@example.org")
    error_id = bodies.note(spot, BodyUnreadable("x"), now)
    bodies.note(spot, BodyUnreadable("x"), now - timedelta(days=8))
    assert (bodies.count(now).times, bodies.count(now).threads) == (1, 1)
    text = (tmp_path / NAME).read_text()
    assert error_id in text
    assert error_id in caplog.text
    assert "somebody" not in text + caplog.text
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    with (tmp_path / NAME).open("a") as file:
        file.write("half a li")
    assert bodies.count(now).times == 1


def test_the_account_of_unreadable_messages_is_bounded(tmp_path: Path) -> None:
    bodies, now = UnreadableBodies(tmp_path), datetime(2026, 6, 1, tzinfo=UTC)
    for _ in range(3):
        (tmp_path / NAME).write_bytes(b"x" * PUT_ASIDE_AT)
        bodies.note(Place("practice_1", "thread_1", 3, "a"), BodyUnreadable("x"), now)
    assert sum(path.stat().st_size for path in tmp_path.glob(f"{NAME}*")) < 2 * PUT_ASIDE_AT
