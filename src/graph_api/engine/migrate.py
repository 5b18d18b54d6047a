"""Migrations: the numbered files of cypher/schema, applied once, in order, safely by several workers at once.

A migration is claimed by creating its node, which a constraint allows once; the others wait until it is applied. Every
migration may be run again without harm (IF NOT EXISTS), so that the claim of a process that died can be taken over.
What Cypher can't do is done right after the file, by a function of the concern (`CONVERSIONS`).
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module

from neo4j.exceptions import Neo4jError, TransientError

from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect, StatementError, cypher_root

CONVERSIONS = {"0080": "graph_api.people.graph.conversions:rewrite_sort_keys"}
"""Module and function by the migration's number. The engine does not know the concern: it takes the database."""
CLAIM_LASTS = timedelta(seconds=60)
_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)")


class MigrationError(RuntimeError):
    """The database's migrations and this version's files do not fit together."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    version: str
    name: str
    text: str
    checksum: str


def load_migrations(dialect: Dialect) -> list[Migration]:
    """The files of cypher/schema in order, without those for another engine alone (`0014_name.arcadedb.cypher`).

    Raises:
        StatementError: a file's name or number is out of line.
    """
    found: list[Migration] = []
    before = 0
    for path in sorted((cypher_root() / "schema").glob("*.cypher")):
        name, _, only = path.stem.partition(".")
        match = _NAME.fullmatch(name)
        if match is None or int(match.group(1)) <= before:
            raise StatementError(f"cypher/schema/{path.name}: migrations are numbered 0001, 0002 ..., each number once")
        before = int(match.group(1))
        if only and only != dialect.value:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        body = "\n".join(line for line in lines if not line.startswith("//")).strip()
        checksum = hashlib.sha256(body.encode()).hexdigest()
        found.append(Migration(match.group(1), match.group(2), body, checksum))
    return found


async def applied_migrations(database: Database) -> dict[str, tuple[str, str, str]]:
    """What the database says: version to (checksum, state, claimedAt)."""
    rows = await GraphSession(database).read("practices/migrations")
    return {row["version"]: (row["checksum"], row["state"], row["claimedAt"]) for row in rows}


async def pending_migrations(database: Database) -> list[Migration]:
    """What is still to be applied.

    Raises:
        MigrationError: an applied file was changed, or the database is ahead of this version.
    """
    files = {migration.version: migration for migration in load_migrations(database.dialect)}
    applied = await applied_migrations(database)
    for version, (checksum, _, _) in applied.items():
        if version not in files:
            raise MigrationError(f"The database has migration {version}, which this version does not know. Upgrade.")
        if checksum != files[version].checksum:
            raise MigrationError(f"Migration {version} was changed after it was applied. Restore the file.")
    return [m for v, m in files.items() if v not in applied or applied[v][1] != "APPLIED"]


async def migrate(database: Database, *, timeout: float = 120.0) -> list[str]:
    """Apply what is pending; the versions this call applied.

    Raises:
        MigrationError: see `pending_migrations`, or another process did not finish in `timeout` seconds.
    """
    done: list[str] = []
    try:
        async with asyncio.timeout(timeout):
            await _run_patiently(database, database.statement("practices/migration_constraint").text)
            while pending := await pending_migrations(database):
                if not (versions := await _apply(database, pending)):
                    await asyncio.sleep(0.1)
                done += versions
    except TimeoutError:
        raise MigrationError("The migrations did not finish in time, here or in another process. Try again.") from None
    return done


async def _apply(database: Database, pending: Sequence[Migration]) -> list[str]:
    """Claim and apply the next one; in a new database all of them, as nobody waits for its data. Those it applied."""
    session = GraphSession(database)
    now = datetime.now(UTC)
    held = await applied_migrations(database)
    if pending[0].version in held:
        _, state, claimed_at = held[pending[0].version]
        if state == "APPLYING" and now - datetime.fromisoformat(claimed_at) > CLAIM_LASTS:
            await _release(session, pending[:1], claimed_at)
        return []
    taken = pending[:1] if held else pending
    if not await _claim(session, taken, now):
        return []
    try:
        for migration in taken:
            await _run_patiently(database, migration.text)
            if migration.version in CONVERSIONS:
                module, _, name = CONVERSIONS[migration.version].partition(":")
                await getattr(import_module(module), name)(database)
    except BaseException:
        await _release(session, taken, now.isoformat())
        raise
    versions = [migration.version for migration in taken]
    at = datetime.now(UTC).isoformat()
    await session.write(lambda tx: tx.run("practices/migration_applied", versions=versions, appliedAt=at))
    return versions


async def _claim(session: GraphSession, taken: Sequence[Migration], now: datetime) -> bool:
    """Whether this process has them; else another is at it."""
    claims = [
        {
            "version": migration.version,
            "name": migration.name,
            "checksum": migration.checksum,
            "state": "APPLYING",
            "claimedAt": now.isoformat(),
        }
        for migration in taken
    ]
    try:
        await session.write(lambda tx: tx.run("practices/migration_claim", migrations=claims))
    except Neo4jError as error:
        if is_constraint_failure(error):
            return False
        raise
    return True


async def _release(session: GraphSession, taken: Sequence[Migration], claimed_at: str) -> None:
    versions = [migration.version for migration in taken]
    await session.write(lambda tx: tx.run("practices/migration_release", versions=versions, claimedAt=claimed_at))


async def _run_patiently(database: Database, text: str) -> None:
    """A schema change, again when it collided with another process's."""
    for attempt in range(10):
        try:
            await database.run_schema(text)
        except TransientError:
            if attempt == 9:
                raise
            await asyncio.sleep(0.05 * (attempt + 1))
        else:
            return
