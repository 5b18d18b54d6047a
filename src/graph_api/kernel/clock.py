"""The time, and the day it is where the practice is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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


def is_time_zone(name: str) -> bool:
    """Whether it is an IANA name whose rules are known here."""
    try:
        datetime(2000, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
