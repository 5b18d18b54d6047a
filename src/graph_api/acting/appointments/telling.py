"""Who is told of an appointment by mail, and where (A12, R2).

A mail tells one address. Whoever shares it gets one letter, and what was changed of an appointment before the letter
is written is told by the same one.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.access.grants import PossibleGrant
from graph_api.access.graph.decisions import AccessWrites
from graph_api.access.model import AccountStatus, PortalAction
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import Appointment, RecordAudience
from graph_api.acting.bylines import STAFF, Author
from graph_api.acting.checked import allowed_at
from graph_api.kernel.errors import MutationWarning, WarningCode
from graph_api.kernel.flights import together
from graph_api.kernel.transaction import Transaction
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.people.model import Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import fold_address

NOT_TOLD = (
    "The client is not told of this appointment by e-mail, because they have no e-mail address, or because a contact "
    "of theirs has the same one. Tell them in another way."
)
PASSED = "Nobody is told of this move by e-mail, because the new time has passed. Tell those who know of the old one."
_APART = ":"


def may_know(grant: PossibleGrant, appointment: Appointment, at: datetime) -> bool:
    """Whether somebody may know of this very appointment then: they may see it, or would be reminded of it."""
    if appointment.audience is RecordAudience.CLIENT_ONLY and grant.contact_id is not None:
        return False
    return any(
        allowed_at(grant, action, at)
        for action in (PortalAction.VIEW_APPOINTMENTS, PortalAction.RECEIVE_APPOINTMENT_REMINDERS)
    )


def is_told(grant: PossibleGrant, appointment: Appointment, at: datetime) -> bool:
    """Whether somebody is told: whoever would be reminded, and of the others who booked it or knows of it by `told`."""
    if not may_know(grant, appointment, at):
        return False
    knows = grant.person.id in (appointment.booked_by.person_id, *appointment.told)
    return knows or allowed_at(grant, PortalAction.RECEIVE_APPOINTMENT_REMINDERS, at)


def address_for(grant: PossibleGrant, appointment: Appointment, of_contacts: Collection[str]) -> str | None:
    """Where somebody is told of an appointment (R2): the first e-mail address, else their account's.

    A client with a confidential channel is told there and nowhere else, and nothing for a contact goes there. What is
    only for the client goes to no address that a contact of theirs has too.

    Args:
        grant: who is told.
        appointment: of what.
        of_contacts: folded addresses of the client's contacts and their accounts; asked only of what is CLIENT_ONLY.
    """
    confidential = grant.client.confidential_email
    if grant.contact_id is None and (confidential or grant.client.confidential_phone):
        found = confidential
    else:
        found = next(iter(grant.person.emails), None) or _account_address(grant)
    if found is None:
        return None
    if grant.contact_id is not None:
        return None if confidential is not None and fold_address(confidential) == fold_address(found) else found
    is_private = appointment.audience is RecordAudience.CLIENT_ONLY
    return None if is_private and fold_address(found) in of_contacts else found


def _account_address(grant: PossibleGrant) -> str | None:
    account = grant.facts.account
    return None if account is None or account.status is not AccountStatus.ACTIVE else account.address


@dataclass(frozen=True, slots=True)
class Telling:
    """Appointments of one client that were changed together, and what is sent of them."""

    appointments: list[Appointment]
    """With those who are told."""
    mails: tuple[QueuedMail, ...] = ()
    warnings: tuple[MutationWarning, ...] = ()

    async def send(self, tx: Transaction, now: datetime) -> None:
        """Have the mails sent; all that is locked besides was locked before (X2)."""
        if self.mails:
            await tx[AppointmentWrites].notify(self.mails, now)


@dataclass(frozen=True, slots=True)
class Around:
    """The client, and whoever may act for them."""

    grants: Sequence[PossibleGrant]
    of_contacts: frozenset[str]
    """Folded addresses where nothing goes of what is only for the client."""


async def around(tx: Transaction, appointments: Sequence[Appointment]) -> Around:
    """Whom appointments of one client may be told; the client must be locked."""
    client_id = appointments[0].client_id
    return Around(*await together(tx[AccessWrites].of_client(client_id), addresses_not_for(tx, appointments)))


async def tell(tx: Transaction, appointments: Sequence[Appointment], now: datetime, by: Author) -> Telling:
    """Find out who is told of appointments that one change made what they are; their client must be locked."""
    coming = [one for one in appointments if one.starts_at > now]
    found = await around(tx, coming) if coming else Around((), frozenset())
    return told_of(appointments, found, tx.stamp(), now, by)


def told_of(appointments: Sequence[Appointment], found: Around, at: datetime, now: datetime, by: Author) -> Telling:
    """Who is told of appointments that one change made what they are.

    Whoever changed one knows of it from then on, as whoever booked it does.

    Args:
        appointments: of one client.
        found: who is around the client.
        at: the moment from which the change holds.
        now: the moment that says what is to come.
        by: who makes the change.
    """
    appointments = [_known_to(one, by) for one in appointments]
    coming = [one for one in appointments if one.starts_at > now]
    if not coming:
        return Telling(list(appointments))
    grants, of_contacts = found.grants, found.of_contacts
    told = {one.id: list(_told(grants, one, of_contacts, at)) for one in coming}
    marked = [
        replace(one, told=tuple(sorted({*one.told, *(grant.person.id for grant, _ in told.get(one.id, ()))})))
        for one in appointments
    ]
    about = coming[0].id if len(appointments) == 1 else coming[0].series_id or coming[0].id
    addresses = {fold_address(address): address for found in told.values() for _, address in found}
    of_use_until = max(one.starts_at for one in coming)
    mails = tuple(
        QueuedMail(MailKind.APPOINTMENT_NOTICE, subject_of(about, address), address, of_use_until)
        for _, address in sorted(addresses.items())
    )
    unreached = by.side == STAFF and any(_is_unreached(grants, one, of_contacts, at) for one in coming)
    return Telling(marked, mails, (_not_told(NOT_TOLD, grants[0].client),) if unreached else ())


async def addresses_not_for(tx: Transaction, appointments: Sequence[Appointment]) -> frozenset[str]:
    """Folded addresses of contacts, where nothing goes of what is only for the client; none if nothing of it is."""
    if all(one.audience is RecordAudience.SHARED for one in appointments):
        return frozenset()
    return await tx[AccountWrites].addresses_of_contacts(appointments[0].client_id)


def _known_to(appointment: Appointment, by: Author) -> Appointment:
    if by.person_id is None or by.person_id in appointment.told:
        return appointment
    return replace(appointment, told=tuple(sorted((*appointment.told, by.person_id))))


def _is_unreached(
    grants: Sequence[PossibleGrant], appointment: Appointment, of_contacts: Collection[str], at: datetime
) -> bool:
    """Whether the client is to be told of what is only for them, and has no address for it (R2)."""
    return appointment.audience is RecordAudience.CLIENT_ONLY and any(
        grant.contact_id is None
        and is_told(grant, appointment, at)
        and address_for(grant, appointment, of_contacts) is None
        for grant in grants
    )


def moved_into_past(before: Appointment, after: Appointment, now: datetime) -> tuple[MutationWarning, ...]:
    """Nobody is told of a time that has passed: staff are to tell those who know of the time before."""
    if before.told and before.starts_at > now >= after.starts_at:
        return (_not_told(PASSED),)
    return ()


def _not_told(message: str, *persons: Person) -> MutationWarning:
    return MutationWarning(code=WarningCode.CLIENT_NOT_TOLD, message=message, persons=persons)


def _told(
    grants: Sequence[PossibleGrant], appointment: Appointment, of_contacts: Collection[str], at: datetime
) -> Iterator[tuple[PossibleGrant, str]]:
    for grant in grants:
        if is_told(grant, appointment, at):
            address = address_for(grant, appointment, of_contacts)
            if address is not None:
                yield grant, address


def told_at(
    grants: Sequence[PossibleGrant],
    appointment: Appointment,
    of_contacts: Collection[str],
    at: datetime,
    address: str,
) -> list[PossibleGrant]:
    """Those who are told of an appointment at an address."""
    folded = fold_address(address)
    return [grant for grant, found in _told(grants, appointment, of_contacts, at) if fold_address(found) == folded]


def subject_of(about: str, address: str) -> str:
    """What a mail is about: an appointment or a series, and to which address."""
    return f"{about}{_APART}{hashlib.sha256(fold_address(address).encode()).hexdigest()[:16]}"


def about_of(subject: str) -> str:
    """The appointment or the series."""
    return subject.partition(_APART)[0]
