"""What a practice has set."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from graph_api.kernel.fields import kept


class PracticeFeature(Enum):
    """What a practice offers; each can be off for the practice or for one client (D5)."""

    PORTAL = "PORTAL"
    MESSAGING = "MESSAGING"
    PAYMENTS = "PAYMENTS"
    SCHEDULING = "SCHEDULING"
    REMINDERS = "REMINDERS"


ALL_FEATURES = frozenset(PracticeFeature)
DEFAULT_AGE_OF_MAJORITY = 18


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """The practice's settings that decisions rest on. A feature that is not stored is off; without an age of majority
    nobody is known to be a minor or an adult (D5, D13)."""

    features: frozenset[PracticeFeature] = frozenset()
    age_of_majority: int | None = None
    since: datetime | None = kept(None, names={"since": "settingsSince"}, logged=False)
    """Since when they are so."""
