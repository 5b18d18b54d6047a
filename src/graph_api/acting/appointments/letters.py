"""Writes letters about appointments when they are sent, to those who may still know of them (A12, R4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from graph_api.access.graph.decisions import AccessWrites
from graph_api.access.model import PortalAction
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import Appointment, AppointmentStatus
from graph_api.acting.appointments.statuses import status_at
from graph_api.acting.appointments.telling import about_of, addresses_not_for, told_at
from graph_api.acting.checked import allowed_at
from graph_api.kernel.ids import is_id
from graph_api.kernel.transaction import Transaction
from graph_api.mail.letters import letter_of
from graph_api.mail.model import Letter, MailKind, QueuedMail
from graph_api.mail.ports import Composer, Composing

WORDS: Mapping[AppointmentStatus, tuple[str, str]] = {
    AppointmentStatus.REQUESTED: (
        "an appointment was requested",
        "This appointment was requested. The practice has not confirmed it yet:",
    ),
    AppointmentStatus.BOOKED: ("an appointment is booked", "This appointment is booked:"),
    AppointmentStatus.DECLINED: (
        "an appointment was not confirmed",
        "This appointment was requested. The practice can't offer it:",
    ),
    AppointmentStatus.CANCELLED: ("an appointment was cancelled", "This appointment was cancelled:"),
    AppointmentStatus.EXPIRED: (
        "an appointment was not confirmed",
        "This appointment was requested. The practice has not confirmed it in time:",
    ),
    AppointmentStatus.ENTERED_IN_ERROR: ("an appointment was cancelled", "This appointment does not take place:"),
}
"""Of each status that letters tell of: the subject, and how the letter begins."""
EARLIER = "If you were told of another time for it before, that one does not count any more."
"""Where it was changed since it was booked: what was told before is not known here, and may be an earlier time."""
SHORT: Mapping[AppointmentStatus, str] = {
    AppointmentStatus.REQUESTED: "requested",
    AppointmentStatus.BOOKED: "booked",
    AppointmentStatus.DECLINED: "not confirmed",
    AppointmentStatus.CANCELLED: "cancelled",
    AppointmentStatus.EXPIRED: "not confirmed",
    AppointmentStatus.ENTERED_IN_ERROR: "does not take place",
}
"""How a list of several says it."""


def day_and_time(appointment: Appointment) -> str:
    """As clocks at its location show it, `Monday, 9 March 2026, 09:00 (EDT)`."""
    local = appointment.starts_at.astimezone(ZoneInfo(appointment.time_zone))
    zone = local.strftime("%Z")
    named = f"UTC{local.isoformat()[-6:]}" if not zone or zone[0] in "+-" else zone
    return f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M} ({named})"


def appointment_letter(
    address: str, practice_name: str, appointments: Sequence[Appointment], portal_url: str | None, now: datetime
) -> Letter:
    """It names the practice, days and times; nobody, no kind of appointment and no link of a meeting (R4).

    Args:
        address: where it goes.
        practice_name: the only name in it.
        appointments: one, or those of a series, in their order.
        portal_url: where they can be seen; None for whoever can't.
        now: the moment at which it is written.
    """
    if len(appointments) == 1:
        [one] = appointments
        subject, begins = WORDS[status_at(one, now)]
        said = [begins, f"  {day_and_time(one)}"]
    else:
        subject = "appointments"
        lines = "\n".join(f"  {day_and_time(one)}: {SHORT[status_at(one, now)]}" for one in appointments)
        said = ["These are the appointments as they are now:", lines]
    if any(one.version > 1 for one in appointments):
        said.append(EARLIER)
    more = "To change anything, call the practice."
    if portal_url is not None:
        more = f"Sign in to the portal to see more:\n\n{portal_url}"
    return letter_of(address, practice_name, subject, *said, more)


async def compose_appointment_notice(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To an address at which somebody is told who may know of it now, while it is still theirs; of what is to come."""
    about, now = about_of(mail.subject), composing.now
    writes = tx[AppointmentWrites]
    found = await (writes.of_series(about) if is_id("series", about) else writes.by_ids([about]))
    coming = sorted((one for one in found if one.starts_at > now), key=lambda one: (one.starts_at, one.id))
    coming = [one for one in coming if status_at(one, now) in WORDS]
    if not coming:
        return None
    grants = await tx[AccessWrites].of_client(coming[0].client_id)
    of_contacts = await addresses_not_for(tx, coming)
    told = {one.id: told_at(grants, one, of_contacts, now, mail.address) for one in coming}
    coming = [one for one in coming if told[one.id]]
    if not coming:
        return None
    views = any(allowed_at(grant, PortalAction.VIEW_APPOINTMENTS, now) for found in told.values() for grant in found)
    portal_url = composing.portal_url if views else None
    return appointment_letter(mail.address, composing.practice.name, coming, portal_url, now)


APPOINTMENT_COMPOSERS: Mapping[MailKind, Composer] = {MailKind.APPOINTMENT_NOTICE: compose_appointment_notice}
