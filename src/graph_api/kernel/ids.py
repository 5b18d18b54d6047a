"""Opaque ids. A prefix tells the type, the rest is random: an id tells neither client nor practice."""

import re
import secrets

_KINDS = (
    "person",
    "contact",
    "practice",
    "practitioner",
    "version",
    "account",
    "invitation",
    "session",
    "event",
    "fact",
    "mail",
    "thread",
    "message",
    "location",
    "type",
    "rule",
    "exception",
    "appointment",
    "series",
    "feed",
    "reminder",
    "charge",
    "payment",
    "refund",
)
_FORM = re.compile(rf"({'|'.join(_KINDS)})_[0-9a-f]{{32}}")


def new_id(kind: str) -> str:
    """A fresh id of `kind`; a version is one of a contact, a fact one that decisions rested on."""
    if kind not in _KINDS:
        raise ValueError(kind)
    return f"{kind}_{secrets.token_hex(16)}"


def version_id(contact_id: str, version: int) -> str:
    """Of a contact's version: the same while it is current and ever after."""
    return f"version_{contact_id.removeprefix('contact_')[:24]}{version:08d}"


def kind_of(value: str) -> str | None:
    """Which kind of thing an id names; None when it is malformed."""
    match = _FORM.fullmatch(value)
    return match.group(1) if match else None


def is_id(kind: str, value: str) -> bool:
    """Whether `value` is a well-formed id of `kind`."""
    return kind_of(value) == kind
