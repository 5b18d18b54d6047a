"""The demo's portal account: Anna Moreno is invited by staff and accepts, as anybody is and does.

Her invitation's mail would bring the link to a mailbox that nobody reads. So the link is made here, as whoever sends
the mail makes it, and the mail is not sent any more, because its invitation has been accepted.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from graph_api.demo.conversations import ACTOR, INVITED_FOR, WRITER
from graph_api.kernel.caller import Caller, Practice, ViewerRole, anonymous
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.network.reading import Reading
from graph_api.network.records import EdgeProperties
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.portal.accepting import AcceptanceService
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_commands import InvitationService
from graph_api.portal.invitation_model import InvitationStatus, hash_secret, token_of
from graph_api.portal.model import Account
from graph_api.portal.ports import Session
from graph_api.portal.session_ports import AccessTokens
from graph_api.portal.sessions import SessionOpener
from graph_api.portal.signing_in import never_replayed
from graph_api.services import Services


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever is signed in to a portal account."""

    name: str
    caller: Caller
    token: str


class DemoAccount:
    """Anna Moreno's account."""

    def __init__(self, services: Services, practice: Practice, tokens: AccessTokens, secret: bytes) -> None:
        self._services = services
        self._practice = practice
        self._staff = services.scope(Caller(ACTOR, practice, ViewerRole.STAFF))
        self._opener = SessionOpener(practice, tokens, secret)

    async def open(self) -> None:
        """Invite her and accept, where she has no account yet and is still the contact of her son."""
        reading = self._staff[Reading]
        client = await reading.person_by_external_id(INVITED_FOR, None, PERSON_PROPERTIES)
        found = await reading.person_by_external_id(WRITER, None, PERSON_PROPERTIES)
        if client is None or found is None:
            return
        child, writer = reading.person_model(client), reading.person_model(found)
        edges = await reading.between([(child.id, writer.id)], EdgeProperties(contact=("id",)))
        edge = edges.get((child.id, writer.id))
        if edge is None or await self._account(writer.id) is not None:
            return
        contact_id: str = edge.contact[0]
        token = await self._link(contact_id)
        if token is None:
            await self._staff[InvitationService].resend(Request("resendInvitation", {}), contact_id)
            token = await self._link(contact_id)
        if token is not None:
            await self._accept(token, child.birth_date)

    async def _account(self, person_id: str) -> Account | None:
        async def work(tx: Transaction) -> Account | None:
            return await tx[AccountWrites].of(person_id)

        return await self._staff.graph.write(work)

    async def _link(self, contact_id: str) -> str | None:
        """The token of an invitation that may still be accepted; links of before open nothing any more."""
        secret = secrets.token_urlsafe(32)

        async def work(tx: Transaction) -> bool:
            invitation = await tx[InvitationWrites].of_contact(contact_id)
            if invitation is None or invitation.status_at(self._staff.clock.now()) is not InvitationStatus.PENDING:
                return False
            return await tx[InvitationWrites].seal(invitation, hash_secret(secret))

        return token_of(self._practice.slug, secret) if await self._staff.graph.write(work) else None

    async def _accept(self, token: str, birth_date: date | None) -> None:
        """The session that comes with it is not used: each start of the demo has one of its own."""
        await self._services.scope(anonymous())[AcceptanceService].accept(token, birth_date)

    async def sign_in(self) -> SignedIn | None:
        """A new session, which the audit log tells of; None where she has no account, or a disabled one."""
        reading = self._staff[Reading]
        found = await reading.person_by_external_id(WRITER, None, PERSON_PROPERTIES)
        if found is None:
            return None
        person = reading.person_model(found)
        scope = self._services.scope(anonymous(self._practice))

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Session]:
            await tx[PersonWrites].lock(person.id)
            account = await tx[AccountWrites].lock(person.id)
            if account is None or not account.is_active:
                return Outcome()
            session = await self._opener.open(tx, account, now)
            event = Happened(EventKind.SIGN_IN, account.person_id, reason=ACTOR, account_id=account.id)
            return Outcome(session, events=(event,))

        outcome = await scope.unit.run(Request("signIn", {}), unchecked, change, never_replayed)
        account = await self._account(person.id)
        if outcome.entity is None or account is None:
            return None
        session = outcome.entity
        caller = Caller(account.id, self._practice, ViewerRole.PORTAL, person.id, session.id)
        return SignedIn(person.display_name, caller, session.access_token)
