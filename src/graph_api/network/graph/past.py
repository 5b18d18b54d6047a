"""Reading what edges of one practice were (D6): superseded versions are HAD_CONTACT edges."""

from collections.abc import Sequence
from typing import Any

from graph_api.engine.session import Of
from graph_api.kernel.door import Sealed
from graph_api.kernel.graph import Reads
from graph_api.kernel.records import Record
from graph_api.kernel.rows import stamp
from graph_api.network.graph.rows import version_of
from graph_api.network.past_requests import AsOfRequest, HistoryRequest, NetworkThen, SupersededRecords, VersionRecord
from graph_api.network.records import VERSION_PROPERTIES
from graph_api.network.versions import ContactVersion
from graph_api.people.model import Person
from graph_api.people.records import PERSON_PROPERTIES

NEWEST = 1_000_000_000
"""No contact was changed so often."""


def _id(row: Any) -> str:
    found: str = row[0]
    return found


def _version_id(row: Any) -> str:
    found: str = row[0][0]
    return found


class HistoryReads(Reads):
    """What edges were, of one practice."""

    async def superseded(
        self, request: HistoryRequest, contact_ids: Sequence[str]
    ) -> Sealed[dict[str, SupersededRecords]]:
        """Of each contact that was ever changed or removed; the contact itself brings its ends."""
        rows = await self._session.gather(
            "network/history/of_contacts",
            contact_ids,
            _id,
            of=Of.PAST,
            practice=self._practice,
            below=NEWEST if request.below is None else request.below,
            limit=request.size + 1,
            version=list(VERSION_PROPERTIES),
        )
        found = {contact_id: SupersededRecords(versions, total) for contact_id, versions, total in rows.values()}
        return Sealed(found, ())

    async def networks_as_of(self, request: AsOfRequest, person_ids: Sequence[str]) -> Sealed[dict[str, NetworkThen]]:
        """A page for each person, in one statement; others' may be among them."""
        cursor_key, cursor_id = request.after or (None, "")
        rows = await self._session.gather(
            "network/history/network_as_of",
            person_ids,
            _id,
            of=Of.PAST,
            practice=self._practice,
            at=stamp(request.at),
            version=list(VERSION_PROPERTIES),
            other=list(PERSON_PROPERTIES),
            cursorKey=cursor_key,
            cursorId=cursor_id,
            limit=request.size + 1,
            withTotal=request.with_total,
        )
        found = {person_id: NetworkThen(versions, total) for person_id, versions, total in rows.values()}
        asked = [found[person_id] for person_id in person_ids if person_id in found]
        return Sealed(found, [person[0] for then in asked for _, person in then.versions[: request.size]])

    async def records(self, ids: Sequence[str]) -> Sealed[dict[str, VersionRecord]]:
        """Those that exist, by the versions' ids.

        What was found is what it was. What was not may have become a past version between the two places, so the
        past is looked at again.
        """
        found: dict[str, VersionRecord] = {}
        places = (
            ("network/contacts/versions_by_ids", Of.NEWEST),
            ("network/history/current_by_ids", Of.NEWEST),
            ("network/contacts/versions_by_ids", Of.PAST),
        )
        for name, of in places:
            missing = [version_id for version_id in dict.fromkeys(ids) if version_id not in found]
            found |= await self._by_ids(name, of, missing) if missing else {}
        return Sealed(found, [end[0] for record in found.values() for end in (record.client, record.person)])

    async def _by_ids(self, name: str, of: Of, ids: Sequence[str]) -> dict[str, VersionRecord]:
        people = list(PERSON_PROPERTIES)
        rows = await self._session.gather(
            name,
            ids,
            _version_id,
            of=of,
            practice=self._practice,
            version=list(VERSION_PROPERTIES),
            client=people,
            person=people,
        )
        return {version_id: VersionRecord(*rows[version_id]) for version_id in ids if version_id in rows}

    def version(self, record: Record, client: Person, person: Person) -> ContactVersion:
        """A record as the version, with its ends."""
        return version_of(dict(zip(VERSION_PROPERTIES, record, strict=True)), client, person)
