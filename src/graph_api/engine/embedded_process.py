"""The embedded engine's own process: ArcadeDB on the loopback, for as long as somebody uses it.

Started by `embedded.EmbeddedEngine`, not by hand. The Java machine lives in this process, so a crash of it leaves the
servers alive, and a crash of a server leaves it alive.
"""

import argparse
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from graph_api.engine.embedded_files import (
    DATABASE,
    FAILURE_MARK,
    HOST,
    EngineFiles,
    EngineRecord,
    EngineStartError,
    FileLock,
)
from graph_api.engine.embedded_indexes import OWN_COMPACTION_OFF, Compaction, rebuild_once
from graph_api.engine.embedded_log import mend_log

_FULL_FLUSH = 2
_LOCK_WAIT_SECONDS = 5.0
_STOP_SECONDS = 10.0
_BOLT_HANDSHAKE = bytes.fromhex("6060b017" + "00000405" + "00000004" + "00000000" + "00000000")
# Bolt logs each failed statement with its values, people's names among them. The driver is told all of it anyway.
_LOGGING = """\
handlers = java.util.logging.ConsoleHandler, java.util.logging.FileHandler
.level = INFO
io.undertow.level = WARNING
org.xnio.level = WARNING
org.jboss.level = WARNING
com.arcadedb.bolt.BoltNetworkExecutor.level = OFF
java.util.logging.ConsoleHandler.level = SEVERE
java.util.logging.ConsoleHandler.formatter = com.arcadedb.log.LogFormatter
java.util.logging.FileHandler.level = INFO
java.util.logging.FileHandler.pattern = logs/arcadedb.log
java.util.logging.FileHandler.formatter = com.arcadedb.log.LogFormatter
java.util.logging.FileHandler.limit = 5000000
java.util.logging.FileHandler.count = 3
"""


def main() -> NoReturn:
    """Run the engine until its last user is gone. Ends the process itself, because Java's threads would keep it."""
    arguments = _parse_arguments()
    # Ignored before Java starts: then Java leaves them alone. Its own handler for SIGTERM can crash under Python, and
    # when a whole machine or service stops, the engine must outlive its users and end by itself after them.
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    os.umask(0o077)
    files = EngineFiles(arguments.data_dir)
    lock = FileLock(files.engine_lock)
    try:
        _take_engine_lock(files, lock)
        server, record = _start(files, arguments)
        files.write_record(record)
    except EngineStartError as error:
        _fail(str(error))
    except Exception as error:
        traceback.print_exc()
        _fail(f"{_in_words(error, files)} See its log: {files.log}")
    compaction = Compaction(_local_database(server))
    compaction.start()
    if not _wait_until_unused(files, lock, arguments.idle_grace, lambda: _has_given_up(server)):
        os._exit(1)  # its users start it again, and it reads its log
    compaction.stop(_STOP_SECONDS)
    _stop(server)
    if lock.is_at_path():
        files.record.unlink(missing_ok=True)
    os._exit(0)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--bolt-port", type=int)
    parser.add_argument("--preferred-bolt-port", type=int)
    parser.add_argument("--idle-grace", type=float, default=2.0)
    return parser.parse_args()


def _fail(message: str) -> NoReturn:
    # One line: the process that started this one looks for it in the log.
    sys.stderr.write(FAILURE_MARK + " ".join(message.split()) + "\n")
    sys.stderr.flush()
    os._exit(1)


def _take_engine_lock(files: EngineFiles, lock: FileLock) -> None:
    # A few tries: whoever asks whether an engine lives holds the lock for an instant.
    if not lock.lock(shared=False, deadline=time.monotonic() + _LOCK_WAIT_SECONDS):
        other = files.read_record()
        raise EngineStartError(
            f"Another engine{f' (process {other.pid})' if other else ''} already uses {files.root}. "
            "Use that one, or end it (kill -9 is safe) and try again."
        )
    lock.note(str(os.getpid()))


def _start(files: EngineFiles, arguments: argparse.Namespace) -> tuple[Any, EngineRecord]:
    engine_version = version("arcadedb-embedded")
    files.check_data_version(engine_version)
    bolt_port, http_port = _choose_ports(arguments.bolt_port, arguments.preferred_bolt_port)
    mend_log(files.database)
    os.chdir(files.root)  # ArcadeDB and Java write some files where they run
    _start_java(files, arguments.heap)
    server = _start_server(files, bolt_port, http_port)
    wal_flush = _open_database(server)
    rebuild_once(_local_database(server), files)
    _check_bolt(bolt_port)
    files.write_data_version(engine_version)
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    return server, EngineRecord(os.getpid(), bolt_port, started_at, engine_version, wal_flush)


def _choose_ports(fixed: int | None, preferred: int | None) -> tuple[int, int]:
    """A port for Bolt and one for HTTP, both free now. Both stay bound until both are chosen, so they differ."""
    with ExitStack() as held:
        bolt = held.enter_context(socket.socket())
        bolt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: old connections don't count
        try:
            bolt.bind((HOST, fixed or preferred or 0))
        except OSError as error:
            if fixed:
                raise EngineStartError(
                    f"Port {fixed} on {HOST}, set as the engine's Bolt port, can't be used: {error.strerror}. Stop the "
                    "program that uses it, set another port, or set none to have a free one chosen."
                ) from error
            bolt.bind((HOST, 0))
        http = held.enter_context(socket.socket())
        http.bind((HOST, 0))
        return int(bolt.getsockname()[1]), int(http.getsockname()[1])


def _start_java(files: EngineFiles, heap: str) -> None:
    for inherited in ("ARCADEDB_JVM_ARGS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"):
        os.environ.pop(inherited, None)  # meant for other programs, and could undo the settings below
    os.environ["ARCADEDB_JVM_ERROR_FILE"] = "logs/java_error_%p.log"
    logging = files.logs / "logging.properties"
    logging.write_text(_LOGGING, encoding="ascii")
    from arcadedb_embedded.jvm import start_jvm

    start_jvm(
        heap_size=heap,
        jvm_args=[
            # As Java properties: ArcadeDB doesn't heed these when they are given to its server alone.
            f"-Darcadedb.txWalFlush={_FULL_FLUSH}",
            # No limit to how many run at once: nothing ends a runaway statement, and a few would lock out all others.
            "-Darcadedb.queryMaxConcurrent=0",
            OWN_COMPACTION_OFF,
            "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",
            "-Darcadedb.server.logsDirectory=logs",
            "-Djava.util.logging.config.file=logs/logging.properties",
            "-Djava.net.preferIPv4Stack=true",
            "-XX:+ExitOnOutOfMemoryError",  # a clean crash, which is mended by a restart, not an engine half alive
            "-XX:-CreateCoredumpOnCrash",  # it would hold the data and the password
            "-XX:-UsePerfData",  # a file in /tmp
            *os.environ.get("EMBEDDED_ENGINE_JAVA", "").split(),  # as tests set it, whose engines live for minutes
        ],
    )


def _start_server(files: EngineFiles, bolt_port: int, http_port: int) -> Any:
    # The password file decides: the user is made anew from it, so one restored or lost doesn't lock us out.
    (files.root / "config" / "server-users.jsonl").unlink(missing_ok=True)
    from arcadedb_embedded import create_server

    server = create_server(
        str(files.root),
        root_password=files.read_password(),
        config={
            # Production mode conceals the text of errors from us, and logs it, values and all, in its place.
            "mode": "development",
            "host": HOST,
            "http_port": f"{http_port}-{min(http_port + 20, 65535)}",  # the next ones, should this be taken meanwhile
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": bolt_port,
            "bolt_defaultDatabase": DATABASE,
        },
    )
    server.start()
    # Nobody uses it, and ArcadeDB has no setting to leave it out.
    server._java_server.getHttpServer().stopService()
    return server


def _open_database(server: Any) -> int:
    """Open or make the database; return its log flush, which must be the full one."""
    from jpype import JClass

    database = server.create_database(DATABASE)
    setting = JClass("com.arcadedb.GlobalConfiguration").TX_WAL_FLUSH
    wal_flush = int(database._java_db.getConfiguration().getValueAsInteger(setting))
    if wal_flush != _FULL_FLUSH:
        raise EngineStartError(
            f"ArcadeDB runs with txWalFlush={wal_flush} instead of {_FULL_FLUSH}: an acknowledged write could be lost "
            "at a power cut. Remove arcadedb.txWalFlush from the database's own configuration."
        )
    return wal_flush


def _check_bolt(port: int) -> None:
    with socket.create_connection((HOST, port), timeout=5.0) as connection:
        connection.sendall(_BOLT_HANDSHAKE)
        if not any(connection.recv(4)):
            raise EngineStartError(f"What answers on port {port} does not speak Bolt: another program took the port. "
                                   "Try again.")  # fmt: skip


def _in_words(error: Exception, files: EngineFiles) -> str:
    """The whole chain of causes, Java's too, as one sentence a person can act on."""
    parts: list[str] = []
    cause: Any = error
    while cause is not None and len(parts) < 10:
        parts.append(str(cause))
        cause = getattr(cause, "__cause__", None)
    text = ": ".join(parts)
    if "locked by another process" in text:
        return (
            f"The database in {files.root / 'databases'} is open in another program, such as an ArcadeDB console or "
            "server. Close that and try again."
        )
    return f"The engine failed to start: {text}."


def _has_given_up(server: Any) -> bool:
    """Whether a commit is in the log and could not be shown: ArcadeDB refuses everything until it is opened anew."""
    return bool(_local_database(server).isFencedForRecovery())


def _local_database(server: Any) -> Any:
    """ArcadeDB's LocalDatabase."""
    return server._java_server.getDatabase(DATABASE).getEmbedded()


def _wait_until_unused(files: EngineFiles, lock: FileLock, grace: float, has_given_up: Callable[[], bool]) -> bool:
    """True with the users lock held, once there was no user for `grace` seconds, or the directory is gone.

    False as soon as the engine has given up.
    """
    users = FileLock(files.users_lock)
    interval = min(1.0, max(0.1, grace / 2))
    unused_since: float | None = None
    while lock.is_at_path():
        if users.try_lock(shared=False):
            now = time.monotonic()
            unused_since = now if unused_since is None else unused_since
            if now - unused_since >= grace:
                return True
            users.unlock()
        else:
            unused_since = None
            if has_given_up():
                return False
        time.sleep(interval)
    return True


def _stop(server: Any) -> None:
    # Bounded: a statement that runs away can't be stopped, and ending hard is safe, only slower to start after.
    stopping = threading.Thread(target=server.stop, daemon=True)
    stopping.start()
    stopping.join(_STOP_SECONDS)


if __name__ == "__main__":
    main()
