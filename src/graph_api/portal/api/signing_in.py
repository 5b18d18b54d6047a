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
