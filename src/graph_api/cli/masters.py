"""`graph-api keys rotate | rewrap | drop`: the masters that wrap the keys of secure messages."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError
from graph_api.config import Settings

if TYPE_CHECKING:
    from graph_api.acting.messages.rewrapping import RewrapReport
    from graph_api.custody.changing_masters import ChangingMasters
    from graph_api.custody.known_masters import MasterReport
    from graph_api.engine.bolt import Database

MOST_NAMED = 20
"""Threads whose keys can't be unwrapped, of those that are named."""

MasterId = Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `graph-api keys list` shows it.")]


def rotate(data_dir: DataDir = None) -> None:
    """Put a new message key first: new threads use it from now on. Earlier ones stay readable.

    Servers may run, and notice it by themselves. Back up the file afterwards. `keys rewrap` moves earlier threads to
    the new key, and `keys drop` takes the former one out.
    """
    from graph_api.cli.database import with_database
    from graph_api.custody.checks import place_of
    from graph_api.keys.files import Key

    settings = load_settings(data_dir)

    async def work(database: "Database") -> str:
        return await _changing(settings, database).rotate()

    master_id = with_database(settings, work)
    path = place_of(settings, Key.MESSAGES).path
    say(f"New threads use {master_id}. Back up {path} now, and copy it to every machine that has a copy of its own.")


def rewrap(data_dir: DataDir = None) -> None:
    """Move all threads to the first message key. You can stop this and run it again, while servers run.

    The exit code is 1 if the key of a thread can't be unwrapped.
    """
    from graph_api.cli.database import with_database
    from graph_api.keys.files import Key

    settings = load_settings(data_dir)

    async def work(database: "Database") -> "RewrapReport":
        from graph_api.acting.messages.graph.wrapped_keys import WrappedKeys
        from graph_api.acting.messages.rewrapping import rewrap as rewrap_all
        from graph_api.custody.masters_in_use import message_keys

        return await rewrap_all(WrappedKeys(database), message_keys(settings))

    report = with_database(settings, work, [Key.MESSAGES])
    say(f"{report.rewrapped} threads moved to the first key.")
    if report.unreadable:
        for thread_id in sorted(report.unreadable)[:MOST_NAMED]:
            typer.echo(thread_id)
        say(f"The keys of {len(report.unreadable)} threads can't be unwrapped. Nobody can read their messages.")
        raise typer.Exit(1)


def drop(
    master_id: MasterId,
    yes: Annotated[
        bool, typer.Option("--yes", help="Drop it. Otherwise the command only says what would happen.")
    ] = False,
    lost: Annotated[
        bool, typer.Option("--lost", help="Nobody has the key any more. What was written under it can't be read.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Take a message key out of the file, for good. Refused while a thread needs it."""
    from graph_api.cli.database import with_database

    settings = load_settings(data_dir)
    if not yes:
        kept = "Database backups from the time when threads used it can't be read without it."
        raise CommandError(f"This drops a message key for good. {kept} Add --yes to do it.")

    async def work(database: "Database") -> str:
        from graph_api.custody.changing_masters import MastersError

        changing = _changing(settings, database)
        try:
            if lost:
                threads = await changing.give_up(master_id)
                return f"Gave up {master_id}. The messages of {threads} threads can't be read."
            await changing.drop(master_id)
        except MastersError as error:
            raise CommandError(str(error)) from None
        return f"Dropped {master_id}. Copy the file to every machine that has a copy of its own."

    say(with_database(settings, work))


def _changing(settings: Settings, database: "Database") -> "ChangingMasters":
    from graph_api.cli.tokens import login_name
    from graph_api.custody.changing_masters import ChangingMasters

    return ChangingMasters(settings, database, login_name(), say)


def show_masters(masters: "list[MasterReport]") -> None:
    """A table of them; nothing where there are none yet."""
    if not masters:
        return
    table = Table(Column("message key", no_wrap=True), "threads", "")
    for master in masters:
        table.add_row(master.id, str(master.threads), master_state(master))
    Console(highlight=False, markup=False).print(table)


def master_state(master: "MasterReport") -> str:
    """What is to be said of one."""
    if master.is_first:
        return "first: new threads use it"
    if master.is_here:
        return "needed" if master.threads else "not needed"
    return "given up" if master.is_lost else "not in the file"
