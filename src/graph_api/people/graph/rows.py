"""Rows <-> model. Dates and times are ISO 8601 text in the graph: they compare as they read, on every engine."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from graph_api.kernel.records import Record
from graph_api.kernel.rows import present, stamp
from graph_api.people.keys import birth_key
from graph_api.people.model import ClientStatus, Death, ExternalId, Person
from graph_api.people.names import FIELD_END, sort_key
from graph_api.people.records import IMPORTED_PROPERTIES, PERSON, PERSON_PROPERTIES, SORT_KEY

CLIENT_FACTS = ("client_status", "birth_date", "features_off", "confidential_email", "confidential_phone")
"""What decisions rest on of a client."""


def client_key_prefix(practice_id: str) -> str:
    """How the keys of a practice's clients start."""
    return practice_id + FIELD_END


def client_key(practice_id: str, person: Person) -> str:
    """Where a client stands in `clients`: within the practice, by `sort_key`."""
    return client_key_prefix(practice_id) + sort_key(person)


def external_key(practice_id: str, external_id: ExternalId) -> str:
    """practice|system|value."""
    return f"{practice_id}|{external_id.system}|{external_id.value}"


def death_facts_row(death: Death) -> dict[str, Any]:
    """What decisions rest on of a death, as the Person node has it."""
    return {"deceasedOn": death.on.isoformat(), "deceasedRecordedAt": stamp(death.recorded_at)}


def client_facts_row(client: Person) -> dict[str, Any]:
    """What decisions rest on of a client, as the Person node has it."""
    return PERSON.some(client, *CLIENT_FACTS)


def person_row(practice_id: str, person: Person) -> dict[str, Any]:
    """All of a Person node's properties but its practice, which the statement sets."""
    keys = {
        SORT_KEY: sort_key(person),
        "clientKey": client_key(practice_id, person) if person.is_client else None,
        "birthKey": birth_key(practice_id, person),
    }
    return PERSON.row(person) | present(keys)


def activated_row(practice_id: str, person: Person, at: datetime) -> dict[str, Any]:
    """What a person gets who was no client and becomes an ACTIVE one."""
    client = replace(person, client_status=ClientStatus.ACTIVE)
    keys = {"clientKey": client_key(practice_id, client), "birthKey": birth_key(practice_id, client)}
    return {"id": person.id, "at": stamp(at), **keys}


def person_from(record: Record) -> Person:
    """A record with all of a person's properties, as the person."""
    return PERSON.read(dict(zip(PERSON_PROPERTIES, record, strict=True)))


def imported_person(record: Record) -> Person:
    """A record of what an import looks at, as the person."""
    return PERSON.read(dict(zip(IMPORTED_PROPERTIES, record, strict=True)))
