"""`graph-api remind`: what reminders are due, and whether they can be sent."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError, CommandGroup

if TYPE_CHECKING:
    from graph_api.acting.reminders.model import Due
    from graph_api.engine.bolt import Database

app = typer.Typer(
    cls=CommandGroup, help="Reminders of appointments. Servers send them by themselves.", no_args_is_help=True
)
MOST_LISTED = 1_000
MOST_HOURS = 366 * 24
"""That are looked ahead."""
PracticeSlug = Annotated[str, typer.Option("--practice", help="The practice's slug.")]


@app.command()
def due(
    within: Annotated[
        int, typer.Option(min=0, max=MOST_HOURS, metavar="HOURS", help="List what is looked at in so many hours, too.")
    ] = 0,
    data_dir: DataDir = None,
) -> None:
    """List reminders that a worker is to look at, the longest waiting first.

    A worker looks fourteen hours before a reminder is due, because quiet hours can move it forward. Nobody's name or
    address is in the list.
    """
    settings = load_settings(data_dir)
    from graph_api.acting.reminders.graph.sending import DueItem, Dues
    from graph_api.cli.database import with_database

    async def listed(database: "Database") -> list[tuple[str, DueItem]]:
        dues = Dues(database)
        found = await dues.due(datetime.now(UTC) + timedelta(hours=within), MOST_LISTED)
        practices = await dues.practices(sorted({item.practice_id for item in found}))
        return [(practices[item.practice_id].slug, item) for item in found if item.practice_id in practices]

    found = with_database(settings, listed)
    for slug, item in found:
        typer.echo(f"{slug}  {_line(item.due)}")
    if within:
        typer.echo(f"{len(found) or 'Nothing'} to look at within {within} h.")
    else:
        typer.echo(f"{len(found)} due." if found else "Nothing is due.")


def _line(due: "Due") -> str:
    """One appointment and one rule, told by how long before the start it reminds."""
    starts, at = (moment.isoformat(timespec="minutes") for moment in (due.starts_at, due.due_at))
    hours, minutes = divmod(int((due.starts_at - due.due_at).total_seconds()) // 60, 60)
    before = f"{hours} h before" if not minutes else f"{hours} h {minutes} min before"
    return f"{due.appointment_id}  starts {starts}  due {at}, {before}"


@app.command()
def plan(practice: PracticeSlug, data_dir: DataDir = None) -> None:
    """Replan a practice's upcoming appointments by its current rules."""
    settings = load_settings(data_dir)
    from graph_api.acting.reminders.graph.planning import Plannings
    from graph_api.acting.reminders.graph.writes import ReminderWrites
    from graph_api.acting.reminders.planning_again import PlanningAgain
    from graph_api.cli.database import require_practice, with_database
    from graph_api.kernel.stamps import utc_now
    from graph_api.kernel.transaction import Transaction

    async def planned(database: "Database") -> int:
        found = await require_practice(database, practice)

        async def again(tx: Transaction) -> None:
            await tx[ReminderWrites].plan_again(utc_now())

        await Plannings(database).graph(found, utc_now).write(again)
        return await PlanningAgain(Plannings(database), utc_now).plan_due()

    typer.echo(f"{with_database(settings, planned)} appointments planned.")


@app.command("test")
def trial(
    practice: PracticeSlug,
    to: Annotated[str, typer.Option(help="The e-mail address that gets it.")],
    data_dir: DataDir = None,
) -> None:
    """Send one reminder of an appointment that does not exist, to see whether mail arrives."""
    settings = load_settings(data_dir)
    from graph_api.acting.reminders.letters import trial_letter
    from graph_api.cli.database import require_practice, with_database
    from graph_api.mail.model import LetterDeferred, LetterRefused, TransportDown
    from graph_api.people.contact_points import normalise_email
    from graph_api.services import mail_transport

    address = normalise_email(to)
    if address is None:
        raise typer.BadParameter("not an e-mail address.", param_hint="--to")

    async def sent(database: "Database") -> None:
        found = await require_practice(database, practice)
        try:
            await mail_transport(settings).send(trial_letter(address, found.name, datetime.now(UTC), found.time_zone))
        except (LetterRefused, LetterDeferred) as error:
            raise CommandError(f"The mail server does not take it: {error.problem.value}.") from None
        except TransportDown as error:
            raise CommandError(f"It can't be sent: {error}.") from None

    with_database(settings, sent)
    say("Handed over." if settings.mail_server is not None else f"Written to {settings.mail_directory}.")
