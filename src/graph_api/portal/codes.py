"""One-time codes: made when they are mailed, kept as keyed hashes, each good once, for ten minutes.

A code has 60 random bits, so nobody guesses it however often they try; tries are bounded for each asker besides. Codes
of one address do not void each other, because a stranger may ask for one at any time.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from graph_api.mail.model import Answer, Drop, Send, Wait
from graph_api.portal.model import Account, fold_address

CODE_LETTERS = 12
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without letters that look like a digit."""
CODE_LASTS = timedelta(minutes=10)
MAX_TRIES = 5
"""Of one asker; and of all callers together who do not say which asker they are, for each code that is mailed."""
MAX_ASKED = 5
"""Codes that one account may ask for within `ASKED_WITHIN`, to move to another address."""
ASKED_WITHIN = timedelta(hours=1)
MAX_TYPED = 100
MAX_KEPT = 8
"""Codes of one address that are good at once; as mails are spaced there are six, and some that could not be sent."""
FREELY = 5
"""Mails within an hour that only `APART` parts; those that follow are `FURTHER_APART`, still within a code's life."""
APART = timedelta(minutes=1)
FURTHER_APART = timedelta(minutes=5)
MAX_NOTED = 100
"""Askings of the last hour that are remembered for one address."""
_GROUP = 4
_READ_AS = {"O": "0", "I": "1", "L": "1"}


@dataclass(frozen=True, slots=True)
class StoredCode:
    """What is kept of a code. It is good only while the account is as it was when the code was made."""

    hash: str
    salt: str
    expires_at: datetime
    person_id: str
    account_since: datetime


@dataclass(frozen=True, slots=True)
class KeptCodes:
    """What is kept of the codes for one thing, as an address that signs in."""

    asked_at: tuple[datetime, ...] = ()
    """When they were asked for within the hour."""
    mailed_at: tuple[datetime, ...] = ()
    """When letters with a code were written within the hour."""
    mailed_for: str | None = None
    """Whose asking the last letter answers."""
    next_at: datetime | None = None
    """When the next one is to be written, where it has to wait."""
    next_for: str | None = None
    codes: tuple[StoredCode, ...] = ()


def sign_in_key(secret: bytes, address: str) -> str:
    """Under which an address's code is kept: it tells nothing of the address."""
    message = f"sign-in address\x00{fold_address(address)}"
    return f"sign-in|{hmac.new(secret, message.encode(), 'sha256').hexdigest()}"


def code_from(random: bytes) -> str:
    """A code as it is mailed, three groups of four, from 32 random bytes that nobody else has."""
    number = int.from_bytes(random)
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LETTERS))
    return " ".join(letters[start : start + _GROUP] for start in range(0, CODE_LETTERS, _GROUP))


def typed_code(typed: str) -> str:
    """A code as somebody typed or pasted it: digits of all scripts, either case, without marks and white space."""
    text = unicodedata.normalize("NFKC", typed[:MAX_TYPED]).upper()
    return "".join(_read(character) for character in text)


def _read(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return _READ_AS.get(character, character) if character.isalpha() else ""


def hash_code(secret: bytes, key: str, salt: str, typed: str) -> str:
    """What a code for `key` is kept as: nothing without the installation's secret."""
    message = "\x00".join(("one-time code", key, salt, typed_code(typed)))
    return hmac.new(secret, message.encode(), "sha256").hexdigest()


def store_code(secret: bytes, key: str, code: str, account: Account, now: datetime) -> StoredCode:
    """A code as it is kept."""
    salt = secrets.token_hex(16)
    hashed = hash_code(secret, key, salt, code)
    return StoredCode(hashed, salt, now + CODE_LASTS, account.person_id, account.since)


_NO_CODE = StoredCode("", "0" * 32, datetime.min.replace(tzinfo=UTC), "", datetime.min.replace(tzinfo=UTC))


def right_code(
    secret: bytes, key: str, kept: Sequence[StoredCode], tries: int, typed: str, now: datetime
) -> StoredCode | None:
    """Which code was typed, if one; the same work is done however many there are."""
    found = None
    for code in (*kept, *(_NO_CODE,) * MAX_KEPT)[:MAX_KEPT]:
        matches = hmac.compare_digest(hash_code(secret, key, code.salt, typed).encode(), code.hash.encode())
        if matches and now < code.expires_at:
            found = code
    return found if tries <= MAX_TRIES else None


def with_code(codes: Sequence[StoredCode], new: StoredCode, now: datetime) -> tuple[StoredCode, ...]:
    """Those that are still good, and one more."""
    return (*(code for code in codes if now < code.expires_at), new)[-MAX_KEPT:]


def recent(moments: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Those within the hour, the last ones where they are too many to remember."""
    return tuple(moment for moment in moments if moment > now - ASKED_WITHIN)[-MAX_NOTED:]


def next_letter_at(mailed_at: Sequence[datetime], now: datetime) -> datetime:
    """When the next letter may be written to an address. There is always one before the code of the last is old."""
    if not mailed_at:
        return now
    apart = APART if len(recent(mailed_at, now)) < FREELY else FURTHER_APART
    return max(now, mailed_at[-1] + apart)


def answer_to(kept: KeptCodes, asking: str, asked_at: datetime, now: datetime) -> Answer:
    """What becomes of an asking when its mail is to be written; any letter written since it was asked answers it too.

    So a flood of askings makes few letters, and whoever asks finds a code that holds within `FURTHER_APART`.
    """
    if kept.mailed_for == asking:
        return Send()  # its letter could not be handed over
    if kept.mailed_at and kept.mailed_at[-1] >= asked_at:
        return Drop()
    if kept.next_at is not None and kept.next_for != asking and kept.next_at > now:
        return Drop()
    due = next_letter_at(kept.mailed_at, now)
    return Wait(due) if due > now else Send()
