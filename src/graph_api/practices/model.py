"""What a practice has set."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class FeatureWords:
    """How a feature is spoken of."""

    inside: str
    """Within a sentence."""
    described: str
    """In the schema."""


FEATURES: Mapping[PracticeFeature, FeatureWords] = {
    PracticeFeature.PORTAL: FeatureWords("the client portal", "The client portal; every action in it needs this"),
    PracticeFeature.MESSAGING: FeatureWords("secure messages", "Secure messages"),
    PracticeFeature.PAYMENTS: FeatureWords("payments", "Balances and payments"),
    PracticeFeature.SCHEDULING: FeatureWords("appointments in the portal", "Appointments in the portal"),
    PracticeFeature.REMINDERS: FeatureWords("appointment reminders", "Appointment reminders"),
}
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
