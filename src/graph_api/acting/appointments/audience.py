"""Who sees an appointment (A10). Whatever shows, lists or counts appointments asks here, and what is hidden does not
exist for the one who asks (X6).
"""

from dataclasses import dataclass

from graph_api.acting.appointments.model import Appointment, RecordAudience
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import Forbidden, Refused, invalid
from graph_api.kernel.rules import WRITERS

_ALL = frozenset(RecordAudience)
_SHARED = frozenset({RecordAudience.SHARED})
_NONE = frozenset[RecordAudience]()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks about the appointments of one client."""

    role: ViewerRole
    person_id: str | None = None
    """Whose portal account it is."""
    may_view: bool = False
    """Of a portal account: whether VIEW_APPOINTMENTS for this client was decided as a yes, at this moment."""


def seen_audiences(client_id: str, reader: Reader) -> frozenset[RecordAudience]:
    """The audiences of those of a client's appointments that the reader sees; of all others they learn nothing.

    Analysts see what is shared (its status, type and times alone, as the fields' own rules have it). Portal accounts
    see what the decision allows: the client all of it, a contact what is shared.
    """
    if WRITERS.allows(reader.role):
        return _ALL
    if reader.role is ViewerRole.ANALYST:
        return _SHARED
    if not reader.may_view or reader.person_id is None:
        return _NONE
    return _ALL if reader.person_id == client_id else _SHARED


def is_seen(appointment: Appointment, reader: Reader) -> bool:
    """Whether the reader sees one appointment."""
    return appointment.audience in seen_audiences(appointment.client_id, reader)


def refuse_audience(
    audience: RecordAudience, client_id: str, reader: Reader, age: int | None, privacy_age: int
) -> None:
    """Refuse an audience that is not the booker's to choose: CLIENT_ONLY is staff's, and the client's own from the
    practice's age of privacy on (A10).

    Args:
        audience: what was chosen.
        client_id: whose appointment it is.
        reader: who books.
        age: the client's, in years; None where the birth date is unknown, which counts as old enough (M3).
        privacy_age: the practice's `messagePrivacyAge`.

    Raises:
        Refused: Forbidden for a contact; InvalidInput `audience.tooYoung` for a client below the age.
    """
    if audience is RecordAudience.SHARED or WRITERS.allows(reader.role):
        return
    if reader.role is not ViewerRole.PORTAL or reader.person_id != client_id:
        raise Refused([Forbidden(path=("audience",))])
    if age is not None and age < privacy_age:
        message = f"Below the age of {privacy_age}, only the practice can hide an appointment from contacts."
        raise Refused([invalid("audience.tooYoung", message, "audience")])
