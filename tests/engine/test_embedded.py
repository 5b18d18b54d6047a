"""The life of the real embedded engine: who starts it, who finds it, when it ends, what a crash costs."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import ClientError, ConstraintError

from graph_api.engine.embedded import EmbeddedEngine, EngineAddress
from graph_api.engine.embedded_files import EngineFiles, EngineStartError, FileLock
from tests.patience import until as wait_until

GRACE = 0.2
USER = """
import json, sys
from pathlib import Path
from graph_api.engine.embedded import EmbeddedEngine
engine = EmbeddedEngine(Path(sys.argv[1]), idle_grace=float(sys.argv[2]))
address = engine.acquire()
print(json.dumps([address.uri, engine.status().pid]), flush=True)
for line in sys.stdin:
    address = engine.ensure_running()
    print(json.dumps([address.uri, engine.status().pid]), flush=True)
"""


class User:
    """Another process that uses the engine, as an API worker does."""

    def __init__(self, data_dir: Path, cwd: Path | None = None) -> None:
        command = [sys.executable, "-c", USER, str(data_dir), str(GRACE)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd)

    def answer(self) -> tuple[str, int]:
        assert self.process.stdout
        uri, pid = json.loads(self.process.stdout.readline())
        return uri, pid

    def ask_again(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def another_user(data_dir: Path, cwd: Path | None = None) -> Iterator[User]:
    user = User(data_dir, cwd)
    try:
        yield user
    finally:
        user.kill()


def engine_in(data_dir: Path, *, heap: str = "512m", bolt_port: int | None = None) -> EmbeddedEngine:
    return EmbeddedEngine(data_dir, heap=heap, bolt_port=bolt_port, idle_grace=GRACE)


def wait_until_ended(engine: EmbeddedEngine) -> None:
    wait_until(lambda: not engine.is_running())


def pid_of(engine: EmbeddedEngine) -> int:
    pid = engine.status().pid
    assert pid is not None
    return pid


def ask(address: EngineAddress, statement: str) -> list[object]:
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        return driver.execute_query(statement, database_=address.database).records[:1]  # type: ignore[return-value]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dätä dir")


@pytest.fixture(scope="module")
def shared(data_dir: Path) -> Iterator[EmbeddedEngine]:
    """One engine for the tests that only look at it."""
    with engine_in(data_dir) as engine:
        yield engine
    wait_until_ended(engine)


def test_it_is_started_once_and_found_by_others(shared: EmbeddedEngine, data_dir: Path) -> None:
    address = shared.acquire()
    with another_user(data_dir) as other:
        assert other.answer() == (address.uri, pid_of(shared))
    assert engine_in(data_dir).status() == shared.status()
    assert shared.status().bolt_port == int(address.uri.rsplit(":", 1)[1])
    assert len(ask(address, "RETURN 1")) == 1


def test_its_password_is_private_and_in_no_command_line_environment_or_log(
    shared: EmbeddedEngine, data_dir: Path
) -> None:
    files = EngineFiles(data_dir)
    process = psutil.Process(pid_of(shared))
    password = shared.acquire().password
    assert files.password.stat().st_mode & 0o777 == 0o600
    assert files.root.stat().st_mode & 0o777 == 0o700
    assert password not in " ".join(process.cmdline())
    assert password not in process.environ().values()
    written = [path for path in files.root.rglob("*") if path.is_file() and password in path.read_text("latin-1")]
    assert written == [files.password]


def test_nobody_else_may_read_its_files(shared: EmbeddedEngine, data_dir: Path) -> None:
    shared.acquire()
    assert [path for path in EngineFiles(data_dir).root.rglob("*") if path.stat().st_mode & 0o077] == []


def test_it_listens_on_the_loopback_and_for_bolt_only(shared: EmbeddedEngine) -> None:
    connections = psutil.Process(pid_of(shared)).net_connections("inet")
    listening = [connection.laddr for connection in connections if connection.status == psutil.CONN_LISTEN]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", shared.status().bolt_port)]


def test_it_flushes_the_whole_log_at_commit_within_a_bounded_heap(shared: EmbeddedEngine, data_dir: Path) -> None:
    shared.acquire()
    files = EngineFiles(data_dir)
    record = files.read_record()
    log = (files.logs / "arcadedb.log.0").read_text("utf-8")
    assert record is not None
    assert record.wal_flush == 2
    told = re.search(r"MAXRAM=([0-9.]+)MB", log)  # a little less than was given, by the collector that Java chooses
    assert told is not None
    assert 480 <= float(told.group(1)) <= 512


def test_statements_cannot_read_this_machines_files(shared: EmbeddedEngine) -> None:
    with pytest.raises(ClientError, match="file"):
        ask(shared.acquire(), "LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line")


def test_what_a_failed_statement_was_about_is_told_to_us_and_not_logged(shared: EmbeddedEngine, data_dir: Path) -> None:
    ask(shared.acquire(), "CREATE CONSTRAINT IF NOT EXISTS FOR (p:Unique) REQUIRE p.id IS UNIQUE")
    with pytest.raises(ConstraintError, match="Ann Person"):
        ask(shared.acquire(), "CREATE (:Unique {id: 'Ann Person'}), (:Unique {id: 'Ann Person'})")
    logs = [*EngineFiles(data_dir).logs.iterdir(), *(EngineFiles(data_dir).root / "log").iterdir()]
    assert [log for log in logs if "Ann Person" in log.read_text("utf-8")] == []


def test_signals_meant_for_the_servers_do_not_end_it(shared: EmbeddedEngine) -> None:
    address, pid = shared.acquire(), pid_of(shared)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        os.kill(pid, number)
    time.sleep(0.3)
    assert len(ask(address, "RETURN 1")) == 1
    assert pid_of(shared) == pid


def test_four_at_once_start_one_which_lives_until_the_last_is_killed(tmp_path: Path) -> None:
    data_dir, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    elsewhere.mkdir()
    engine = engine_in(data_dir)
    with ExitStack() as stack:
        users = [stack.enter_context(another_user(data_dir, elsewhere)) for _ in range(4)]
        [(_, pid)] = {user.answer() for user in users}
        for user in users[:3]:
            user.kill()
        time.sleep(3 * GRACE)
        assert pid_of(engine) == pid
        users[3].kill()
        wait_until_ended(engine)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert not EngineFiles(data_dir).record.exists()
    assert list(elsewhere.iterdir()) == []


def test_after_a_crash_one_of_many_users_starts_it_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with engine_in(tmp_path) as engine, another_user(tmp_path) as other:
        address, crashed = engine.acquire(), pid_of(engine)
        assert other.answer() == (address.uri, crashed)
        with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            driver.execute_query("CREATE (:Kept {n: 1})", database_="neo4j")
            os.kill(crashed, signal.SIGKILL)
            wait_until_ended(engine)
        assert EngineFiles(tmp_path).record.exists()
        assert not engine.status().running
        other.ask_again()
        with ThreadPoolExecutor() as pool:
            found = {pool.submit(engine.ensure_running).result() for _ in range(3)}
        assert found == {address}  # the old port too, so that drivers find it again
        assert other.answer() == (address.uri, pid_of(engine))
        assert pid_of(engine) != crashed
        assert len(ask(address, "MATCH (k:Kept {n: 1}) RETURN k")) == 1
    wait_until_ended(engine)


def test_who_comes_while_it_stops_gets_a_new_one_with_the_data_even_if_the_password_was_lost(tmp_path: Path) -> None:
    engine, files = engine_in(tmp_path), EngineFiles(tmp_path)
    first = engine.acquire()
    pid = pid_of(engine)
    ask(first, "CREATE (:Kept)")
    engine.release()
    latecomer = FileLock(files.users_lock)

    def stopping() -> bool:
        free = latecomer.try_lock(shared=True)
        latecomer.unlock()
        # On a busy machine it may have ended between two looks. Whoever comes then must be served all the same.
        return not free or not engine.is_running()

    wait_until(stopping)
    files.password.unlink(missing_ok=True)
    with engine:
        second = engine.acquire()
        assert pid_of(engine) != pid
        assert second.password != first.password
        assert len(ask(second, "MATCH (k:Kept) RETURN k")) == 1
    wait_until_ended(engine)


def test_a_starter_killed_half_way_leaves_an_engine_that_ends_by_itself(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    with another_user(tmp_path) as starter:
        wait_until(engine.is_running)
        starter.kill()
        wait_until_ended(engine)


def test_it_ends_when_its_directory_is_removed(tmp_path: Path) -> None:
    with engine_in(tmp_path / "data") as engine:
        process = psutil.Process(pid_of(engine))
        shutil.rmtree(tmp_path / "data")
        process.wait(10)


def test_a_bolt_port_in_use_is_explained(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineStartError, match=f"Port {port} .*in use.*set another port"):
            engine_in(tmp_path, bolt_port=port).acquire()


def test_a_database_open_in_another_program_is_explained(tmp_path: Path) -> None:
    database = tmp_path / "engine" / "databases" / "neo4j"
    with engine_in(tmp_path) as engine:
        pass
    wait_until_ended(engine)
    hold = "import fcntl, sys\nf = open(sys.argv[1], 'w')\nfcntl.lockf(f, fcntl.LOCK_EX)\nprint(flush=True)\ninput()"
    command = [sys.executable, "-c", hold, str(database / "database.lck")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        holder.stdout.readline()
        with pytest.raises(EngineStartError, match=r"open in another program.*Close that"):
            engine.acquire()
        assert not engine.is_running()
        holder.communicate("\n")
    assert (database / "database.lck").exists()
    with engine:  # what the other program left behind is no hindrance
        assert engine.is_running()
    wait_until_ended(engine)


def test_a_java_machine_that_does_not_start_is_explained(tmp_path: Path) -> None:
    with pytest.raises(EngineStartError, match=r"Too small maximum heap.*engine\.log"):
        engine_in(tmp_path, heap="1m").acquire()


def test_data_of_a_newer_engine_is_not_opened(tmp_path: Path) -> None:
    files = EngineFiles(tmp_path)
    files.prepare()
    files.write_data_version("99.1.0")
    with pytest.raises(EngineStartError, match=r"last used by ArcadeDB 99\.1\.0"):
        engine_in(tmp_path).acquire()
    assert not (files.root / "databases").exists()
