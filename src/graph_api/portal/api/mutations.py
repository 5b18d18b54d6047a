"""Changes of accounts, invitations and sessions; and deaths, which end them."""

from typing import Any

import strawberry

from graph_api.kernel.rules import ACCOUNTS, ANYBODY, WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person, SetDeceasedInput, death_fields
from graph_api.portal.accepting import AcceptanceService
from graph_api.portal.account_commands import AccountService
from graph_api.portal.api.invitations import (
    AcceptInvitationInput,
    InviteClientInput,
    ResendInvitationInput,
    RevokeInvitationInput,
)
from graph_api.portal.api.signing_in import (
    ChangeAccountAddressInput,
    DisableAccountInput,
    RefreshSessionInput,
    RequestSignInCodeInput,
    RequestSignInCodePayload,
    SessionPayload,
    SignInInput,
    SignOutInput,
)
from graph_api.portal.deaths import DeathService
from graph_api.portal.invitation_commands import InvitationService
from graph_api.portal.signing_in import SignInService
from graph_api.shapes.inputs import given
from graph_api.shapes.mutations import mutation
from graph_api.shapes.payloads import Payload, entity_field


@strawberry.type(description="The answer of resendInvitation and revokeInvitation")
class InvitationPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@mutation(
    ANYBODY,
    "Mail a sign-in code; no token needed. The answer never tells whether there is an account",
    payload=RequestSignInCodePayload,
)
async def request_sign_in_code(scope: Scope, request: Request, source: RequestSignInCodeInput) -> Any:
    return await scope[SignInService].request_code(source.practice, source.email)


@mutation(ANYBODY, "Begin a session with a mailed code; no token needed", payload=SessionPayload)
async def sign_in(scope: Scope, request: Request, source: SignInInput) -> Any:
    return await scope[SignInService].sign_in(source.practice, source.email, source.code, given(source.attempt))


@mutation(ANYBODY, "Go on with a session; no token needed but the refresh token", payload=SessionPayload)
async def refresh_session(scope: Scope, request: Request, source: RefreshSessionInput) -> Any:
    return await scope[SignInService].refresh(source.refresh_token)


@mutation(ACCOUNTS, "End this session, or all of the account")
async def sign_out(scope: Scope, request: Request, source: SignOutInput) -> Any:
    return await scope[AccountService].sign_out(request, everywhere=source.everywhere)


@mutation(ACCOUNTS, "Move the account to another address: first mails a code there, then takes it")
async def change_account_address(scope: Scope, request: Request, source: ChangeAccountAddressInput) -> Any:
    return await scope[AccountService].change_address(request, source.email, given(source.code))


@mutation(
    WRITERS,
    "Close a person's portal account and end its sessions; a new invitation opens it again",
    shows=("person", Person),
)
async def disable_account(scope: Scope, request: Request, source: DisableAccountInput) -> Any:
    return await scope[AccountService].disable(request, str(source.person_id), given(source.reason))


@mutation(
    WRITERS,
    "Invite a client with no account in use to act for themselves in the portal, for seven days: at "
    "their confidential e-mail address, else at the disabled account's, else at their first one",
    shows=("client", Person),
)
async def invite_client(scope: Scope, request: Request, source: InviteClientInput) -> Any:
    return await scope[InvitationService].invite_client(request, str(source.client_id))


@mutation(
    WRITERS,
    "Send a contact with portal access and no account in use a fresh invitation, for seven days",
    payload=InvitationPayload,
)
async def resend_invitation(scope: Scope, request: Request, source: ResendInvitationInput) -> Any:
    return await scope[InvitationService].resend(request, str(source.contact_id))


@mutation(WRITERS, "Make a contact's invitation open nothing any more", payload=InvitationPayload)
async def revoke_invitation(scope: Scope, request: Request, source: RevokeInvitationInput) -> Any:
    return await scope[InvitationService].revoke(request, str(source.contact_id))


@mutation(
    ANYBODY,
    "Open an account with an invitation, and a session of it; no token needed but the invitation's",
    payload=SessionPayload,
)
async def accept_invitation(scope: Scope, request: Request, source: AcceptInvitationInput) -> Any:
    return await scope[AcceptanceService].accept(source.token, given(source.client_birth_date))


@mutation(
    WRITERS,
    "Record the day of a person's death, correct it, or take it back. It closes their account, ends "
    "what others may do for them but a personal representative recorded after it, and nothing is mailed to them",
    shows=("person", Person),
)
async def set_deceased(scope: Scope, request: Request, source: SetDeceasedInput) -> Any:
    return await scope[DeathService].set_deceased(
        request, str(source.person_id), source.expected_version, death_fields(source)
    )
