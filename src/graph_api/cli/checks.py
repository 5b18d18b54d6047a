"""`doctor`'s checks of this machine: versions, files, disk, clock, keys. `doctor.py` has the database's checks."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph_api.config import Settings
from graph_api.keys.files import KEY_FILES

PACKAGES = ("graph-api", "neo4j", "arcadedb-embedded", "strawberry-graphql", "starlette", "uvicorn")
MIN_FREE = 500_000_000
"""Bytes; the engine's log and a backup need room."""
NAMED = 5
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that shows an earlier day is wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `mend` says what to do when it is not right."""

    name: str
    ok: bool
    found: str
    mend: str = ""


def named(names: Sequence[str]) -> str:
    """Those that a check is about: some of them, and how many more there are."""
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def local_checks(settings: Settings) -> Iterator[Check]:
    """Everything that can be told without the database."""
    yield _python()
    yield _packages()
    yield _directory("data directory", settings.data_dir)
    yield from _secrets(settings)
    yield _disk(settings.data_dir)
    yield _clock()
    yield _time_zones()
    yield _web_assets(settings)
    yield _unreadable(settings)
    yield _mail(settings)
    if settings.mail_server is None and settings.mail_directory.exists():
        yield _directory("mail directory", settings.mail_directory)
    if settings.jwks_url:
        yield _jwks(settings.jwks_url)


def _python() -> Check:
    return Check("Python", sys.version_info >= (3, 11), platform.python_version(), "Use Python 3.11 or newer.")


def _packages() -> Check:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    mend = f"Install {', '.join(missing)}: install graph-api again."
    return Check("packages", not missing, ", ".join(found), mend)


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _directory(name: str, path: Path) -> Check:
    mode = _mode(path)
    if mode is None:
        return Check(name, False, f"{path} can't be read", "Create it, or choose another with --data-dir.")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return Check(name, False, f"{path} is not writable", f"Run as its owner, or chown it: {path}")
    return Check(name, not mode & 0o077, f"{path} ({mode:04o})", f"Other users can open it: chmod 700 {path}")


def _secrets(settings: Settings) -> Iterator[Check]:
    """Secret files that are there; those that are not yet are made when they are needed."""
    own = [settings.data_dir / file.name for file in KEY_FILES.values()]
    own.append(settings.data_dir / "engine" / "password")
    shared = (settings.secret_file, settings.portal_key_file, settings.audit_key_file, settings.message_keys_file)
    files = (*shared, settings.database_password_file)
    named = [path for path in files if path is not None]
    for path in (*own, *named):
        mode = _mode(path)
        if mode is not None:
            yield Check(path.name, not mode & 0o077, f"{mode:04o}", f"Other users can read it: chmod 600 {path}")
        elif path in named:
            yield Check(path.name, False, "can't be read", f"Check that it is there and readable: {path}")


def _disk(path: Path) -> Check:
    try:
        free = shutil.disk_usage(path).free
    except OSError:
        return Check("disk space", False, "unknown", f"Check that the data directory is there: {path}")
    return Check(
        "disk space",
        free >= MIN_FREE,
        f"{free / 1e9:.1f} GB free",
        "Free some space. Nothing can be saved on a full disk.",
    )


def _clock() -> Check:
    now = datetime.now(UTC)
    found = now.isoformat(timespec="seconds")
    return Check("clock", now >= RELEASED, found, "Set the clock (NTP), because tokens and dates depend on it.")


def _time_zones() -> Check:
    try:
        ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return Check(
            "time zones", False, "no data", "Install the package tzdata, because the practices' days depend on it."
        )
    return Check("time zones", True, "known")


def _web_assets(settings: Settings) -> Check:
    from graph_api.http.graphiql import assets_directory

    if settings.graphiql is False:
        return Check("GraphiQL", True, "switched off")
    built = assets_directory().joinpath("manifest.json").is_file()
    mend = "Run `make web` in the checkout, or set GRAPH_API_GRAPHIQL=false. The API works without it."
    return Check("GraphiQL", built, "built" if built else "not built", mend)


def _unreadable(settings: Settings) -> Check:
    """Messages that this machine's servers could not read; how many, never whose."""
    from graph_api.acting.messages.unreadable import COUNTED, NAME, UnreadableBodies

    count = UnreadableBodies(settings.data_dir).count(datetime.now(UTC))
    found = f"{count.times} times in {COUNTED.days} days, in {count.threads} threads" if count.times else "none"
    where = f"Look for the errorId of {settings.data_dir / NAME} in the log."
    mend = f"{where} A text that was changed, or whose key is gone, can only be restored from a backup."
    return Check("unreadable messages", not count.times, found, mend)


def _mail(settings: Settings) -> Check:
    """Whether mail can leave; without a mail server it is kept in files, which is all right on one's own machine."""
    import asyncio

    from graph_api.kernel.stamps import utc_now
    from graph_api.mail.model import TransportDown
    from graph_api.mail.smtp import SmtpTransport
    from graph_api.services import MAIL_FROM

    server = settings.mail_server
    if server is None:
        kept = f"written to {settings.mail_directory}, with live secrets in it"
        found = f"no mail server (GRAPH_API_SMTP_URL): mail is {kept}; portal accounts can sign in on loopback only"
        return Check("mail", True, found)
    mend = "Check GRAPH_API_SMTP_URL, and that this machine can reach that server. Mail waits until it can be sent."
    try:
        encrypted = asyncio.run(SmtpTransport(server, settings.mail_from or MAIL_FROM, utc_now).check())
    except TransportDown as error:
        return Check("mail", False, str(error), mend)
    return Check("mail", True, f"{server} answers, {'with' if encrypted else 'WITHOUT'} TLS")


def _jwks(url: str) -> Check:
    import httpx
    import jwt

    mend = "Check GRAPH_API_JWKS_URL, and that this machine can reach it. Without its keys no token can be verified."
    try:
        response = httpx.get(url, timeout=5.0)
        response.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(response.json()).keys
    except httpx.HTTPError as error:
        return Check("token issuer", False, f"no answer ({type(error).__name__})", mend)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return Check("token issuer", False, "answers, but with no usable keys", mend)
    return Check("token issuer", True, f"{len(keys)} {'key' if len(keys) == 1 else 'keys'}")
