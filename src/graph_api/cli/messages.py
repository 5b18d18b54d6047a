"""`graph-api messages`: what is done to secure messages as a whole; nobody reads them by commands."""

from typing import TYPE_CHECKING, Annotated

import typer

from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError, CommandGroup
from graph_api.config import Settings
from graph_api.kernel.ids import is_id

if TYPE_CHECKING:
    from graph_api.acting.messages.erasing import Erasing
    from graph_api.engine.bolt import Database

app = typer.Typer(cls=CommandGroup, help="Secure messages: erase them for good.", no_args_is_help=True)


@app.callback()
def messages() -> None:
    """One command so far, which keeps its name."""


@app.command()
def erase(
    practice: Annotated[str, typer.Option(help="The practice's slug.")],
    client: Annotated[str | None, typer.Option(help="The client's id: all of their threads.")] = None,
    thread: Annotated[str | None, typer.Option(help="One thread's id.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase them. Otherwise the command only says what would happen.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Destroy the keys of a client's threads, or of one, so that nobody can read their messages any more.

    The record of who wrote, and when, stays, and so does the audit log. Backups made before still hold the keys.
    """
    from graph_api.cli.database import with_database
    from graph_api.keys.files import Key

    if (client is None) == (thread is None):
        raise CommandError("Name either --client ID or --thread ID.")
    kind, wanted = ("thread", thread) if client is None else ("person", client)
    if not is_id(kind, wanted or ""):
        raise CommandError(f"{'--thread' if client is None else '--client'} is not the id of a {kind}.")
    settings = load_settings(data_dir)
    if not yes:
        raise CommandError("This erases messages for good. Nobody can bring them back. Add --yes to do it.")

    async def work(database: "Database") -> int | None:
        erasing = await _erasing(settings, database, practice)
        return await (erasing.thread(wanted or "") if client is None else erasing.client(wanted or ""))

    erased = with_database(settings, work, [Key.AUDIT])
    if erased is None:
        raise CommandError(f"The practice has no {'thread' if client is None else 'client'} with this id.")
    say(f"{erased} {'thread' if erased == 1 else 'threads'} erased.")


async def _erasing(settings: Settings, database: "Database", slug: str) -> "Erasing":
    from graph_api.acting.messages.erasing import Erasing
    from graph_api.audit.model import Actor
    from graph_api.cli.database import require_practice
    from graph_api.cli.tokens import login_name
    from graph_api.kernel.caller import ViewerRole
    from graph_api.kernel.graph import graph_of
    from graph_api.opening import make_auditor

    practice = await require_practice(database, slug)
    return Erasing(graph_of(database, practice), make_auditor(settings), Actor(login_name(), ViewerRole.ADMIN.value))
