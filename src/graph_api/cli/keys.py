"""`graph-api keys`: what they protect and whether they are the right ones; replacing one on purpose."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from graph_api.cli.masters import drop, master_state, rewrap, rotate, show_masters
from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError, CommandGroup
from graph_api.keys.files import KEY_FILES, Key
from graph_api.keys.secrets import serving

if TYPE_CHECKING:
    from graph_api.custody.checks import KeyReport
    from graph_api.custody.known_masters import MasterReport
    from graph_api.engine.bolt import Database

app = typer.Typer(cls=CommandGroup, help="The installation's secrets: list and replace them.", no_args_is_help=True)
app.command()(rotate)
app.command()(rewrap)
app.command()(drop)


@app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False, data_dir: DataDir = None
) -> None:
    """List the keys: each one's file, what it protects, and whether it matches the data. No key is shown.

    Of message keys there may be several. Each is listed with how many threads it wraps.

    The exit code is 1 if one does not match.
    """
    from graph_api.cli.database import with_database
    from graph_api.custody.checks import place_of
    from graph_api.custody.known import KnownKeys, keys_of_server
    from graph_api.custody.known_masters import KnownMasters

    settings = load_settings(data_dir)

    async def work(database: "Database") -> tuple[list["KeyReport"], list["MasterReport"]]:
        known = KnownKeys(settings, database)
        masters = KnownMasters(place_of(settings, Key.MESSAGES), database)
        return [await known.report(key) for key in keys_of_server(settings)], await masters.all()

    reports, masters = with_database(settings, work)
    if as_json:
        typer.echo(json.dumps([_as_json(report, masters) for report in reports], indent=2))
    else:
        name = Column("name", no_wrap=True, min_width=max(len(key.value) for key in Key))
        table = Table(name, *(Column(title, overflow="fold") for title in ("file", "protects", "")))
        for report in reports:
            table.add_row(
                report.place.file.key.value, str(report.place.path), report.place.file.protects, report.state.value
            )
        Console(highlight=False, markup=False).print(table)
        show_masters(masters)
        for report in reports:
            if report.mend:
                say(report.mend)
    if not all(report.is_right for report in reports):
        raise typer.Exit(1)


def _as_json(report: "KeyReport", masters: "list[MasterReport]") -> dict[str, object]:
    row: dict[str, object] = {
        "name": report.place.file.key.value,
        "file": str(report.place.path),
        "protects": report.place.file.protects,
        "ok": report.is_right,
        "state": report.state.value,
        "mend": report.mend or None,
    }
    if report.place.file.is_ring:
        row["keys"] = [
            {"id": one.id, "first": one.is_first, "threads": one.threads, "state": master_state(one)} for one in masters
        ]
    return row


@app.command()
def replace(
    name: Annotated[Key, typer.Argument(help="The key's name, as `graph-api keys list` shows it.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Replace it. Otherwise the command only says what would happen.")
    ] = False,
    lost: Annotated[bool, typer.Option("--lost", help="Nobody has the former key any more.")] = False,
    former: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Where the former audit key is, if it is shared.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Replace a key by a new one. Stop all servers first, on every machine.

    If a setting names the key's file, put the new key there first. The command then records it with the data.
    """
    from graph_api.cli.database import with_database
    from graph_api.cli.tokens import login_name

    settings = load_settings(data_dir)
    file = KEY_FILES[name]
    if file.is_ring:
        raise CommandError(f"{file.name} holds several keys. `graph-api keys rotate`, `rewrap` and `drop` change them.")
    if not yes:
        raise CommandError(f"This replaces {file.name}. {file.after_replacing} Add --yes to do it.")
    with serving(settings.data_dir, alone=True) as is_free:
        if not is_free:
            raise CommandError("A server is running on this data directory and holds the former key. Stop it first.")

        async def work(database: "Database") -> None:
            from graph_api.custody.replacing import Replacing

            await Replacing(settings, database, login_name(), lost, former, say).run(name)

        with_database(settings, work)
    say(f"Replaced {file.name}. {file.after_replacing}")
