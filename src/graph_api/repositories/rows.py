"""Rows <-> model. Dates and times are ISO 8601 text in the graph: they compare as they read, on every engine."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from graph_api.domain.deaths import Death
from graph_api.domain.history import ContactVersion
from graph_api.domain.ids import version_id
from graph_api.domain.model import (
    ALL_FEATURES,
    DEFAULT_AGE_OF_MAJORITY,
    AuthorityKind,
    ClientStatus,
    Contact,
    ContactAuthority,
    ContactRole,
    ContactTerms,
    ExternalId,
    Gender,
    Person,
    PostalAddress,
    Practice,
    PracticeFeature,
    PracticeSettings,
)
from graph_api.domain.names import FIELD_END, sort_key
from graph_api.domain.records import (
    CONTACT_PROPERTIES,
    IMPORTED_PROPERTIES,
    PERSON_PROPERTIES,
    EdgeRecord,
    Record,
    external_pairs,
)
from graph_api.domain.relationships import Relationship
from graph_api.repositories.coming_keys import birth_key, end_keys

Row = Mapping[str, Any]


def stamp(moment: datetime) -> str:
    """UTC with microseconds, always of one length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """Unknown is absent, not null: a map with nulls is stored differently by the engines."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def practice_of(row: Row) -> Practice:
    """A Practice node."""
    return Practice(row["id"], row["slug"], row["name"], row["timeZone"], row["region"])


def practice_row(practice: Practice, created_at: datetime) -> dict[str, Any]:
    """A new Practice node's properties: it has all features, and the usual age of majority (D5, D13)."""
    return {
        "id": practice.id,
        "slug": practice.slug,
        "name": practice.name,
        "timeZone": practice.time_zone,
        "region": practice.region,
        "createdAt": stamp(created_at),
        **settings_row(PracticeSettings(ALL_FEATURES, DEFAULT_AGE_OF_MAJORITY, created_at)),
    }


def feature_names(features: frozenset[PracticeFeature]) -> list[str]:
    """Features as the graph keeps them: their names, sorted."""
    return sorted(feature.value for feature in features)


def features_of(kept: Iterable[str] | None) -> frozenset[PracticeFeature]:
    """Features by their names; not stored is none."""
    return frozenset(PracticeFeature(name) for name in kept or ())


def settings_of(row: Row) -> PracticeSettings:
    """What a Practice node says of its settings."""
    return PracticeSettings(
        features_of(row.get("features")), row.get("ageOfMajority"), _moment(row.get("settingsSince"))
    )


def settings_row(settings: PracticeSettings) -> dict[str, Any]:
    """A Practice node's settings. No features are an empty list, as what is left out would stay as it is."""
    return {
        "features": feature_names(settings.features),
        "ageOfMajority": settings.age_of_majority,
        "settingsSince": stamp(settings.since) if settings.since else None,
    }


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
        birth_date=_day(row.get("birthDate")),
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
        access_since=_moment(row.get("accessSince")),
        version=row["version"],
        created_at=_moment(row.get("createdAt")),
        updated_at=_moment(row.get("updatedAt")),
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
    return _present(row)


def activated_row(practice_id: str, person: Person, at: datetime) -> dict[str, Any]:
    """What a person gets who was no client and becomes an ACTIVE one."""
    client = replace(person, client_status=ClientStatus.ACTIVE)
    keys = {"clientKey": client_key(practice_id, client), "birthKey": birth_key(practice_id, client)}
    return {"id": person.id, "at": stamp(at), **keys}


def _terms_of(row: Row) -> ContactTerms:
    return ContactTerms(
        relationship=Relationship(row["relationship"]),
        relationship_label=row.get("relationshipLabel"),
        roles=tuple(ContactRole(role) for role in row.get("roles") or ()),
        portal_access=row["portalAccess"],
        secure_messaging=row["secureMessaging"],
        payments=row["payments"],
        appointment_reminders=row["appointmentReminders"],
        starts_on=_day(row.get("startsOn")),
        ends_on=_day(row.get("endsOn")),
        note=row.get("note"),
        authority=_authority_of(row),
    )


def _authority_of(row: Row) -> ContactAuthority | None:
    kind = row.get("authorityKind")
    if kind is None:
        return None
    return ContactAuthority(
        AuthorityKind(kind),
        row.get("authorityReference"),
        _day(row.get("authorityEndsOn")),
        _moment(row.get("authorityRecordedAt")),
    )


def contact_of(row: Row, client: Person, person: Person, today: date) -> Contact:
    """An edge, current or removed (D6).

    The removal counts as a version of its own: the statements that read removed edges show one version more than the
    final HAD_CONTACT edge keeps, which is the number of the version it ended.
    """
    return Contact(
        id=row["id"],
        client=client,
        person=person,
        terms=_terms_of(row),
        today=today,
        version=row["version"],
        created_at=_moment(row["createdAt"]),
        updated_at=_moment(row["updatedAt"]),
        removed_at=_moment(row.get("removedAt")),
        removal_reason=row.get("removalReason"),
        adult_consent_at=_moment(row.get("adultConsentAt")),
    )


def version_of(row: Row, client: Person, person: Person) -> ContactVersion:
    """A HAD_CONTACT edge; or a current one, valid since its last change."""
    return ContactVersion(
        id=row["id"],
        contact_id=row["contactId"],
        client=client,
        person=person,
        terms=_terms_of(row),
        version=row["version"],
        valid_from=datetime.fromisoformat(row["validFrom"]),
        valid_to=_moment(row.get("validTo")),
        adult_consent_at=_moment(row.get("adultConsentAt")),
    )


def person_from(record: Record) -> Person:
    """A record with all of a person's properties, as the person."""
    return person_of(dict(zip(PERSON_PROPERTIES, record, strict=True)))


def imported_person(record: Record) -> Person:
    """A record of what an import looks at, as the person."""
    return person_of(dict(zip(IMPORTED_PROPERTIES, record, strict=True)))


def contact_from(edge: EdgeRecord, today: date) -> Contact:
    """A record with all properties of an edge and its ends, as the contact."""
    row = dict(zip(CONTACT_PROPERTIES, edge.contact, strict=True))
    return contact_of(row, person_from(edge.client), person_from(edge.person), today)


def _edge_row(contact: Contact) -> dict[str, Any]:
    terms, authority = contact.terms, contact.terms.authority
    return _present(
        {
            "version": contact.version,
            "relationship": terms.relationship.value,
            "relationshipLabel": terms.relationship_label,
            "roles": [role.value for role in terms.roles],
            "portalAccess": terms.portal_access,
            "secureMessaging": terms.secure_messaging,
            "payments": terms.payments,
            "appointmentReminders": terms.appointment_reminders,
            "startsOn": terms.starts_on.isoformat() if terms.starts_on else None,
            "endsOn": terms.ends_on.isoformat() if terms.ends_on else None,
            "note": terms.note,
            "authorityKind": authority.kind.value if authority else None,
            "authorityReference": authority.document_reference if authority else None,
            "authorityEndsOn": authority.ends_on.isoformat() if authority and authority.ends_on else None,
            "authorityRecordedAt": stamp(authority.recorded_at) if authority and authority.recorded_at else None,
            "adultConsentAt": stamp(contact.adult_consent_at) if contact.adult_consent_at else None,
            "createdAt": stamp(contact.created_at) if contact.created_at else None,
            "updatedAt": stamp(contact.updated_at) if contact.updated_at else None,
        }
    )


def contact_row(practice_id: str, contact: Contact) -> dict[str, Any]:
    """All of a current edge's properties but its practice; `key` is what D3's constraint holds."""
    return {
        "id": contact.id,
        "versionId": version_id(contact.id, contact.version),
        "key": f"{practice_id}|{contact.client.id}|{contact.person.id}",
        **_edge_row(contact),
    }


def created_row(practice_id: str, contact: Contact) -> dict[str, Any]:
    """A new edge: between whom, its properties, and the days on which its terms end."""
    return {
        "clientId": contact.client.id,
        "personId": contact.person.id,
        "properties": contact_row(practice_id, contact),
        "ends": [{"key": key, "contactId": contact.id} for key in sorted(end_keys(practice_id, contact))],
    }


def version_row(contact: Contact, ended_at: datetime) -> dict[str, Any]:
    """A HAD_CONTACT edge: the contact as it was from `validFrom` until `validTo`; its id is the current edge's
    `versionId`."""
    return {
        "id": version_id(contact.id, contact.version),
        "contactId": contact.id,
        "validFrom": stamp(contact.updated_at or ended_at),
        "validTo": stamp(ended_at),
        "final": False,
        **_edge_row(contact),
    }


def final_version_row(contact: Contact, ended_at: datetime, reason: str | None) -> dict[str, Any]:
    """The last version of a removed contact (D6)."""
    return version_row(contact, ended_at) | _present({"final": True, "removalReason": reason})
