"""Turns a failure into one line that says how to fix it; never a traceback, never a value of a setting."""

import sys
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from graph_api.config import SettingsFileError
from graph_api.engine.embedded_files import EngineStartError
from graph_api.engine.errors import OutOfOrder, Unavailable
from graph_api.keys.files import KeyFileError

UNREACHABLE = (
    "The database can't be reached. Check that it runs, and that GRAPH_API_DATABASE_URL has its address and the right "
    "scheme (+s with TLS)."
)


class CommandError(Exception):
    """A command can't do what it was asked; the message says how to mend it."""


class CommandGroup(TyperGroup):
    """Runs commands and turns the failures that a person can mend into a line on stderr and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            message = explain(error)
            if message is None:
                raise
            fail(message)


def fail(message: str) -> None:
    """Say what is wrong and end.

    Raises:
        typer.Exit: with code 1.
    """
    typer.echo(f"graph-api: {' '.join(message.split())}", err=True)
    raise typer.Exit(1)


def explain(error: BaseException) -> str | None:
    """The failure in words; None when it is a fault of the program."""
    if isinstance(error, CommandError | KeyFileError | EngineStartError | SettingsFileError):
        return str(error)
    if isinstance(error, ValidationError):
        return explain_settings(error)
    if isinstance(error, OutOfOrder) and error.__cause__ is not None:
        return _explain_database(error.__cause__)
    if isinstance(error, Unavailable):
        return f"{error} `graph-api doctor` says what is wrong."
    if isinstance(error, TimeoutError):
        return "The database did not answer in time. Try again; `graph-api doctor` says what is wrong."
    if "neo4j" in sys.modules:  # else nobody can have raised one of its errors
        return _explain_database(error)
    return None


def explain_settings(error: ValidationError) -> str:
    """Each setting that can't be used, by its variable; values stay out, they can be passwords."""
    found = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        message = item["msg"].removeprefix("Value error, ")
        name = f"GRAPH_API_{str(item['loc'][0]).upper()}: " if item["loc"] else ""
        found.append(f"{name}{message}.".replace("..", "."))
    return " ".join(found)


def _explain_database(error: BaseException) -> str | None:
    """The driver's errors; their own texts can hold values and are left out."""
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    from graph_api.engine.migrate import MigrationError

    if isinstance(error, MigrationError):
        return str(error)
    if isinstance(error, AuthError):
        return (
            "The database refuses the sign-in. Check GRAPH_API_DATABASE_USER and GRAPH_API_DATABASE_PASSWORD "
            "(or GRAPH_API_DATABASE_PASSWORD_FILE)."
        )
    if isinstance(error, Neo4jError):
        code = error.code or "no code"
        if "DatabaseNotFound" in code:
            return "GRAPH_API_DATABASE_NAME names a database that the server lacks. Create it, or unset the variable."
        return f"The database refused a statement ({code}). `graph-api doctor` checks its version."
    if isinstance(error, DriverError):
        return UNREACHABLE
    return None
