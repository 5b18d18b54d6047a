"""`graph-api mail`: send waiting mail."""

from typing import TYPE_CHECKING

import typer

from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandGroup

if TYPE_CHECKING:
    from graph_api.engine.bolt import Database
    from graph_api.mail.sending import SendReport

app = typer.Typer(cls=CommandGroup, help="Send waiting mail. Servers do it by themselves.", no_args_is_help=True)


@app.callback()
def mail() -> None:
    """One command so far, which keeps its name."""


@app.command()
def send(data_dir: DataDir = None) -> None:
    """Send all due mail of every practice once. The exit code is 1 if some could not be sent."""
    settings = load_settings(data_dir)
    from graph_api.cli.database import with_database
    from graph_api.keys.files import Key
    from graph_api.services import mail_sender

    async def once(database: "Database") -> "SendReport":
        return await mail_sender(settings, database).send_due()

    report = with_database(settings, once, [Key.SECRET])
    told = (
        f"{report.sent} sent",
        *([f"{report.dropped} dropped because they were out of date"] if report.dropped else []),
        *([f"{report.postponed} to be tried again"] if report.postponed else []),
        *([f"{report.given_up} given up"] if report.given_up else []),
    )
    say(f"{', '.join(told)}.")
    if report.postponed or report.given_up:
        raise typer.Exit(1)
