"""What the worker reads and writes: what is due, what decides, and what came of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from graph_api.access.graph.decisions import gate_of
from graph_api.access.graph.rows import account_key
from graph_api.acting.appointments.model import Appointment, Location
from graph_api.acting.appointments.records import APPOINTMENT, LOCATION
from graph_api.acting.reminders.graph.reads import (
    ReminderSettings,
    preferences_of,
    settings_of,
    settings_params,
)
from graph_api.acting.reminders.graph.rows import DUE_PROPERTIES, due_of, gateway_key, seconds, sweep_key
from graph_api.acting.reminders.model import Delivery, Due, Preferences, ReminderStatus, SuppressionReason
from graph_api.acting.reminders.records import DELIVERY, PREFERENCES
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph, graph_of
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.practices.graph import Practices


@dataclass(frozen=True, slots=True)
class DueItem:
    """What is to be looked at, and where it stands."""

    practice_id: str
    key: str
    due: Due

    def held_until(self, until: datetime) -> "DueItem":
        """As a worker holds it that took it until then."""
        return replace(self, due=replace(self.due, look_at=until.replace(microsecond=0)))

    @property
    def row(self) -> dict[str, str]:
        """How it is known again: by its key, while it was neither moved nor taken by another worker."""
        return {"key": self.key, "startsAt": seconds(self.due.starts_at), "held": seconds(self.due.look_at)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of handing a reminder over: it was taken, is tried again, or else is taken by nobody."""

    delivery: Delivery
    sent_at: datetime | None = None
    retry_at: datetime | None = None
    reason: SuppressionReason = SuppressionReason.REFUSED
    """Why nobody takes it."""
    gateway_id: str | None = None
    """By which the SMS gateway knows it."""
    stopped: str | None = None
    """The key of an address whose owner has told the gateway that no more texts are to come."""

    @property
    def is_sent(self) -> bool:
        """Whether it was taken."""
        return self.sent_at is not None

    @property
    def is_refused(self) -> bool:
        """Whether it is taken by nobody."""
        return self.sent_at is None and self.retry_at is None

    @property
    def ended(self) -> "Outcome":
        """The same where nothing is tried again: the appointment does not take place then."""
        return self if self.retry_at is None else replace(self, retry_at=None, reason=SuppressionReason.NOT_BOOKED)

    def row(self, practice_id: str) -> Row:
        """What is kept of it; None takes a property away."""
        let_go: Row = {"lease": None, "leaseUntil": None}
        if self.sent_at is not None:
            sent = {"status": ReminderStatus.SENT.value, "sentAt": stamp(self.sent_at)}
            if self.gateway_id is not None:
                sent |= {"gatewayId": self.gateway_id, "gatewayKey": gateway_key(practice_id, self.gateway_id)}
            return {**let_go, **sent}
        if self.retry_at is not None:
            return {**let_go, "leaseUntil": stamp(self.retry_at)}
        return {**let_go, "status": ReminderStatus.FAILED.value, "reason": self.reason.value}


class Dues:
    """What is to be looked at, of every practice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, limit: int) -> list[DueItem]:
        """By now; the longest waiting first."""
        before = seconds(now + timedelta(seconds=1))
        rows = await GraphSession(self._database).read_newest(
            "practices/reminders_due", before=before, limit=limit, due=list(DUE_PROPERTIES)
        )
        return [DueItem(row["practice"], row["key"], due_of(row["due"])) for row in rows]

    async def practices(self, ids: Sequence[str]) -> Mapping[str, Practice]:
        """Those that exist, by id."""
        return await Practices(self._database).by_ids(ids)

    async def known_texts(self, practice: Practice, gateway_ids: Sequence[str]) -> frozenset[str]:
        """Which of the gateway's texts are known to be reminders that were sent."""
        keys = {gateway_key(practice.id, one): one for one in gateway_ids}
        rows = await GraphSession(self._database).read_newest(
            "acting/reminders/by_gateway", practice=practice.id, keys=sorted(keys)
        )
        return frozenset(keys[row["key"]] for row in rows)

    def graph(self, practice: Practice, now: Callable[[], datetime]) -> Graph:
        """The practice's graph."""
        return graph_of(self._database, practice, now)


@dataclass(frozen=True, slots=True)
class Found:
    """What decides about an appointment, beside the people."""

    due: Due | None
    """None: it is not to be looked at any more."""
    appointment: Appointment | None
    location: Location | None
    settings: ReminderSettings
    deliveries: Mapping[str, Delivery]
    """What was sent of it already, and what was not; by key."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the owner of a phone has said of texts."""

    is_out: bool
    gateway_ids: tuple[str, ...]
    """Of their texts that were heard, the newest last."""


class SendingWrites(Writes):
    """The worker's statements inside one write transaction."""

    async def claim(self, keys: Iterable[str], lease: str, now: datetime, until: datetime) -> frozenset[str]:
        """Take what is due; which of it is this worker's until then."""
        rows = await self._tx.run(
            "acting/reminders/claim",
            practice=self._practice,
            keys=sorted(keys),
            lease=lease,
            now=seconds(now + timedelta(seconds=1)),
            until=seconds(until),
        )
        return frozenset(row["key"] for row in rows)

    def lock_gate(self, client_id: str) -> None:
        """Take the lock that a change of the practice's features waits for; after the people's."""
        self._tx.lock(
            "access/lock",
            practice=self._practice,
            clientId=client_id,
            accountKey=account_key(self._practice, client_id),
            gate=gate_of(self._practice, client_id),
            stamp=self._lock,
        )

    async def found(self, item: DueItem) -> Found:
        """What decides; the client must be locked."""
        rows = await self._tx.run(
            "acting/reminders/situation",
            dueKey=item.key,
            due=list(DUE_PROPERTIES),
            appointmentId=item.due.appointment_id,
            appointment=list(APPOINTMENT.names),
            location=list(LOCATION.names),
            delivery=list(DELIVERY.names),
            **settings_params(self._practice),
        )
        settings = settings_of(rows)
        if not rows:
            return Found(None, None, None, settings, {})
        row = rows[0]
        deliveries = (DELIVERY.of(record) for record in row["deliveries"])
        appointment, location = row["appointments"][0] if row["appointments"] else (None, None)
        return Found(
            due_of(row["dues"][0]) if row["dues"] else None,
            None if appointment is None else APPOINTMENT.of(appointment),
            None if location is None else LOCATION.of(location),
            settings,
            {one.key: one for one in deliveries},
        )

    async def preferences(self, person_ids: Iterable[str]) -> Mapping[str, Preferences]:
        """What people want; they must be locked."""
        rows = await self._tx.run(
            "acting/reminders/preferences",
            practice=self._practice,
            ids=sorted(set(person_ids)),
            preferences=list(PREFERENCES.names),
        )
        return preferences_of(rows)

    async def lock_addresses(self, keys: Iterable[str]) -> frozenset[str]:
        """Take the locks of addresses; which of them are not to be written to."""
        rows = await self._tx.run(
            "acting/reminders/lock_addresses", practice=self._practice, keys=sorted(set(keys)), stamp=self._lock
        )
        return frozenset(row["key"] for row in rows if row["optedOutAt"] is not None)

    async def opt_out(self, key: str, at: datetime | None) -> None:
        """From when on an address is not to be written to; None: it is. It must be locked."""
        kept = None if at is None else stamp(at)
        self._tx.later("acting/reminders/opt_out", practice=self._practice, key=key, at=kept)

    async def lock_heard(self, key: str) -> Heard:
        """Take the lock of an address; what its owner has said."""
        [row] = await self._tx.run("acting/reminders/lock_heard", practice=self._practice, key=key, stamp=self._lock)
        return Heard(row["optedOutAt"] is not None, tuple(row["heard"]))

    async def heard(self, key: str, gateway_ids: Sequence[str]) -> None:
        """Which of the owner's texts were heard. It must be locked."""
        self._tx.later("acting/reminders/heard", practice=self._practice, key=key, heard=list(gateway_ids))

    async def not_delivered(self, gateway_id: str) -> None:
        """A text that was sent has not come, and is not to come."""
        self._tx.later(
            "acting/reminders/not_delivered",
            practice=self._practice,
            key=gateway_key(self._practice, gateway_id),
            sent=ReminderStatus.SENT.value,
            failed=ReminderStatus.FAILED.value,
            reason=SuppressionReason.REFUSED.value,
        )

    async def deliver(self, deliveries: Sequence[Delivery]) -> None:
        """Reminders as they are from now on."""
        if deliveries:
            rows = [
                DELIVERY.row(one) | {"sweepKey": sweep_key(self._practice, one.send_at, one.key)}
                for one in sorted(deliveries, key=lambda one: one.key)
            ]
            self._tx.later("acting/reminders/deliver", practice=self._practice, rows=rows)

    async def look_again(self, item: DueItem, at: datetime) -> bool:
        """It is looked at again then; whether it is still this worker's, and to be looked at at all."""
        rows = await self._tx.run(
            "acting/reminders/look_again", practice=self._practice, **item.row, lookAt=seconds(at)
        )
        return bool(rows)

    async def drop(self, item: DueItem) -> None:
        """It is not looked at any more."""
        self._tx.later("acting/reminders/drop_due", practice=self._practice, **item.row)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """What came of reminders that this worker still holds."""
        rows = [
            {"key": one.delivery.key, "lease": one.delivery.lease, "outcome": one.row(self._practice)}
            for one in sorted(outcomes, key=lambda one: one.delivery.key)
        ]
        if rows:
            self._tx.later("acting/reminders/outcomes", practice=self._practice, rows=rows)
