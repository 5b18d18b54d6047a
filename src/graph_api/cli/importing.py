"""`graph-api import`: people and contacts from two CSV files."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph_api.cli.options import DataDir, load_settings, say, stderr
from graph_api.cli.problems import CommandError
from graph_api.people.external_ids import system_name
from graph_api.people.model import DEFAULT_EXTERNAL_SYSTEM

if TYPE_CHECKING:
    from graph_api.cli.csv_files import ImportFiles
    from graph_api.config import Settings
    from graph_api.exchange.commands import ImportReport
    from graph_api.exchange.rows import ImportFile, ImportSource

BATCH_TIMEOUT = 120.0
"""Seconds for one batch; a request's deadline is too short for a thousand rows on a busy machine."""
MAX_ALIKE_SHOWN = 20

CsvFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, show_default=False)]


def import_files(
    people: CsvFile,
    contacts: CsvFile,
    practice: Annotated[str, typer.Option(help="The practice's slug.")],
    system: Annotated[
        str, typer.Option(help="The system that the ids come from. The same id in another system is another person.")
    ] = DEFAULT_EXTERNAL_SYSTEM,
    historic: Annotated[bool, typer.Option("--historic", help="Accept birth dates before 1900.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Import people and their contacts from PEOPLE and CONTACTS, two CSV files.

    PEOPLE has the columns id, given_name, family_name, sex and birth_date, and may have preferred_name, email and phone
    (several separated by a semicolon). CONTACTS has client_id, contact_id and relationship (a code of
    relationshipTypes: what the contact is to the client), and may have relationship_label.

    You can run it again: people are known by their id, people who are already there stay as they are, and a contact
    that was removed is not added again. A row is refused if its id belongs to a person whom neither its name nor its
    birth date fits, and so is every contact row that depends on it. Each refused row is listed, and the exit code is
    then 1.
    """
    from graph_api.cli.csv_files import read_import_files
    from graph_api.exchange.rows import ImportFile, ImportSource

    source = ImportSource(_system(system), historic)
    settings = load_settings(data_dir)
    files = read_import_files(people, contacts)
    report = _imported(settings, practice, source, files)
    report.refused = sorted(
        (*files.refused, *report.refused), key=lambda row: (row.file is ImportFile.CONTACTS, row.line)
    )
    _show(report, {ImportFile.PEOPLE: people, ImportFile.CONTACTS: contacts})
    if report.refused:
        raise typer.Exit(1)


def _imported(settings: "Settings", slug: str, source: "ImportSource", files: "ImportFiles") -> "ImportReport":
    """What came of a practice's files."""
    from graph_api.cli.database import require_practice, with_database
    from graph_api.engine.bolt import Database
    from graph_api.exchange.rows import ImportFile
    from graph_api.keys.files import Key
    from graph_api.opening import make_auditor
    from graph_api.services import import_service

    async def work(database: Database) -> "ImportReport":
        practice = await require_practice(database, slug)
        service = import_service(database, practice, make_auditor(settings), source=source)
        totals = {ImportFile.PEOPLE: len(files.people), ImportFile.CONTACTS: len(files.contacts)}
        return await with_progress(totals, lambda told: service.run(files.people, files.contacts, told))

    patient = settings.model_copy(update={"request_timeout": max(BATCH_TIMEOUT, settings.request_timeout)})
    return with_database(patient, work, [Key.AUDIT])


async def with_progress(
    totals: "dict[ImportFile, int]", run: "Callable[[Callable[[ImportFile, int], None]], Awaitable[ImportReport]]"
) -> "ImportReport":
    """Run an import with a bar for each file; none when stderr is no terminal."""
    console = stderr()
    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks = {file: progress.add_task(file.value, total=total) for file, total in totals.items()}
        return await run(lambda file, rows: progress.advance(tasks[file], rows))


def _system(text: str) -> str:
    name = system_name(text)
    if name is None:
        raise CommandError("--system is a name of 1 to 50 letters a to z, digits, dots, dashes and underscores.")
    return name


def _lines(numbers: Sequence[int]) -> str:
    """Line numbers as shown: the first of them, and how many more."""
    more = len(numbers) - MAX_ALIKE_SHOWN
    shown = ", ".join(str(line) for line in numbers[:MAX_ALIKE_SHOWN])
    return f"lines {shown} and {more} more" if more > 0 else f"lines {shown}"


def _show(report: "ImportReport", paths: "dict[ImportFile, Path]") -> None:
    from graph_api.exchange.rows import ImportFile

    for row in report.refused:
        say(f"{paths[row.file]}:{row.line}: {row.reason}: {row.message}")
    if report.alike:
        shown = _lines(report.alike)
        say(f"{paths[ImportFile.PEOPLE]}: added, but they look like others in the practice: {shown}")
    if report.differing:
        shown = _lines(report.differing)
        say(f"{paths[ImportFile.PEOPLE]}: left unchanged, although the name or birth date differs: {shown}")
    say(
        f"people: {report.people_added} added, {report.people_unchanged} unchanged; "
        f"contacts: {report.contacts_added} added, {report.contacts_unchanged} unchanged; "
        f"new clients: {report.clients_added}; refused rows: {report.refused_rows}"
    )
