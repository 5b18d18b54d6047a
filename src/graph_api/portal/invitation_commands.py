"""Staff's commands on invitations: invite a client themselves, send a contact's again, or revoke it."""

from datetime import datetime

from graph_api.kernel.errors import Refused, invalid
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.network.checks import refuse_removed
from graph_api.network.commands import locked_contact, reload_contact
from graph_api.network.deaths import is_ended_by_death
from graph_api.network.model import Contact
from graph_api.people.commands import refuse_archived, refuse_dead, reload_person, require_client
from graph_api.people.model import Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_model import InvitationStatus
from graph_api.portal.invitations import invite, invite_client, opens_portal, withdraw


class InvitationService:
    """Mutations of invitations."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def invite_client(self, request: Request, client_id: str) -> Outcome[Person]:
        """Invite a client to act for themselves, again if need be; links of earlier invitations stop working."""

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Person]:
            client = await require_client(tx, client_id, "clientId")
            refuse_dead(client, "clientId")
            account = await tx[AccountWrites].lock(client.id)
            if account is not None and account.is_active:
                message = "The client already has a portal account and can sign in with its e-mail address."
                raise Refused([invalid("account.exists", message, "clientId")])
            told = await invite_client(tx, client, account, now, "clientId")
            return Outcome(client, warnings=told.warnings, events=told.events)

        return await self._unit.run(request, unchecked, change, reload_person)

    async def resend(self, request: Request, contact_id: str) -> Outcome[Contact]:
        """Send a new invitation for seven days; links of earlier invitations stop working.

        Use it too to invite a contact whose access came without an invitation, and to open a disabled account again:
        whoever reads its mailbox and knows the birth date can accept.
        """

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Contact]:
            contact = await locked_contact(tx, contact_id)
            _refuse_without_access(contact)
            account = await tx[AccountWrites].lock(contact.person.id)
            if account is not None and account.is_active:
                message = "The contact already has a portal account and can sign in with its e-mail address."
                raise Refused([invalid("account.exists", message, "contactId")])
            told = await invite(tx, contact, now, "contactId", address=account.address if account else None)
            return Outcome(contact, warnings=told.warnings, events=told.events)

        return await self._unit.run(request, unchecked, change, reload_contact)

    async def revoke(self, request: Request, contact_id: str) -> Outcome[Contact]:
        """Make the invitation's link stop working; the stored portal access does not change."""

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Contact]:
            contact = await locked_contact(tx, contact_id)
            invitation = await tx[InvitationWrites].of_contact(contact.id)
            if invitation is None or invitation.status_at(now) is not InvitationStatus.PENDING:
                message = "The contact has no open invitation."
                raise Refused([invalid("invitation.notPending", message, "contactId")])
            return Outcome(contact, events=await withdraw(tx, contact))

        return await self._unit.run(request, unchecked, change, reload_contact)


def _refuse_without_access(contact: Contact) -> None:
    """Refuse a contact without access to the portal."""
    refuse_removed(contact)
    refuse_archived(contact.client.client_status, "contactId")
    refuse_dead(contact.person, "contactId")
    if is_ended_by_death(contact):
        message = "The client has died. Only a personal representative recorded afterwards can be invited."
        raise Refused([invalid("client.deceased", message, "contactId")])
    if not contact.terms.portal_access:
        message = "The contact has no portal access. Switch it on first."
        raise Refused([invalid("contact.noPortalAccess", message, "contactId")])
    if not opens_portal(contact):
        message = "The contact has ended. Change its last day first."
        raise Refused([invalid("contact.expired", message, "contactId")])
