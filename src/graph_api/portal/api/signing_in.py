"""Portal accounts: signing in and out, another address, disabling."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from graph_api.kernel.unit import Outcome, Request
from graph_api.people.api.types import Person
from graph_api.portal.account_commands import AccountService
from graph_api.portal.signing_in import SignInService
from graph_api.shapes.context import Info
from graph_api.shapes.inputs import KEY, given, needed, taken
from graph_api.shapes.node import shown
from graph_api.shapes.payloads import INPUT, Payload, entity_field, request_of

PRACTICE = "The practice's slug"


@strawberry.type(description="A portal session; its secrets are shown this once")
class Session:
    access_token: str = shown("Send it as Authorization: Bearer; it lasts 15 minutes")
    access_token_expires_at: datetime = shown("When it expires")
    refresh_token: str = shown("For refreshSession; good once")


def _session(root: strawberry.Parent[Any]) -> Any:
    outcome: Outcome[Any] = root
    return outcome.entity


@strawberry.type(description="The answer of acceptInvitation, signIn and refreshSession")
class SessionPayload(Payload):
    session: Session | None = strawberry.field(
        resolver=_session, description="The session; null when refused", graphql_type=Session | None
    )


@strawberry.type(description="The answer of requestSignInCode; the same whether or not the address opens an account")
class RequestSignInCodePayload(Payload):
    attempt: str | None = shown(
        "For signIn, by whoever asked: tries are counted by it, so that those of others do not count. Opaque, good for "
        "an hour; null when refused"
    )


@strawberry.type(description="The answer of signOut")
class SignOutPayload(Payload):
    pass


@strawberry.type(description="The answer of changeAccountAddress")
class ChangeAccountAddressPayload(Payload):
    pass


@strawberry.type(description="The answer of disableAccount")
class DisableAccountPayload(Payload):
    person: Person | None = entity_field("person", Person)


@strawberry.input(description="Whom a code is mailed to")
class RequestSignInCodeInput:
    practice: str = needed(PRACTICE)
    email: str = needed("The account's address")


@strawberry.input(description="The code that came by mail")
class SignInInput:
    practice: str = needed(PRACTICE)
    email: str = needed("The account's address")
    code: str = needed("A code that was mailed there, as it was typed or pasted; good once, for 10 minutes")
    attempt: str | None = taken(
        "What requestSignInCode gave to this caller, who has 5 tries with it. All callers without one share 5 for each "
        "code that is mailed"
    )


@strawberry.input(description="How a session goes on")
class RefreshSessionInput:
    refresh_token: str = needed("The newest one; one that was used before ends the session")


@strawberry.input(description="Which sessions end")
class SignOutInput:
    everywhere: bool = taken("All of the account's, not only this one", False)


@strawberry.input(description="Where the account's codes are mailed to from now on")
class ChangeAccountAddressInput:
    email: str = needed("The new address")
    code: str | None = taken("That was mailed there; without it, one is mailed")


@strawberry.input(description="Whose portal account is closed")
class DisableAccountInput:
    person_id: strawberry.ID = needed("The person with the account")
    reason: str | None = taken("For the audit log; at most 500 characters")
    idempotency_key: str | None = taken(KEY)


@strawberry.type(description="Changes of portal accounts")
class AccountMutation:
    @strawberry.mutation(
        description="Mail a sign-in code; no token needed. The answer never tells whether there is an account",
        graphql_type=RequestSignInCodePayload | None,
    )
    async def request_sign_in_code(
        self,
        info: Info,
        input: Annotated[RequestSignInCodeInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[SignInService].request_code(input.practice, input.email)

    @strawberry.mutation(
        description="Begin a session with a mailed code; no token needed", graphql_type=SessionPayload | None
    )
    async def sign_in(self, info: Info, input: Annotated[SignInInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[SignInService].sign_in(input.practice, input.email, input.code, given(input.attempt))

    @strawberry.mutation(
        description="Go on with a session; no token needed but the refresh token", graphql_type=SessionPayload | None
    )
    async def refresh_session(self, info: Info, input: Annotated[RefreshSessionInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[SignInService].refresh(input.refresh_token)

    @strawberry.mutation(description="End this session, or all of the account", graphql_type=SignOutPayload | None)
    async def sign_out(self, info: Info, input: Annotated[SignOutInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[AccountService].sign_out(Request("signOut", {}), everywhere=input.everywhere)

    @strawberry.mutation(
        description="Move the account to another address: first mails a code there, then takes it",
        graphql_type=ChangeAccountAddressPayload | None,
    )
    async def change_account_address(
        self,
        info: Info,
        input: Annotated[ChangeAccountAddressInput, INPUT],  # noqa: A002
    ) -> Any:
        request = Request("changeAccountAddress", {})
        return await info.context[AccountService].change_address(request, input.email, given(input.code))

    @strawberry.mutation(
        description="Close a person's portal account and end its sessions; a new invitation opens it again",
        graphql_type=DisableAccountPayload | None,
    )
    async def disable_account(self, info: Info, input: Annotated[DisableAccountInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[AccountService].disable(
            request_of("disableAccount", input), str(input.person_id), given(input.reason)
        )
