"""The real engine reads its log again after a crash: all that was acknowledged is there, whatever a full disk left."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j import GraphDatabase

from graph_api.engine.embedded import EmbeddedEngine
from graph_api.engine.embedded_files import EngineFiles, EngineStartError
from graph_api.engine.embedded_log import _FOOTER, _HEADER, _MARK, Gap, _end_of_commit, gaps_of, mend_log
from tests.patience import until

WRITES = 8


def commits(log: bytes) -> list[bytes]:
    """The whole commits of a log that is whole."""
    found, at = [], 0
    while (end := _end_of_commit(log, at)) is not None:
        found.append(log[at:end])
        at = end
    assert at == len(log)
    return found


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data of an engine that was killed after eight writes, none of which had reached its data files."""
    place = tmp_path_factory.mktemp("crashed")
    engine, database = EmbeddedEngine(place, idle_grace=0.2), EngineFiles(place).database
    write(engine, 0)
    engine.release()
    until(lambda: not engine.is_running())
    before = tmp_path_factory.mktemp("before") / "database"
    shutil.copytree(database, before)
    for number in range(1, WRITES + 1):
        write(engine, number)
    pid = engine.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not engine.is_running())
    engine.release()
    for file in before.iterdir():
        shutil.copy(file, database / file.name)
    yield place
    shutil.rmtree(place)


def write(engine: EmbeddedEngine, number: int) -> None:
    address = engine.acquire()
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query("CREATE (:Kept {n: $n})", n=number, database_="neo4j")


def kept(place: Path) -> list[int]:
    with EmbeddedEngine(place, idle_grace=0.2) as engine:
        address = engine.acquire()
        with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            found = driver.execute_query("MATCH (k:Kept) RETURN k.n AS n ORDER BY n", database_="neo4j").records
    until(lambda: not engine.is_running())
    return [record["n"] for record in found]


def whole(log: list[bytes]) -> bytes:
    return b"".join(log)


def cut_short(log: list[bytes]) -> bytes:
    """Two commits in the midst met the end of the disk, and another wrote nothing at all."""
    first, *others = log
    return first + first[: len(first) // 2] + first[:10] + whole(others)


def killed_at_the_end(log: list[bytes]) -> bytes:
    return whole(log) + log[0][:-1]


@pytest.mark.parametrize("left", [whole, cut_short, killed_at_the_end])
def test_all_that_was_acknowledged_is_read_again(
    crashed: Path, tmp_path: Path, left: Callable[[list[bytes]], bytes]
) -> None:
    place = tmp_path / "data"
    shutil.copytree(crashed, place)
    database = EngineFiles(place).database
    logs = [file for file in database.glob("*.wal") if file.stat().st_size]
    assert logs
    for file in logs:
        file.write_bytes(left(commits(file.read_bytes())))
    assert kept(place) == list(range(WRITES + 1))
    assert list(database.glob("*.corrupt")) == []


def test_a_log_that_is_damaged_is_not_opened_without_its_writes(crashed: Path, tmp_path: Path) -> None:
    place = tmp_path / "data"
    shutil.copytree(crashed, place)
    file = max(EngineFiles(place).database.glob("*.wal"), key=lambda file: file.stat().st_size)
    log = file.read_bytes()
    first, *others = commits(log)
    file.write_bytes(first[:-1] + b"\x00" + whole(others))
    with pytest.raises(
        EngineStartError, match=r"damaged at byte 0: commits that follow would be lost. Restore a backup"
    ):
        EmbeddedEngine(place, idle_grace=0.2).acquire()
    assert len(file.read_bytes()) == len(log)


def commit_of(content: bytes) -> bytes:
    return _HEADER.pack(7, 1, 1, len(content)) + content + len(content).to_bytes(4, "big") + _MARK


COMMITS = st.binary(max_size=60).map(commit_of)


@given(st.lists(st.tuples(COMMITS, st.lists(st.tuples(COMMITS, st.floats(0, 0.99)), max_size=1)), max_size=5))
def test_whatever_is_cut_short_is_taken_out_and_what_is_whole_stays(
    written: list[tuple[bytes, list[tuple[bytes, float]]]],
) -> None:
    log = b""
    for commit, refused in written:
        log += commit + b"".join(other[: int(len(other) * part)] for other, part in refused)
    gaps = list(gaps_of(log))
    assert all(gap.is_beginning for gap in gaps)
    left, at = b"", 0
    for gap in gaps:
        left, at = left + log[at : gap.start], gap.end
    left += log[at:]
    assert left.startswith(b"".join(commit for commit, _ in written))
    assert list(gaps_of(left)) == []


@given(st.lists(COMMITS, min_size=2, max_size=5), st.integers(0, 200), st.integers(1, 255))
def test_a_commit_that_lost_a_byte_is_damage(log: list[bytes], at: int, bits: int) -> None:
    damaged, place = bytearray(log[0]), at % len(log[0])
    damaged[place] ^= bits
    is_seen = _HEADER.size - 4 <= place < _HEADER.size or place >= len(damaged) - _FOOTER.size  # both sizes, the mark
    assert list(gaps_of(bytes(damaged) + whole(log[1:]))) == [Gap(0, len(damaged), False)] * is_seen


def test_a_folder_without_a_log_has_nothing_to_mend(tmp_path: Path) -> None:
    mend_log(tmp_path / "none")
