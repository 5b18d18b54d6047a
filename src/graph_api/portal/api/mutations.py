"""Changes of invitations to the portal."""

from typing import Annotated, Any

import strawberry

from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.portal.accepting import AcceptanceService
from graph_api.portal.api import invitations as types
from graph_api.portal.api.signing_in import SessionPayload
from graph_api.portal.invitation_commands import InvitationService
from graph_api.shapes.context import Info
from graph_api.shapes.inputs import given
from graph_api.shapes.payloads import INPUT, Payload, entity_field, request_of


@strawberry.type(description="The answer of inviteClient")
class InviteClientPayload(Payload):
    client: Person | None = entity_field("client", Person)


@strawberry.type(description="The answer of resendInvitation and revokeInvitation")
class InvitationPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@strawberry.type
class InvitationMutations:
    @strawberry.mutation(
        description="Invite a client with no account in use to act for themselves in the portal, for seven days: at "
        "their confidential e-mail address, else at the disabled account's, else at their first one",
        graphql_type=InviteClientPayload | None,
    )
    async def invite_client(
        self,
        info: Info,
        input: Annotated[types.InviteClientInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[InvitationService].invite_client(
            request_of("inviteClient", input), str(input.client_id)
        )

    @strawberry.mutation(
        description="Send a contact with portal access and no account in use a fresh invitation, for seven days",
        graphql_type=InvitationPayload | None,
    )
    async def resend_invitation(
        self,
        info: Info,
        input: Annotated[types.ResendInvitationInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[InvitationService].resend(
            request_of("resendInvitation", input), str(input.contact_id)
        )

    @strawberry.mutation(
        description="Make a contact's invitation open nothing any more", graphql_type=InvitationPayload | None
    )
    async def revoke_invitation(
        self,
        info: Info,
        input: Annotated[types.RevokeInvitationInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[InvitationService].revoke(
            request_of("revokeInvitation", input), str(input.contact_id)
        )

    @strawberry.mutation(
        description="Open an account with an invitation, and a session of it; no token needed but the invitation's",
        graphql_type=SessionPayload | None,
    )
    async def accept_invitation(
        self,
        info: Info,
        input: Annotated[types.AcceptInvitationInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[AcceptanceService].accept(input.token, given(input.client_birth_date))
