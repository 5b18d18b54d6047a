"""The masters of secure messages by commands: made once, rotated, dropped, given up, and shown to nobody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph_api.acting.messages.encryption import master_of
from graph_api.acting.messages.rewrapping import PAGE
from graph_api.config import Settings
from graph_api.custody.known import KnownKeys
from graph_api.custody.known_masters import Known, KnownMasters
from graph_api.custody.masters_in_use import message_keys
from graph_api.keys.files import KEY_FILES, Key, KeyFileError, KeyPlace
from graph_api.keys.masters import masters_content, new_master, parse_masters
from graph_api.opening import ready_database
from tests.cli.command import started
from tests.cli.message_site import Site
from tests.cli.threads import readable


def test_the_file_is_made_once_and_the_data_know_it(site: Site) -> None:
    assert site.path.stat().st_mode & 0o777 == 0o600
    content = site.path.read_bytes()
    site.confirm()
    assert site.path.read_bytes() == content
    assert not list(site.command.data_dir.glob(".message*"))
    [only] = site.listed().values()
    assert (only["first"], only["threads"]) == (True, 0)
    for line in content.decode().split():
        assert len(line) < 40 or line not in str(site.run("MATCH (k:KeyCheck) RETURN k.name AS n, k.value AS v"))


def test_several_servers_that_start_at_once_make_one_file(site: Site) -> None:
    site.run("MATCH (k:KeyCheck) WHERE k.name STARTS WITH 'message-keys' DELETE k RETURN 1 AS done")
    site.path.unlink()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: site.confirm(), range(4)))
    assert len(site.run("MATCH (k:KeyCheck) WHERE k.name STARTS WITH 'message-keys' RETURN k.name AS n")) == 2
    assert list(site.listed()) == site.ids


def test_a_file_that_another_server_makes_meanwhile_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not there when a server looks, and there once the data say that it was made."""
    away = site.path.with_name("away")
    site.path.replace(away)
    look = KnownMasters._known

    async def looked(masters: KnownMasters) -> Known:
        if away.exists():
            away.replace(site.path)
        return await look(masters)

    monkeypatch.setattr(KnownMasters, "_known", looked)
    site.confirm()
    assert list(site.listed()) == site.ids


def test_another_data_directory_of_the_same_database_makes_none(site: Site, tmp_path: Path) -> None:
    async def work() -> None:
        async with ready_database(site.settings) as database:
            other = Settings(data_dir=tmp_path, _env_file=None)
            await KnownKeys(other, database).confirm([Key.MESSAGES])

    message_keys(Settings(data_dir=tmp_path, _env_file=None))  # a draft
    with pytest.raises(KeyFileError, match="is missing"):
        asyncio.run(work())
    assert [path.name for path in tmp_path.iterdir() if "message-keys" in path.name] == []


def test_making_that_was_ended_in_between_goes_on(site: Site) -> None:
    place = KeyPlace(KEY_FILES[Key.MESSAGES], site.command.data_dir)
    first = site.ids[0]
    for deleted in ("", f"MATCH (k:KeyCheck {{name: 'message-keys/{first}'}}) DELETE k RETURN 1 AS done"):
        place.path.replace(place.draft)
        if deleted:
            site.run(deleted)
        site.confirm()
        assert site.ids == [first]
        assert not place.draft.exists()
    assert site.listed()[first]["first"]


def test_a_file_that_is_gone_or_another_is_refused_until_it_is_back(site: Site) -> None:
    site.make(3)
    content = site.path.read_bytes()
    fresh, same_id = masters_content([new_master()]), content.split()[0] + b" " + masters_content([new_master()])[-45:]
    for there, words in ((None, "is missing"), (fresh, "does not hold the key"), (same_id, "does not hold the key")):
        site.path.unlink()
        if there is not None:
            site.path.write_bytes(there)
        line = site.command.refused("serve", "--port", "0")
        assert words in line
        assert "keys drop ID --lost" in line
        assert "keys replace" not in line
        assert words in site.command.refused("keys", "rotate")
        assert site.path.exists() is (there is not None)
        assert not site.checked()["key message-keys"]["ok"]
        assert not site.checked()["message threads"]["ok"]
        if there is None:
            site.path.write_bytes(b"")
    site.path.write_bytes(content)
    site.confirm()
    assert readable(site.rows(), site.keys())


def test_a_file_without_a_master_that_threads_need_is_refused(site: Site) -> None:
    site.make(3)
    old = site.ids[0]
    site.command.done("keys", "rotate")
    site.make(2)
    content = site.path.read_bytes()
    for line, lacking in zip(content.splitlines(), reversed(site.ids), strict=True):
        site.path.write_bytes(line + b"\n")
        assert f"lacks {lacking}" in site.command.refused("serve", "--port", "0")
    site.path.write_bytes(content[: len(content) // 2])  # cut off at a line's end
    assert f"lacks {old}" in site.command.refused("keys", "rewrap")
    site.path.write_bytes(content[:-10])
    assert "is damaged" in site.command.refused("serve", "--port", "0")
    site.path.write_bytes(content)
    site.confirm()


def test_a_rotation_is_noticed_by_a_running_server(site: Site) -> None:
    server = site.keys()
    [before] = site.make(1)
    assert "keys rewrap" not in site.command.done("keys", "rotate")
    assert server.first == site.ids[0]
    assert master_of(server.wrap(server.new_data_key())) == site.ids[0] != site.ids[1]
    assert readable(site.rows(), server)
    assert site.path.stat().st_mode & 0o777 == 0o600
    assert [row["first"] for row in site.listed().values()] == [True, False]
    assert site.listed()[site.ids[1]]["threads"] == 1
    assert before
    changes = {change["field"]: change["after"] for change in site.events("keys.replaced")[-1]["changes"]}
    assert changes == {"key": "message-keys", "first": site.ids[0]}


def test_two_rotations_at_once_lose_no_master(site: Site, tmp_path: Path) -> None:
    for _ in range(2):
        arguments = (tmp_path, site.command.data_dir, "keys", "rotate")
        with started(*arguments) as one, started(*arguments) as other:
            assert (one.popen.wait(), other.popen.wait()) == (0, 0)
    assert len(site.ids) == len(site.listed()) == 5
    site.confirm()


def test_threads_whose_keys_are_damaged_are_told_and_do_not_stop_the_others(site: Site) -> None:
    damaged, *others = site.make(PAGE + 2)
    site.run(f"MATCH (t:Thread {{id: '{damaged}'}}) SET t.wrappedKey = t.wrappedWith + ':AAAA' RETURN 1 AS done")
    site.command.done("keys", "rotate")
    for _ in range(2):
        result = site.command.run("keys", "rewrap")
        assert (result.exit_code, result.stdout.split()) == (1, [damaged])
    assert site.wrapped()[site.ids[0]] == len(others)
    check = site.checked()["message threads"]
    assert not check["ok"]
    assert "1 can't be unwrapped" in check["found"]


def test_a_lost_master_is_given_up_and_counts_again_when_it_is_found(site: Site) -> None:
    site.make(3)
    lost = site.ids[0]
    content = site.path.read_bytes()
    site.path.unlink()
    assert "--yes" in site.command.refused("keys", "drop", lost, "--lost")
    assert site.listed()[lost]["state"] == "not in the file"
    result = site.command.run("keys", "drop", lost, "--lost", "--yes")
    assert result.exit_code == 0
    assert "3 threads" in result.stderr
    site.confirm()
    assert lost not in site.ids
    site.make(1)
    assert site.listed()[lost]["state"] == "given up"
    assert site.checked()["message threads"]["ok"]
    assert "given up already" in site.command.refused("keys", "drop", lost, "--yes")
    site.path.write_bytes(site.path.read_bytes() + content)
    site.confirm()
    assert site.listed()[lost]["state"] == "needed"
    assert readable(site.rows(), site.keys())


def test_a_shared_file_is_used_and_rotated_where_it_lies(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared" / "keys"
    shared.parent.mkdir()
    shared.write_bytes(site.path.read_bytes())
    shared.chmod(0o640)
    monkeypatch.setenv("GRAPH_API_MESSAGE_KEYS_FILE", str(shared))
    site.command.done("keys", "rotate")
    assert len(parse_masters(shared.read_bytes())) == 2
    assert shared.stat().st_mode & 0o777 == 0o640
    assert len(site.ids) == 1
    assert "chmod 600" in site.checked()["keys"]["mend"]
    shared.unlink()
    assert "GRAPH_API_MESSAGE_KEYS_FILE" in site.command.refused("keys", "rewrap")


def test_message_keys_are_not_replaced(site: Site) -> None:
    content = site.path.read_bytes()
    assert "keys rotate" in site.command.refused("keys", "replace", "message-keys", "--yes")
    assert site.path.read_bytes() == content


def test_doctor_says_who_may_read_the_file_and_counts_what_could_not_be_read(site: Site) -> None:
    from datetime import UTC, datetime

    from graph_api.acting.messages.encryption import BodyUnreadable
    from graph_api.acting.messages.unreadable import NAME, UnreadableBodies
    from tests.cli.threads import place_of

    site.path.chmod(0o640)
    assert f"chmod 600 {site.path}" in site.checked()["message-keys"]["mend"]
    site.path.chmod(0o600)
    assert site.checked()["message-keys"]["ok"]
    assert site.checked()["unreadable messages"]["found"] == "none"
    bodies = UnreadableBodies(site.command.data_dir)
    for _ in range(2):
        bodies.note(place_of("thread_1", "practice_1"), BodyUnreadable("x"), datetime.now(UTC))
    check = site.checked()["unreadable messages"]
    assert (check["ok"], check["found"]) == (False, "2 times in 7 days, in 1 threads")
    (site.command.data_dir / NAME).unlink()


def test_no_key_is_shown(site: Site) -> None:
    site.make(1)
    said = [site.command.run("keys", "rotate"), site.command.run("keys", "rewrap"), site.command.run("keys", "list")]
    said += [site.command.run("keys", "list", "--json"), site.command.run("doctor")]
    for word in site.path.read_text().split()[1::2]:
        assert not any(word in result.output + result.stderr for result in said)
    assert site.ids[0] in said[2].output
