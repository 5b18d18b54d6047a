"""Appointments of clients, where and how long they are, and when practitioners are open (A1-A4, A10).

Lengths and buffers are minutes and multiples of `STEP_MINUTES`. Moments are UTC. Hours are wall time: what a clock at
the location shows.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

from graph_api.acting.bylines import Author
from graph_api.kernel.fields import kept
from graph_api.people.model import PostalAddress

STEP_MINUTES = 5
"""Of which all times, lengths and buffers are multiples (A5)."""


class PortalBooking(Enum):
    """What a portal account may do with a type of appointment (A1)."""

    NONE = "NONE"
    REQUEST = "REQUEST"
    BOOK = "BOOK"


class AppointmentStatus(Enum):
    """Where an appointment stands (FHIR: pending, booked, arrived, fulfilled; cancelled, as DECLINED and EXPIRED are
    there too; noshow, entered-in-error). EXPIRED is computed and never kept (A4)."""

    REQUESTED = "REQUESTED"
    BOOKED = "BOOKED"
    ARRIVED = "ARRIVED"
    COMPLETED = "COMPLETED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"
    EXPIRED = "EXPIRED"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


class AppointmentOutcome(Enum):
    """What staff say came of an appointment; each is the status of the same name."""

    ARRIVED = "ARRIVED"
    COMPLETED = "COMPLETED"
    NO_SHOW = "NO_SHOW"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


class RecordAudience(Enum):
    """Who of the portal's accounts sees a record; CLIENT_ONLY is the client's own alone (A10)."""

    SHARED = "SHARED"
    CLIENT_ONLY = "CLIENT_ONLY"


class SeriesScope(Enum):
    """Which appointments of a series are cancelled (A7)."""

    THIS = "THIS"
    THIS_AND_FOLLOWING = "THIS_AND_FOLLOWING"


class Weekday(Enum):
    """A day of the week, in the order of ISO 8601."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


@dataclass(frozen=True, slots=True)
class Location:
    """Where appointments take place: in person at an address, or by a link (A1)."""

    id: str
    name: str
    is_telehealth: bool = False
    address: PostalAddress | None = kept(None, prefix="address", flag="hasAddress")
    link: str | None = kept(None, logged=False)
    """Of telehealth. Whoever has it can come in, so the audit log does not have it."""
    time_zone: str | None = None
    """An IANA name; None for the practice's."""
    is_exclusive: bool = False
    """Whether only one appointment fits in at a time, as in one room."""
    is_active: bool = True
    version: int = kept(1, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody."""
        return ()

    def zone(self, practice_zone: ZoneInfo) -> ZoneInfo:
        """Its own time zone, else the practice's (A3)."""
        return practice_zone if self.time_zone is None else ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class AppointmentType:
    """A kind of appointment: how long it is, who offers it where, and what a portal account may do with it (A1, A9)."""

    id: str
    name: str
    public_name: str
    """What portal accounts read."""
    minutes: int
    grid_minutes: int = 15
    """How far apart starts are offered."""
    buffer_before: int = 0
    buffer_after: int = 0
    """Minutes that are claimed before and after; nobody is told of them."""
    portal: PortalBooking = PortalBooking.NONE
    min_notice_hours: int = 24
    max_ahead_days: int = 90
    change_notice_hours: int = 24
    late_cancel: bool = False
    """Whether a portal account may cancel later than that, until the start."""
    practitioner_ids: tuple[str, ...] = ()
    location_ids: tuple[str, ...] = ()
    price: int | None = None
    late_fee: int | None = None
    """Both in minor units of the practice's currency."""
    is_active: bool = True
    version: int = kept(1, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """Hours of every week, or of every second to fourth one, in the location's wall time (A2, A3)."""

    id: str
    practitioner_id: str
    weekday: Weekday
    location_id: str
    starts_on: date
    """The first day on which it may count. Its week is the first that counts, and weeks begin on Monday."""
    from_time: time = kept(names={"from_time": "from"})
    to_time: time = kept(names={"to_time": "to"})
    """When the hours end; 00:00 is the end of the day."""
    every_weeks: int = 1
    ends_on: date | None = None
    """The last day, inclusive."""


@dataclass(frozen=True, slots=True)
class OpeningException:
    """A day on which a practitioner's hours are others: closed, or open as well (A2)."""

    id: str
    practitioner_id: str
    day: date
    is_open: bool
    from_time: time | None = kept(None, names={"from_time": "from"})
    to_time: time | None = kept(None, names={"to_time": "to"})
    """Wall time at the location, `to` as in a rule; both None where the whole day is closed."""
    location_id: str | None = None
    """Where it is open. A closing without one is of every location."""
    note: str | None = kept(None, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment of a client with a practitioner (A3-A10)."""

    id: str
    client_id: str
    practitioner_id: str
    type_id: str
    location_id: str
    starts_at: datetime
    ends_at: datetime
    local_start: str
    """The wall time that was agreed on, as `2026-03-09T09:00`; the time zone's rules may change afterwards (A3)."""
    time_zone: str
    status: AppointmentStatus
    """As it is kept; `statuses.status_at` says where it stands at a moment."""
    booked_by: Author = kept(prefix="bookedBy", logged=False)
    audience: RecordAudience = RecordAudience.SHARED
    buffer_before: int = 0
    buffer_after: int = 0
    """Minutes, as the type had them when the time was claimed."""
    calendars: tuple[str, ...] = ()
    """Ids of those in whose time it stands: the practitioner and, if exclusive, the location. An overbooked one has
    none, so that its keys always follow from the appointment alone (A5, A6)."""
    is_overbooked: bool = False
    is_late: bool = False
    """Whether a portal account cancelled it later than the type's notice allows (A9)."""
    held_until: datetime | None = None
    """Only of a request: when it expires, unless staff confirm it (A4)."""
    cancelled_by: Author | None = kept(None, prefix="cancelledBy", logged=False)
    cancelled_at: datetime | None = kept(None, logged=False)
    """When it was cancelled or declined; when it was booked is `created_at`."""
    series_id: str | None = None
    booking_reason: str | None = kept(None, logged=False)
    cancel_reason: str | None = kept(None, logged=False)
    note: str | None = kept(None, logged=False)
    """Words that never reach the audit log (X8)."""
    told: tuple[str, ...] = kept((), logged=False)
    """Ids of the people who know of it: who were told by mail, or changed it themselves (A12)."""
    version: int = kept(1, logged=False)
    """It is the SEQUENCE of iCalendar, too (A8)."""
    created_at: datetime | None = kept(None, logged=False)
    updated_at: datetime | None = kept(None, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return (self.client_id,)
