"""Checks what admins send about a practitioner."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, TypedDict
from zoneinfo import available_timezones

from graph_api.kernel.caller import MAX_SUBJECT
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import MAX_LABEL, clean_text, is_blank
from graph_api.people.contact_points import normalise_email
from graph_api.practitioners.model import Practitioner


class PractitionerFields(TypedDict, total=False):
    """The fields that were sent; one that is missing is kept, None clears it."""

    display_name: str | None
    title: str | None
    time_zone: str | None
    subject: str | None
    notice_email: str | None
    is_active: bool | None


@cache
def _time_zones() -> frozenset[str]:
    """Names of the IANA database; reading them takes milliseconds, and they stay while the process lives."""
    return frozenset(available_timezones())


def apply_practitioner_fields(before: Practitioner, fields: PractitionerFields, problems: Problems) -> Practitioner:
    """`before` with the fields that were sent, normalised; what is wrong with them goes to `problems`.

    Reasons: `displayName.missing`, `timeZone.unknown`, `noticeEmail.invalid`, `isActive.null`, and those of
    `clean_text` for displayName, title and subject.
    """
    checks: dict[str, Callable[[Any], Any]] = {
        "display_name": lambda v: _display_name(v, problems) or before.display_name,
        "title": lambda v: clean_text(v, problems, "title", "title", limit=MAX_LABEL),
        "time_zone": lambda v: _time_zone(v, problems),
        "subject": lambda v: clean_text(v, problems, "subject", "subject", limit=MAX_SUBJECT),
        "notice_email": lambda v: _notice_email(v, problems),
        "is_active": lambda v: _is_active(v, before, problems),
    }
    return replace(before, **{name: checks[name](value) for name, value in fields.items()})


def _display_name(value: str | None, problems: Problems) -> str | None:
    """Everybody has one: it is what they are called wherever they are shown."""
    if value is None or is_blank(value):
        problems.add("displayName.missing", "A practitioner needs a name to show.", "displayName")
        return None
    return clean_text(value, problems, "displayName", "displayName")


def _time_zone(value: str | None, problems: Problems) -> str | None:
    if value is not None and value not in _time_zones():
        message = "This is not a time zone of the IANA database, such as Europe/London."
        problems.add("timeZone.unknown", message, "timeZone")
    return value


def _notice_email(value: str | None, problems: Problems) -> str | None:
    if value is None:
        return None
    normal = normalise_email(value)
    if normal is None:
        problems.add("noticeEmail.invalid", "This is not an e-mail address.", "noticeEmail")
    return normal


def _is_active(value: bool | None, before: Practitioner, problems: Problems) -> bool:
    if value is None:
        message = "This field can't be cleared. Omit it to keep the current value."
        problems.add("isActive.null", message, "isActive")
        return before.is_active
    return value
