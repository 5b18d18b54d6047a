"""Signing in to a portal account by a code mailed to its address, and staying signed in.

Neither an answer nor the time it takes reveals whether an address opens an account or was used within the hour, or
whether a practice exists. The same statements run and the same is written; the sender of mail looks for the account
later. Tries are counted by caller, so a stranger's never count against the owner's.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from graph_api.kernel.caller import NOWHERE, Practice
from graph_api.kernel.errors import MutationError, MutationWarning, Refused, invalid
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, Unit, unchecked
from graph_api.mail.graph import OutboxWrites
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.people.contact_points import normalise_email
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.attempts import ID_BYTES, Attempts
from graph_api.portal.codes import CODE_LASTS, MAX_ASKED, MAX_TYPED, StoredCode, recent, right_code, sign_in_key
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.codes import CodeWrites
from graph_api.portal.graph.sessions import SessionWrites
from graph_api.portal.ports import Session
from graph_api.portal.session_model import SessionEnd
from graph_api.portal.session_ports import Limited, Limits
from graph_api.portal.sessions import Presented, RefreshTokens, SessionOpener

MAX_SLUG = 200
SIGN_IN_REFUSED = invalid("signIn.refused", "This code is not valid. Ask for a new one.", "code")
SESSION_ENDED = invalid("session.ended", "The session has ended. Sign in again.", "refreshToken")
TOO_MANY_TRIES = "There were too many attempts. Wait a while, then try again."


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
            message = "The portal is not open on this server, because the server can't mail codes."
            raise Refused([invalid("portal.closed", message)])
        if not await self.limits.admit(what, self.network):
            raise Refused([invalid("portal.tooManyTries", TOO_MANY_TRIES)])


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody gets who asks for a code."""

    errors: tuple[MutationError, ...] = ()
    attempt: str | None = None
    """What tells their tries from others'; nothing where nothing was asked."""
    warnings: tuple[MutationWarning, ...] = ()


class SignInService:
    """What somebody without a token may ask, besides accepting an invitation."""

    def __init__(self, practices: SignInPractices, admission: Admission, secret: bytes) -> None:
        self._practices = practices
        self._admission = admission
        self._secret = secret
        self._refresh_tokens = RefreshTokens(secret)

    async def request_code(self, slug: str, email: str) -> Asked:
        """Mail a code to the account that the address opens; the answer is the same where it opens none.

        Each asking writes one mail of its own, whatever was asked before. Whoever sends it looks for the account, and
        lets one letter answer many askings (`codes.answer_to`).
        """
        attempt_id = secrets.token_bytes(ID_BYTES)
        try:
            await self._admission.admit(Limited.CODES)
            address = normalise_email(email)
            if address is None:
                raise Refused([invalid("email.invalid", "This is not an e-mail address.", "email")])
        except Refused as refusal:
            return Asked(refusal.errors)
        to = address

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Session]:
            mail = QueuedMail(MailKind.SIGN_IN_CODE, attempt_id.hex(), to, now + CODE_LASTS)
            await tx[OutboxWrites].add(mail, now)
            return Outcome(concerns_nobody=True)

        unit = self._unit(await self._named(slug))
        outcome = await unit.run(Request("requestSignInCode", {}), unchecked, change, never_replayed)
        attempt = Attempts(self._secret, slug[:MAX_SLUG]).issue(to, attempt_id, unit.clock.now())
        return Asked(outcome.errors, attempt)

    async def sign_in(self, slug: str, email: str, code: str, attempt: str | None) -> Outcome[Session]:
        """A session for a code that was mailed. Every reason to refuse is answered alike, and counts as a try.

        Args:
            slug: the practice's.
            email: the account's address.
            code: as it was typed.
            attempt: what `request_code` gave to the caller, whose tries are counted by it. Tries of all callers
                without one count together.
        """

        async def run() -> Outcome[Session]:
            await self._admission.admit(Limited.SIGN_INS)
            address = normalise_email(email)
            if address is None or len(code) > MAX_TYPED:
                return Outcome(errors=(SIGN_IN_REFUSED,))
            practice = await self._named(slug)
            unit, key = self._unit(practice), sign_in_key(self._secret, address)
            asker = None
            if attempt is not None:
                asker = Attempts(self._secret, slug[:MAX_SLUG]).read(address, attempt, unit.clock.now())
            opener = self._practices.opener(practice)

            async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Session]:
                if asker is None:
                    tried = await tx[CodeWrites].try_one(key)
                else:
                    tried = await tx[CodeWrites].try_as(asker.id, key, asker.expires_at)
                right = right_code(self._secret, key, tried.codes, tried.count, code, now)
                if right is None or (asker is not None and not asker.holds):
                    return Outcome(errors=(SIGN_IN_REFUSED,))
                return await _signed_in(tx, key, right, opener, now)

            return await unit.run(Request(EventKind.SIGN_IN.value, {}), unchecked, change, never_replayed)

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

            async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Session]:
                return await _refreshed(tx, presented, opener, now)

            return await self._unit(practice).run(
                Request(EventKind.REFRESH_SESSION.value, {}), unchecked, change, never_replayed
            )

        return await _or_refused(run)

    async def _named(self, slug: str) -> Practice:
        """The practice; where there is none, one that has no accounts stands for it, so that as much is done."""
        found = await self._practices.by_slug(slug[:MAX_SLUG])
        return NOWHERE if found is None else found

    def _unit(self, practice: Practice) -> Unit:
        return self._practices.unit(practice)


async def _refreshed(tx: Transaction, presented: Presented, opener: SessionOpener, now: datetime) -> Outcome[Session]:
    locked = await tx[SessionWrites].lock(presented.session_id)
    if locked is None or locked.session.ended_at is not None:
        return Outcome(errors=(SESSION_ENDED,))
    session = locked.session
    if not hmac.compare_digest(session.refresh_hash, presented.hash):
        await tx[SessionWrites].end(session.id, now, SessionEnd.REUSED)
        event = Happened(EventKind.SESSION_REFRESH_TOKEN_REUSED, session.person_id, reason="account")
        return Outcome(errors=(SESSION_ENDED,), events=(event,))
    if not locked.account_is_active or not session.may_be_refreshed(now):
        return Outcome(errors=(SESSION_ENDED,))
    event = Happened(EventKind.REFRESH_SESSION, session.person_id, reason="account", account_id=session.account_id)
    return Outcome(await opener.refresh(tx, session, now), events=(event,))


async def _signed_in(
    tx: Transaction, key: str, right: StoredCode, opener: SessionOpener, now: datetime
) -> Outcome[Session]:
    """Whoever has a right code; only they wait for anybody's lock."""
    kept = await tx[CodeWrites].lock(key)
    if right not in kept.codes:
        return Outcome(errors=(SIGN_IN_REFUSED,))  # it was used meanwhile
    await tx[CodeWrites].keep(key, replace(kept, codes=()), now)
    await tx[PersonWrites].lock(right.person_id)
    account = await tx[AccountWrites].lock(right.person_id)
    if account is None or not account.is_active or account.since != right.account_since:
        return Outcome(errors=(SIGN_IN_REFUSED,))
    session = await opener.open(tx, account, now)
    event = Happened(EventKind.SIGN_IN, account.person_id, reason="code", account_id=account.id)
    return Outcome(session, events=(event,))


async def note_asked(tx: Transaction, key: str, now: datetime) -> None:
    """Count a code that an account asks for, under the key's lock.

    Raises:
        Refused: too many were asked for within the hour.
    """
    kept = await tx[CodeWrites].lock(key)
    asked = recent(kept.asked_at, now)
    if len(asked) >= MAX_ASKED:
        message = f"{MAX_ASKED} codes were requested within the last hour. Use the newest one, or wait."
        raise Refused([invalid("code.tooMany", message, "email")])
    await tx[CodeWrites].keep(key, replace(kept, asked_at=(*asked, now)), now)


async def never_replayed(_tx: Transaction, _entity_id: str) -> Session | None:
    """These have no idempotency key: a session's secrets are shown once."""
    return None


async def _or_refused(run: Callable[[], Awaitable[Outcome[Session]]]) -> Outcome[Session]:
    try:
        return await run()
    except Refused as refusal:
        return Outcome(errors=refusal.errors)
