"""Accepting an invitation: its link and the client's birth date are what is asked for, no sign-in."""

from collections.abc import Callable
from datetime import date, datetime

from graph_api.domain.access import AccountStatus
from graph_api.domain.accounts import Account
from graph_api.domain.audit import Actor, Audited
from graph_api.domain.audit_changes import changes_between
from graph_api.domain.errors import Refused, invalid
from graph_api.domain.ids import new_id
from graph_api.domain.invitations import (
    MAX_WRONG_ANSWERS,
    Invitation,
    InvitationStatus,
    hash_secret,
    is_same_day,
    token_parts,
)
from graph_api.domain.model import Practice
from graph_api.services.auditing import Auditor
from graph_api.services.invitations import accept_all, audited_invitation, opens_portal, refuse_taken
from graph_api.services.people import later_than
from graph_api.services.ports import Graph, Practices, Writes
from graph_api.services.ports_accounts import SessionOutcome, Sessions

ASK = "ask the practice to send a new one."
_CLOSED = {
    InvitationStatus.ACCEPTED: ("invitation.accepted", "This invitation was used: sign in with your e-mail address."),
    InvitationStatus.REVOKED: ("invitation.revoked", f"This invitation does not hold any more: {ASK}"),
    InvitationStatus.EXPIRED: ("invitation.expired", f"This invitation has expired: {ASK}"),
    InvitationStatus.LOCKED: ("invitation.locked", f"This invitation is locked after too many wrong answers: {ASK}"),
}
"""What may be told to somebody who has the link."""


class InvitationAcceptance:
    """Opens accounts."""

    def __init__(
        self,
        practices: Practices,
        graph_of: Callable[[Practice], Graph],
        sessions: Sessions,
        auditor: Auditor | None,
        now: Callable[[], datetime],
    ) -> None:
        self._practices = practices
        self._graph_of = graph_of
        self._sessions = sessions
        self._auditor = auditor
        self._now = now

    async def accept(self, token: str, client_birth_date: date | None, request_id: str = "") -> SessionOutcome:
        """Open the account of who has the link and, where it is known, knows the client's birth date; and sign them in.

        The third wrong answer locks the invitation. A token that is malformed, of no practice, void or of nothing is
        answered alike.
        """
        parts = token_parts(token)
        practice = None if parts is None else await self._practices.by_slug(parts[0])
        if parts is None or practice is None:
            return SessionOutcome(errors=_unknown().errors)
        now, account_id, token_hash = self._now(), new_id("account"), hash_secret(parts[1])

        async def accept(tx: Writes) -> SessionOutcome:
            outcome = await self._accept(tx, token_hash, client_birth_date, account_id, now)
            if self._auditor is not None and outcome.actor is not None:
                actor = Actor(outcome.actor, "portal", request_id)
                await self._auditor.append(tx, actor, outcome.events, now)
            return outcome

        try:
            return await self._graph_of(practice).write(accept)
        except Refused as refusal:
            return SessionOutcome(errors=refusal.errors)

    async def _accept(
        self, tx: Writes, token_hash: str, answer: date | None, account_id: str, now: datetime
    ) -> SessionOutcome:
        invitation, account = await _locked(tx, token_hash)
        await _refuse_closed(tx, invitation, now)
        people = await tx.people(invitation.client_id, invitation.person_id)
        known = people[invitation.client_id].birth_date
        if known is not None and answer is None:
            message = "Give the date of birth of the person who named you."
            raise Refused([invalid("clientBirthDate.missing", message, "clientBirthDate")])
        if known is not None and answer is not None and not is_same_day(known, answer):
            return await _answered_wrong(tx, invitation)
        await refuse_taken(tx, people[invitation.person_id], invitation.address, now, "token")
        opened = await _open(tx, account, invitation, account_id, now)
        accepted = await accept_all(tx, invitation.person_id)
        session = await self._sessions.open(tx, opened, now)
        events = (_audited_account(account, opened, invitation), *accepted)
        return SessionOutcome(session, events=events, actor=invitation.person_id)


async def _locked(tx: Writes, token_hash: str) -> tuple[Invitation, Account | None]:
    """The invitation that the token opens, and its person's account if there is one, under their locks."""
    seen = await tx.invitations.by_token(token_hash)
    if seen is None:
        raise _unknown()
    await tx.lock_people(seen.client_id, seen.person_id)
    account = await tx.accounts.lock(seen.person_id)
    invitation = await tx.invitations.by_token(token_hash)
    if invitation is None:
        raise _unknown()
    return invitation, account


async def _refuse_closed(tx: Writes, invitation: Invitation, now: datetime) -> None:
    status = invitation.status_at(now)
    if status is InvitationStatus.PENDING:
        contact = await tx.contact(invitation.contact_id)
        if contact is not None and opens_portal(contact):
            return
        status = InvitationStatus.REVOKED
    reason, message = _CLOSED[status]
    raise Refused([invalid(reason, message, "token")])


async def _answered_wrong(tx: Writes, invitation: Invitation) -> SessionOutcome:
    """Counts, so it is no refusal of the transaction."""
    after = invitation.answered_wrong()
    await tx.invitations.settle(after)
    events = (audited_invitation("invitation.answeredWrong", invitation, after, reason="invitation"),)
    left = MAX_WRONG_ANSWERS - after.wrong_answers
    if left:
        tries = "one try is" if left == 1 else f"{left} tries are"
        error = invalid("clientBirthDate.wrong", f"This is not the date of birth; {tries} left.", "clientBirthDate")
    else:
        error = invalid(*_CLOSED[InvitationStatus.LOCKED], "token")
    return SessionOutcome(errors=(error,), events=events, actor=invitation.person_id)


async def _open(tx: Writes, account: Account | None, invitation: Invitation, account_id: str, now: datetime) -> Account:
    """A new account; or the one there is, active again."""
    if account is None:
        opened = Account(account_id, invitation.person_id, invitation.address, now, now)
        await tx.accounts.create(opened)
        return opened
    at = later_than(now, account.since)
    opened = account.changed(at, status=AccountStatus.ACTIVE, address=invitation.address)
    await tx.accounts.replace(account, opened)
    return opened


def _audited_account(before: Account | None, after: Account, invitation: Invitation) -> Audited:
    """For the chain of the person whose account it is."""
    values = [{} if one is None else {"account": one.status, "address": one.address} for one in (before, after)]
    changes = changes_between(*values)
    return Audited("account.opened", after.person_id, invitation.contact_id, changes=changes, reason="invitation")


def _unknown() -> Refused:
    return Refused([invalid("invitation.unknown", f"This link opens nothing: {ASK}", "token")])
