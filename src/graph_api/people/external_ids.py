"""Keys in other systems: how a system is named, and whom a key named when it was given."""

import hashlib
import re

from graph_api.people.model import DEFAULT_EXTERNAL_SYSTEM, Person
from graph_api.people.names import fold

SYSTEM = re.compile(r"[a-z0-9][a-z0-9._-]{0,49}")
"""A system's name, folded: no "|", which joins it to the id in the graph's keys."""


def system_name(text: str | None) -> str | None:
    """A system's name as it is kept; the default where none is said, None where it can't be one."""
    if text is None:
        return DEFAULT_EXTERNAL_SYSTEM
    name = text.strip().casefold()
    return name if SYSTEM.fullmatch(name) else None


def mark_of(person: Person) -> str:
    """Whom an id names when it is given: of the names and the birth date, one way."""
    born = person.birth_date.isoformat() if person.birth_date else ""
    known = "\x1f".join((fold(person.family_name), fold(person.given_name), born))
    return hashlib.sha256(known.encode()).hexdigest()[:32]
