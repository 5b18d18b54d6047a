"""Which database the settings mean: our own engine, or a Neo4j by its address."""

import asyncio

from graph_api.config import Settings
from graph_api.engine.bolt import Locator
from graph_api.engine.clients import Address
from graph_api.engine.disk import Disk
from graph_api.engine.embedded import EmbeddedEngine
from graph_api.engine.statements import Dialect


class EmbeddedLocator(Locator):
    """Holds the embedded engine; starts it when nobody has, and again after a crash."""

    def __init__(self, engine: EmbeddedEngine, disk: Disk) -> None:
        self._engine = engine
        self._disk = disk
        self._held = False

    @property
    def disk(self) -> Disk:
        """The data directory's."""
        return self._disk

    async def locate(self) -> Address:
        """Start or find the engine.

        Raises:
            EngineStartError: it can't be started; the message says how to mend it.
        """
        find = self._engine.ensure_running if self._held else self._engine.acquire
        found = await asyncio.to_thread(find)
        self._held = True
        return Address(found.uri, found.user, found.password, found.database, Dialect.ARCADEDB)

    @property
    def starts_again(self) -> bool:
        """A dead engine is ours to bring back."""
        return True

    async def close(self) -> None:
        """Let the engine go; it ends when its last user is gone."""
        await asyncio.to_thread(self._engine.release)


def embedded_engine(settings: Settings) -> EmbeddedEngine:
    """The engine of the data directory."""
    return EmbeddedEngine(
        settings.data_dir,
        heap=settings.engine_heap,
        bolt_port=settings.engine_port,
        start_timeout=settings.engine_start_timeout,
    )


def locator(settings: Settings) -> Locator:
    """How the settings' database is found."""
    if settings.database_url is None:
        return EmbeddedLocator(embedded_engine(settings), Disk(settings.data_dir, settings.disk_reserve))
    password = settings.read_database_password()
    user = settings.database_user if password is not None else None
    return Locator(Address(settings.database_url, user, password, settings.database_name, Dialect.NEO4J))
