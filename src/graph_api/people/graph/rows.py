"""Rows <-> model. Dates and times are ISO 8601 text in the graph: they compare as they read, on every engine."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from graph_api.kernel.records import Record
from graph_api.kernel.rows import Row, day_of, moment_of, present, stamp
from graph_api.people.keys import birth_key
from graph_api.people.model import ClientStatus, Death, ExternalId, Gender, Person, PostalAddress
from graph_api.people.names import FIELD_END, sort_key
from graph_api.people.records import IMPORTED_PROPERTIES, PERSON_PROPERTIES, external_pairs
from graph_api.practices.graph import feature_names, features_of


def client_key_prefix(practice_id: str) -> str:
    """How the keys of a practice's clients start."""
    return practice_id + FIELD_END


def client_key(practice_id: str, person: Person) -> str:
    """Where a client stands in `clients`: within the practice, by `sort_key`."""
    return client_key_prefix(practice_id) + sort_key(person)


def external_key(practice_id: str, external_id: ExternalId) -> str:
    """practice|system|value."""
    return f"{practice_id}|{external_id.system}|{external_id.value}"


def person_of(row: Row) -> Person:
    """A Person node."""
    gender, status = row.get("gender"), row.get("clientStatus")
    return Person(
        id=row["id"],
        given_name=row.get("givenName"),
        family_name=row.get("familyName"),
        preferred_name=row.get("preferredName"),
        birth_date=day_of(row.get("birthDate")),
        gender=None if gender is None else Gender(gender),
        emails=tuple(row.get("emails") or ()),
        phones=tuple(row.get("phones") or ()),
        address=_address_of(row),
        external_ids=tuple(ExternalId(*pair) for pair in external_pairs(row.get("externalIds"))),
        client_status=None if status is None else ClientStatus(status),
        features_off=features_of(row.get("featuresOff")),
        confidential_email=row.get("confidentialEmail"),
        confidential_phone=row.get("confidentialPhone"),
        death=_death_of(row),
        access_since=moment_of(row.get("accessSince")),
        version=row["version"],
        created_at=moment_of(row.get("createdAt")),
        updated_at=moment_of(row.get("updatedAt")),
    )


def _death_of(row: Row) -> Death | None:
    on, recorded_at, since = (row.get(name) for name in ("deceasedOn", "deceasedRecordedAt", "deceasedSince"))
    if on is None or recorded_at is None or since is None:
        return None
    return Death(date.fromisoformat(on), datetime.fromisoformat(recorded_at), datetime.fromisoformat(since))


def death_facts_row(death: Death) -> dict[str, Any]:
    """What decisions rest on of a death, as the Person node has it."""
    return {"deceasedOn": death.on.isoformat(), "deceasedRecordedAt": stamp(death.recorded_at)}


def _address_of(row: Row) -> PostalAddress | None:
    if not row.get("hasAddress"):
        return None
    return PostalAddress(
        lines=tuple(row.get("addressLines") or ()),
        city=row.get("addressCity"),
        region=row.get("addressRegion"),
        postal_code=row.get("addressPostalCode"),
        country_code=row.get("addressCountryCode"),
    )


def client_facts_row(client: Person) -> dict[str, Any]:
    """What decisions rest on of a client, as the Person node has it."""
    return {
        "clientStatus": client.client_status.value if client.client_status else None,
        "birthDate": client.birth_date.isoformat() if client.birth_date else None,
        "featuresOff": feature_names(client.features_off) or None,
        "confidentialEmail": client.confidential_email,
        "confidentialPhone": client.confidential_phone,
    }


def person_row(practice_id: str, person: Person) -> dict[str, Any]:
    """All of a Person node's properties but its practice, which the statement sets."""
    address = person.address
    row: dict[str, Any] = {
        "id": person.id,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "preferredName": person.preferred_name,
        "gender": person.gender.value if person.gender else None,
        "emails": list(person.emails),
        "phones": list(person.phones),
        "externalIds": [f"{known.system}|{known.value}" for known in person.external_ids],
        **client_facts_row(person),
        **(
            {} if person.death is None else death_facts_row(person.death) | {"deceasedSince": stamp(person.death.since)}
        ),
        "accessSince": stamp(person.access_since) if person.access_since else None,
        "version": person.version,
        "createdAt": stamp(person.created_at) if person.created_at else None,
        "updatedAt": stamp(person.updated_at) if person.updated_at else None,
        "sortKey": sort_key(person),
        "clientKey": client_key(practice_id, person) if person.is_client else None,
        "birthKey": birth_key(practice_id, person),
    }
    if address is not None:
        row |= {
            "hasAddress": True,
            "addressLines": list(address.lines),
            "addressCity": address.city,
            "addressRegion": address.region,
            "addressPostalCode": address.postal_code,
            "addressCountryCode": address.country_code,
        }
    return present(row)


def activated_row(practice_id: str, person: Person, at: datetime) -> dict[str, Any]:
    """What a person gets who was no client and becomes an ACTIVE one."""
    client = replace(person, client_status=ClientStatus.ACTIVE)
    keys = {"clientKey": client_key(practice_id, client), "birthKey": birth_key(practice_id, client)}
    return {"id": person.id, "at": stamp(at), **keys}


def person_from(record: Record) -> Person:
    """A record with all of a person's properties, as the person."""
    return person_of(dict(zip(PERSON_PROPERTIES, record, strict=True)))


def imported_person(record: Record) -> Person:
    """A record of what an import looks at, as the person."""
    return person_of(dict(zip(IMPORTED_PROPERTIES, record, strict=True)))
