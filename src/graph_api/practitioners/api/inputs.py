"""Inputs about practitioners."""

from typing import cast

import strawberry

from graph_api.practitioners.fields import PractitionerFields
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, needed, sent, taken

_NAME = "The name to show"
_TITLE = "A title or profession, to show beside the name; at most 100 characters"
_TIME_ZONE = "IANA name of the practitioner's time zone; without one, the practice's counts"
_SUBJECT = (
    "The subject of the tokens that the practitioner signs in with, exactly as the tokens have it; no other "
    "practitioner of the practice may have it"
)
_NOTICE_EMAIL = "An e-mail address at which the practitioner is told that something waits for them"


@strawberry.input(description="Input of addPractitioner")
class AddPractitionerInput:
    display_name: str = needed(_NAME)
    title: str | None = taken(_TITLE)
    time_zone: str | None = taken(_TIME_ZONE)
    subject: str | None = taken(_SUBJECT)
    notice_email: str | None = taken(_NOTICE_EMAIL)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of updatePractitioner. An omitted field keeps its value, and null clears it where it may be null"
)
class UpdatePractitionerInput:
    practitioner_id: strawberry.ID = needed("Id of the practitioner")
    expected_version: int = needed(EXPECTED_VERSION)
    display_name: str | None = taken(f"{_NAME}; can't be null")
    title: str | None = taken(_TITLE)
    time_zone: str | None = taken(_TIME_ZONE)
    subject: str | None = taken(_SUBJECT)
    notice_email: str | None = taken(_NOTICE_EMAIL)
    is_active: bool | None = taken("Whether the practitioner works at the practice now; can't be null")
    idempotency_key: str | None = taken(KEY)


_FIELDS = tuple(PractitionerFields.__annotations__)


def practitioner_fields(source: AddPractitionerInput | UpdatePractitionerInput) -> PractitionerFields:
    """The practitioner's fields that were sent."""
    names = tuple(name for name in _FIELDS if hasattr(source, name))
    return cast("PractitionerFields", sent(source, names))
