"""What every command uses: the data directory, the settings from it and the environment, and a way to write."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from graph_api.cli.problems import CommandError
from graph_api.config import Settings

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        envvar="GRAPH_API_DATA_DIR",
        help="Where the embedded engine, keys and secrets live.",
        show_default="the user's data folder",
    ),
]


def load_settings(data_dir: Path | None) -> Settings:
    """The settings, with the data directory made for its owner alone.

    Raises:
        ValidationError: a setting can't be used.
        CommandError: the directory can't be made, or a file that a setting names can't be read.
    """
    settings = read_settings(data_dir)
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"{settings.data_dir}: {error.strerror}. Choose a --data-dir that you can write to."
        raise CommandError(message) from None
    return settings


def read_settings(data_dir: Path | None) -> Settings:
    """The settings alone; nothing is made."""
    settings = Settings() if data_dir is None else Settings(data_dir=data_dir)
    try:
        settings.read_database_password()
    except (OSError, UnicodeDecodeError):
        raise CommandError(
            "GRAPH_API_DATABASE_PASSWORD_FILE: the file can't be read. Check its path, and who may read it."
        ) from None
    return settings


def stderr() -> Console:
    """Everything meant for people goes there, so that stdout holds what was asked for alone."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for people."""
    typer.echo(text, err=True)
