"""Reads appointments of one practice. All go to the server that writes (X7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graph_api.acting.appointments.graph.rows import (
    appointment_of,
    client_scope,
    offered_of,
    offered_params,
    practice_scope,
    taken_of,
    taken_params,
)
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, RecordAudience
from graph_api.acting.appointments.offering import Offered
from graph_api.acting.appointments.records import APPOINTMENT
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.paging import PageRequest, page_bounds
from graph_api.kernel.rows import stamp
from graph_api.people.records import NAME_PROPERTIES, display_names
from graph_api.practitioners.graph import subject_key


@dataclass(frozen=True, slots=True)
class FoundNames:
    """Names by person id, and practitioners by the subject of their token."""

    people: Mapping[str, str]
    practitioners: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OfClient:
    """Which of a client's appointments are listed."""

    client_id: str
    audiences: frozenset[RecordAudience]
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    statuses: Collection[AppointmentStatus] | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """Which of the practice's appointments are listed."""

    starts_from: datetime
    starts_before: datetime
    practitioner_ids: Sequence[str] | None = None
    location_ids: Sequence[str] | None = None


def _sealed(appointments: Sequence[Appointment], shown: int | None = None) -> Sealed[Sequence[Appointment]]:
    """Appointments, which show their clients."""
    return Sealed(appointments, [one.client_id for one in appointments[:shown]])


class AppointmentReads(Reads):
    """Appointments as they are kept."""

    async def by_ids(self, ids: Sequence[str]) -> Sealed[Sequence[Appointment]]:
        """Those that exist."""
        rows = await self._session.read_newest(
            "acting/appointments/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            appointment=list(APPOINTMENT.names),
        )
        return _sealed([appointment_of(record) for row in rows for record in row["rows"]])

    async def of_client(self, wanted: OfClient, now: datetime, page: PageRequest) -> Sealed[Sequence[Appointment]]:
        """At most `size` + 1 of a client's appointments, in the order of the direction asked for."""
        scope, since, until = client_scope(self._practice, wanted.client_id), wanted.starts_from, wanted.starts_before
        within = ("" if since is None else scope + stamp(since), "" if until is None else scope + stamp(until))
        statuses = wanted.statuses
        return await self._page(
            "acting/appointments/of_client_backward" if page.backward else "acting/appointments/of_client",
            scope,
            within,
            page,
            audiences=sorted(audience.value for audience in wanted.audiences),
            statuses=None if statuses is None else [status.value for status in statuses],
            now=stamp(now),
        )

    async def agenda(self, wanted: Agenda, page: PageRequest) -> Sealed[Sequence[Appointment]]:
        """At most `size` + 1 of the practice's appointments."""
        scope = practice_scope(self._practice)
        within = (scope + stamp(wanted.starts_from), scope + stamp(wanted.starts_before))
        practitioners, places = wanted.practitioner_ids, wanted.location_ids
        return await self._page(
            "acting/appointments/agenda",
            scope,
            within,
            page,
            practitionerIds=None if practitioners is None else list(practitioners),
            locationIds=None if places is None else list(places),
        )

    async def requests(self, now: datetime, page: PageRequest) -> Sealed[Sequence[Appointment]]:
        """At most `size` + 1 of the requests that wait."""
        scope = practice_scope(self._practice)
        # After this very moment: what expires now has expired.
        return await self._page("acting/appointments/requests", scope, (f"{scope}{stamp(now)}|~", ""), page)

    async def _page(
        self, name: str, scope: str, within: tuple[str, str], page: PageRequest, **params: Any
    ) -> Sealed[Sequence[Appointment]]:
        above, below = page_bounds(scope, page, *within)
        rows = await self._session.read_newest(
            name,
            practice=self._practice,
            above=above,
            below=below,
            size=page.size + 1,
            appointment=list(APPOINTMENT.names),
            **params,
        )
        return _sealed([appointment_of(row["appointment"]) for row in rows], page.size)

    async def names(self, person_ids: Iterable[str], subjects: Iterable[str]) -> Sealed[FoundNames]:
        """Names of people, and of the practitioners whom subjects name."""
        rows = await self._session.read_newest(
            "acting/appointments/names",
            practice=self._practice,
            ids=sorted(set(person_ids)),
            subjectKeys=sorted({subject_key(self._practice, subject) for subject in subjects}),
            person=list(NAME_PROPERTIES),
        )
        people = display_names(record for row in rows for record in row["people"])
        practitioners = {record[0]: (record[1], record[2]) for row in rows for record in row["practitioners"]}
        return Sealed(FoundNames(people, practitioners), list(people))

    async def offered(self, client_id: str, type_id: str) -> Offered:
        """What an appointment of a type needs. Nothing of the client is shown but that they are there."""
        return offered_of(
            await self._session.read_newest(
                "acting/openings/offered", **offered_params(self._practice, client_id, type_id)
            )
        )

    async def taken(
        self, days: Iterable[date], practitioners: Iterable[str], places: Iterable[str], client_id: str
    ) -> Sealed[Sequence[Appointment]]:
        """Appointments that may hold their time. Openings are worked out from them; nobody is shown."""
        params = taken_params(self._practice, days, practitioners, places, client_id)
        return Sealed(taken_of(await self._session.read_newest("acting/appointments/taken", **params)), ())
