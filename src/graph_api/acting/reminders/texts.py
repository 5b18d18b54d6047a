"""How a reminder reads as a text to a phone: at most two segments, and nobody's name (R4)."""

from zoneinfo import ZoneInfo

from graph_api.acting.appointments.model import Appointment, Location

MOST_SEGMENTS = 2
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijkl"
    "mnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
"""Characters that take the room of two."""
STOP = "Reply STOP to end."
CUT = "..."


def segments(text: str) -> int:
    """How many segments a text takes (3GPP TS 23.038): 160 characters of the alphabet of phones, 70 of any other."""
    if all(letter in _GSM or letter in _GSM_TWICE for letter in text):
        length, alone, joined = sum(1 + (letter in _GSM_TWICE) for letter in text), 160, 153
    else:
        length, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)


def reminder_text(practice_name: str, appointment: Appointment, location: Location, zone: ZoneInfo) -> str:
    """A reminder as a text. The place, and then the practice's name, are cut where they are too long.

    Args:
        practice_name: the only name in it, beside the place's.
        appointment: of what.
        location: where it takes place.
        zone: the recipient's time zone, which counts where the appointment is held online (R5).
    """
    local = appointment.starts_at.astimezone(zone if location.is_telehealth else ZoneInfo(appointment.time_zone))
    when = f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M} {local:%Z}".rstrip()
    place = "online" if location.is_telehealth else location.name
    for said in (f" {place}.", ""):
        text = f"{practice_name}: reminder of an appointment on {when}.{said} {STOP}"
        if segments(text) <= MOST_SEGMENTS:
            return text
    name = practice_name
    while segments(text) > MOST_SEGMENTS and name:
        name = name[:-1]
        text = f"{name}{CUT}: reminder of an appointment on {when}. {STOP}"
    return text
