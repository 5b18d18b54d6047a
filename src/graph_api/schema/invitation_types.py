"""Invitations to the portal, as staff see them."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from graph_api.domain.invitations import InvitationStatus
from graph_api.schema.inputs import KEY, needed, taken

_STATUS = strawberry.enum(InvitationStatus, name="InvitationStatus", description="What became of an invitation")
for _value in _STATUS.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = {
        "PENDING": "It waits to be accepted",
        "ACCEPTED": "It opened the contact's account, or another invitation of theirs did",
        "REVOKED": "Staff revoked it, or the access that it was for ended",
        "EXPIRED": "It was not accepted in time",
        "LOCKED": "Too many wrong answers were given",
    }[_value.name]


@strawberry.type(description="A contact's invitation to the portal; the last one that was sent")
class Invitation:
    created_at: datetime = strawberry.field(description="When it was made, or made anew")
    expires_at: datetime = strawberry.field(description="Until when it can be accepted")

    @strawberry.field(description="What became of it")
    def status(root: strawberry.Parent[Any], info: strawberry.Info[Any, None]) -> InvitationStatus:
        status: InvitationStatus = root.status_at(info.context.now)
        return status

    @strawberry.field(description="The e-mail address it goes to")
    def sent_to(root: strawberry.Parent[Any]) -> str | None:
        address: str = root.address
        return address


INVITATION = Annotated["Invitation", strawberry.lazy("graph_api.schema.invitation_types")] | None


@strawberry.input(description="Invite a client to the portal")
class InviteClientInput:
    client_id: strawberry.ID = needed("Who is invited; links sent to them as themselves before open nothing any more")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Send a contact's invitation again")
class ResendInvitationInput:
    contact_id: strawberry.ID = needed("Whose invitation; links sent before open nothing any more")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Revoke a contact's invitation")
class RevokeInvitationInput:
    contact_id: strawberry.ID = needed("Whose invitation; portal access stays as it is stored")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="An invitation that came by mail")
class AcceptInvitationInput:
    token: str = needed("What the link holds behind its #, or the whole link, as it was pasted")
    client_birth_date: date | None = taken(
        "The birth date of the client who named the contact, or who was invited themselves; asked for where it is known"
    )
