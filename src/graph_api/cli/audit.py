"""`graph-api audit`: seal, verify and export the audit log; see who was shown a person."""

import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph_api.cli.options import DataDir, load_settings, read_settings, say, stderr
from graph_api.cli.problems import CommandError, CommandGroup
from graph_api.config import Settings
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import is_id

if TYPE_CHECKING:
    from graph_api.audit.chain import Finding
    from graph_api.engine.bolt import Database
    from graph_api.evidence.checkpoints import Checkpoints
    from graph_api.evidence.verifying import Verified

COLUMNS = ("at", "actor", "role", "operation", "requestId")
app = typer.Typer(
    cls=CommandGroup,
    help="The audit log: verify it, seal it, export it, list who was shown a person.",
    no_args_is_help=True,
)
PracticeOption = Annotated[str | None, typer.Option("--practice", help="Its slug.", show_default="all practices")]


@app.command()
def kinds() -> None:
    "List every kind of event: the action that events show, and what it means."
    from graph_api.kernel.happened import EventKind

    width = max(len(kind.value) for kind in EventKind)
    for kind in EventKind:
        typer.echo(f"{kind.value:<{width}}  {kind.described}")


@app.command()
def verify(practice: PracticeOption = None, data_dir: DataDir = None) -> None:
    """Find events that were changed, moved or cut off, or are missing.

    Each finding is a line on stdout. The exit code is 1 if there is one.
    """
    from graph_api.evidence.unseen import UNSEEN
    from graph_api.evidence.wiring import checkpoints_of, read_checkpoints, verifier_of

    settings = load_settings(data_dir)
    untold: dict[str, int | None] = {}

    async def work(database: "Database", found: Practice) -> int:
        checkpoints = checkpoints_of(settings, found)
        try:
            await read_checkpoints(database, found, checkpoints)
            untold[found.id] = checkpoints.untold
            for words in checkpoints.faults:
                typer.echo(f"{found.slug}: {words}")
            total = await _events(database, found)
            verifier = verifier_of(settings, database, found, checkpoints)
            with _progress(found.slug, total) as advance:
                result = await verifier.run(lambda finding: _tell(found, finding), advance)
            _summary(found, result, checkpoints)
            return result.findings + len(checkpoints.faults)
        finally:
            checkpoints.close()

    async def finish(database: "Database", practices: Sequence[Practice]) -> int:
        return await _everybody(database, practices, untold)

    faults = sum(_each(settings, practice, work, finish))
    say("What verify can't see:")
    for sentence in UNSEEN:
        say(f"- {sentence}")
    if faults:
        raise typer.Exit(1)


async def _everybody(database: "Database", practices: Sequence[Practice], untold: Mapping[str, int | None]) -> int:
    """People in no event, of whom there may not be more than were sealed, and accounts at nobody: how many faults."""
    from graph_api.evidence.wiring import verify_everybody

    by_id = {practice.id: practice for practice in practices}
    found = dict.fromkeys(by_id, 0)
    faults = 0
    async for practice_id, result in verify_everybody(database, by_id):
        found[practice_id] += result.unproven
        faults += len(result.findings)
        for finding in result.findings:
            _tell(by_id[practice_id], finding)
    for practice_id, count in found.items():
        most = untold.get(practice_id)
        if most is not None and count > most:
            faults += 1
            words = f"{count} people and their contacts are in no event, where a checkpoint counted {most}"
            typer.echo(f"{by_id[practice_id].slug}: {words}: some were put in by hand")
    say(f"people and their contacts in no event, which the log can't prove: {sum(found.values())}")
    return faults


def _tell(practice: Practice, finding: "Finding") -> None:
    several = finding.last > finding.sequence
    numbers = f"events {finding.sequence} to {finding.last}" if several else f"event {finding.sequence}"
    named = "" if finding.event_id is None else f" ({finding.event_id})"
    where = f"{numbers}{named}: " if finding.sequence else ""
    what = f"{finding.what}: " if finding.what else ""
    typer.echo(f"{practice.slug}: {finding.subject_id}: {where}{what}{finding.fault.value}")


def _summary(practice: Practice, result: "Verified", checkpoints: "Checkpoints") -> None:
    last = checkpoints.last
    sealed = "never sealed" if last is None else f"last checkpoint {last.number} at {last.at:%Y-%m-%dT%H:%M:%SZ}"
    faults = result.findings + len(checkpoints.faults)
    say(
        f"{practice.slug}: {result.events} events in {result.chains} chains, {faults or 'no'} faults; {sealed}; "
        f"{result.unsealed} events after it; readable copies erased in {result.erased} events"
        + (f"; the key of {result.keyless} events is lost" if result.keyless else "")
        + (f"; {result.unproven} contacts in no event, of people older than the log" if result.unproven else "")
        + (f"; {result.restless} chains too busy to be compared: run it again" if result.restless else "")
    )


@app.command()
def seal(practice: PracticeOption = None, data_dir: DataDir = None) -> None:
    """Follow all chains and sign where they end, in a checkpoint outside the database.

    `serve` does it every minute for what is new. A broken chain is left out, and the exit code is then 1.
    """
    from graph_api.evidence.wiring import checkpoints_of, sealer_of

    settings = load_settings(data_dir)

    async def work(database: "Database", found: Practice) -> int:
        checkpoints = checkpoints_of(settings, found)
        try:
            sealed = await sealer_of(settings, database, found, checkpoints).run(datetime.now(UTC), whole=True)
            for words in checkpoints.faults:
                typer.echo(f"{found.slug}: {words}")
        finally:
            checkpoints.close()
        if sealed is None:
            raise CommandError(f"{found.slug}: another process is sealing right now. Try again in a moment.")
        for finding in sealed.findings:
            _tell(found, finding)
        last = checkpoints.last
        say(f"{found.slug}: checkpoint {0 if last is None else last.number}, {sealed.heads} chains with a new end")
        return len(sealed.findings) + len(checkpoints.faults)

    if sum(_each(settings, practice, work)):
        raise typer.Exit(1)


@app.command()
def export(
    practice: Annotated[str, typer.Option(help="Its slug.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC, inclusive.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC, exclusive.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a practice's events to stdout, oldest first, a line of JSON each. The people shown are accounted for."""
    from graph_api.audit.graph.events import event_json
    from graph_api.audit.narrowing import LogFilter
    from graph_api.audit.reads import Read, ReadsFile, reads_folder
    from graph_api.cli.database import require_practice, with_database
    from graph_api.cli.tokens import login_name
    from graph_api.evidence.wiring import chains_of

    settings = load_settings(data_dir)
    narrow = LogFilter(since=_utc(since), until=_utc(until))
    reads, who = ReadsFile(reads_folder(settings.data_dir)), login_name()

    async def work(database: "Database") -> int:
        found = await require_practice(database, practice)
        written = 0
        async for events in chains_of(database, found).in_order(narrow):
            shown = tuple({event.subject_id for event in events if is_id("person", event.subject_id)})
            reads.note(Read(datetime.now(UTC), found.id, who, "admin", "graph-api audit export", "", shown))
            sys.stdout.buffer.write(b"".join(map(event_json, events)))
            written += len(events)
        sys.stdout.buffer.flush()
        return written

    try:
        say(f"{with_database(settings, work)} events")
    finally:
        reads.close()


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


@app.command()
def reads(
    person: Annotated[str, typer.Option(help="Their id.")],
    as_json: Annotated[bool, typer.Option("--json", help="As lines of JSON.")] = False,
    data_dir: DataDir = None,
) -> None:
    """List the callers who were shown a person, oldest first, from this machine's account of reads."""
    import orjson

    from graph_api.audit.reads import reads_folder, reads_of

    if not is_id("person", person):
        raise typer.BadParameter("this is not a person's id.", param_hint="--person")
    found = 0
    for row in reads_of(reads_folder(read_settings(data_dir).data_dir), person):
        found += 1
        if as_json:
            typer.echo(orjson.dumps({name: value for name, value in row.items() if name != "persons"}).decode())
        else:
            typer.echo("  ".join(str(row.get(name) or "-") for name in COLUMNS))
    say(f"shown {found} times")


def _each(
    settings: Settings,
    slug: str | None,
    work: Callable[["Database", Practice], Awaitable[int]],
    finish: Callable[["Database", Sequence[Practice]], Awaitable[int]] | None = None,
) -> Sequence[int]:
    """What `work` answers for the practice, or for all there is evidence of, and `finish` for them together."""
    from graph_api.cli.database import require_practice, with_database
    from graph_api.evidence.wiring import practices_with_evidence
    from graph_api.keys.files import Key

    async def run(database: "Database") -> list[int]:
        one = None if slug is None else await require_practice(database, slug)
        practices = await practices_with_evidence(settings, database) if one is None else [one]
        found = [await work(database, practice) for practice in practices]
        return found if finish is None else [*found, await finish(database, practices)]

    return with_database(settings, run, [Key.AUDIT, Key.SEALING])


async def _events(database: "Database", practice: Practice) -> int:
    from graph_api.audit.narrowing import LogFilter
    from graph_api.evidence.wiring import chains_of

    return await chains_of(database, practice).total(LogFilter())


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar while events are followed; none when stderr is no terminal."""
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=total)
        yield lambda events: progress.advance(task, events)
