"""The properties of a person's record."""

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


def display_name(preferred: str | None, given: str | None, family: str | None) -> str:
    """(preferredName or givenName) + familyName."""
    return " ".join(part for part in (preferred or given, family) if part)


def external_pairs(kept: list[str] | None) -> list[list[str]]:
    """External ids as [system, value]; the graph joins them by "|"."""
    return [item.split("|", 1) for item in kept or ()]
