"""Tells people about access to the portal: invitations, notices, and warnings where somebody can't be told."""

from datetime import datetime

from graph_api.audit.changes import changes_between
from graph_api.kernel.errors import MutationWarning, Path, Refused, WarningCode, invalid
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.ids import new_id
from graph_api.kernel.reactions import Told
from graph_api.kernel.transaction import Transaction
from graph_api.mail.graph import OutboxWrites
from graph_api.mail.model import Delivery, DeliveryStatus, MailKind, QueuedMail
from graph_api.network.deaths import is_ended_by_death
from graph_api.network.model import Contact, ContactStatus
from graph_api.people.contact_points import needs_smtputf8
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_model import INVITATION_LASTS, Invitation, InvitationStatus
from graph_api.portal.model import Account, fold_address

SETTLED_AS = {
    InvitationStatus.ACCEPTED: EventKind.INVITATION_ACCEPTED,
    InvitationStatus.REVOKED: EventKind.INVITATION_REVOKED,
}


def opens_portal(contact: Contact) -> bool:
    """Whether portal access is on, for a client who is not archived, and has not ended, by its last day or a death.

    Its start, the client's age and the rest are looked at when it is used.
    """
    ended = contact.status in (ContactStatus.EXPIRED, ContactStatus.REMOVED)
    archived = contact.client.client_status is ClientStatus.ARCHIVED
    return contact.terms.portal_access and not (ended or archived or is_ended_by_death(contact))


async def tell_of_access(tx: Transaction, contact: Contact, before: Contact | None, now: datetime, *path: str) -> Told:
    """Invite the contact or let them know, and let the client know, where the change gives access.

    Both people must be locked.

    Raises:
        Refused: InvalidInput email.missing or account.addressTaken, at `path`.
    """
    had = before is not None and opens_portal(before)
    if had and not opens_portal(contact):
        return Told(events=await withdraw(tx, contact))
    if had or not opens_portal(contact):
        return Told()
    account = await tx[AccountWrites].lock(contact.person.id)
    warnings: list[MutationWarning] = []
    events: tuple[Happened, ...] = ()
    if account is None:
        invited = await invite(tx, contact, now, *path)
        events, warnings = invited.events, [*invited.warnings]
    elif account.is_active:
        await tx[OutboxWrites].add(QueuedMail(MailKind.ACCESS_NOTICE, contact.id, account.address), now)
    else:
        warnings.append(_disabled(contact.person, path))
    if contact.client.death is None and not await _tell_client(tx, contact, account, now):
        warnings.append(_client_not_told(contact.client, path))
    return Told(tuple(warnings), events)


async def invite(tx: Transaction, contact: Contact, now: datetime, *path: str, address: str | None = None) -> Told:
    """A new invitation for the contact, who must be locked; an earlier one stops working.

    Args:
        tx: the transaction.
        contact: whom, for which client.
        now: the time.
        path: where in the input the access is asked for.
        address: where to; the contact's first e-mail address if nothing else is said.

    Raises:
        Refused: InvalidInput email.missing or account.addressTaken.
    """
    address = address or invitation_address(contact.person, *path)
    _refuse_confidential(contact.client, address, *path)
    await _refuse_taken(tx, contact.person, address, now, *path)
    invitation = _made(tx, contact.id, contact.person.id, contact.client.id, address, now)
    return Told(_hard_to_reach(contact.person, address, path), (await _send(tx, invitation, now, contact),))


async def invite_client(tx: Transaction, client: Person, account: Account | None, now: datetime, *path: str) -> Told:
    """A new invitation for the client themselves, who must be locked; an earlier one stops working.

    It goes to the confidential address, else that of the disabled account that it opens again, else their first.

    Raises:
        Refused: InvalidInput email.missing or account.addressTaken.
    """
    address = next(iter(_addresses(client, account)), None)
    if address is None:
        message = "The client has no e-mail address, and a portal account needs one. Add one to the client first."
        raise Refused([invalid("email.missing", message, *path)])
    await _refuse_taken(tx, client, address, now, *path)
    invitation = _made(tx, client.id, client.id, client.id, address, now)
    return Told(_hard_to_reach(client, address, path), (await _send(tx, invitation, now),))


def _made(tx: Transaction, contact_id: str, person_id: str, client_id: str, address: str, now: datetime) -> Invitation:
    """An invitation whose mail waits; the people must be locked."""
    return Invitation(
        new_id("invitation"),
        contact_id,
        person_id,
        client_id,
        address,
        tx.stamp(),
        now + INVITATION_LASTS,
        delivery=Delivery(DeliveryStatus.WAITING),
    )


async def _send(tx: Transaction, invitation: Invitation, now: datetime, contact: Contact | None = None) -> Happened:
    """Write it and its mail, in the order that senders lock them in."""
    subject = invitation.contact_id
    await tx[OutboxWrites].add(QueuedMail(MailKind.INVITATION, subject, invitation.address, invitation.expires_at), now)
    before = await tx[InvitationWrites].of_contact(subject)
    await tx[InvitationWrites].renew(invitation)
    return audited_invitation(EventKind.INVITATION_MADE, before, invitation, contact)


def invitation_address(person: Person, *path: str) -> str:
    """Where somebody without an account is invited: at their first e-mail address.

    Raises:
        Refused: InvalidInput email.missing.
    """
    if not person.emails:
        message = "The contact has no e-mail address, and portal access needs one. Add one to the contact first."
        raise Refused([invalid("email.missing", message, *path)])
    return person.emails[0]


def _refuse_confidential(client: Person, address: str, *path: str) -> None:
    """Refuse the client's confidential address: a contact who reads it could act as the client."""
    confidential = client.confidential_email
    if confidential is not None and fold_address(confidential) == fold_address(address):
        message = "This is the client's confidential e-mail address. Put one of the contact's own addresses first."
        raise Refused([invalid("email.confidential", message, *path)])


async def _refuse_taken(tx: Transaction, person: Person, address: str, now: datetime, *path: str) -> None:
    if await is_taken(tx, person.id, address, now):
        message = (
            "Somebody else's portal account or invitation uses this e-mail address. "
            "Put an address of their own first among this person's e-mails."
        )
        raise Refused([invalid("account.addressTaken", message, *path)])


async def is_taken(tx: Transaction, person_id: str, address: str, now: datetime) -> bool:
    """Whether the address opens, or is about to open, somebody else's account; its lock is taken here.

    An address opens one account only: whoever reads the mailbox could sign in as either person.
    """
    tx[PersonWrites].lock_match_keys([address_match_key(address)])
    account = await tx[AccountWrites].at(address)
    holders = set(await tx[InvitationWrites].invited_at(address, now))
    if account is not None:
        holders.add(account.person_id)
    return bool(holders - {person_id})


def address_match_key(address: str) -> str:
    """The lock under which an address comes to open an account: the match key that the address has anyway (D9)."""
    return f"email {fold_address(address)}"


async def withdraw(tx: Transaction, contact: Contact) -> tuple[Happened, ...]:
    """Revoke the contact's invitation, if one is pending; other clients' invitations of the person stand."""
    invitation = await tx[InvitationWrites].of_contact(contact.id)
    pending = invitation is not None and invitation.status is InvitationStatus.PENDING
    return await _settle(tx, InvitationStatus.REVOKED, *([invitation] if invitation and pending else []))


async def withdraw_of_client(tx: Transaction, client_id: str) -> tuple[Happened, ...]:
    """Revoke the pending invitations of a client's contacts, and the client's own; the client must be locked."""
    return await _settle(tx, InvitationStatus.REVOKED, *await tx[InvitationWrites].pending_of_client(client_id))


async def withdraw_of_person(tx: Transaction, person_id: str) -> tuple[Happened, ...]:
    """Revoke a person's pending invitations, of every client; the person must be locked."""
    return await _settle(tx, InvitationStatus.REVOKED, *await tx[InvitationWrites].pending_of_person(person_id))


async def withdraw_gone(tx: Transaction, before: Person, after: Person, *path: str) -> Told:
    """Revoke invitations to an address that was removed from the person, because somebody else may read them there.

    The person must be locked.
    """
    had, has = ({fold_address(one) for one in _addresses(person, None)} for person in (before, after))
    if not had - has:
        return Told()
    pending = await tx[InvitationWrites].pending_of_person(after.id)
    gone = [one for one in pending if fold_address(one.address) in had - has]
    if not gone:
        return Told()
    message = "An invitation was sent to an address that has been removed, so it was revoked. Send it again."
    warning = MutationWarning(code=WarningCode.REVIEW_ACCESS, message=message, path=path)
    return Told((warning,), await _settle(tx, InvitationStatus.REVOKED, *gone))


async def accept_all(tx: Transaction, person_id: str) -> tuple[Happened, ...]:
    """Settle a person's pending invitations: their account serves for every client."""
    return await _settle(tx, InvitationStatus.ACCEPTED, *await tx[InvitationWrites].pending_of_person(person_id))


async def _settle(tx: Transaction, status: InvitationStatus, *invitations: Invitation) -> tuple[Happened, ...]:
    settled = [one.settled(status) for one in invitations]
    await tx[InvitationWrites].settle(*settled)
    kind = SETTLED_AS[status]
    reason = "invitation" if status is InvitationStatus.ACCEPTED else "role"
    return tuple(
        audited_invitation(kind, before, after, reason=reason)
        for before, after in zip(invitations, settled, strict=True)
    )


def audited_invitation(
    kind: EventKind, before: Invitation | None, after: Invitation, contact: Contact | None = None, reason: str = "role"
) -> Happened:
    """What became of an invitation, for the client's chain."""
    changes = changes_between(_values(before), _values(after))
    contact_id = None if after.is_own else after.contact_id
    return Happened(kind, after.client_id, contact_id, contact.version if contact else None, changes, reason)


def _values(invitation: Invitation | None) -> dict[str, object]:
    if invitation is None:
        return {}
    return {
        "invitation": invitation.status,
        "sentTo": invitation.address,
        "expiresAt": invitation.expires_at,
        "wrongAnswers": invitation.wrong_answers or None,
    }


async def tell_old_address(tx: Transaction, account: Account, at: datetime, now: datetime) -> None:
    """Tell the address that an account leaves at the moment `at`.

    Each move has a mail of its own: moving on must not take the place of what the first address is told.
    """
    subject = f"{account.person_id} {at.isoformat()}"
    await tx[OutboxWrites].add(QueuedMail(MailKind.ADDRESS_CHANGED, subject, account.address), now)


async def _tell_client(tx: Transaction, contact: Contact, account: Account | None, now: datetime) -> bool:
    """Whether there is an address of the client's own to tell them at."""
    own = await tx[AccountWrites].of(contact.client.id)
    address = address_of_their_own(contact.client, own, contact.person, account)
    if address is not None:
        await tx[OutboxWrites].add(QueuedMail(MailKind.CLIENT_NOTICE, contact.id, address), now)
    return address is not None


def address_of_their_own(
    client: Person, client_account: Account | None, contact: Person, contact_account: Account | None
) -> str | None:
    """The client's first address that is not the contact's too: the confidential one, the account's, the others."""
    shared = {fold_address(address) for address in _addresses(contact, contact_account)}
    return next((one for one in _addresses(client, client_account) if fold_address(one) not in shared), None)


def _addresses(person: Person, account: Account | None) -> list[str]:
    known = (person.confidential_email, account.address if account else None, *person.emails)
    return [address for address in known if address is not None]


def _disabled(person: Person, path: Path) -> MutationWarning:
    message = "The contact's portal account is disabled. They can't use this access until the account is opened again."
    return MutationWarning(code=WarningCode.ACCOUNT_DISABLED, message=message, path=path, persons=(person,))


def _client_not_told(client: Person, path: Path) -> MutationWarning:
    message = (
        "The client has no e-mail address of their own, so we can't tell them that someone new gains access. "
        "Tell them yourself."
    )
    return MutationWarning(code=WarningCode.CLIENT_NOT_TOLD, message=message, path=path, persons=(client,))


def _hard_to_reach(person: Person, address: str, path: Path) -> tuple[MutationWarning, ...]:
    """Said at once: whether the mail server can write there is known only when it is tried, maybe hours later."""
    if not needs_smtputf8(address):
        return ()
    message = (
        "The address has letters before its @ that many mail servers can't deliver to. Check whether the invitation "
        "was handed over (delivery), or give another address."
    )
    return (MutationWarning(code=WarningCode.ADDRESS_NEEDS_SMTPUTF8, message=message, path=path, persons=(person,)),)
