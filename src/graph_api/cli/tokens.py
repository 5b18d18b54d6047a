"""`graph-api token`: a bearer token signed with this installation's own key."""

import getpass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from graph_api.cli.options import DataDir, load_settings
from graph_api.cli.problems import CommandError
from graph_api.config import Settings
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.text import NOT_ALLOWED, is_one_line

MAX_HOURS = 24 * 365


class TokenRole(StrEnum):
    """Roles a token may have."""

    STAFF = "staff"
    ANALYST = "analyst"
    ADMIN = "admin"


def token(
    practice: Annotated[str, typer.Option(help="The practice's slug.")],
    role: Annotated[TokenRole, typer.Option(help="Staff and admins read and write, analysts only read.")],
    subject: Annotated[
        str | None, typer.Option(help="The person or program it is for.", show_default="your login name")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=MAX_HOURS, help="How long it lasts.")] = 12,
    data_dir: DataDir = None,
) -> None:
    """Print a token for the API, alone on stdout."""
    settings = load_settings(data_dir)
    refuse_outside_issuer(settings, "tokens made here")
    subject = login_name() if subject is None else subject.strip()
    typer.echo(_mint(settings, practice, ViewerRole(role.value), subject, timedelta(hours=hours)))


def refuse_outside_issuer(settings: Settings, what: str) -> None:
    """Own tokens are honoured only where no outside issuer is set.

    Raises:
        CommandError: one is set.
    """
    if settings.jwks_url:
        raise CommandError(
            f"GRAPH_API_JWKS_URL is set, so {what} are not accepted. Ask that issuer for one, or unset the variable."
        )


def _mint(settings: Settings, slug: str, role: ViewerRole, subject: str, lasts: timedelta) -> str:
    from graph_api.cli.database import require_practice, with_database
    from graph_api.http.auth import mint_token
    from graph_api.kernel.caller import MAX_SUBJECT
    from graph_api.keys.files import Key
    from graph_api.keys.secrets import signing_key

    if not 0 < len(subject) <= MAX_SUBJECT:
        raise CommandError(f"--subject needs 1 to {MAX_SUBJECT} characters.")
    if not is_one_line(subject):
        raise CommandError(f"{NOT_ALLOWED} are not allowed in --subject.")
    signing_key(settings.data_dir)  # one that can't be used is told before the engine starts
    practice = with_database(settings, lambda database: require_practice(database, slug), [Key.SIGNING])
    return mint_token(signing_key(settings.data_dir), subject=subject, practice=practice.slug, role=role, lasts=lasts)


def login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command-line"
