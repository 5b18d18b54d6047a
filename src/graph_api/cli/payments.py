"""`graph-api payments`: whether what is kept of charges and payments fits together."""

from typing import TYPE_CHECKING, Annotated

import typer

from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError, CommandGroup

if TYPE_CHECKING:
    from graph_api.engine.bolt import Database

app = typer.Typer(cls=CommandGroup, help="Charges and payments: check that they fit together.", no_args_is_help=True)


@app.callback()
def payments() -> None:
    """One command so far, which keeps its name."""


@app.command()
def check(
    practice: Annotated[str, typer.Option(help="The practice's slug.")],
    data_dir: DataDir = None,
) -> None:
    """Work out every balance of a practice anew, and name the first difference. Ids and amounts are told, and no words.

    Servers may go on meanwhile. Each client is locked while their ledger is looked through.
    """
    from graph_api.acting.payments.checking import Checking
    from graph_api.cli.database import require_practice, with_database
    from graph_api.kernel.graph import graph_of

    async def work(database: "Database") -> tuple[int, int]:
        clients = entries = 0
        async for one in Checking(graph_of(database, await require_practice(database, practice))).clients():
            if one.difference is not None:
                raise CommandError(f"Client {one.client_id}: {one.difference.text}")
            clients, entries = clients + 1, entries + one.entries
        return clients, entries

    clients, entries = with_database(load_settings(data_dir), work)
    say(f"{clients} {'ledger' if clients == 1 else 'ledgers'} with {entries} entries: all fits together.")
