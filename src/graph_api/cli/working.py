"""`graph-api worker`: mails, reminders and sweeping, in a process of its own."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from graph_api.cli.options import DataDir, load_settings, say

if TYPE_CHECKING:
    from graph_api.engine.bolt import Database


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Send mails and reminders until Ctrl-C. Servers do it by themselves, unless they run with --no-worker."""
    settings = load_settings(data_dir)
    from graph_api.cli.database import with_database
    from graph_api.keys.files import Key
    from graph_api.logs import configure_logs
    from graph_api.opening import make_auditor
    from graph_api.working import Working

    configure_logs()

    async def work(database: "Database") -> None:
        working = Working(settings, database, make_auditor(settings))
        if once:
            await working.once()
            return
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        say("Working (Ctrl-C ends it).")
        await working.until(ended)

    with_database(settings, work, [Key.SECRET, Key.AUDIT])
