"""`graph-api migrate`: bring the database up to date."""

import asyncio

from graph_api.cli.options import DataDir, load_settings, say


def migrate(data_dir: DataDir = None) -> None:
    """Apply the database's pending migrations. Servers do it too when they start."""
    from graph_api.engine.migrate import migrate as apply_migrations
    from graph_api.opening import open_database

    settings = load_settings(data_dir)

    async def run() -> list[str]:
        database = open_database(settings)
        try:
            await database.open()
            return await apply_migrations(database)
        finally:
            await database.close()

    applied = asyncio.run(run())
    say(f"Applied {', '.join(applied)}." if applied else "Nothing to apply: the database is up to date.")
