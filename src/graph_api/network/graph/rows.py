"""Edges <-> rows."""

from datetime import date, datetime
from typing import Any

from graph_api.kernel.ids import version_id
from graph_api.kernel.rows import Row, present, stamp
from graph_api.network.keys import end_keys
from graph_api.network.model import Contact
from graph_api.network.records import CONTACT, CONTACT_PROPERTIES, VERSION, EdgeRecord
from graph_api.network.versions import ContactVersion
from graph_api.people.graph.rows import person_from
from graph_api.people.model import Person


def contact_of(row: Row, client: Person, person: Person, today: date) -> Contact:
    """An edge, current or removed (D6).

    The removal counts as a version of its own: the statements that read removed edges show one version more than the
    final HAD_CONTACT edge keeps, which is the number of the version it ended.
    """
    return CONTACT.read(row, client=client, person=person, today=today)


def version_of(row: Row, client: Person, person: Person) -> ContactVersion:
    """A HAD_CONTACT edge; or a current one, valid since its last change."""
    return VERSION.read(row, client=client, person=person)


def contact_from(edge: EdgeRecord, today: date) -> Contact:
    """A record with all properties of an edge and its ends, as the contact."""
    row = dict(zip(CONTACT_PROPERTIES, edge.contact, strict=True))
    return contact_of(row, person_from(edge.client), person_from(edge.person), today)


def contact_row(practice_id: str, contact: Contact) -> dict[str, Any]:
    """All of a current edge's properties but its practice; `key` is what D3's constraint holds."""
    return {
        **CONTACT.row(contact),
        "versionId": version_id(contact.id, contact.version),
        "key": f"{practice_id}|{contact.client.id}|{contact.person.id}",
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
        **CONTACT.row(contact),
        "id": version_id(contact.id, contact.version),
        "contactId": contact.id,
        "validFrom": stamp(contact.updated_at or ended_at),
        "validTo": stamp(ended_at),
        "final": False,
    }


def final_version_row(contact: Contact, ended_at: datetime, reason: str | None) -> dict[str, Any]:
    """The last version of a removed contact (D6)."""
    return version_row(contact, ended_at) | present({"final": True, "removalReason": reason})
