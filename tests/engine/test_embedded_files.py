"""The embedded engine's files and locks, and what is refused before any engine is started."""

import errno
import fcntl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph_api.engine.embedded import EmbeddedEngine, EngineAddress, EngineStatus
from graph_api.engine.embedded_files import EngineFiles, EngineRecord, EngineStartError, FileLock


@pytest.fixture
def files(tmp_path: Path) -> EngineFiles:
    files = EngineFiles(tmp_path / "data")
    files.prepare()
    return files


def test_an_address_does_not_show_its_password() -> None:
    assert "secret" not in repr(EngineAddress("bolt://127.0.0.1:1", "root", "secret", "neo4j"))


def test_the_password_is_random_kept_and_made_private_again(files: EngineFiles, tmp_path: Path) -> None:
    files.ensure_password()
    first = files.read_password()
    files.password.chmod(0o644)
    files.ensure_password()
    other = EngineFiles(tmp_path / "other")
    other.prepare()
    other.ensure_password()
    assert files.read_password() == first
    assert len(first) >= 32
    assert files.password.stat().st_mode & 0o777 == 0o600
    assert other.read_password() != first
    assert not list(files.root.glob(".password*"))


def test_a_missing_password_is_explained(files: EngineFiles) -> None:
    with pytest.raises(EngineStartError, match="password"):
        files.read_password()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '"x"'])
def test_a_broken_record_counts_as_none(files: EngineFiles, text: str) -> None:
    files.record.write_text(text)
    assert files.read_record() is None


def test_a_record_is_read_as_written(files: EngineFiles) -> None:
    record = EngineRecord(1, 2, "2026-01-01T00:00:00+00:00", "26.10.2", 2)
    files.write_record(record)
    assert files.read_record() == record


def test_shared_holders_keep_out_an_exclusive_one_and_a_child_inherits_nothing(files: EngineFiles) -> None:
    one, two, engine = (FileLock(files.users_lock) for _ in range(3))
    assert one.try_lock(shared=True)
    assert two.try_lock(shared=True)
    assert not engine.try_lock(shared=False)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    try:
        one.unlock()
        two.unlock()
        # A child lets go of its parent's files just after it has begun; what it inherited it would keep for good.
        assert engine.lock(shared=False, deadline=time.monotonic() + 10)
        assert not one.lock(shared=True, deadline=time.monotonic() + 0.1)
        engine.unlock()
    finally:
        child.communicate(b"\n")


def test_a_lock_knows_that_its_file_was_replaced(files: EngineFiles) -> None:
    lock = FileLock(files.engine_lock)
    assert not lock.is_at_path()
    assert lock.try_lock(shared=False)
    assert lock.is_at_path()
    files.engine_lock.unlink()
    assert not lock.is_at_path()
    files.engine_lock.touch()
    assert not lock.is_at_path()
    lock.unlock()


def test_two_who_look_for_an_engine_do_not_take_each_other_for_one(files: EngineFiles) -> None:
    looking = FileLock(files.engine_lock)
    assert looking.try_lock(shared=True)
    assert not files.engine_lock_is_held()
    looking.unlock()


@pytest.mark.parametrize(("last", "refused"), [("26.10.9", False), ("26.9.1", False), ("26.11.1", True), ("?", False)])
def test_data_of_a_newer_engine_is_refused(files: EngineFiles, last: str, refused: bool) -> None:
    files.check_data_version("26.10.2.post1")
    files.write_data_version(last)
    if refused:
        with pytest.raises(EngineStartError, match=r"26\.11\.1.*older.*Upgrade"):
            files.check_data_version("26.10.2.post1")
    else:
        files.check_data_version("26.10.2.post1")


def test_a_file_system_without_locks_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(fd: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(EngineStartError, match=r"has no file locks.*local disk"):
        EmbeddedEngine(tmp_path).acquire()


def test_windows_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(EngineStartError, match="Linux and macOS only"):
        EmbeddedEngine(tmp_path).acquire()


def test_a_data_directory_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineStartError, match=r"file/engine: Not a directory\. Check"):
        EmbeddedEngine(tmp_path / "file").acquire()


@pytest.mark.parametrize("heap", ["", "512", "m", "0m", "512m -Dx=y"])
def test_a_heap_that_is_no_size_is_refused(tmp_path: Path, heap: str) -> None:
    with pytest.raises(EngineStartError, match="such as 512m"):
        EmbeddedEngine(tmp_path, heap=heap)


def test_the_status_of_nothing_changes_nothing(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "none")
    assert engine.status() == EngineStatus(running=False)
    assert not engine.is_running()
    engine.release()
    assert not (tmp_path / "none").exists()


def test_only_a_user_may_have_it_running(tmp_path: Path) -> None:
    with pytest.raises(EngineStartError, match="acquire"):
        EmbeddedEngine(tmp_path).ensure_running()


def test_an_engine_that_never_gets_ready_is_not_waited_for_without_end(files: EngineFiles, tmp_path: Path) -> None:
    stuck = FileLock(files.engine_lock)
    assert stuck.try_lock(shared=False)
    with pytest.raises(EngineStartError, match="does not get ready within 0 s"):
        EmbeddedEngine(tmp_path / "data", start_timeout=0.2).acquire()
    stuck.unlock()


def test_a_start_or_a_stop_that_hangs_is_not_waited_for_without_end(files: EngineFiles, tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "data", start_timeout=0.2)
    for path, message in (
        (files.start_lock, "has been starting"),
        (files.users_lock, "is stopping and does not end within 0 s"),
    ):
        hanging = FileLock(path)
        assert hanging.try_lock(shared=False)
        with pytest.raises(EngineStartError, match=message):
            engine.acquire()
        hanging.unlock()
