"""Writes the letter when its mail is sent: secrets are made then, and only their hashes are kept."""

import base64
from collections.abc import Mapping

from graph_api.kernel.transaction import Transaction
from graph_api.mail.model import Delivery, Letter, MailKind, QueuedMail
from graph_api.mail.ports import Composer, Composing, Tracker
from graph_api.network.graph.writes import ContactWrites
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.account_letters import ACCOUNT_COMPOSERS
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_model import InvitationStatus, hash_secret, token_of
from graph_api.portal.invitations import opens_portal
from graph_api.portal.letters import access_letter, client_letter, invitation_letter


async def compose_invitation(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """An invitation that is still pending; its link voids the one of an earlier mail."""
    invitation = await tx[InvitationWrites].of_contact(mail.subject)
    if invitation is None or invitation.status_at(composing.now) is not InvitationStatus.PENDING:
        return None
    invited = (await tx[PersonWrites].by_ids(invitation.person_id)).get(invitation.person_id)
    if invited is None or invited.death is not None:
        return None
    secret = base64.urlsafe_b64encode(composing.secret).decode().rstrip("=")
    if not await tx[InvitationWrites].seal(invitation, hash_secret(secret)):
        return None
    page, token = f"{composing.portal_url}/invitation", token_of(composing.practice.slug, secret)
    return invitation_letter(mail.address, composing.practice.name, page, token, own=invitation.is_own)


async def compose_access_notice(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To the contact, while the access that it tells of is there; it brings no secret."""
    if not await _is_open(tx, mail.subject):
        return None
    return access_letter(mail.address, composing.practice.name, composing.portal_url)


async def compose_client_notice(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To the client, while they live and the access that it tells of is there; it brings no secret."""
    contact = await tx[ContactWrites].by_id(mail.subject)
    if contact is None or contact.client.death is not None or not opens_portal(contact):
        return None
    return client_letter(mail.address, composing.practice.name)


async def _is_open(tx: Transaction, contact_id: str) -> bool:
    contact = await tx[ContactWrites].by_id(contact_id)
    return contact is not None and opens_portal(contact)


COMPOSERS: Mapping[MailKind, Composer] = {
    MailKind.INVITATION: compose_invitation,
    MailKind.ACCESS_NOTICE: compose_access_notice,
    MailKind.CLIENT_NOTICE: compose_client_notice,
    **ACCOUNT_COMPOSERS,
}


async def _track_invitation(tx: Transaction, contact_id: str, delivery: Delivery) -> None:
    await tx[InvitationWrites].delivered(contact_id, delivery)


TRACKERS: Mapping[MailKind, Tracker] = {MailKind.INVITATION: _track_invitation}
"""Staff see how far an invitation's mail has come."""
