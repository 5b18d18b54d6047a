"""By what the data know the keys that are used with them: a check value each, and never the key."""

from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.session import GraphSession


class KeyCheckRepository:
    """The check values in the database."""

    def __init__(self, database: Database) -> None:
        self._session = GraphSession(database)

    async def all(self) -> dict[str, str]:
        """By name."""
        rows = await self._session.read_newest("practices/key_checks")
        return {row["name"]: row["value"] for row in rows}

    async def add(self, name: str, value: str) -> str:
        """Know a key from now on; what is known then, which is another's where that was faster."""
        try:
            await self._session.write(lambda tx: tx.run("practices/key_check_add", key=name, value=value))
        except Exception as error:
            if not is_constraint_failure(error):
                raise
        return (await self.all()).get(name, "")

    async def replace(self, name: str, value: str) -> None:
        """Know another key."""
        await self._session.write(lambda tx: tx.run("practices/key_check_replace", key=name, value=value))

    async def in_use(self) -> tuple[bool, bool]:
        """Whether anything is kept that the installation's secret was used for, and the portal's signing key."""
        rows = await self._session.read("practices/secrets_used")
        return bool(rows[0]["secret"]), bool(rows[0]["portal"])
