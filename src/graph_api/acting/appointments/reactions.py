"""Reactions of appointments to changes of people and practitioners (A13, X9)."""

from dataclasses import replace
from datetime import datetime

from graph_api.acting.appointments.audit import audited_appointment
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.appointments.statuses import holds_time
from graph_api.acting.bylines import Author
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.clock import Clock
from graph_api.kernel.errors import MutationWarning, WarningCode
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction
from graph_api.people.changes import ClientStatusChanged, PersonDied
from graph_api.people.model import ClientStatus, Person
from graph_api.practitioners.changes import PractitionerChanged

ARCHIVED = (
    "The client has appointments to come. Contacts and the client can't see or change them while the client is "
    "archived. Cancel those that do not take place, and tell people yourself: no mail is sent for an archived client."
)
DIED = "The client has appointments to come. Cancel those that do not take place."
LEFT = "The practitioner has appointments to come. Move or cancel them."
_OPEN = (AppointmentStatus.REQUESTED, AppointmentStatus.BOOKED)
MOST_HOLDS = 100
"""More than a client's accounts can request, and staff request nothing."""
_BY_DEATH = Author("", ViewerRole.STAFF)
"""Stands in no record: the event names whoever recorded the death."""


async def warn_of_archived(tx: Transaction, change: ClientStatusChanged, _clock: Clock, now: datetime) -> Told:
    """Staff who archive a client are told that appointments are to come."""
    client = change.after
    if client.client_status is not ClientStatus.ARCHIVED:
        return Told()
    return Told(_warned(ARCHIVED, "status", client) if await _coming(tx, client, now, *_OPEN) else ())


async def release_holds(tx: Transaction, change: PersonDied, _clock: Clock, now: datetime) -> Told:
    """What was requested for a client who has died holds no time any more; what is booked is staff's to cancel."""
    client = change.person
    if not client.is_client:
        return Told()
    requested = await _coming(tx, client, now, AppointmentStatus.REQUESTED, most=MOST_HOLDS)
    events: tuple[Happened, ...] = ()
    if requested and not tx.is_rehearsal:
        locked = await tx[AppointmentWrites].lock([one.id for one in requested])
        pairs = [(one, _released(one, now, tx.stamp())) for one in locked.values() if holds_time(one, now)]
        await tx[AppointmentWrites].update(pairs)
        events = tuple(audited_appointment(EventKind.SET_DECEASED, _BY_DEATH, *pair) for pair in pairs)
    booked = await _coming(tx, client, now, AppointmentStatus.BOOKED)
    return Told(_warned(DIED, "deceasedOn", client) if booked else (), events)


async def warn_of_left(tx: Transaction, change: PractitionerChanged, _clock: Clock, now: datetime) -> Told:
    """Staff who note that a practitioner has left are told that appointments are to come."""
    if not change.has_left or not await tx[AppointmentWrites].any_of_practitioner(change.after.id, now):
        return Told()
    return Told(_warned(LEFT, "isActive"))


async def _coming(
    tx: Transaction, client: Person, now: datetime, *statuses: AppointmentStatus, most: int = 1
) -> list[Appointment]:
    return await tx[AppointmentWrites].coming(client.id, statuses, now, most)


def _released(before: Appointment, now: datetime, at: datetime) -> Appointment:
    """It has expired by now; the date of the change may be a little ahead."""
    return replace(before, held_until=now, version=before.version + 1, updated_at=at)


def _warned(message: str, field: str, *persons: Person) -> tuple[MutationWarning, ...]:
    return (MutationWarning(code=WarningCode.OPEN_BUSINESS, message=message, path=(field,), persons=persons),)


REACTIONS = (
    On(ClientStatusChanged, warn_of_archived),
    On(PersonDied, release_holds),
    On(PractitionerChanged, warn_of_left),
)
