"""A calendar feed of a portal account (A11)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from graph_api.kernel.fields import kept

MAX_FEEDS = 10
"""Of one person."""
MAX_NAME = 60
MOST_EVENTS = 1_000
BACK, AHEAD = timedelta(days=30), timedelta(days=365)
"""What a feed shows: appointments that start from so long ago until so far ahead."""
GONE_IS_SHOWN = timedelta(days=30)
"""How long a feed tells that an appointment does not take place, so that calendars take it away."""


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """One address at which a calendar application reads a person's appointments."""

    id: str
    person_id: str
    name: str
    """What its owner calls it, to know which to revoke."""
    shows_first_names: bool
    """Whether events name the client by their first name; else they name the practice alone."""
    created_at: datetime
    last_read_on: date | None = kept(None, logged=False)
    """The last day, in the practice's time zone, on which it was read."""

    @property
    def shows(self) -> tuple[str, ...]:
        """Its owner."""
        return (self.person_id,)


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """A new feed, and its address, which is known only now: of its secret a hash is kept."""

    feed: CalendarFeed
    url: str | None = None
    """None where the answer is given again."""

    @property
    def id(self) -> str:
        """The feed's."""
        return self.feed.id

    @property
    def shows(self) -> tuple[str, ...]:
        """Its owner."""
        return self.feed.shows
