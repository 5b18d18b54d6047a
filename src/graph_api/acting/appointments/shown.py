"""Appointments and openings as a caller sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Location,
    RecordAudience,
)
from graph_api.acting.appointments.openings import Opening
from graph_api.acting.appointments.wall_time import local_text
from graph_api.acting.bylines import Author
from graph_api.kernel.errors import MutationError, MutationErrorCode
from graph_api.practitioners.model import Practitioner


@dataclass(frozen=True, slots=True)
class ShownAppointment:
    """An appointment, where it stands, and to whom it is shown."""

    appointment: Appointment
    status: AppointmentStatus
    """At the moment of the answer (A4)."""
    to_staff: bool
    own: str | None
    """Whose portal account reads it."""

    @property
    def id(self) -> str:
        """The appointment's."""
        return self.appointment.id

    @property
    def version(self) -> int:
        """The appointment's."""
        return self.appointment.version

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.appointment.shows

    @property
    def client_id(self) -> str:
        """Whose it is."""
        return self.appointment.client_id

    @property
    def practitioner_id(self) -> str:
        """The practitioner."""
        return self.appointment.practitioner_id

    @property
    def type_id(self) -> str:
        """The type of appointment."""
        return self.appointment.type_id

    @property
    def location_id(self) -> str:
        """Where it is."""
        return self.appointment.location_id

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        return self.appointment.starts_at

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.appointment.ends_at

    @property
    def local_start(self) -> str:
        """The wall time that was agreed on."""
        return self.appointment.local_start

    @property
    def time_zone(self) -> str:
        """In which that time is."""
        return self.appointment.time_zone

    @property
    def audience(self) -> RecordAudience:
        """Who of the portal's accounts sees it."""
        return self.appointment.audience

    @property
    def is_late(self) -> bool:
        """Whether it was cancelled late."""
        return self.appointment.is_late

    @property
    def is_overbooked(self) -> bool:
        """Whether it stands beside another."""
        return self.appointment.is_overbooked

    @property
    def held_until(self) -> datetime | None:
        """When a request expires."""
        return self.appointment.held_until

    @property
    def series_id(self) -> str | None:
        """What it belongs to."""
        return self.appointment.series_id

    @property
    def note(self) -> str | None:
        """Staff's own."""
        return self.appointment.note

    @property
    def booking_reason(self) -> str | None:
        """To staff, and to whoever wrote it (X4)."""
        return self.appointment.booking_reason if self._wrote(self.appointment.booked_by) else None

    @property
    def cancel_reason(self) -> str | None:
        """To staff, and to whoever wrote it (X4)."""
        return self.appointment.cancel_reason if self._wrote(self.appointment.cancelled_by) else None

    def _wrote(self, author: Author | None) -> bool:
        is_own = author is not None and self.own is not None and author.person_id == self.own
        return self.to_staff or is_own


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked: one, or all of a series."""

    appointment: ShownAppointment
    series: tuple[ShownAppointment, ...] = ()

    @property
    def id(self) -> str:
        """The first one's."""
        return self.appointment.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.appointment.shows


@dataclass(frozen=True, slots=True)
class ShownOpening:
    """An opening, with whom and where."""

    opening: Opening
    practitioner: Practitioner
    location: Location
    type: AppointmentType

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        return self.opening.starts_at

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.opening.ends_at

    @property
    def local_start(self) -> str:
        """What clocks show at the location."""
        return local_text(self.opening.local_start)

    @property
    def time_zone(self) -> str:
        """Of the location."""
        return self.opening.time_zone


def shown_opening(
    opening: Opening,
    kind: AppointmentType,
    practitioners: Mapping[str, Practitioner],
    locations: Mapping[str, Location],
) -> ShownOpening:
    """An opening with what it names."""
    return ShownOpening(opening, practitioners[opening.practitioner_id], locations[opening.location_id], kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTaken(MutationError):
    """Somebody else has the time, or the client has another appointment then. It does not say which (A5, A6)."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.TIME_TAKEN
    message: str = "This time is taken. Choose another one."
    starts_at: tuple[datetime, ...]
    """Which of the times that were asked for."""
    nearest: tuple[ShownOpening, ...] = ()
    """Others that are open."""
