"""A data directory on a disk that others fill: writes are refused at once, and go on when there is room.

It takes a disk of its own, which needs the right to mount one.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph_api.audit.model import Head
from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.disk import Disk
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.engine.migrate import migrate
from graph_api.evidence.wiring import checkpoints_of
from graph_api.kernel.stamps import Stamps
from graph_api.opening import open_database
from tests.api import Api, Installation
from tests.patience import eventually, until

MIB = 1 << 20
ADD = "mutation ($input: AddClientInput!) { addClient(input: $input) { person { id } errors { code } } }"
RESERVE = 40 * MIB


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of 160 MiB."""
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=700", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no disk can be mounted here: {error.strerror}")
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
async def own(disk: Path) -> AsyncIterator[Installation]:
    settings = Settings(data_dir=disk / "data", request_timeout=30, disk_reserve=RESERVE, _env_file=None)
    database = open_database(settings)
    await database.open()
    await migrate(database)
    server = Server(settings, database)
    yield Installation("embedded", settings, database, server)
    server.reads.close()
    await database.close()
    engine = EmbeddedEngine(settings.data_dir)
    await asyncio.to_thread(until, lambda: not engine.is_running())


@pytest.fixture
async def api(own: Installation) -> Api:
    return own.api(await own.practice())


@contextmanager
def filled(disk: Path, *, but: int = 0) -> Iterator[None]:
    """The disk full, but for so many bytes."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65_536)
        except OSError:
            file.truncate(max(0, file.tell() - but))
    try:
        yield
    finally:
        filler.unlink()


async def is_ready(own: Installation) -> bool:
    return (await own.server.readiness()).ready


async def add(api: Api, key: str) -> Any:
    values = {"person": {"givenName": "Kept", "familyName": key}, "idempotencyKey": key}
    return await api.post({"query": ADD, "variables": {"input": values}})


async def names(api: Api) -> list[str]:
    response = await api.post({"query": "{ clients(first: 100) { nodes { familyName } } }"})
    return sorted(node["familyName"] for node in response.json()["data"]["clients"]["nodes"])


async def assert_refused_for_want_of_room(api: Api, key: str) -> None:
    response = await add(api, key)
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) >= 1
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "UNAVAILABLE", "retryable": True}
    assert "disk" in error["message"]


async def test_a_write_is_refused_before_anything_is_sent_and_goes_on_when_there_is_room(
    own: Installation, api: Api, disk: Path
) -> None:
    assert (await add(api, "before")).json()["data"]["addClient"]["errors"] == []
    sent: list[str] = []
    with filled(disk, but=RESERVE // 2):
        own.database.listeners.append(lambda name, _: sent.append(name))
        await assert_refused_for_want_of_room(api, "meanwhile")
        own.database.listeners.clear()
        readiness = await own.server.readiness()
        assert not readiness.ready
        assert readiness.checks == {"database": "ok", "migrations": "ok", "disk": readiness.checks["disk"]}
        assert "full" in readiness.checks["disk"]
        assert await names(api) == ["before"]
    assert sent == []
    await eventually(lambda: is_ready(own))
    assert (await add(api, "meanwhile")).json()["data"]["addClient"]["errors"] == []
    assert await names(api) == ["before", "meanwhile"]


@pytest.mark.parametrize("left", [0, 4_096, 3 * 65_536])
async def test_an_engine_that_meets_the_end_of_the_disk_is_tried_once_and_loses_nothing(
    own: Installation, api: Api, disk: Path, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Disk, "is_full", False)  # as if others filled it between the look and the write
    monkeypatch.setattr(Stamps, "check", lambda _: None)  # on a busy machine a slow transaction would be run again
    begun: list[str] = []
    told = []
    with filled(disk, but=left):
        for number in range(100):
            begun.clear()
            own.database.listeners.append(lambda name, _: begun.append(name))
            response = await add(api, f"{number}")
            own.database.listeners.clear()
            if response.status_code != 200:
                break
            told.append(f"{number}")
        assert begun.count("people/create") == 1
        for again in range(3):
            await assert_refused_for_want_of_room(api, f"refused {again}")
    for again in range(3):
        assert (await add(api, f"refused {again}")).json()["data"]["addClient"]["errors"] == []
        told.append(f"refused {again}")
    assert await names(api) == sorted(told)

    crashed = EmbeddedEngine(own.settings.data_dir).status().pid
    assert crashed is not None
    os.kill(crashed, signal.SIGKILL)

    async def answers() -> bool:
        return (await api.post({"query": "{ clients { nodes { id } } }"})).status_code == 200

    await eventually(answers)
    assert await names(api) == sorted(told)


def append_until_full(append: Callable[[], None]) -> None:
    """The file's last block has room for some."""
    for _ in range(1_000):
        append()


async def test_checkpoints_and_the_account_of_reads_go_on_when_there_is_room(
    own: Installation, api: Api, disk: Path
) -> None:
    practice = api.practice
    checkpoints = checkpoints_of(own.settings, practice)

    def append() -> None:
        now = datetime.now(UTC)
        checkpoints.append({f"person_{number}": Head(1, "m" * 64) for number in range(100)}, now, now)

    append()
    await api.client("Ana")
    with filled(disk):
        for _ in range(100):  # the file's last block has room for some
            await api.post({"query": "{ clients { nodes { id } } }"})
            await asyncio.to_thread(own.server.reads.flush)
        assert own.server.reads.is_broken
        assert not (await own.server.readiness()).ready
        with pytest.raises(OSError, match="No space"):
            append_until_full(append)
    await eventually(lambda: is_ready(own))  # though nobody is asked to read meanwhile
    assert not own.server.reads.is_broken
    append()
    again = checkpoints_of(own.settings, practice)
    again.refresh()
    assert (again.faults, again.last) == ([], checkpoints.last)
    for found in (checkpoints, again):
        found.close()
