"""Threads' keys by commands: wrapped by another master, and threads erased for good."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from graph_api.acting.messages.encryption import UnknownMasterKey
from graph_api.acting.messages.graph.wrapped_keys import Rewrapped, WrappedKeys
from graph_api.acting.messages.rewrapping import PAGE, rewrap
from graph_api.engine.errors import Contended
from graph_api.opening import ready_database
from tests.cli.command import started
from tests.cli.message_site import Site
from tests.cli.threads import readable, run
from tests.patience import until


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
