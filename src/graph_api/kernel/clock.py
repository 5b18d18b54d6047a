"""The time, and the day it is where the practice is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and the day it is where the practice is (D8)."""

    now: Callable[[], datetime]
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        """The practice's time zone."""
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """The practice's day."""
        return self.now().astimezone(self.zone).date()
