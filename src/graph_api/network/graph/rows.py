"""Edges <-> rows."""

from datetime import date, datetime
from typing import Any

from graph_api.kernel.ids import version_id
from graph_api.kernel.rows import Row, day_of, moment_of, present, stamp
from graph_api.network.keys import end_keys
from graph_api.network.model import AuthorityKind, Contact, ContactAuthority, ContactRole, ContactTerms
from graph_api.network.records import CONTACT_PROPERTIES, EdgeRecord
from graph_api.network.relationships import Relationship
from graph_api.network.versions import ContactVersion
from graph_api.people.graph.rows import person_from
from graph_api.people.model import Person


def _terms_of(row: Row) -> ContactTerms:
    return ContactTerms(
        relationship=Relationship(row["relationship"]),
        relationship_label=row.get("relationshipLabel"),
        roles=tuple(ContactRole(role) for role in row.get("roles") or ()),
        portal_access=row["portalAccess"],
        secure_messaging=row["secureMessaging"],
        payments=row["payments"],
        appointment_reminders=row["appointmentReminders"],
        starts_on=day_of(row.get("startsOn")),
        ends_on=day_of(row.get("endsOn")),
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
        day_of(row.get("authorityEndsOn")),
        moment_of(row.get("authorityRecordedAt")),
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
        created_at=moment_of(row["createdAt"]),
        updated_at=moment_of(row["updatedAt"]),
        removed_at=moment_of(row.get("removedAt")),
        removal_reason=row.get("removalReason"),
        adult_consent_at=moment_of(row.get("adultConsentAt")),
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
        valid_to=moment_of(row.get("validTo")),
        adult_consent_at=moment_of(row.get("adultConsentAt")),
    )


def contact_from(edge: EdgeRecord, today: date) -> Contact:
    """A record with all properties of an edge and its ends, as the contact."""
    row = dict(zip(CONTACT_PROPERTIES, edge.contact, strict=True))
    return contact_of(row, person_from(edge.client), person_from(edge.person), today)


def _edge_row(contact: Contact) -> dict[str, Any]:
    terms, authority = contact.terms, contact.terms.authority
    return present(
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
    return version_row(contact, ended_at) | present({"final": True, "removalReason": reason})
