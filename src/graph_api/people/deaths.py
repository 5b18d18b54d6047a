"""A person's death: what it ends, and what remains (D14)."""

from datetime import date, datetime
from typing import TypedDict

from graph_api.people.model import Death


class DeathFields(TypedDict, total=False):
    """What was sent; None takes a death back, and nothing is no answer."""

    deceased_on: date | None


def recorded_death(before: Death | None, on: date, at: datetime) -> Death:
    """A death as staff record or correct it at the moment `at`.

    A later day than was recorded is another death: what was recorded since the first may have been before this one.
    """
    known = before is not None and on <= before.on
    return Death(on, before.recorded_at if before is not None and known else at, at)
