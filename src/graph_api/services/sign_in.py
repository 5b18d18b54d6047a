"""Signing in to a portal account by a code mailed to its address, and staying signed in.

Whether an address opens an account, and whether a practice exists, is told by nothing: not by an answer, nor by the
time it takes. The same statements run and the same is written; who mails the code finds out later.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph_api.domain.accounts import fold_address
from graph_api.domain.audit import Audited
from graph_api.domain.codes import (
    ASKED_WITHIN,
    CODE_LASTS,
    MAX_ASKED,
    MAX_TYPED,
    is_right,
    recently_asked,
)
from graph_api.domain.contact_points import normalise_email
from graph_api.domain.errors import InvalidInput, Refused, invalid
from graph_api.domain.mail import MailKind, QueuedMail
from graph_api.domain.model import NOWHERE, Practice
from graph_api.domain.sessions import SessionEnd
from graph_api.services.ports import Writes
from graph_api.services.ports_accounts import Session
from graph_api.services.ports_sessions import Limited, Limits
from graph_api.services.sessions import Presented, RefreshTokens, SessionOpener
from graph_api.services.unit import Outcome, Request, Unit, unchecked

MAX_SLUG = 200
SIGN_IN_REFUSED = invalid("signIn.refused", "This code does not open an account here. Ask for a new one.", "code")
SESSION_ENDED = invalid("session.ended", "The session has ended. Sign in again.", "refreshToken")
TOO_MANY_TRIES = "There were too many tries. Wait a while, then try again."
TOO_MANY_CODES = "code.tooMany"


class SignInPractices(Protocol):
    """The practices that may be signed in to, each with a unit of work for somebody without a token."""

    async def by_slug(self, slug: str) -> Practice | None:
        """The practice of that slug, looked up each time."""

    def unit(self, practice: Practice) -> Unit:
        """Runs mutations there."""

    def opener(self, practice: Practice) -> SessionOpener:
        """Opens sessions there."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may try, and how often."""

    limits: Limits
    network: str
    """Where the caller is."""
    is_open: bool
    """Whether the portal may be signed in to on this server at all."""

    async def admit(self, what: Limited) -> None:
        """Count one more try.

        Raises:
            Refused: the portal is not open, or there were too many.
        """
        if not self.is_open:
            message = "The portal is not open on this server: it has no mail to send codes with."
            raise Refused([invalid("portal.closed", message)])
        if not await self.limits.admit(what, self.network):
            raise Refused([invalid("portal.tooManyTries", TOO_MANY_TRIES)])


def sign_in_key(secret: bytes, address: str) -> str:
    """Under which an address's code is kept: it tells nothing of the address."""
    message = f"sign-in address\x00{fold_address(address)}"
    return f"sign-in|{hmac.new(secret, message.encode(), 'sha256').hexdigest()}"


class SignInService:
    """What somebody without a token may ask, besides accepting an invitation."""

    def __init__(self, practices: SignInPractices, admission: Admission, secret: bytes) -> None:
        self._practices = practices
        self._admission = admission
        self._secret = secret
        self._refresh_tokens = RefreshTokens(secret)

    async def request_code(self, slug: str, email: str) -> Outcome[Session]:
        """Mail a code to the account that the address opens; the answer is the same where it opens none."""

        async def run() -> Outcome[Session]:
            await self._admission.admit(Limited.CODES)
            address = normalise_email(email)
            if address is None:
                raise Refused([invalid("email.invalid", "This is not an e-mail address.", "email")])
            key = sign_in_key(self._secret, address)

            async def change(tx: Writes, _: None, now: datetime) -> Outcome[Session]:
                mail = QueuedMail(MailKind.SIGN_IN_CODE, key, address, now + CODE_LASTS)
                await tx.outbox.add(mail, now)  # before the code, as senders do
                await note_asked(tx, key, now)
                return Outcome(concerns_nobody=True)

            outcome = await self._unit(await self._named(slug)).run(
                Request("requestSignInCode", {}), unchecked, change, never_replayed
            )
            # Who asks too often is told as little: that others ask for an address tells that it opens an account.
            too_many = any(
                isinstance(error, InvalidInput) and error.reason == TOO_MANY_CODES for error in outcome.errors
            )
            return Outcome(concerns_nobody=True) if too_many else outcome

        return await _or_refused(run)

    async def sign_in(self, slug: str, email: str, code: str) -> Outcome[Session]:
        """A session for a code that was mailed. Every reason to refuse is answered alike, and counts as a try."""

        async def run() -> Outcome[Session]:
            await self._admission.admit(Limited.SIGN_INS)
            address = normalise_email(email)
            if address is None or len(code) > MAX_TYPED:
                return Outcome(errors=(SIGN_IN_REFUSED,))
            practice = await self._named(slug)
            key = sign_in_key(self._secret, address)
            opener = self._practices.opener(practice)

            async def change(tx: Writes, _: None, now: datetime) -> Outcome[Session]:
                tries, kept = await tx.codes.try_one(key, now + ASKED_WITHIN)
                if not is_right(self._secret, key, kept, tries, code, now) or kept is None:
                    return Outcome(errors=(SIGN_IN_REFUSED,))
                await tx.codes.spend(key)
                await tx.lock_people(kept.person_id)
                account = await tx.accounts.lock(kept.person_id)
                if account is None or not account.is_active or account.since != kept.account_since:
                    return Outcome(errors=(SIGN_IN_REFUSED,))
                session = await opener.open(tx, account, now)
                event = Audited("signIn", account.person_id, reason="code", account_id=account.id)
                return Outcome(session, events=(event,))

            return await self._unit(practice).run(Request("signIn", {}), unchecked, change, never_replayed)

        return await _or_refused(run)

    async def refresh(self, refresh_token: str) -> Outcome[Session]:
        """The next tokens. A token that was used before ends its session: somebody else may have it."""

        async def run() -> Outcome[Session]:
            await self._admission.admit(Limited.REFRESHES)
            presented = self._refresh_tokens.read(refresh_token)
            practice = None if presented is None else await self._practices.by_slug(presented.practice_slug)
            if presented is None or practice is None:
                return Outcome(errors=(SESSION_ENDED,))
            opener = self._practices.opener(practice)

            async def change(tx: Writes, _: None, now: datetime) -> Outcome[Session]:
                return await _refreshed(tx, presented, opener, now)

            return await self._unit(practice).run(Request("refreshSession", {}), unchecked, change, never_replayed)

        return await _or_refused(run)

    async def _named(self, slug: str) -> Practice:
        """The practice; where there is none, one that has no accounts stands for it, so that as much is done."""
        found = await self._practices.by_slug(slug[:MAX_SLUG])
        return NOWHERE if found is None else found

    def _unit(self, practice: Practice) -> Unit:
        return self._practices.unit(practice)


async def _refreshed(tx: Writes, presented: Presented, opener: SessionOpener, now: datetime) -> Outcome[Session]:
    locked = await tx.sessions.lock(presented.session_id)
    if locked is None or locked.session.ended_at is not None:
        return Outcome(errors=(SESSION_ENDED,))
    session = locked.session
    if not hmac.compare_digest(session.refresh_hash, presented.hash):
        await tx.sessions.end(session.id, now, SessionEnd.REUSED)
        event = Audited("session.refreshTokenReused", session.person_id, reason="account")
        return Outcome(errors=(SESSION_ENDED,), events=(event,))
    if not locked.account_is_active or not session.may_be_refreshed(now):
        return Outcome(errors=(SESSION_ENDED,))
    event = Audited("refreshSession", session.person_id, reason="account", account_id=session.account_id)
    return Outcome(await opener.refresh(tx, session, now), events=(event,))


async def note_asked(tx: Writes, key: str, now: datetime) -> None:
    """Count a code that is asked for, under the key's lock.

    Raises:
        Refused: too many were asked for within the hour.
    """
    recent = recently_asked(await tx.codes.lock(key), now)
    if len(recent) >= MAX_ASKED:
        raise Refused([_too_many_codes()])
    await tx.codes.ask(key, (*recent, now), now + ASKED_WITHIN)


def _too_many_codes() -> InvalidInput:
    message = f"{MAX_ASKED} codes were asked for within the hour. Use the newest one, or wait."
    return invalid(TOO_MANY_CODES, message, "email")


async def never_replayed(_tx: Writes, _entity_id: str) -> Session | None:
    """These have no idempotency key: a session's secrets are shown once."""
    return None


async def _or_refused(run: Callable[[], Awaitable[Outcome[Session]]]) -> Outcome[Session]:
    try:
        return await run()
    except Refused as refusal:
        return Outcome(errors=refusal.errors)
