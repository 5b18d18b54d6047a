"""What an appointment of a type needs, as it was read: the client, the type, who offers it and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.model import AppointmentType, Location, PortalBooking
from graph_api.kernel.errors import MutationError, NotFound, Refused, invalid, not_found
from graph_api.people.commands import refuse_archived
from graph_api.people.model import ClientStatus
from graph_api.practitioners.model import Practitioner

DECEASED = "The client has died."


@dataclass(frozen=True, slots=True)
class ClientBrief:
    """What decides whether something can be booked for a client."""

    id: str
    client_status: ClientStatus | None = None
    birth_date: date | None = None
    deceased_on: date | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A type, and what it names; what is not there is left out."""

    client: ClientBrief | None
    kind: AppointmentType | None
    practitioners: Mapping[str, Practitioner]
    locations: Mapping[str, Location]


def days_around(moments: Iterable[datetime], before: int = 2, after: int = 2) -> set[date]:
    """The days of all appointments that may reach one of these moments, whatever the zone."""
    return {moment.date() + timedelta(days=number) for moment in moments for number in range(-before, after + 1)}


def known_kind(offered: Offered, *, by_portal: bool) -> AppointmentType:
    """The type, if the client is one and the type can be booked.

    Raises:
        Refused: NotFound for the client, and for a type that does not exist for the one who asks; `type.inactive`.
    """
    if offered.client is None or offered.client.client_status is None:
        raise not_found("clientId")
    kind = offered.kind
    if kind is None or (by_portal and (kind.portal is PortalBooking.NONE or not kind.is_active)):
        raise not_found("typeId")
    if not kind.is_active:
        raise Refused([invalid("type.inactive", "This type is not booked any more. Choose another one.", "typeId")])
    return kind


def refuse_gone(client: ClientBrief | None) -> None:
    """Staff start nothing for an archived client, nor for one who has died (X1, X9).

    Raises:
        Refused: `client.archived`, `client.deceased`.
    """
    if client is None:
        return
    refuse_archived(client.client_status, "clientId")
    if client.deceased_on is not None:
        raise Refused([invalid("client.deceased", DECEASED, "clientId")])


def refuse_place(
    offered: Offered,
    practitioner: Practitioner | None,
    location: Location | None,
    *,
    by_portal: bool,
) -> None:
    """Refuse whoever does not offer the type, and wherever it is not offered.

    Raises:
        Refused: NotFound for what is not there; `practitioner.notOffered`, `practitioner.inactive`,
            `location.notOffered`, `location.inactive`. A portal account is told that it was not found, instead.
    """
    found: list[MutationError] = []
    for what, one, known in (
        ("practitioner", practitioner, offered.practitioners),
        ("location", location, offered.locations),
    ):
        path, is_named = f"{what}Id", one is not None and one.id in known
        if one is None or (by_portal and not (is_named and one.is_active)):
            found.append(NotFound(path=(path,)))
        elif not is_named:
            found.append(invalid(f"{what}.notOffered", f"This {what} is not one of the type's.", path))
        elif not one.is_active:
            found.append(invalid(f"{what}.inactive", f"This {what} is no longer active. Choose another one.", path))
    if found:
        raise Refused(found)


def refuse_left(practitioner: Practitioner | None) -> None:
    """Refuse to confirm for somebody who has left; staff can move the request to somebody else.

    Raises:
        Refused: `practitioner.inactive`.
    """
    if practitioner is not None and not practitioner.is_active:
        message = "This practitioner is no longer active. Move the request to another one."
        raise Refused([invalid("practitioner.inactive", message, "appointmentId")])


def zones_of(locations: Iterable[Location], practice_zone: ZoneInfo) -> dict[str, ZoneInfo]:
    """The time zone of each location, by its id."""
    return {location.id: location.zone(practice_zone) for location in locations}
