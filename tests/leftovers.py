"""What tests leave behind: nothing that would slow down the tests after them."""

from graph_api.audit.checkpoint_files import checkpoint_path
from graph_api.engine.statements import Dialect
from tests.api import Installation

REMOVE = {
    Dialect.NEO4J: "MATCH (n) WHERE n.practice IN $ids CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
    Dialect.ARCADEDB: "MATCH (n) WHERE n.practice IN $ids DETACH DELETE n",
}
THEMSELVES = "MATCH (p:Practice) WHERE p.id IN $ids DETACH DELETE p"


async def remove_practices(installation: Installation, ids: list[str]) -> None:
    """Practices by their ids, and their checkpoints."""
    async with installation.database.session(write=True) as session:
        for statement in (REMOVE[installation.database.dialect], THEMSELVES) if ids else ():
            await (await session.run(statement, {"ids": ids})).consume()
    for practice_id in ids:
        checkpoint_path(installation.settings.data_dir, practice_id).unlink(missing_ok=True)
