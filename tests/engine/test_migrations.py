"""Migrations: each applied once, in order, whoever starts at the same time; and none that does not fit."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from neo4j.exceptions import ClientError, Neo4jError

from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine import migrate as module
from graph_api.engine.bolt import Database
from graph_api.engine.migrate import MigrationError, applied_migrations, load_migrations, migrate, pending_migrations
from graph_api.engine.statements import Dialect, StatementError, cypher_root
from graph_api.opening import open_database
from tests.api import Installation

VERSIONS = [migration.version for migration in load_migrations(Dialect.ARCADEDB)]


@asynccontextmanager
async def worker(data_dir: Path) -> AsyncIterator[Database]:
    """A process's database, on the embedded engine of `data_dir`."""
    database = open_database(Settings(data_dir=data_dir, request_timeout=60, _env_file=None))
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="module")
async def engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """An embedded engine for this module alone: what its tests do to the migrations would stop others."""
    async with worker(tmp_path_factory.mktemp("migrations")) as database:
        yield database


@pytest.fixture
async def migrated(engine: Database) -> Database:
    """The same, with every migration applied."""
    await engine.run_schema("MATCH (m:Migration) DELETE m")
    assert await migrate(engine) == VERSIONS
    return engine


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations' files, to be changed."""
    shutil.copytree(cypher_root() / "schema", tmp_path / "schema")
    monkeypatch.setattr(module, "cypher_root", lambda: tmp_path)
    return tmp_path / "schema"


def claimed(version: str, ago: float) -> str:
    """What a process leaves that claimed a migration and has not finished it."""
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    return f"MATCH (m:Migration {{version: '{version}'}}) SET m.state = 'APPLYING', m.claimedAt = '{at}'"


async def states(database: Database) -> dict[str, str]:
    return {version: state for version, (_, state, _) in (await applied_migrations(database)).items()}


async def test_workers_that_start_at_once_on_an_empty_engine_apply_each_once_in_order(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        databases = await asyncio.gather(*(stack.enter_async_context(worker(tmp_path)) for _ in range(5)))
        done = await asyncio.gather(*(migrate(database) for database in databases))
        assert sorted(version for versions in done for version in versions) == VERSIONS
        assert all(versions == sorted(versions) for versions in done)
        assert await states(databases[0]) == dict.fromkeys(VERSIONS, "APPLIED")
        assert await migrate(databases[1]) == []
        await databases[0].run_schema("CREATE (:Person {id: 'x'})")
        with pytest.raises(ClientError, match=r"ConstraintValidationFailed"):
            await databases[1].run_schema("CREATE (:Person {id: 'x'})")


async def test_on_every_engine_a_second_run_applies_nothing(installation: Installation) -> None:
    assert await pending_migrations(installation.database) == []
    assert await migrate(installation.database) == []
    names = {migration.version for migration in load_migrations(installation.database.dialect)}
    assert set(await states(installation.database)) == names


def test_a_migration_for_another_engine_alone_is_passed_over() -> None:
    only = {path.name[:4] for path in (cypher_root() / "schema").glob("*.arcadedb.cypher")}
    assert only
    assert {migration.version for migration in load_migrations(Dialect.NEO4J)} == set(VERSIONS) - only


async def test_a_dead_claim_older_than_a_minute_is_taken_over_by_one(migrated: Database) -> None:
    await migrated.run_schema(claimed("0005", ago=61))
    done = await asyncio.gather(*(migrate(migrated) for _ in range(3)))
    assert sorted(done) == [[], [], ["0005"]]
    assert await states(migrated) == dict.fromkeys(VERSIONS, "APPLIED")


async def test_a_younger_claim_is_waited_for(migrated: Database) -> None:
    await migrated.run_schema(claimed("0005", ago=0))
    with pytest.raises(MigrationError, match="did not finish in time"):
        await migrate(migrated, timeout=0.5)
    assert (await states(migrated))["0005"] == "APPLYING"
    waiting = asyncio.create_task(migrate(migrated))
    await asyncio.sleep(0.3)
    await migrated.run_schema("MATCH (m:Migration {version: '0005'}) SET m.state = 'APPLIED'")
    assert await waiting == []


async def test_nothing_after_a_claimed_migration_is_applied_before_it(migrated: Database) -> None:
    await migrated.run_schema(claimed("0005", ago=0))
    await migrated.run_schema("MATCH (m:Migration) WHERE m.version > '0005' DELETE m")
    with pytest.raises(MigrationError):
        await migrate(migrated, timeout=0.5)
    assert sorted(await states(migrated)) == VERSIONS[:5]


async def test_a_migration_that_fails_lets_its_claim_go(migrated: Database, root: Path) -> None:
    number = int(VERSIONS[-1]) + 1
    broken = root / f"{number:04}_broken.cypher"
    broken.write_text("// purpose: none\nCREATE CONSTRAINT nonsense FOR\n")
    with pytest.raises(Neo4jError):
        await migrate(migrated)
    assert await states(migrated) == dict.fromkeys(VERSIONS, "APPLIED")
    broken.write_text("CREATE INDEX mended IF NOT EXISTS FOR (n:Mended) ON (n.id)\n")
    assert await migrate(migrated) == [f"{number:04}"]


async def test_one_that_fails_in_a_new_database_lets_all_claims_go(engine: Database, root: Path) -> None:
    await engine.run_schema("MATCH (m:Migration) DELETE m")
    broken = root / f"{int(VERSIONS[-1]) + 1:04}_broken.cypher"
    broken.write_text("// purpose: none\nCREATE CONSTRAINT nonsense FOR\n")
    with pytest.raises(Neo4jError):
        await migrate(engine)
    assert await states(engine) == {}
    broken.unlink()
    assert await migrate(engine) == VERSIONS


async def test_claims_of_one_that_died_in_a_new_database_are_taken_over(migrated: Database) -> None:
    await migrated.run_schema("MATCH (m:Migration) SET m.state = 'APPLYING', m.claimedAt = '2020-01-01T00:00:00+00:00'")
    done = await asyncio.gather(*(migrate(migrated) for _ in range(3)))
    assert sorted(version for versions in done for version in versions) == VERSIONS
    assert await states(migrated) == dict.fromkeys(VERSIONS, "APPLIED")


async def test_a_file_changed_after_it_was_applied_is_refused(migrated: Database, root: Path) -> None:
    file = root / "0003_person_id.cypher"
    whole = file.read_text()
    file.write_text("// a comment more\n" + whole)
    assert await migrate(migrated) == []
    file.write_text(whole.replace("person_id", "person_identifier"))
    with pytest.raises(MigrationError, match="0003 was changed"):
        await migrate(migrated)


async def test_a_database_ahead_of_this_version_is_refused_and_said_by_readiness(migrated: Database) -> None:
    ahead = "{version: '9999', name: 'later', checksum: 'x', state: 'APPLIED', claimedAt: 'x'}"
    await migrated.run_schema(f"CREATE (:Migration {ahead})")
    for asked in (migrate, pending_migrations):
        with pytest.raises(MigrationError, match=r"9999.*Upgrade"):
            await asked(migrated)
    assert await states(migrated) == {**dict.fromkeys(VERSIONS, "APPLIED"), "9999": "APPLIED"}


async def test_readiness_says_what_is_pending(migrated: Database, tmp_path: Path) -> None:
    server = Server(Settings(data_dir=tmp_path, _env_file=None), migrated)
    assert (await server.readiness()).ready
    await migrated.run_schema("MATCH (m:Migration {version: '0007'}) DELETE m")
    readiness = await server.readiness()
    assert not readiness.ready
    assert readiness.checks["migrations"].startswith("1 pending")


@pytest.mark.parametrize("name", ["9999_.cypher", "99_short.cypher", "9999-dash.cypher", "0014_twice.cypher"])
def test_a_file_out_of_line_is_refused(root: Path, name: str) -> None:
    (root / name).write_text("RETURN 1\n")
    with pytest.raises(StatementError, match="each number once"):
        load_migrations(Dialect.NEO4J)
