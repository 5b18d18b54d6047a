"""`graph-api doctor`: says what is wrong with an installation, and how to fix it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from graph_api.cli.checks import Check, local_checks, named
from graph_api.cli.options import DataDir, load_settings
from graph_api.cli.problems import UNREACHABLE, explain
from graph_api.cli.reminder_checks import reminder_checks
from graph_api.config import Settings
from graph_api.engine.errors import OutOfOrder, Unavailable

if TYPE_CHECKING:
    from graph_api.kernel.caller import Practice

NEO4J_FROM = (5, 26)
OFTEN = 20
"""Codes for one address within an hour; people whose mail does not arrive ask for some."""
AT_MOST = 100
"""Threads of each message key whose keys are unwrapped."""
CLOCKS_MAY_DIFFER = 0.5
"""Seconds. That `at` says of a moment what another server said then rests on clocks that agree (docs/design.md)."""


def doctor(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False, data_dir: DataDir = None) -> None:
    """Check this installation and say how to fix what is wrong. Starts the engine to see whether it starts.

    The exit code is 1 when a check fails.
    """
    settings = load_settings(data_dir)
    checks = [*asyncio.run(_database_checks(settings)), *local_checks(settings)]
    if as_json:
        typer.echo(json.dumps([_as_json(check) for check in checks], indent=2))
    else:
        _show(checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _as_json(check: Check) -> dict[str, Any]:
    return {"name": check.name, "ok": check.ok, "found": check.found, "mend": None if check.ok else check.mend}


def _show(checks: list[Check]) -> None:
    console = Console(highlight=False)
    table = Table("", "check", "found", "how to fix it")
    for check in checks:
        mark = "[green]ok[/]" if check.ok else "[red]no[/]"
        table.add_row(mark, check.name, _plain(check.found), "" if check.ok else _plain(check.mend))
    console.print(table)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


async def _database_checks(settings: Settings) -> list[Check]:
    """Whether the database is there, and what can be asked of it; one failed check when it is not."""
    from graph_api.engine.bolt import Database
    from graph_api.opening import open_database

    name = "embedded engine" if settings.embedded else "database"
    found = _engine_found(settings) if settings.embedded else "answers"

    async def looked_at(database: Database) -> AsyncIterator[Check]:
        await database.open()
        yield await _version(database, name, found, embedded=settings.embedded)
        yield await _migrations(database)
        yield await _clocks(database)
        yield await _outbox(database)
        yield await _codes(database)
        async for check in _keys(settings, database):
            yield check
        yield await _thread_keys(settings, database)
        yield await _staff_notices(database)
        yield await _appointment_times(database)
        async for check in reminder_checks(settings, database):
            yield check

    database = open_database(settings)
    checks: list[Check] = []
    try:
        async for check in looked_at(database):
            checks.append(check)  # noqa: PERF401 - those before a failure are kept
    except Exception as error:
        away = isinstance(error, Unavailable) and not isinstance(error, OutOfOrder)
        message = UNREACHABLE if away and not settings.embedded else explain(error)
        if message is None:
            raise
        checks.append(Check("migrations" if checks else name, False, "does not work", message))
    finally:
        await database.close()
    return checks


def _engine_found(settings: Settings) -> str:
    from graph_api.engine.embedded import EmbeddedEngine

    status = EmbeddedEngine(settings.data_dir).status()
    if not status.running:
        return "not running, starts"
    return f"runs (process {status.pid}, port {status.bolt_port})" if status.pid else "was starting"


async def _version(database: Any, name: str, found: str, *, embedded: bool) -> Check:
    from importlib.metadata import version

    from graph_api.engine.session import GraphSession

    rows = await GraphSession(database).read("practices/components")
    told = next((row["versions"][0] for row in rows if row["name"] == "Neo4j Kernel"), "0")
    client = f"{database.client} client"
    if embedded:
        return Check(name, True, f"ArcadeDB {version('arcadedb-embedded')}, {found}, answers over Bolt ({client})")
    numbers = tuple(int(part) for part in re.findall(r"\d+", told)[:2])
    return Check(name, numbers >= NEO4J_FROM, f"Neo4j {told}, {found} ({client})", "Upgrade it to Neo4j 5.26 or newer.")


async def _migrations(database: Any) -> Check:
    from graph_api.engine.migrate import pending_migrations

    pending = await pending_migrations(database)
    found = f"{len(pending)} pending" if pending else "up to date"
    return Check("migrations", not pending, found, "Run `graph-api migrate`; servers do it too when they start.")


async def _clocks(database: Any) -> Check:
    from graph_api.engine.session import GraphSession

    sent = datetime.now(UTC).timestamp()
    rows = await GraphSession(database).read("practices/clock")
    received, there = datetime.now(UTC).timestamp(), rows[0]["now"] / 1000
    # It was read at some time between the two, in whole milliseconds.
    apart = max(sent - there - 0.001, there - received, 0.0)
    mend = "Set the clocks of both machines (NTP), because tokens and the times of events depend on them."
    return Check("database clock", apart <= CLOCKS_MAY_DIFFER, f"{apart:.1f} s apart", mend)


async def _keys(settings: Settings, database: Any) -> AsyncIterator[Check]:
    """Whether each key is the one that the data know; what can't be used or is gone is to be brought back."""
    from graph_api.custody.known import KnownKeys, keys_of_server

    for key in keys_of_server(settings):
        report = await KnownKeys(settings, database).report(key)
        yield Check(f"key {key.value}", report.is_right, report.state.value, report.mend)


async def _thread_keys(settings: Settings, database: Any) -> Check:
    """Whether the keys of threads can be unwrapped: some of each master's; what was given up does not count."""
    from graph_api.custody.checking_masters import look_at_thread_keys

    looked_at, unreadable = await look_at_thread_keys(settings, database, AT_MOST)
    found = f"{looked_at} looked at, {unreadable} can't be unwrapped" if looked_at else "none yet"
    mend = "Nobody can read these threads. Restore message-keys, or the threads from a backup of the database."
    return Check("message threads", not unreadable, found, mend)


async def _staff_notices(database: Any) -> Check:
    """Practices where messages wait and no staff are told by mail: a hint, because they may look by themselves."""
    from graph_api.practices.graph import Practices

    untold = [practice.slug for practice in await Practices(database).list() if await _is_untold(database, practice)]
    if not untold:
        return Check("message notices", True, "staff are told of messages wherever some wait for an answer")
    hint = "no staff are told, because neither staffNoticeEmail (setMessaging) nor a practitioner's noticeEmail is set"
    return Check("message notices", True, f"messages wait for an answer, and {hint}: {named(untold)}")


async def _appointment_times(database: Any) -> Check:
    """Whether clocks still show the times that were agreed on: countries change their rules."""
    from datetime import UTC, datetime

    from graph_api.acting.appointments.graph.upkeep import starts_that_moved
    from graph_api.practices.graph import Practices

    found: list[str] = []
    for practice in await Practices(database).list():
        async for appointment_id in starts_that_moved(database, practice.id, datetime.now(UTC)):
            found.append(f"{appointment_id} of {practice.slug}")  # noqa: PERF401 - read page by page
    if not found:
        return Check("appointment times", True, "clocks show the times that were agreed on")
    mend = "The rules of a time zone have changed. Move these appointments to the time that was meant."
    return Check("appointment times", False, f"clocks will show another time: {named(found)}", mend)


async def _is_untold(database: Any, practice: "Practice") -> bool:
    from graph_api.acting.messages.graph.reads import Inbox, ThreadReads
    from graph_api.kernel.door import nobody
    from graph_api.kernel.graph import graph_of
    from graph_api.kernel.paging import PageRequest
    from graph_api.practitioners.graph import PractitionerReads

    graph = graph_of(database, practice)
    if (await graph[ThreadReads].settings()).staff_notice_email is not None:
        return False
    if any(one.notice_email for one in await graph[PractitionerReads].list(include_inactive=False)):
        return False
    waiting = await graph[ThreadReads].inbox(Inbox(awaits_reply=True), PageRequest(size=1))
    return graph.door.keep(waiting, bool, nobody)


async def _outbox(database: Any) -> Check:
    from graph_api.mail.queues import Outbox

    counts = await Outbox(database).counts()
    found = f"{counts.waiting} waiting, {counts.late} of them tried before; {counts.failed} given up"
    mend = "Fix the mail server. Then resend what was given up (resendInvitation, inviteClient, a new code)."
    return Check("outbox", not counts.failed, found, mend)


async def _codes(database: Any) -> Check:
    """Addresses that codes are asked for more often than people do; how many, never which."""
    from graph_api.portal.graph.codes import addresses_under_pressure

    addresses, most = await addresses_under_pressure(database, datetime.now(UTC), OFTEN)
    found = f"{addresses} addresses with {OFTEN} or more requests for a code within the hour"
    found = f"{found}, {most} at most" if addresses else found
    mend = "Somebody may be trying addresses. No account is locked. Your proxy's log shows who calls requestSignInCode."
    return Check("sign-in codes", not addresses, found, mend)
