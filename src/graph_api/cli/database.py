"""Opens the database for a command."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from graph_api.cli.problems import CommandError
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Practice
from graph_api.keys.files import Key
from graph_api.opening import ready_database
from graph_api.practices.graph import Practices

T = TypeVar("T")


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]], keys: Sequence[Key] = ()) -> T:
    """Run `work` on the open, migrated database: the running engine of the data directory, or one started for it.

    Raises:
        KeyFileError: one of the `keys` is not the one that the data know, or is gone.
    """

    async def run() -> T:
        async with ready_database(settings, keys) as database:
            return await work(database)

    return asyncio.run(run())


async def require_practice(database: Database, slug: str) -> Practice:
    """The practice.

    Raises:
        CommandError: it is not known; other practices' names are not told.
    """
    practices = Practices(database)
    practice = await practices.by_slug(slug)
    if practice is None:
        known = len(await practices.list())
        raise CommandError(
            f"No practice has this slug; {known} {'is' if known == 1 else 'are'} known. See `graph-api practice list`, "
            "or make one with `graph-api practice create`."
        )
    return practice
