"""Portal accounts: signing in and out, another address, disabling."""

from datetime import datetime
from typing import Any

import strawberry

from graph_api.kernel.rules import EVERYONE
from graph_api.kernel.unit import Outcome
from graph_api.shapes.inputs import KEY, needed, taken
from graph_api.shapes.node import readable_by, shown
from graph_api.shapes.payloads import Payload

PRACTICE = "The practice's slug"


@readable_by(EVERYONE)
@strawberry.type(description="A portal session. Its tokens are shown only this once")
class Session:
    access_token: str = shown("Token to send as Authorization: Bearer; it lasts 15 minutes")
    access_token_expires_at: datetime = shown("When the access token expires")
    refresh_token: str = shown("Token for refreshSession; it works once")


def _session(root: strawberry.Parent[Any]) -> Any:
    outcome: Outcome[Any] = root
    return outcome.entity


@strawberry.type(description="Return type of acceptInvitation, signIn and refreshSession")
class SessionPayload(Payload):
    session: Session | None = strawberry.field(
        resolver=_session, description="The session; null if the change was refused", graphql_type=Session | None
    )


@strawberry.type(
    description="Return type of requestSignInCode. It is the same whether or not the address opens an account"
)
class RequestSignInCodePayload(Payload):
    attempt: str | None = shown(
        "An opaque text to send with signIn. Your tries are counted by it, so that other people's tries do not "
        "count against you. It lasts an hour; null if the request was refused"
    )


@strawberry.input(description="Input of requestSignInCode")
class RequestSignInCodeInput:
    practice: str = needed(PRACTICE)
    email: str = needed("The account's e-mail address")


@strawberry.input(description="Input of signIn")
class SignInInput:
    practice: str = needed(PRACTICE)
    email: str = needed("The account's e-mail address")
    code: str = needed("The code that was mailed to the address, as typed or pasted. It works once, within 10 minutes")
    attempt: str | None = taken(
        "The attempt that requestSignInCode returned to this caller, who has 5 tries with it. All callers "
        "without one share 5 tries for each code that is mailed"
    )


@strawberry.input(description="Input of refreshSession")
class RefreshSessionInput:
    refresh_token: str = needed("The session's newest refresh token. A token that was used before ends the session")


@strawberry.input(description="Input of signOut")
class SignOutInput:
    everywhere: bool = taken("Whether to end all sessions of the account, not only this one", False)


@strawberry.input(description="Input of changeAccountAddress")
class ChangeAccountAddressInput:
    email: str = needed("The new e-mail address")
    code: str | None = taken("The code that was mailed to the new address. Omit it to have one mailed")


@strawberry.input(description="Input of disableAccount")
class DisableAccountInput:
    person_id: strawberry.ID = needed("Id of the person with the account")
    reason: str | None = taken("Why the account is closed, for the audit log; at most 500 characters")
    idempotency_key: str | None = taken(KEY)
