"""Records: what a read brings of a person or an edge, as values in the order of the properties asked for.

Dates and times are ISO 8601 text and enums are their values, as the graph keeps them and the contract shows them, so
an answer is built from a record without making an object of it first.
"""

from dataclasses import dataclass
from typing import Any

Record = list[Any]
"""Values in the order of the properties asked for; the first is the id. What is unknown is None."""

SORT_KEY = "sortKey"
"""Where a person stands among others; cursors hold it, sealed, and nothing shows it."""

PERSON_PROPERTIES = (
    "id",
    "givenName",
    "familyName",
    "preferredName",
    "birthDate",
    "emails",
    "phones",
    "gender",
    "hasAddress",
    "addressLines",
    "addressCity",
    "addressRegion",
    "addressPostalCode",
    "addressCountryCode",
    "externalIds",
    "clientStatus",
    "featuresOff",
    "confidentialEmail",
    "confidentialPhone",
    "deceasedOn",
    "deceasedRecordedAt",
    "deceasedSince",
    "accessSince",
    "version",
    "createdAt",
    "updatedAt",
    SORT_KEY,
)
"""All that a person's record can hold."""

SEARCHED_PROPERTIES = PERSON_PROPERTIES[:7]
"""What a search looks at."""

IMPORTED_PROPERTIES = (*SEARCHED_PROPERTIES, "clientStatus", "version")
"""What an import looks at of somebody who is there."""

TERMS_PROPERTIES = (
    "relationship",
    "relationshipLabel",
    "roles",
    "portalAccess",
    "secureMessaging",
    "payments",
    "appointmentReminders",
    "startsOn",
    "endsOn",
    "note",
    "authorityKind",
    "authorityReference",
    "authorityEndsOn",
    "authorityRecordedAt",
    "adultConsentAt",
)
"""What an edge's record can hold of its terms, current or superseded."""

CONTACT_PROPERTIES = (
    "id",
    *TERMS_PROPERTIES,
    "version",
    "createdAt",
    "updatedAt",
    "removedAt",
    "removalReason",
)
"""All that an edge's record can hold; the last two are only there once it was removed (D6)."""

VERSION_PROPERTIES = (
    "id",
    "contactId",
    *TERMS_PROPERTIES,
    "version",
    "validFrom",
    "validTo",
)
"""All that a version's record can hold of the edge."""

ID = ("id",)


@dataclass(frozen=True, slots=True)
class EdgeRecord:
    """An edge with both its ends."""

    contact: Record
    client: Record
    person: Record


@dataclass(frozen=True, slots=True)
class EdgeProperties:
    """What is asked for of an edge and of both its ends; `id` is always the first."""

    contact: tuple[str, ...] = ID
    client: tuple[str, ...] = ID
    person: tuple[str, ...] = ID


@dataclass(frozen=True, slots=True)
class NetworkProperties:
    """What is asked for of a network: the person it belongs to, its edges, and whom they lead to."""

    person: tuple[str, ...] = ID
    contact: tuple[str, ...] = ID
    other: tuple[str, ...] = ID


WHOLE_EDGE = EdgeProperties(CONTACT_PROPERTIES, PERSON_PROPERTIES, PERSON_PROPERTIES)
WHOLE_NETWORK = NetworkProperties(PERSON_PROPERTIES, CONTACT_PROPERTIES, PERSON_PROPERTIES)


def display_name(preferred: str | None, given: str | None, family: str | None) -> str:
    """(preferredName or givenName) + familyName."""
    return " ".join(part for part in (preferred or given, family) if part)


def external_pairs(kept: list[str] | None) -> list[list[str]]:
    """External ids as [system, value]; the graph joins them by "|"."""
    return [item.split("|", 1) for item in kept or ()]
