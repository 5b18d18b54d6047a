"""`graph-api serve`: the API over HTTP, by one process or several that share a port."""

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph_api.cli.holding_keys import check_keys, holding_keys
from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError, explain
from graph_api.config import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

GRACEFUL_SHUTDOWN = 3
BACKLOG = 2_048
WORKER_ANSWERS_WITHIN = 15
"""Seconds; a worker of a busy machine may be slow without being hung."""
MAX_WORKERS = 64
_ENDS_WITHIN = 10.0

Port = Annotated[int, typer.Option(min=0, max=65_535, help="0 picks a free port.")]


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=MAX_WORKERS, help="Processes that share the work.")] = 1,
    operations: Annotated[
        Path | None, typer.Option(help="Registered operations as JSON: texts by their sha256, or Apollo's manifest.")
    ] = None,
    only_operations: Annotated[
        bool, typer.Option("--only-operations", help="Answer only registered operations.")
    ] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Send no mails and reminders; `graph-api worker` does it.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Serve the API until Ctrl-C."""
    settings = _with_operations(load_settings(data_dir), operations, only_operations)
    settings = settings.model_copy(update={"worker": settings.worker and not no_worker})
    check_keys(settings)
    check_operations(settings)
    with holding_keys(settings), bind(host, port) as listener, held_engine(settings):
        _migrate(settings)
        on_loopback = is_on_loopback(listener)
        if not on_loopback:
            _warn_of_others(settings)
        settings = settings.model_copy(update={"on_loopback": on_loopback})
        settings = _with_portal(settings, address_of(listener, host))
        if not settings.portal_open:
            say("Nobody can sign in to the portal without GRAPH_API_SMTP_URL: codes would only be written to files.")
        _tell_workers(settings)
        listen(listener)
        say(f"Serving {address_of(listener, host)}/graphql (Ctrl-C ends it).")
        with contextlib.suppress(KeyboardInterrupt):
            _run(listener, workers)


def _warn_of_others(settings: Settings) -> None:
    """What whoever listens beyond loopback should know."""
    say("Others can reach this address, and tokens travel unencrypted. Put a proxy with TLS in front.")
    if not settings.trusted_proxies:
        say(
            "GRAPH_API_TRUSTED_PROXIES names no proxy. Behind an unnamed proxy all callers count as one, so a stranger "
            "who tries too often to sign in shuts everybody out."
        )
    if settings.graphiql is None:
        say("GraphiQL is off here, because others could open it. GRAPH_API_GRAPHIQL=true turns it on.")


def _with_operations(settings: Settings, operations: Path | None, only: bool) -> Settings:
    """The settings, with what the command line says of registered operations.

    Raises:
        CommandError: only registered operations are to be answered, and there are none.
    """
    path = settings.operations if operations is None else operations.absolute()
    only = only or settings.only_operations
    if only and path is None:
        raise CommandError("--only-operations needs --operations FILE. Otherwise nothing would be answered.")
    return settings.model_copy(update={"operations": path, "only_operations": only})


def _with_portal(settings: Settings, address: str) -> Settings:
    """The settings, with where links and calendar feeds lead: this server, where nobody else can reach it."""
    if settings.on_loopback:
        own = {"portal_url": settings.portal_url or address, "public_url": settings.public_url or address}
        return settings.model_copy(update=own)
    if settings.portal_url is None and settings.mail_server is not None:
        say("Set GRAPH_API_PORTAL_URL to the address of the portal. Until then links in mail lead nowhere.")
    return settings


def _tell_workers(settings: Settings) -> None:
    """Workers read the environment."""
    os.environ["GRAPH_API_DATA_DIR"] = str(settings.data_dir)
    os.environ["GRAPH_API_WORKER"] = str(settings.worker).lower()
    os.environ["GRAPH_API_ON_LOOPBACK"] = str(settings.on_loopback).lower()
    if settings.portal_url is not None:
        os.environ["GRAPH_API_PORTAL_URL"] = settings.portal_url
    if settings.public_url is not None:
        os.environ["GRAPH_API_PUBLIC_URL"] = settings.public_url
    if settings.operations is not None:
        os.environ["GRAPH_API_OPERATIONS"] = str(settings.operations)
        os.environ["GRAPH_API_ONLY_OPERATIONS"] = str(settings.only_operations).lower()


def server_options() -> dict[str, Any]:
    """How uvicorn is run, by `serve` and the demo alike: our own logs, no headers that tell of us, no WebSocket."""
    return {
        "http": "graph_api.http.connections:BoundedProtocol",
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": False,
        "ws": "none",
        "timeout_graceful_shutdown": GRACEFUL_SHUTDOWN,
    }


def create_app() -> "Starlette":
    """A worker's application."""
    from graph_api.bootstrap import create_worker_app

    _end_with_parent()
    return create_worker_app()


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address; nobody is answered before a server listens on it.

    Raises:
        CommandError: the address can't be had.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError):
        raise CommandError("--host is not an address of this machine. Try 127.0.0.1.") from None
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio turns Nagle off only then
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise _in_use((host, port), error) from None
    listener.set_inheritable(True)
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """Where a browser finds it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def is_on_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ip_address(listener.getsockname()[0]).is_loopback


def listen(listener: socket.socket) -> None:
    """Take connections from here on; they wait until a worker is ready.

    Raises:
        CommandError: another process, started at the same time, was faster.
    """
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        raise _in_use(listener.getsockname(), error) from None


def _in_use(address: Any, error: OSError) -> CommandError:
    reason = (error.strerror or str(error)).lower()
    return CommandError(f"Port {address[1]} at {address[0]} can't be used ({reason}). Choose another with --port.")


@contextlib.contextmanager
def held_engine(settings: Settings) -> Iterator[None]:
    """Hold the embedded engine, where that is the database: workers come and go, it stays.

    Raises:
        EngineStartError: it can't be started; the message says how to mend it.
    """
    from graph_api.engine.embedded import EmbeddedEngine

    if not settings.embedded:
        yield
        return
    engine = EmbeddedEngine(
        settings.data_dir,
        heap=settings.engine_heap,
        bolt_port=settings.engine_port,
        start_timeout=settings.engine_start_timeout,
    )
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(engine.acquire)
        import graph_api.bootstrap  # noqa: F401 - it takes a second, which the engine takes too

        starting.result()
    try:
        yield
    finally:
        engine.release()


def check_operations(settings: Settings) -> None:
    """See that the registered operations, if any, can be executed.

    Raises:
        SettingsFileError: no worker could serve.
    """
    if settings.operations is not None:
        from graph_api.bootstrap import make_executor

        make_executor(settings)


def _migrate(settings: Settings) -> None:
    """Once, before workers start. A Neo4j that does not answer yet is left to them.

    Raises:
        MigrationError, Neo4jError: no worker could serve.
    """
    from graph_api.cli.database import with_database
    from graph_api.custody.known import keys_of_server
    from graph_api.logs import configure_logs

    configure_logs()
    try:
        with_database(settings, _nothing, keys_of_server(settings))
    except Exception as error:
        if settings.embedded or not _may_pass(error):
            raise
        say(f"{explain(error)} The server starts anyway and answers once the database does.")


async def _nothing(_: object) -> None:
    """Opening the database was all."""


def _may_pass(error: Exception) -> bool:
    """Whether the database may answer later without anything being changed here."""
    from neo4j.exceptions import ServiceUnavailable, SessionExpired, TransientError

    from graph_api.engine.errors import OutOfOrder, Unavailable

    if isinstance(error, OutOfOrder):
        return False
    return isinstance(error, ServiceUnavailable | SessionExpired | TransientError | Unavailable | TimeoutError)


def _run(listener: socket.socket, workers: int) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        "graph_api.cli.serving:create_app",
        factory=True,
        workers=workers,
        timeout_worker_healthcheck=WORKER_ANSWERS_WITHIN,
        **server_options(),
    )
    if workers == 1:
        uvicorn.Server(config).run(sockets=[listener])
    else:
        Multiprocess(config, sockets=[listener]).run()


def _end_with_parent() -> None:
    """A worker whose parent was killed ends too: it would hold the port and the engine for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_ENDS_WITHIN)
        sys.stderr.flush()
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
