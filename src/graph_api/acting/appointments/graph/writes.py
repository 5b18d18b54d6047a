"""Appointments inside one write transaction. The client's lock comes first, the appointment's last (X2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from graph_api.acting.appointments.graph.hours import calendar_scope, day_key
from graph_api.acting.appointments.graph.rows import (
    ahead_bounds,
    appointment_changes,
    appointment_of,
    appointment_row,
    client_scope,
    offered_of,
    offered_params,
    taken_params,
)
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, RecordAudience
from graph_api.acting.appointments.offering import Offered
from graph_api.acting.appointments.records import APPOINTMENT
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.mail.graph import mail_key, mail_row
from graph_api.mail.model import QueuedMail

DEFAULT_PRIVACY_AGE = 13
"""From which a client may hide an appointment from contacts, where the practice has set no age."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Which of some moments are claimed: appointment ids by key; and these appointments by id."""

    by_key: Mapping[str, str]
    appointments: Mapping[str, Appointment]
    of_client: Sequence[Appointment] = ()
    """Of some days, those that may hold their time."""


class AppointmentWrites(Writes):
    """Appointments, and the time that they claim."""

    async def by_ids(self, ids: Iterable[str]) -> list[Appointment]:
        """Those that exist. Under the client's lock nobody changes them."""
        rows = await self._tx.run(
            "acting/appointments/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            appointment=list(APPOINTMENT.names),
        )
        return [self._noted(appointment_of(record)) for row in rows for record in row["rows"]]

    async def of_series(self, series_id: str) -> list[Appointment]:
        """All of a series."""
        rows = await self._tx.run(
            "acting/appointments/of_series",
            practice=self._practice,
            seriesId=series_id,
            appointment=list(APPOINTMENT.names),
        )
        return [self._noted(appointment_of(row["appointment"])) for row in rows]

    async def lock(self, ids: Iterable[str]) -> dict[str, Appointment]:
        """Take appointments' locks, in id order; those that exist, by id, as they are under the locks."""
        rows = await self._tx.run(
            "acting/appointments/lock",
            practice=self._practice,
            ids=sorted(set(ids)),
            stamp=self._lock,
            appointment=list(APPOINTMENT.names),
        )
        return {one.id: one for one in (self._noted(appointment_of(row["appointment"])) for row in rows)}

    async def offered(self, client_id: str, type_id: str) -> Offered:
        """What an appointment of a type needs."""
        return offered_of(
            await self._tx.run("acting/openings/offered", **offered_params(self._practice, client_id, type_id))
        )

    async def coming(
        self, client_id: str, statuses: Iterable[AppointmentStatus], now: datetime, most: int
    ) -> list[Appointment]:
        """A client's appointments that start after a moment and stand there now, as EXPIRED does by the clock."""
        scope = client_scope(self._practice, client_id)
        rows = await self._tx.run(
            "acting/appointments/of_client",
            practice=self._practice,
            above=scope + stamp(now),
            below=after_scope(scope),
            audiences=[audience.value for audience in RecordAudience],
            statuses=[status.value for status in statuses],
            now=stamp(now),
            size=most,
            appointment=list(APPOINTMENT.names),
        )
        return [appointment_of(row["appointment"]) for row in rows]

    async def any_of_practitioner(self, practitioner_id: str, now: datetime) -> bool:
        """Whether a practitioner has appointments to come that are requested or booked."""
        rows = await self._tx.run(
            "acting/appointments/any_of_practitioner",
            practice=self._practice,
            above=day_key(self._practice, practitioner_id, now.date() - timedelta(days=1)),
            below=after_scope(calendar_scope(self._practice, practitioner_id)),
            now=stamp(now),
        )
        return bool(rows)

    async def ahead(
        self, client_id: str, subject: str, status: AppointmentStatus, now: datetime, most: int
    ) -> list[Appointment]:
        """What an account has requested, or booked, for the client and is to come, as far as it matters."""
        rows = await self._tx.run(
            "acting/appointments/ahead",
            practice=self._practice,
            subject=subject,
            status=status.value,
            now=stamp(now),
            size=most,
            appointment=list(APPOINTMENT.names),
            **ahead_bounds(self._practice, client_id, now),
        )
        return [appointment_of(row["appointment"]) for row in rows]

    async def privacy_age(self) -> int:
        """From which age on a client may hide an appointment from contacts."""
        rows = await self._tx.run("acting/appointments/privacy_age", practice=self._practice)
        age = rows[0]["age"] if rows else None
        return DEFAULT_PRIVACY_AGE if age is None else int(age)

    async def claimed(self, keys: Iterable[str], client_id: str | None = None, days: Iterable[date] = ()) -> Claimed:
        """Which of the moments are claimed, and what a client has on some days.

        Practitioners and exclusive locations must be locked.
        """
        params = taken_params(self._practice, days, client_id=client_id)
        rows = await self._tx.run(
            "acting/appointments/claimed_times",
            practice=self._practice,
            keys=sorted(keys),
            clientDays=params["clientDays"],
            statuses=params["statuses"],
            appointment=params["appointment"],
        )
        by_key = {key: appointment_id for row in rows for key, appointment_id in row["claimed"]}
        found = [appointment_of(record) for row in rows for record in row["appointments"]]
        of_client = [appointment_of(record) for row in rows for record in row["ofClient"]]
        return Claimed(by_key, {one.id: one for one in found}, of_client)

    async def create(self, client_id: str, appointments: Sequence[tuple[Appointment, Iterable[str]]]) -> None:
        """New appointments of a client, each with the keys that it claims."""
        rows = [
            {"appointment": appointment_row(self._practice, one), "keys": sorted(keys)} for one, keys in appointments
        ]
        self._tx.later("acting/appointments/create", practice=self._practice, clientId=client_id, rows=rows)

    async def update(self, pairs: Sequence[tuple[Appointment, Appointment]]) -> None:
        """What has changed of appointments, each before and after; they must be locked."""
        rows = [
            {"id": after.id, "changes": appointment_changes(self._practice, before, after)}
            for before, after in sorted(pairs, key=lambda pair: pair[1].id)
        ]
        self._tx.later("acting/appointments/update", practice=self._practice, rows=rows)

    async def notify(self, mails: Sequence[QueuedMail], now: datetime) -> None:
        """Have mails sent soon; each takes the place of one that waits to tell the same."""
        rows = [{"mailKey": mail_key(self._practice, mail), "mail": mail_row(mail, now)} for mail in mails]
        rows.sort(key=lambda row: str(row["mailKey"]))
        self._tx.later("acting/appointments/notify", practice=self._practice, rows=rows)
        self._tx.has_mail = True

    async def claim(self, appointment_id: str, keys: Iterable[str]) -> None:
        """Claim moments."""
        wanted = sorted(keys)
        if wanted:
            self._tx.later(
                "acting/appointments/claim_times", practice=self._practice, appointmentId=appointment_id, keys=wanted
            )

    async def release(self, claims: Iterable[tuple[str, str]]) -> None:
        """Give up moments, each a key and the appointment that has it."""
        rows = [{"key": key, "appointmentId": appointment_id} for key, appointment_id in sorted(claims)]
        if rows:
            self._tx.later("acting/appointments/release_times", practice=self._practice, rows=rows)

    async def note_swept(self, ids: Iterable[str]) -> None:
        """Nothing is kept any more of the time that these have claimed; they must be locked."""
        rows = [{"id": one, "changes": {"sweepKey": None}} for one in sorted(ids)]
        self._tx.later("acting/appointments/update", practice=self._practice, rows=rows)

    def _noted(self, appointment: Appointment) -> Appointment:
        """What is dated anew must be dated later."""
        self._stamps.note(appointment.updated_at)
        return appointment
