"""What contract tests leave behind: nothing that would slow down the tests after them."""

from collections.abc import AsyncIterator

import pytest

from graph_api.audit.checkpoint_files import checkpoint_path
from graph_api.engine.statements import Dialect
from tests.api import Installation
from tests.conftest import Installations

REMOVE = {
    Dialect.NEO4J: "MATCH (n) WHERE n.practice IN $ids CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
    Dialect.ARCADEDB: "MATCH (n) WHERE n.practice IN $ids DETACH DELETE n",
}
THEMSELVES = "MATCH (p:Practice) WHERE p.id IN $ids DETACH DELETE p"


@pytest.fixture(scope="module", autouse=True)
async def no_practices_left(installations: Installations) -> AsyncIterator[None]:
    """Remove the practices of a file's tests once they are done.

    Some tests read all of a database, because what they prove is about whatever is in it. They would take longer with
    every test that came before.
    """
    before = {installation.name: len(installation.made) for installation in installations.opened}
    yield
    for installation in installations.opened:
        await _remove(installation, [practice.id for practice in installation.made[before.get(installation.name, 0) :]])


async def _remove(installation: Installation, ids: list[str]) -> None:
    """Practices by their ids, and their checkpoints."""
    async with installation.database.session(write=True) as session:
        for statement in (REMOVE[installation.database.dialect], THEMSELVES) if ids else ():
            await (await session.run(statement, {"ids": ids})).consume()
    for practice_id in ids:
        checkpoint_path(installation.settings.data_dir, practice_id).unlink(missing_ok=True)
