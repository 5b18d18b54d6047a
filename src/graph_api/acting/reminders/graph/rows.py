"""Times and addresses of reminders as the graph keeps them."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from graph_api.acting.appointments.model import Appointment
from graph_api.acting.reminders.model import Due, ReminderChannel
from graph_api.kernel.rows import stamp

EARLY_SECONDS = 14 * 60 * 60
"""By which an appointment is looked at before a reminder of it is due: quiet hours can move it forward (R5). They are
at most 12 hours by the clock, which are 13 where clocks go back within them.
"""


def seconds(moment: datetime) -> str:
    """Seconds since 1970 as text of ten digits: they are in the order of time until the year 2286."""
    return f"{int(moment.timestamp()):010d}"


def whole_second(moment: datetime) -> datetime:
    """The first whole second that is not before a moment: moments to look are kept as such."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


def moment_of(kept: str) -> datetime:
    """The moment of such a text."""
    return datetime.fromtimestamp(int(kept), UTC)


def sweep_key(practice_id: str, send_at: datetime, delivery_key: str = "") -> str:
    """Where a reminder stands among those that are swept one day; without its key, before which all earlier ones do.

    Many are sent in the same minute, and few records may share a key of an index (see `engine/embedded_indexes.py`).
    """
    return f"{practice_id}|{stamp(send_at)}|{delivery_key}"


def due_row(appointment: Appointment) -> dict[str, Any]:
    """An appointment that rules are to look at."""
    return {
        "appointmentId": appointment.id,
        "clientId": appointment.client_id,
        "typeId": appointment.type_id,
        "startsAt": int(appointment.starts_at.timestamp()),
    }


def address_key(practice_id: str, channel: ReminderChannel, folded: str) -> str:
    """Under which an address stands.

    No secret is in it: one that is replaced or lost must not put an address on again that somebody took off.
    """
    hashed = hashlib.sha256(f"{practice_id}\x00{channel.value}\x00{folded}".encode()).hexdigest()
    return f"{practice_id}|{channel.value}|{hashed}"


def gateway_key(practice_id: str, gateway_id: str) -> str:
    """Under which a text is known that a gateway has taken."""
    return f"{practice_id}|{gateway_id}"


DUE_PROPERTIES = ("appointmentId", "ruleId", "clientId", "startsAt", "dueAt", "lookAt")


def due_of(record: list[Any]) -> Due:
    """What is to be looked at."""
    appointment_id, rule_id, client_id, *moments = record
    return Due(appointment_id, rule_id, client_id, *map(moment_of, moments))
