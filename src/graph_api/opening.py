"""Opens the settings' database, for the server and for commands."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from graph_api.audit.append import Auditor
from graph_api.config import Settings
from graph_api.custody.known import KnownKeys
from graph_api.engine.bolt import Database
from graph_api.engine.chosen import Bolt
from graph_api.engine.locate import locator
from graph_api.engine.migrate import migrate
from graph_api.keys.files import Key
from graph_api.keys.secrets import audit_key

COMMAND_DEADLINE = 120.0


def open_database(settings: Settings, deadline: float | None = None) -> Database:
    """The settings' database; `open` finds it."""
    return Database(locator(settings), deadline=deadline or settings.request_timeout, bolt=Bolt(settings.bolt))


@asynccontextmanager
async def ready_database(settings: Settings, keys: Sequence[Key] = ()) -> AsyncIterator[Database]:
    """The database, open and migrated; for commands, whose batches may take longer than a request.

    Raises:
        KeyFileError: one of the `keys` is not the one that the data know, or is gone.
    """
    database = open_database(settings, COMMAND_DEADLINE)
    try:
        await database.open()
        await migrate(database)
        await KnownKeys(settings, database).confirm(keys)
        yield database
    finally:
        await database.close()


def make_auditor(settings: Settings) -> Auditor:
    """What writes the audit log, with the installation's key.

    Raises:
        KeyFileError: the key can't be read.
    """
    return Auditor(audit_key(settings.data_dir, settings.audit_key_file))
