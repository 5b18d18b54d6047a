"""Accepts an invitation: it takes the link and the client's birth date, and no sign-in."""

from dataclasses import dataclass
from datetime import date, datetime

from graph_api.access.model import AccountStatus
from graph_api.audit.changes import changes_between
from graph_api.kernel.errors import Refused, invalid
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.network.graph.writes import ContactWrites
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.portal.audit import account_values
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_model import (
    MAX_WRONG_ANSWERS,
    Invitation,
    InvitationStatus,
    hash_secret,
    is_same_day,
    token_parts,
)
from graph_api.portal.invitations import accept_all, audited_invitation, is_taken, opens_portal, tell_old_address
from graph_api.portal.model import Account, fold_address
from graph_api.portal.ports import Session, Sessions
from graph_api.portal.session_ports import Limited
from graph_api.portal.signing_in import Admission, SignInPractices, never_replayed

ASK = "Ask the practice to send a new one."
_CLOSED = {
    InvitationStatus.ACCEPTED: (
        "invitation.accepted",
        "This invitation was already used. Sign in with your e-mail address.",
    ),
    InvitationStatus.REVOKED: ("invitation.revoked", f"This invitation is no longer valid. {ASK}"),
    InvitationStatus.EXPIRED: ("invitation.expired", f"This invitation has expired. {ASK}"),
    InvitationStatus.LOCKED: ("invitation.locked", f"This invitation is locked after too many wrong answers. {ASK}"),
}
"""What may be told to somebody who has the link."""


class AcceptanceService:
    """Opens accounts for people with an invitation."""

    def __init__(self, practices: SignInPractices, admission: Admission) -> None:
        self._practices = practices
        self._admission = admission

    async def accept(self, token: str, client_birth_date: date | None) -> Outcome[Session]:
        """Open the person's account and sign them in, given the link and, if it is known, the client's birth date.

        The third wrong answer locks the invitation. A token that is malformed, of no practice, void or of nothing is
        answered alike.
        """
        try:
            await self._admission.admit(Limited.INVITATIONS)
            parts = token_parts(token)
            practice = None if parts is None else await self._practices.by_slug(parts[0])
            if parts is None or practice is None:
                raise _unknown()
        except Refused as refusal:
            return Outcome(errors=refusal.errors)
        account_id, token_hash = new_id("account"), hash_secret(parts[1])
        sessions = self._practices.opener(practice)

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Session]:
            return await _accept(tx, _Attempt(token_hash, client_birth_date, account_id), sessions, now)

        request = Request("acceptInvitation", {})
        return await self._practices.unit(practice).run(request, unchecked, change, never_replayed)


@dataclass(frozen=True, slots=True)
class _Attempt:
    token_hash: str
    answer: date | None
    account_id: str
    """Of the account that is opened, if one is."""


async def _accept(tx: Transaction, attempt: _Attempt, sessions: Sessions, now: datetime) -> Outcome[Session]:
    invitation, account = await _locked(tx, attempt.token_hash)
    client = (await tx[PersonWrites].by_ids(invitation.client_id))[invitation.client_id]
    await _refuse_closed(tx, invitation, client, now)
    await _refuse_locked(tx, invitation.person_id)
    if client.birth_date is not None:
        if attempt.answer is None:
            whose = "your date of birth" if invitation.is_own else "the date of birth of the person who named you"
            raise Refused([invalid("clientBirthDate.missing", f"Give {whose}.", "clientBirthDate")])
        if not is_same_day(client.birth_date, attempt.answer):
            return await _answered_wrong(tx, invitation)
    if await is_taken(tx, invitation.person_id, invitation.address, now):
        raise Refused([invalid("account.addressTaken", f"Somebody else now uses this e-mail address. {ASK}", "token")])
    opened = await _open(tx, account, invitation, attempt.account_id, now)
    accepted = await accept_all(tx, invitation.person_id)
    session = await sessions.open(tx, opened, now)
    return Outcome(session, events=(_audited_account(account, opened, invitation), *accepted))


async def _locked(tx: Transaction, token_hash: str) -> tuple[Invitation, Account | None]:
    """The invitation that the token opens, and its person's account if there is one, under their locks."""
    seen = await tx[InvitationWrites].by_token(token_hash)
    if seen is None:
        raise _unknown()
    await tx[PersonWrites].lock(seen.client_id, seen.person_id)
    account = await tx[AccountWrites].lock(seen.person_id)
    invitation = await tx[InvitationWrites].by_token(token_hash)
    if invitation is None:
        raise _unknown()
    return invitation, account


async def _refuse_closed(tx: Transaction, invitation: Invitation, client: Person, now: datetime) -> None:
    status = invitation.status_at(now)
    if status is InvitationStatus.PENDING:
        if await _is_for_something(tx, invitation, client):
            return
        status = InvitationStatus.REVOKED
    reason, message = _CLOSED[status]
    raise Refused([invalid(reason, message, "token")])


async def _refuse_locked(tx: Transaction, person_id: str) -> None:
    """One account serves for every client: another's invitation is no way around one that wrong answers locked.

    One whose access is gone holds nothing back any more.
    """
    locked = await tx[InvitationWrites].locked_of_person(person_id)
    clients = await tx[PersonWrites].by_ids(*(one.client_id for one in locked)) if locked else {}
    for one in locked:
        if await _is_for_something(tx, one, clients[one.client_id]):
            raise Refused([invalid(*_CLOSED[InvitationStatus.LOCKED], "token")])


async def _is_for_something(tx: Transaction, invitation: Invitation, client: Person) -> bool:
    """Whether what it invites to is still there."""
    if invitation.is_own:
        archived = client.client_status is ClientStatus.ARCHIVED
        return client.is_client and not archived and client.death is None
    contact = await tx[ContactWrites].by_id(invitation.contact_id)
    return contact is not None and opens_portal(contact)


async def _answered_wrong(tx: Transaction, invitation: Invitation) -> Outcome[Session]:
    """It counts, so the transaction stands; wrong answers to any of the person's invitations count together."""
    others = [
        one for one in await tx[InvitationWrites].pending_of_person(invitation.person_id) if one.id != invitation.id
    ]
    wrong_elsewhere = sum(one.wrong_answers for one in others)
    after = invitation.answered_wrong(wrong_elsewhere)
    await tx[InvitationWrites].settle(after)
    events = (audited_invitation(EventKind.INVITATION_ANSWERED_WRONG, invitation, after, reason="invitation"),)
    left = 0 if after.status is InvitationStatus.LOCKED else MAX_WRONG_ANSWERS - after.wrong_answers - wrong_elsewhere
    if left:
        tries = "One try is" if left == 1 else f"{left} tries are"
        error = invalid("clientBirthDate.wrong", f"This is not the date of birth. {tries} left.", "clientBirthDate")
    else:
        error = invalid(*_CLOSED[InvitationStatus.LOCKED], "token")
    return Outcome(errors=(error,), events=events)


async def _open(
    tx: Transaction, account: Account | None, invitation: Invitation, account_id: str, now: datetime
) -> Account:
    """A new account; or the one there is, active again."""
    if account is None:
        at = tx.stamp()
        opened = Account(account_id, invitation.person_id, invitation.address, at, at)
        await tx[AccountWrites].create(opened)
        return opened
    at = tx.stamp()
    opened = account.changed(at, status=AccountStatus.ACTIVE, address=invitation.address)
    if fold_address(opened.address) != fold_address(account.address):
        await tell_old_address(tx, account, at, now)
    await tx[AccountWrites].replace(account, opened)
    return opened


def _audited_account(before: Account | None, after: Account, invitation: Invitation) -> Happened:
    """For the chain of the person whose account it is."""
    changes = changes_between(account_values(before), account_values(after))
    return Happened(
        EventKind.ACCOUNT_OPENED,
        after.person_id,
        None if invitation.is_own else invitation.contact_id,
        changes=changes,
        reason="invitation",
        account_id=after.id,
    )


def _unknown() -> Refused:
    return Refused([invalid("invitation.unknown", f"This link is not valid. {ASK}", "token")])
