"""The properties of a person's record."""

from collections.abc import Iterable

from graph_api.kernel.fields import Codec
from graph_api.kernel.records import Record
from graph_api.people.model import Person, display_name

SORT_KEY = "sortKey"
"""Where a person stands among others; cursors hold it, sealed, and nothing shows it."""
PERSON = Codec(Person)
"""How people are kept."""
PERSON_PROPERTIES = (*PERSON.names, SORT_KEY)
"""All that a person's record can hold."""
SEARCHED_PROPERTIES = PERSON_PROPERTIES[: PERSON_PROPERTIES.index("gender")]
"""What a search looks at."""
NAME_PROPERTIES = ("id", "preferredName", "givenName", "familyName")
"""What `display_names` reads."""
IMPORTED_PROPERTIES = (*SEARCHED_PROPERTIES, "clientStatus", "version")
"""What an import looks at of somebody who is there."""


def display_names(records: Iterable[Record]) -> dict[str, str]:
    """Names to show by id, of records of `NAME_PROPERTIES`."""
    return {person_id: display_name(*names) for person_id, *names in records}


def external_pairs(kept: list[str] | None) -> list[list[str]]:
    """External ids as [system, value]; the graph joins them by "|"."""
    return [item.split("|", 1) for item in kept or ()]
