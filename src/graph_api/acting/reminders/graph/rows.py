"""Times and addresses of reminders as the graph keeps them."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from graph_api.acting.appointments.model import Appointment
from graph_api.acting.reminders.model import Due, ReminderChannel

EARLY_SECONDS = 12 * 60 * 60
"""By which an appointment is looked at before a reminder of it is due: quiet hours can move it forward (R5)."""


def seconds(moment: datetime) -> str:
    """Seconds since 1970 as text of ten digits: they are in the order of time until the year 2286."""
    return f"{int(moment.timestamp()):010d}"


def moment_of(kept: str) -> datetime:
    """The moment of such a text."""
    return datetime.fromtimestamp(int(kept), UTC)


def due_row(appointment: Appointment) -> dict[str, Any]:
    """An appointment that rules are to look at."""
    return {
        "appointmentId": appointment.id,
        "clientId": appointment.client_id,
        "typeId": appointment.type_id,
        "startsAt": int(appointment.starts_at.timestamp()),
    }


def address_key(secret: bytes, practice_id: str, channel: ReminderChannel, folded: str) -> str:
    """Under which an address stands: nobody who reads it learns the address."""
    hashed = hmac.new(secret, f"reminder\x00{channel.value}\x00{folded}".encode(), hashlib.sha256).hexdigest()
    return f"{practice_id}|{channel.value}|{hashed}"


DUE_PROPERTIES = ("appointmentId", "ruleId", "clientId", "startsAt", "dueAt", "lookAt")


def due_of(record: list[Any]) -> Due:
    """What is to be looked at."""
    appointment_id, rule_id, client_id, *moments = record
    return Due(appointment_id, rule_id, client_id, *map(moment_of, moments))
