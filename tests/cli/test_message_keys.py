"""The masters of secure messages by commands: rotated, rewrapped, dropped, given up; and threads erased for good."""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from graph_api.acting.messages.encryption import MessageKeys, UnknownMasterKey, master_of
from graph_api.acting.messages.graph.wrapped_keys import Rewrapped, WrappedKeys
from graph_api.acting.messages.rewrapping import PAGE, rewrap
from graph_api.changing_masters import UNCHANGED_FOR
from graph_api.config import Settings
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.engine.errors import Contended
from graph_api.key_files import KEY_FILES, Key, KeyFileError, KeyPlace
from graph_api.known_keys import KnownKeys
from graph_api.known_masters import Known, KnownMasters
from graph_api.master_keys import masters_content, new_master, parse_masters
from graph_api.message_keys import message_keys
from graph_api.opening import ready_database
from tests.cli.command import Command, started
from tests.cli.threads import Threads, readable, run
from tests.patience import until

PEOPLE = "id,given_name,family_name,sex,birth_date\n1,Ana,García,female,1990-01-02\n2,Bea,García,female,\n"
CONTACTS = "client_id,contact_id,relationship\n1,2,PRN\n"
MADE = ("--name", "Oak", "--time-zone", "Europe/London", "--region", "GB")


class Site:
    """A data directory with a practice, its client, and threads."""

    def __init__(self, command: Command, practice_id: str, client_id: str, other_id: str) -> None:
        self.command = command
        self.practice_id = practice_id
        self.client_id = client_id
        self.other_id = other_id
        self.settings = Settings(data_dir=command.data_dir, request_timeout=60, _env_file=None)
        self.threads = Threads(self.settings)

    @property
    def path(self) -> Path:
        return KeyPlace(KEY_FILES[Key.MESSAGES], self.command.data_dir).path

    @property
    def ids(self) -> list[str]:
        """The masters in the file."""
        return [master.id for master in parse_masters(self.path.read_bytes())]

    def keys(self) -> MessageKeys:
        return message_keys(self.settings)

    def make(self, count: int) -> list[str]:
        return asyncio.run(self.threads.make(count, self.practice_id, self.keys(), self.client_id))

    def rows(self) -> list[dict[str, Any]]:
        return asyncio.run(self.threads.rows())

    def run(self, text: str) -> list[dict[str, Any]]:
        return asyncio.run(self.threads.run(text))

    def confirm(self) -> None:
        """What a server does before it serves."""

        async def work() -> None:
            async with ready_database(self.settings) as database:
                await KnownKeys(self.settings, database).confirm([Key.MESSAGES])

        asyncio.run(work())

    def wrapped(self) -> Counter[str]:
        """How many threads each master wraps."""
        return Counter(row["wrappedWith"] for row in self.rows() if row["wrappedKey"])

    def age(self) -> None:
        """As if the file had been changed some time ago."""
        then = time.time() - UNCHANGED_FOR - 1
        os.utime(self.path, (then, then))

    def events(self, action: str) -> list[dict[str, Any]]:
        lines = self.command.done("audit", "export", "--practice", "oak").splitlines()
        return [event for event in map(json.loads, lines) if event["action"] == action]

    def listed(self) -> dict[str, dict[str, Any]]:
        rows = {row["name"]: row for row in json.loads(self.command.run("keys", "list", "--json").stdout)}
        assert all("keys" not in row for name, row in rows.items() if name != "message-keys")
        return {row["id"]: row for row in rows["message-keys"]["keys"]}

    def checked(self) -> dict[str, dict[str, Any]]:
        return {check["name"]: check for check in json.loads(self.command.run("doctor", "--json").stdout)}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A data directory of this module's own, whose engine runs."""
    folder = tmp_path_factory.mktemp("messages")
    data_dir = folder / "data"
    data_dir.mkdir(mode=0o700)
    for name, text in (("people.csv", PEOPLE), ("contacts.csv", CONTACTS)):
        (folder / name).write_text(text)
    command = Command(data_dir)
    with EmbeddedEngine(data_dir):
        command.done("practice", "create", "oak", *MADE)
        command.done("practice", "create", "elm", *MADE)
        command.done("import", str(folder / "people.csv"), str(folder / "contacts.csv"), "--practice", "oak")
        practices = json.loads(command.done("practice", "list", "--json"))
        [practice_id] = [practice["id"] for practice in practices if practice["slug"] == "oak"]
        people = Site(command, practice_id, "", "").run("MATCH (p:Person) RETURN p.id AS id, p.clientStatus AS status")
        people.sort(key=lambda row: row["status"] is None)
        yield Site(command, practice_id, people[0]["id"], people[1]["id"])


@pytest.fixture
def site(begun: Site) -> Site:
    """Without threads and masters of before."""
    begun.run("MATCH (t:Thread) DETACH DELETE t RETURN 1 AS done")
    begun.run("MATCH (k:KeyCheck) WHERE k.name STARTS WITH 'message-keys' DELETE k RETURN 1 AS done")
    begun.path.unlink(missing_ok=True)
    begun.confirm()
    return begun


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


def test_rewrap_moves_every_thread_and_drop_takes_the_old_master_out(site: Site) -> None:
    site.make(PAGE + 5)
    old = site.ids[0]
    before = site.rows()
    site.command.done("keys", "rotate")
    assert "--yes" in site.command.refused("keys", "drop", old)
    assert "changed a moment ago" in site.command.refused("keys", "drop", old, "--yes")
    site.age()
    assert "keys rewrap" in site.command.refused("keys", "drop", old, "--yes")
    assert "puts another one first" in site.command.refused("keys", "drop", site.ids[0], "--yes")
    assert "no key with this id" in site.command.refused("keys", "drop", "m0", "--yes")
    assert "not lost" in site.command.refused("keys", "drop", old, "--yes", "--lost")
    for expected in (PAGE + 5, 0):
        assert f"{expected} threads" in site.command.run("keys", "rewrap").stderr
        assert site.wrapped() == {site.ids[0]: PAGE + 5}
        assert readable(site.rows(), site.keys())
    assert {row["id"]: row["sealed"] for row in site.rows()} == {row["id"]: row["sealed"] for row in before}
    site.command.done("keys", "drop", old, "--yes")
    assert old not in (*site.ids, *site.listed())
    assert readable(site.rows(), site.keys())
    with pytest.raises(UnknownMasterKey):
        site.keys().unwrap(before[0]["wrappedKey"])
    site.confirm()
    checked = site.checked()
    assert checked["key message-keys"]["ok"]
    assert checked["message threads"]["found"].startswith("100 looked at, 0")


def test_a_rewrap_whose_threads_others_keep_changing_takes_fewer_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen on the embedded engine, among thousands of threads that are written to all the while."""
    site.make(60)
    site.command.done("keys", "rotate")
    sizes: list[int] = []
    whole = WrappedKeys.rewrap

    async def contended(self: WrappedKeys, practice_id: str, keys: Sequence[Rewrapped]) -> int:
        sizes.append(len(keys))
        if len(keys) > 8:
            raise Contended
        return await whole(self, practice_id, keys)

    monkeypatch.setattr(WrappedKeys, "rewrap", contended)
    site.command.done("keys", "rewrap")
    assert site.wrapped() == {site.ids[0]: 60}
    assert readable(site.rows(), site.keys())
    assert max(sizes) == 60
    assert sum(size for size in sizes if size <= 8) == 60


def test_a_rewrap_that_is_killed_leaves_everything_readable(site: Site, tmp_path: Path) -> None:
    count = 15 * PAGE
    site.make(count)
    old = site.ids[0]
    site.command.done("keys", "rotate")
    kills = 0
    for least in (1, 5 * PAGE, 10 * PAGE):
        with started(tmp_path, site.command.data_dir, "keys", "rewrap") as process:
            until(lambda least=least: site.wrapped()[old] <= count - least or process.popen.poll() is not None)  # type: ignore[misc]
            kills += process.popen.poll() is None
            process.kill()
        found = site.wrapped()
        assert found.total() == count
        assert found.keys() <= {*site.ids}
        assert readable(site.rows(), site.keys())
    assert kills
    site.command.done("keys", "rewrap")
    assert site.wrapped() == {site.ids[0]: count}
    assert readable(site.rows(), site.keys())


def test_several_rewraps_at_once_beside_senders_and_erasers(site: Site) -> None:
    """Each thread is wrapped by the first master in the end; what was erased meanwhile stays so."""
    ids = site.make(3 * PAGE)
    site.command.done("keys", "rotate")
    gone = ids[::50]

    async def work() -> list[int]:
        async with ready_database(site.settings) as database:

            async def send() -> None:
                """As a sender does, which takes the thread's lock."""
                for thread_id in ids[::10]:
                    await run(database, f"MATCH (t:Thread {{id: '{thread_id}'}}) SET t.lock = 'x' RETURN t.id AS id")

            async def erase() -> None:
                for thread_id in gone:
                    text = (
                        f"MATCH (t:Thread {{id: '{thread_id}'}}) REMOVE t.wrappedKey, t.wrappedWith RETURN t.id AS id"
                    )
                    await run_again(lambda text=text: run(database, text))  # type: ignore[misc]

            async def one() -> int:
                return (await rewrap(WrappedKeys(database), site.keys())).rewrapped

            first, second, *_ = await asyncio.gather(one(), one(), run_again(send), erase())
            return [first, second, await one()]

    done = asyncio.run(work())
    assert 0 < sum(done) <= 3 * PAGE
    rows = site.rows()
    assert {row["id"] for row in rows if not row["wrappedKey"]} == set(gone)
    assert site.wrapped() == {site.ids[0]: 3 * PAGE - len(gone)}
    assert readable([row for row in rows if row["wrappedKey"]], site.keys())


async def run_again(work: Callable[[], Any]) -> None:
    """Again where it met another writer."""
    from neo4j.exceptions import Neo4jError

    for _ in range(50):
        try:
            await work()
        except Neo4jError:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError("it met others each time")


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


def test_m12_a_thread_is_erased_for_good(site: Site) -> None:
    gone, stays = site.make(2)
    copy = {row["id"]: row for row in site.rows()}
    for arguments, words in (
        (("--thread", gone), "--yes"),
        (("--yes",), "either"),
        (("--thread", gone, "--client", site.client_id, "--yes"), "either"),
        (("--thread", "thread_1", "--yes"), "not the id of a thread"),
        (("--client", gone, "--yes"), "not the id of a person"),
        (("--thread", f"thread_{'0' * 32}", "--yes"), "no thread with this id"),
        (("--client", f"person_{'0' * 32}", "--yes"), "no client with this id"),
    ):
        assert words in site.command.refused("messages", "erase", "--practice", "oak", *arguments)
    assert "no thread" in site.command.refused("messages", "erase", "--practice", "elm", "--thread", gone, "--yes")
    assert "No practice" in site.command.refused("messages", "erase", "--practice", "ash", "--thread", gone, "--yes")
    assert site.events("message.erased") == []
    for expected in ("1 thread erased", "0 threads erased"):
        result = site.command.run("messages", "erase", "--practice", "oak", "--thread", gone, "--yes")
        assert result.exit_code == 0, result.stderr
        assert expected in result.stderr
    rows = {row["id"]: row for row in site.rows()}
    assert (rows[gone]["wrappedKey"], rows[gone]["wrappedWith"]) == (None, None)
    assert rows[gone]["erasedAt"]
    assert rows[gone]["sealed"] == copy[gone]["sealed"]
    assert readable([rows[stays]], site.keys())
    [event] = site.events("message.erased")
    assert (event["subjectId"], event["actorRole"], event["reason"]) == (site.client_id, "admin", "command")
    assert [(one["field"], one["after"]) for one in event["changes"]] == [("thread", gone)]
    result = site.command.run("audit", "verify")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    site.command.done("keys", "rotate")
    site.command.done("keys", "rewrap")
    assert {row["id"]: row["wrappedKey"] for row in site.rows()}[gone] is None


def test_all_threads_of_a_client_are_erased(site: Site) -> None:
    before = len(site.events("message.erased"))
    ids = site.make(205)
    others = asyncio.run(site.threads.make(3, site.practice_id, site.keys(), site.other_id))
    result = site.command.run("messages", "erase", "--practice", "oak", "--client", site.client_id, "--yes")
    assert "205 threads erased" in result.stderr
    rows = {row["id"]: row for row in site.rows()}
    assert {one for one, row in rows.items() if row["erasedAt"]} == set(ids)
    assert readable([rows[one] for one in others], site.keys())
    assert len(site.events("message.erased")) == before + 205
    assert site.command.run("audit", "verify").exit_code == 0
