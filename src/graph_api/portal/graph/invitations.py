"""Invitations in the graph."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.fields import Codec
from graph_api.kernel.graph import Reads
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.mail.model import Delivery
from graph_api.portal.graph.accounts import address_key
from graph_api.portal.invitation_model import Invitation, InvitationStatus

INVITATION = Codec(Invitation)
INVITATION_PROPERTIES = list(INVITATION.names)


def invitation_key(practice_id: str, contact_id: str) -> str:
    """Under which a contact has one invitation at most."""
    return f"{practice_id}|{contact_id}"


def token_key(practice_id: str, token_hash: str) -> str:
    """Under which a token opens one invitation at most."""
    return f"{practice_id}|{token_hash}"


def invitation_row(practice_id: str, invitation: Invitation) -> Row:
    """All of a pending Invitation's properties but its key and practice, which the statement sets."""
    return {**INVITATION.row(invitation), "addressKey": address_key(practice_id, invitation.address)}


def settled_row(practice_id: str, invitation: Invitation) -> Row:
    """What became of it."""
    pending = invitation.status is InvitationStatus.PENDING
    return {
        "key": invitation_key(practice_id, invitation.contact_id),
        "status": invitation.status.value,
        "wrongAnswers": invitation.wrong_answers,
        "addressKey": address_key(practice_id, invitation.address) if pending else None,
    }


def invitation_from(record: list[Any]) -> Invitation:
    """A record of INVITATION_PROPERTIES as the invitation."""
    return INVITATION.of(record)


def delivery_row(delivery: Delivery) -> Row:
    """An Invitation's properties that say how far its mail has come."""
    return {
        "deliveryStatus": delivery.status.value,
        "deliveryAt": None if delivery.at is None else stamp(delivery.at),
        "deliveryProblem": None if delivery.problem is None else delivery.problem.value,
    }


class InvitationReads(Reads):
    """Invitations of one practice."""

    async def of_contacts(self, contact_ids: Sequence[str]) -> Sealed[dict[str, Invitation]]:
        """Their invitations by contact."""
        keys = [invitation_key(self._practice, contact_id) for contact_id in contact_ids]
        rows = await self._session.read(
            "portal/invitations/by_keys", practice=self._practice, keys=keys, invitation=INVITATION_PROPERTIES
        )
        found = [invitation_from(row["invitation"]) for row in rows]
        shows = [person_id for invitation in found for person_id in (invitation.person_id, invitation.client_id)]
        return Sealed({invitation.contact_id: invitation for invitation in found}, shows)


class InvitationWrites(Writes):
    """Invitations inside a write transaction. They change under the lock of the person who is invited."""

    async def of_contact(self, contact_id: str) -> Invitation | None:
        """The contact's."""
        keys = [invitation_key(self._practice, contact_id)]
        return next(iter(await self._read("portal/invitations/by_keys", keys=keys)), None)

    async def by_token(self, token_hash: str) -> Invitation | None:
        """The one that the token opens."""
        key = token_key(self._practice, token_hash)
        return next(iter(await self._read("portal/invitations/by_token", tokenKey=key)), None)

    async def pending_of_person(self, person_id: str) -> tuple[Invitation, ...]:
        """The person's, of every client."""
        return await self._read("portal/invitations/pending_of_person", personId=person_id)

    async def locked_of_person(self, person_id: str) -> tuple[Invitation, ...]:
        """The person's that wrong answers locked, of every client."""
        return await self._read("portal/invitations/locked_of_person", personId=person_id)

    async def pending_of_client(self, client_id: str) -> tuple[Invitation, ...]:
        """Those of the client's contacts, and the client's own."""
        own = await self.of_contact(client_id)
        pending = await self._read("portal/invitations/pending_of_client", clientId=client_id)
        return (*pending, own) if own and own.status is InvitationStatus.PENDING else pending

    async def _read(self, name: str, **params: Any) -> tuple[Invitation, ...]:
        rows = await self._tx.run(name, practice=self._practice, invitation=INVITATION_PROPERTIES, **params)
        return tuple(invitation_from(row["invitation"]) for row in rows)

    async def invited_at(self, address: str, now: datetime) -> frozenset[str]:
        """Who has a pending invitation at the address."""
        rows = await self._tx.run(
            "portal/invitations/at_address",
            practice=self._practice,
            addressKey=address_key(self._practice, address),
            now=stamp(now),
        )
        return frozenset(row["personId"] for row in rows)

    async def renew(self, invitation: Invitation) -> None:
        """The contact's invitation from now on; tokens of an earlier one open nothing."""
        self._tx.later(
            "portal/invitations/renew",
            practice=self._practice,
            personId=invitation.person_id,
            key=invitation_key(self._practice, invitation.contact_id),
            invitation=invitation_row(self._practice, invitation),
        )

    async def settle(self, *invitations: Invitation) -> None:
        """What became of them."""
        if invitations:
            rows = [settled_row(self._practice, invitation) for invitation in invitations]
            self._tx.later("portal/invitations/settle", practice=self._practice, rows=rows)

    async def seal(self, invitation: Invitation, token_hash: str) -> bool:
        """Make a token the one that opens it; False when it is not pending any more."""
        rows = await self._tx.run(
            "portal/invitations/seal",
            practice=self._practice,
            key=invitation_key(self._practice, invitation.contact_id),
            id=invitation.id,
            tokenKey=token_key(self._practice, token_hash),
            stamp=self._lock,
        )
        return bool(rows)

    async def delivered(self, contact_id: str, delivery: Delivery) -> None:
        """How far the mail of the contact's invitation has come."""
        self._tx.later(
            "portal/invitations/delivered",
            practice=self._practice,
            key=invitation_key(self._practice, contact_id),
            delivery=delivery_row(delivery),
        )
