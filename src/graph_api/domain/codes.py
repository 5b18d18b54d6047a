"""One-time codes: made when they are mailed, kept as a keyed hash, good once, for ten minutes and five tries."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.domain.accounts import Account

CODE_DIGITS = 8
CODE_LASTS = timedelta(minutes=10)
MAX_TRIES = 5
MAX_ASKED = 5
"""Codes that may be asked for at one address within `ASKED_WITHIN`."""
ASKED_WITHIN = timedelta(hours=1)
MAX_TYPED = 40


@dataclass(frozen=True, slots=True)
class StoredCode:
    """What is kept of a code. It is good only while the account is as it was when the code was made."""

    hash: str
    salt: str
    expires_at: datetime
    person_id: str
    account_since: datetime


def code_from(random: bytes) -> str:
    """A code as it is mailed, two groups of digits, from 32 random bytes that nobody else has."""
    digits = f"{int.from_bytes(random) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
    return f"{digits[: CODE_DIGITS // 2]} {digits[CODE_DIGITS // 2 :]}"


def typed_digits(typed: str) -> str:
    """A code as somebody typed it, without spaces and dashes."""
    return "".join(character for character in typed[:MAX_TYPED] if character not in " -\u00a0\u2009\u202f\u2013")


def hash_code(secret: bytes, key: str, salt: str, typed: str) -> str:
    """What a code for `key` is kept as: nothing without the installation's secret."""
    message = "\x00".join(("one-time code", key, salt, typed_digits(typed)))
    return hmac.new(secret, message.encode(), "sha256").hexdigest()


def store_code(secret: bytes, key: str, code: str, account: Account, now: datetime) -> StoredCode:
    """A code as it is kept."""
    salt = secrets.token_hex(16)
    hashed = hash_code(secret, key, salt, code)
    return StoredCode(hashed, salt, now + CODE_LASTS, account.person_id, account.since)


_NO_CODE = StoredCode("", "", datetime.min, "", datetime.min)


def is_right(secret: bytes, key: str, kept: StoredCode | None, tries: int, typed: str, now: datetime) -> bool:
    """Whether a typed code opens what `key` is for; the same work is done where there is no code."""
    code = kept or _NO_CODE
    matches = hmac.compare_digest(hash_code(secret, key, code.salt, typed).encode(), code.hash.encode())
    return kept is not None and matches and tries <= MAX_TRIES and now < kept.expires_at


def recently_asked(asked_at: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Those that count against the bound."""
    return tuple(moment for moment in asked_at if moment > now - ASKED_WITHIN)
