"""The values before and after a change, as text."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from json import dumps

from graph_api.kernel.fields import api_name
from graph_api.kernel.happened import FieldChange

IMPORT = "import"
"""The action of an import's events, and who did it."""


def text_of(value: object) -> str | None:
    """A value as the log shows it: enums by name, dates as ISO 8601, lists and objects as JSON; unset is None."""
    if value is None or value in ((), frozenset()):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    """A value inside a list or an object, as JSON has it; what is unset is left out."""
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        parts = {api_name(part.name): _plain(getattr(value, part.name)) for part in fields(value)}
        return {name: part for name, part in parts.items() if part not in (None, [])}
    return value if value is None or isinstance(value, bool | int | float) else text_of(value)


def changes_between(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of `after`, then those that are gone."""
    names = dict.fromkeys((*after, *before))
    texts = ((name, text_of(before.get(name)), text_of(after.get(name))) for name in names)
    return tuple(FieldChange(name, old, new) for name, old, new in texts if old != new)
