"""How long an engine is waited for that a busy machine gives little time, and one that hangs."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from graph_api.engine import patience
from graph_api.engine.embedded import START_TIMEOUT, EmbeddedEngine
from graph_api.engine.embedded_files import EngineFiles, EngineStartError
from graph_api.engine.patience import LEAST_WORK, STALLED_AFTER, Patience, processor_seconds
from tests.patience import until


class Machine:
    """A clock, and what an engine has done."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.work = 0.0

    def patience(self, files: EngineFiles) -> Patience:
        return Patience(files, START_TIMEOUT, lambda: self.time, lambda _: self.work)


@pytest.fixture
def files(tmp_path: Path) -> EngineFiles:
    files = EngineFiles(tmp_path)
    files.prepare()
    files.engine_lock.write_text("4711", encoding="ascii")
    return files


def test_an_engine_that_gets_on_slowly_is_waited_for_far_beyond_a_minute(files: EngineFiles) -> None:
    machine = Machine()
    waiting = machine.patience(files)
    for _ in range(9):
        assert waiting.is_left()
        machine.time += STALLED_AFTER - 1
        machine.work += LEAST_WORK
    assert waiting.is_left()


def test_a_log_that_grows_is_a_sign_too(files: EngineFiles) -> None:
    machine = Machine()
    waiting = machine.patience(files)
    for number in range(9):
        assert waiting.is_left()
        machine.time += STALLED_AFTER - 1
        files.log.write_text("x" * (number + 1), encoding="ascii")
    assert waiting.is_left()


def test_one_that_does_nothing_is_given_up(files: EngineFiles) -> None:
    machine = Machine()
    waiting = machine.patience(files)
    assert waiting.is_left()
    machine.time += STALLED_AFTER - 1
    machine.work += LEAST_WORK / 2
    assert waiting.is_left()
    machine.time += 2
    assert not waiting.is_left()
    assert "does nothing" in waiting.why_not


def test_nothing_is_waited_for_beyond_the_bound(files: EngineFiles) -> None:
    machine = Machine()
    waiting = machine.patience(files)
    ended = machine.time + START_TIMEOUT
    while waiting.is_left():
        machine.time += 10
        machine.work += 1
    assert machine.time == ended
    assert "GRAPH_API_ENGINE_START_TIMEOUT" in waiting.why_not


def test_processor_time_is_told_of_a_process_and_of_none_that_is_gone() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        until(lambda: (processor_seconds(busy.pid) or 0) > LEAST_WORK)
        told = patience._told_by_ps(busy.pid)
        assert told is None or told >= 0  # there is not everywhere a ps
    finally:
        busy.kill()
        busy.wait()
    assert processor_seconds(busy.pid) is None


def test_a_real_engine_that_is_stopped_while_it_starts_is_ended_and_another_try_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "STALLED_AFTER", 5.0)
    engine, files = EmbeddedEngine(tmp_path, idle_grace=0.2), EngineFiles(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(engine.acquire)
        until(lambda: files.engine_pid() is not None)
        pid = files.engine_pid()
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(EngineStartError, match="does not get ready and does nothing for 5 s, and was stopped"):
            starting.result()
    until(lambda: not psutil.pid_exists(pid))
    monkeypatch.setattr(patience, "STALLED_AFTER", STALLED_AFTER)
    with engine:
        assert files.engine_pid() == engine.status().pid != pid
