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


@strawberry.type(description="Return type of resendInvitation and revokeInvitation")
class InvitationPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@mutation(
    ANYBODY,
    "Mail a sign-in code. No token is needed. The answer never reveals whether there is an account",
    payload=RequestSignInCodePayload,
)
async def request_sign_in_code(scope: Scope, request: Request, source: RequestSignInCodeInput) -> Any:
    return await scope[SignInService].request_code(source.practice, source.email)


@mutation(ANYBODY, "Sign in with a mailed code, which starts a session. No token is needed", payload=SessionPayload)
async def sign_in(scope: Scope, request: Request, source: SignInInput) -> Any:
    return await scope[SignInService].sign_in(source.practice, source.email, source.code, given(source.attempt))


@mutation(ANYBODY, "Continue a session. No token is needed except the refresh token", payload=SessionPayload)
async def refresh_session(scope: Scope, request: Request, source: RefreshSessionInput) -> Any:
    return await scope[SignInService].refresh(source.refresh_token)


@mutation(ACCOUNTS, "End this session, or all sessions of the account")
async def sign_out(scope: Scope, request: Request, source: SignOutInput) -> Any:
    return await scope[AccountService].sign_out(request, everywhere=source.everywhere)


@mutation(
    ACCOUNTS,
    "Move the account to another e-mail address. Called without a code, it mails one there; called with that "
    "code, it moves the account",
)
async def change_account_address(scope: Scope, request: Request, source: ChangeAccountAddressInput) -> Any:
    return await scope[AccountService].change_address(request, source.email, given(source.code))


@mutation(
    WRITERS,
    "Close a person's portal account and end its sessions. A new invitation can open it again",
    shows=("person", Person),
)
async def disable_account(scope: Scope, request: Request, source: DisableAccountInput) -> Any:
    return await scope[AccountService].disable(request, str(source.person_id), given(source.reason))


@mutation(
    WRITERS,
    "Invite a client who has no active account to act for themselves in the portal. The invitation lasts seven "
    "days. It goes to the client's confidential e-mail address, else to that of the disabled account, "
    "else to the client's first one",
    shows=("client", Person),
)
async def invite_client(scope: Scope, request: Request, source: InviteClientInput) -> Any:
    return await scope[InvitationService].invite_client(request, str(source.client_id))


@mutation(
    WRITERS,
    "Send a new invitation to a contact who has portal access and no active account. It lasts seven days",
    payload=InvitationPayload,
)
async def resend_invitation(scope: Scope, request: Request, source: ResendInvitationInput) -> Any:
    return await scope[InvitationService].resend(request, str(source.contact_id))


@mutation(WRITERS, "Revoke a contact's invitation, so that its link no longer works", payload=InvitationPayload)
async def revoke_invitation(scope: Scope, request: Request, source: RevokeInvitationInput) -> Any:
    return await scope[InvitationService].revoke(request, str(source.contact_id))


@mutation(
    ANYBODY,
    "Accept an invitation, which opens an account and starts a session. No token is needed except the invitation's",
    payload=SessionPayload,
)
async def accept_invitation(scope: Scope, request: Request, source: AcceptInvitationInput) -> Any:
    return await scope[AcceptanceService].accept(source.token, given(source.client_birth_date))


@mutation(
    WRITERS,
    "Record the day of a person's death, correct it, or take it back. A death closes the person's account, and "
    "nothing is mailed to them any more. It also ends what others may do for them, except a personal "
    "representative who is recorded after it",
    shows=("person", Person),
)
async def set_deceased(scope: Scope, request: Request, source: SetDeceasedInput) -> Any:
    return await scope[DeathService].set_deceased(
        request, str(source.person_id), source.expected_version, death_fields(source)
    )
