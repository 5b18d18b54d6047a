"""Checks of what is sent to book, move and cancel."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.appointments.series import Repeat, check_repeat
from graph_api.kernel.errors import Forbidden, Refused, invalid, not_found
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import MAX_NOTE, MAX_REASON, clean_text

FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class Draft:
    """An appointment as it was asked for."""

    client_id: str
    type_id: str
    practitioner_id: str
    location_id: str
    starts_at: datetime
    """With the offset that it was sent with."""
    audience: RecordAudience = RecordAudience.SHARED
    reason: str | None = None
    note: str | None = None
    overbook: bool = False
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Where an appointment is to be; what is None stays as it is."""

    starts_at: datetime
    practitioner_id: str | None = None
    location_id: str | None = None
    overbook: bool = False


def checked_draft(draft: Draft, *, by_portal: bool) -> Draft:
    """A draft with its texts cleaned.

    Raises:
        Refused: NotFound for malformed ids; Forbidden for what only staff may say: overbook, repeat, note; the texts'
            and the series' own reasons; `start.past` and `appointment.tooFarAhead` for a time that no calendar has.
    """
    for kind, value, path in (
        ("person", draft.client_id, "clientId"),
        ("type", draft.type_id, "typeId"),
        ("practitioner", draft.practitioner_id, "practitionerId"),
        ("location", draft.location_id, "locationId"),
    ):
        if not is_id(kind, value):
            raise not_found(path)
    said = {"overbook": draft.overbook, "repeat": draft.repeat is not None, "note": draft.note is not None}
    refused = [Forbidden(path=(name,)) for name, is_said in said.items() if by_portal and is_said]
    if refused:
        raise Refused(refused)
    check_start(draft.starts_at)
    problems = Problems()
    reason = clean_text(draft.reason, problems, "reason", "reason", limit=MAX_REASON, prose=True)
    note = clean_text(draft.note, problems, "note", "note", limit=MAX_NOTE, prose=True)
    if draft.repeat is not None:
        check_repeat(draft.repeat, problems, "repeat")
    problems.refuse()
    return replace(draft, reason=reason, note=note)


def checked_move(appointment_id: str, move: Move, *, by_portal: bool) -> None:
    """Where an appointment is to be.

    Raises:
        Refused: NotFound for malformed ids; Forbidden for a portal account that overbooks; as `check_start`.
    """
    check_id(appointment_id)
    for kind, value, path in (
        ("practitioner", move.practitioner_id, "practitionerId"),
        ("location", move.location_id, "locationId"),
    ):
        if value is not None and not is_id(kind, value):
            raise not_found(path)
    if by_portal and move.overbook:
        raise Refused([Forbidden(path=("overbook",))])
    check_start(move.starts_at)


def check_id(appointment_id: str) -> None:
    """An appointment's id.

    Raises:
        Refused: NotFound for a malformed one.
    """
    if not is_id("appointment", appointment_id):
        raise not_found("appointmentId")


def check_start(starts_at: datetime) -> None:
    """A time so far away that adding weeks to it could overflow.

    Raises:
        Refused: `start.past`, `appointment.tooFarAhead`.
    """
    if starts_at.year < FIRST_YEAR:
        raise Refused([invalid("start.past", "This time has passed.", "startsAt")])
    if starts_at.year > LAST_YEAR:
        raise Refused([invalid("appointment.tooFarAhead", "This is too far in the future.", "startsAt")])
