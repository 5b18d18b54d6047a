"""How reminders read: they name the practice, day, time and place; nobody, and no kind of appointment (R4)."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.letters import day_and_time
from graph_api.acting.appointments.model import Appointment, Location
from graph_api.mail.letters import letter_of
from graph_api.mail.model import Letter

SUBJECT = "a reminder of an appointment"
BEGINS = "This is a reminder of an appointment:"
ONLINE = "It is held online. Sign in to the portal for the link."


def reminder_letter(
    address: str,
    practice_name: str,
    appointment: Appointment,
    location: Location,
    zone: ZoneInfo,
    unsubscribe: str | None = None,
) -> Letter:
    """A reminder by mail.

    Args:
        address: where it goes.
        practice_name: the only name in it, beside the place's.
        appointment: of what.
        location: where it takes place.
        zone: the recipient's time zone, which counts where the appointment is held online (R5).
        unsubscribe: an address on the web that takes the mail address off.
    """
    shown = replace(appointment, time_zone=zone.key) if location.is_telehealth else appointment
    place = ONLINE if location.is_telehealth else f"Place: {location.name}"
    paragraphs = [BEGINS, f"  {day_and_time(shown)}", place, "To change anything, call the practice."]
    if unsubscribe is not None:
        paragraphs.append(f"To get no more reminders at this address:\n\n{unsubscribe}")
    return replace(letter_of(address, practice_name, SUBJECT, *paragraphs), unsubscribe=unsubscribe)


def trial_letter(address: str, practice_name: str, at: datetime, time_zone: str) -> Letter:
    """A reminder of no appointment, to see whether mail arrives."""
    local = at.astimezone(ZoneInfo(time_zone))
    said = f"This is a trial, sent at {local:%H:%M}. Nobody has an appointment because of it."
    return letter_of(address, practice_name, SUBJECT, said)
