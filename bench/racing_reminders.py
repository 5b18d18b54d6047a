"""A reminder that is due races what ends it: the one that commits first wins (R6, R8, X2)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.calendars import Clinic
from bench.racing import Outcome, Racer
from bench.racing_appointments import AppointmentKind, AppointmentRacer, Round
from graph_api.access.commands import ClientAccessService
from graph_api.acting.appointments.ending import EndingService
from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.appointments.shown import ShownAppointment
from graph_api.acting.reminders.answers import Answers
from graph_api.acting.reminders.commands import ReminderService
from graph_api.acting.reminders.fields import RuleDraft
from graph_api.acting.reminders.graph.rows import DUE_PROPERTIES, address_key, due_of
from graph_api.acting.reminders.graph.sending import DueItem, Dues
from graph_api.acting.reminders.looking import Looked, Looking
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.acting.reminders.unsubscribing import OptOuts, UnsubscribeLink
from graph_api.audit.append import Auditor
from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.happened import EventKind
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Request
from graph_api.network.commands import ContactService
from graph_api.network.model import ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.commands import PersonService
from graph_api.people.model import ClientStatus
from graph_api.portal.deaths import DeathService
from graph_api.services import Services
from graph_api.sms.files import TextFiles

BEFORE = timedelta(hours=2)
REMINDED = ContactTerms(Relationship.SPOUSE, appointment_reminders=True)
LOCKED = {
    "person": "MATCH (n:Person {id: $key}) RETURN n.lock AS lock",
    "address": "MATCH (n:ReminderAddress {key: $key}) RETURN n.lock AS lock",
}
DUE = (
    "MATCH (d:ReminderDue {appointmentId: $id}) WHERE d.practice = $practice "
    "RETURN d.key AS key, [k IN $names | d[k]] AS due"
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """An appointment of which a client and their contact are to be reminded, and a worker that looks at it."""

    racer: "ReminderRacer"
    one: Round
    booked: ShownAppointment
    item: DueItem

    @property
    def client(self) -> str:
        return self.one.home.contact.client.id

    @property
    def contact(self) -> str:
        return self.one.home.contact.person.id

    def key(self, channel: ReminderChannel) -> str:
        """Of the contact's address."""
        value = address_of(self.contact) if channel is ReminderChannel.EMAIL else phone_of(self.contact)
        return address_key(self.one.clinic.practice.id, channel, value)

    def unsubscribe(self) -> UnsubscribeLink:
        """The contact's."""
        hashed = self.key(ReminderChannel.EMAIL).rpartition("|")[2]
        return UnsubscribeLink(self.one.clinic.practice.slug, hashed, "")


@dataclass(frozen=True, slots=True)
class End:
    """What ends a reminder: of everybody, or of the contact alone; and which node both sides lock."""

    name: str
    end: Callable[[Reminder], Awaitable[Any]]
    of_all: bool = False
    locks: str = "client"
    channel: ReminderChannel | None = None
    """By which alone nobody is reminded any more; None: by none."""


def address_of(person_id: str) -> str:
    """An e-mail address of their own."""
    return f"{person_id[-20:].lower()}@x.example"


def phone_of(person_id: str) -> str:
    """A phone of their own."""
    return f"+1555{int(person_id[-12:].encode().hex(), 16) % 10**7:07d}"


class ReminderRacer(AppointmentRacer):
    """Staff, and a worker on a driver of its own."""

    def __init__(self, racer: Racer, writing: Services, worker: Database, auditor: Auditor, files: TextFiles) -> None:
        super().__init__(racer, writing)
        self._dues = Dues(worker)
        self._looking = Looking(auditor, files)

    async def _open(self, practice: Practice) -> Clinic:
        clinic = await super()._open(practice)
        admin = self.racer.services.scope(Caller("admin", practice, ViewerRole.ADMIN))
        both = (ReminderChannel.EMAIL, ReminderChannel.SMS)
        draft = RuleDraft(int(BEFORE.total_seconds()) // 60, both)
        (await admin[ReminderService].set_rules(Request("setReminderRules", {}), [draft])).done()
        return clinic

    async def reminder(self) -> Reminder:
        """One that is due."""
        clinic = await self.opened()
        home = await self.racer.household(clinic.practice, REMINDED, address_of, phone_of)
        one = Round(self, clinic, home, clinic.day() + timedelta(hours=3))  # no quiet hours before it
        booked = await one.booked(one.staff, one.start)
        async with self.racer.revoking.session(write=False) as session:
            found = await session.run(DUE, practice=clinic.practice.id, id=booked.id, names=list(DUE_PROPERTIES))
            record = await found.single(strict=True)
        return Reminder(self, one, booked, DueItem(clinic.practice.id, record["key"], due_of(record["due"])))

    async def looks(self, reminder: Reminder) -> tuple[Looked, str]:
        """What a worker is to send, and the stamp of its locks."""
        practice, now = reminder.one.clinic.practice, reminder.one.start - BEFORE
        stamps: list[str] = []

        async def look(tx: Transaction) -> Looked:
            stamps.append(tx.token)
            return await self._looking.look(tx, practice, reminder.item, now, "a worker")

        looked = await self._dues.graph(practice, lambda: now).write(look)
        return looked, stamps[-1]

    async def lock_of(self, reminder: Reminder, end: End) -> str | None:
        """Whose lock the node bears that both sides write."""
        keys = {
            "client": ("person", reminder.client),
            "contact": ("person", reminder.contact),
            "email": ("address", reminder.key(ReminderChannel.EMAIL)),
            "phone": ("address", reminder.key(ReminderChannel.SMS)),
        }
        kind, key = keys[end.locks]
        async with self.racer.revoking.session(write=False) as session:
            record = await (await session.run(LOCKED[kind], key=key)).single()
        return None if record is None else record["lock"]


def _against(end: End) -> AppointmentKind:
    async def play(racer: AppointmentRacer, _practice: Practice, lead: float) -> Outcome:
        if not isinstance(racer, ReminderRacer):
            raise TypeError
        reminder = await racer.reminder()

        async def later(seconds: float, work: Awaitable[Any]) -> Any:
            await racer.later(seconds)
            return await work

        (looked, stamp), _ = await asyncio.gather(
            later(2 * lead, racer.looks(reminder)), later(lead, end.end(reminder))
        )
        came_last = await racer.lock_of(reminder, end) == stamp
        is_sent = _is_sent(reminder, end, looked)
        if is_sent is came_last:  # sent though it came last, or not sent though it came first
            return Outcome.VIOLATED
        return Outcome.WRITTEN if is_sent else Outcome.REVOKED

    return AppointmentKind(f"reminder, {end.name}", play)


def _is_sent(reminder: Reminder, end: End, looked: Looked) -> bool:
    """Whether somebody is reminded who is not to be once it has ended; by the channel alone that it ends."""
    own = {address_of(reminder.contact), phone_of(reminder.contact)}
    return any(
        end.of_all
        or (
            reminder.contact in one.delivery.person_ids
            and end.channel in (None, one.address.channel)
            and one.address.value in own
        )
        for one in looked.to_send
    )


async def _cancel(reminder: Reminder) -> None:
    _expect_ok(await reminder.one.cancel(reminder.one.staff, reminder.booked))


async def _move(reminder: Reminder) -> None:
    _expect_ok(await reminder.one.move(reminder.booked, reminder.one.start + timedelta(hours=2)))


def _expect_ok(said: str) -> None:
    if said != "OK":
        raise AssertionError(said)


async def _hide(reminder: Reminder) -> None:
    request, booked = Request("setAppointmentAudience", {}), reminder.booked
    service = reminder.one.staff[EndingService]
    (await service.set_audience(request, booked.id, booked.version, RecordAudience.CLIENT_ONLY)).done()


async def _switch_off(reminder: Reminder) -> None:
    request, contact = Request("updateContact", {}), reminder.one.home.contact.id
    service = reminder.one.staff[ContactService]
    (await service.update(request, contact, 1, {"appointment_reminders": False})).done()


async def _remove(reminder: Reminder) -> None:
    request, contact = Request("removeContact", {}), reminder.one.home.contact.id
    (await reminder.one.staff[ContactService].remove(request, contact, 1, None)).done()


async def _archive(reminder: Reminder) -> None:
    request, service = Request("setClientStatus", {}), reminder.one.staff[PersonService]
    (await service.set_client_status(request, reminder.client, 1, ClientStatus.ARCHIVED)).done()


async def _die(reminder: Reminder) -> None:
    request, service = Request("setDeceased", {}), reminder.one.staff[DeathService]
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    (await service.set_deceased(request, reminder.client, 1, {"deceased_on": yesterday})).done()


async def _confide(reminder: Reminder) -> None:
    """The contact's address becomes the client's confidential one."""
    request, service = Request("setConfidentialChannel", {}), reminder.one.staff[ClientAccessService]
    address = address_of(reminder.contact)
    (await service.set_confidential_channel(request, reminder.client, 1, {"email": address})).done()


async def _other_address(reminder: Reminder) -> None:
    request, service = Request("updatePerson", {}), reminder.one.staff[PersonService]
    (await service.update(request, reminder.contact, 1, {"emails": ["other@x.example"]})).done()


async def _do_not_contact(reminder: Reminder) -> None:
    request, service = Request("setReminderPreferences", {}), reminder.one.staff[ReminderService]
    (await service.set_preferences(request, reminder.contact, {"do_not_contact": True})).done()


async def _unsubscribe(reminder: Reminder) -> None:
    await reminder.one.staff[OptOuts].stop(reminder.unsubscribe())


async def _stop(reminder: Reminder) -> None:
    phone = phone_of(reminder.contact)
    await reminder.one.staff[Answers].heard(phone, EventKind.OPT_OUT_STOP, f"SM{reminder.booked.id[-32:]}")


REMINDER_KINDS = tuple(
    map(
        _against,
        (
            End("cancelled", _cancel, of_all=True),
            End("moved", _move, of_all=True),
            End("shown to the client alone", _hide),
            End("toggle switched off", _switch_off),
            End("contact removed", _remove),
            End("client archived", _archive, of_all=True),
            End("client deceased", _die, of_all=True),
            End("address made confidential", _confide, channel=ReminderChannel.EMAIL),
            End("address changed", _other_address, locks="contact", channel=ReminderChannel.EMAIL),
            End("not to be contacted", _do_not_contact, locks="contact"),
            End("unsubscribed", _unsubscribe, locks="email", channel=ReminderChannel.EMAIL),
            End("STOP", _stop, locks="phone", channel=ReminderChannel.SMS),
        ),
    )
)
