"""`graph-api practice`: make practices and list them."""

import json
import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import available_timezones

import typer
from rich.console import Console
from rich.table import Table

from graph_api.cli.options import DataDir, load_settings, say
from graph_api.cli.problems import CommandError, CommandGroup
from graph_api.kernel.caller import Practice
from graph_api.kernel.errors import Refused
from graph_api.kernel.ids import new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import clean_text

SLUG = re.compile(r"[a-z0-9-]{1,63}")

app = typer.Typer(cls=CommandGroup, help="Make practices and list them.", no_args_is_help=True)


@app.command()
def create(
    slug: Annotated[str, typer.Argument(help="Its short name in tokens: a-z, 0-9 and -.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    time_zone: Annotated[
        str, typer.Option(help="The time zone in which its days begin and end, such as Europe/London.")
    ],
    region: Annotated[
        str, typer.Option(help="The country by which its phone numbers are read, in ISO 3166-1, such as GB.")
    ],
    data_dir: DataDir = None,
) -> None:
    """Make a practice."""
    practice = Practice(new_id("practice"), _slug(slug), _name(name), _time_zone(time_zone), _region(region))
    settings = load_settings(data_dir)
    from graph_api.cli.database import with_database
    from graph_api.practices.graph import Practices

    made = with_database(settings, lambda db: Practices(db).create(practice, datetime.now(UTC)))
    if not made:
        raise CommandError("A practice already has this slug. Choose another. See `graph-api practice list`.")
    say(f"Made practice {practice.slug}. `graph-api token --practice {practice.slug} --role staff` signs in.")


@app.command("list")
def list_practices(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False, data_dir: DataDir = None
) -> None:
    """List the practices."""
    settings = load_settings(data_dir)
    from graph_api.cli.database import with_database
    from graph_api.practices.graph import Practices

    practices = with_database(settings, lambda db: Practices(db).list())
    if as_json:
        typer.echo(json.dumps([_as_json(practice) for practice in practices], ensure_ascii=False, indent=2))
        return
    table = Table("slug", "name", "time zone", "region")
    for practice in practices:
        table.add_row(practice.slug, practice.name, practice.time_zone, practice.region)
    Console(highlight=False, markup=False).print(table)


def _as_json(practice: Practice) -> dict[str, str]:
    return {
        "id": practice.id,
        "slug": practice.slug,
        "name": practice.name,
        "timeZone": practice.time_zone,
        "region": practice.region,
    }


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise typer.BadParameter("1 to 63 of a-z, 0-9 and -.", param_hint="SLUG")
    return value


def _name(value: str) -> str:
    problems = Problems()
    cleaned = clean_text(value, problems, "name", "name")
    try:
        problems.refuse()
    except Refused as refusal:
        raise typer.BadParameter(refusal.errors[0].message, param_hint="--name") from None
    return cleaned or ""


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise typer.BadParameter(
            "not a time zone of the IANA database, such as Europe/London.", param_hint="--time-zone"
        )
    return value


def _region(value: str) -> str:
    import phonenumbers

    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise typer.BadParameter("not a country's two letters, such as GB.", param_hint="--region")
    return value.upper()
