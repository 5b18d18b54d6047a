"""`graph-api demo`: two practices to look at, and GraphiQL signed in. Only ever on loopback."""

import asyncio
import contextlib
import socket
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer
from rich.panel import Panel

from graph_api.cli.holding_keys import check_keys, holding_keys
from graph_api.cli.options import DataDir, load_settings, say, stderr
from graph_api.cli.problems import CommandError
from graph_api.cli.serving import Port, address_of, bind, held_engine, listen, server_options
from graph_api.cli.tokens import refuse_outside_issuer
from graph_api.config import Settings

if TYPE_CHECKING:
    from graph_api.engine.bolt import Database
    from graph_api.exchange.commands import ImportReport, ImportService
    from graph_api.http.graphiql import DemoSession

HOST = "127.0.0.1"


def demo(
    port: Port = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open GraphiQL in the browser.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Serve two demo practices at 127.0.0.1, with GraphiQL signed in to them, until Ctrl-C.

    The page holds tokens for both practices and for one portal account: anyone on this machine who can open it acts
    as their staff, or as this account.
    """
    settings = load_settings(data_dir)
    refuse_outside_issuer(settings, "the demo's tokens")
    check_keys(settings)
    with (
        holding_keys(settings),
        bind(HOST, port) as listener,
        held_engine(settings),
        contextlib.suppress(KeyboardInterrupt),
    ):
        url = f"{address_of(listener, HOST)}/"
        asyncio.run(_serve(settings, listener, url, open_browser))


async def _serve(settings: Settings, listener: socket.socket, url: str, open_browser: bool) -> None:
    import uvicorn

    from graph_api.bootstrap import Server
    from graph_api.custody.known import keys_of_server
    from graph_api.logs import configure_logs
    from graph_api.opening import open_database, ready_database

    configure_logs()
    async with ready_database(settings, keys_of_server(settings)) as seeding:
        session = await _session(settings, seeding)
    database = open_database(settings)
    try:
        await database.open()
        # No other origin may read a page that holds tokens, whatever the settings say of the API.
        address = url.rstrip("/")
        own = {
            "cors_origins": (),
            "on_loopback": True,
            "portal_url": settings.portal_url or address,
            "public_url": settings.public_url or address,
        }
        app = Server(settings.model_copy(update=own), database, demo=session).app
        listen(listener)
        _announce(url, open_browser)
        await uvicorn.Server(uvicorn.Config(app, **server_options())).serve(sockets=[listener])
    finally:
        await database.close()


async def _session(settings: Settings, database: "Database") -> "DemoSession":
    """The demo's practices made, and who the page is signed in as."""
    from graph_api.demo.seeding import NotTheDemo, seed_practices
    from graph_api.demo.session import demo_services, demo_session, entrance
    from graph_api.opening import make_auditor

    auditor = make_auditor(settings)
    services = demo_services(settings, database, auditor)
    try:
        practices = await seed_practices(database, services, auditor, entrance(settings, services), _import_royal92)
    except NotTheDemo as error:
        raise CommandError(str(error)) from None
    return await demo_session(settings, services, practices)


async def _import_royal92(service: "ImportService") -> "ImportReport":
    from graph_api.cli.csv_files import read_import_files
    from graph_api.cli.importing import with_progress
    from graph_api.demo.session import ROYAL92_DATA
    from graph_api.exchange.rows import ImportFile

    say("Making the demo's practices. The next start will find them.")
    files = read_import_files(ROYAL92_DATA / "people.csv", ROYAL92_DATA / "contacts.csv")
    totals = {ImportFile.PEOPLE: len(files.people), ImportFile.CONTACTS: len(files.contacts)}
    return await with_progress(totals, lambda told: service.run(files.people, files.contacts, told))


def _announce(url: str, open_browser: bool) -> None:
    lines = (
        f"GraphiQL, signed in as demo staff: {url}",
        f"The API: {url}graphql",
        "Mail, including invitations, is written to the folder mail in the data directory, texts to sms.",
        "Press Ctrl-C to stop. The next start finds the data again.",
    )
    stderr().print(Panel("\n".join(lines), title="graph-api demo", expand=False))
    if open_browser:
        webbrowser.open(url)
