"""Invitations to the portal, as staff see them."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from graph_api.kernel.rules import WRITERS
from graph_api.mail.model import DeliveryProblem, DeliveryStatus
from graph_api.portal.invitation_model import InvitationStatus
from graph_api.shapes.inputs import KEY, needed, taken
from graph_api.shapes.node import readable_by

_STATUS = strawberry.enum(InvitationStatus, name="InvitationStatus", description="What became of an invitation")
for _value in _STATUS.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = {
        "PENDING": "It waits to be accepted",
        "ACCEPTED": "It opened the contact's account, or another invitation of theirs did",
        "REVOKED": "Staff revoked it, or the access that it was for ended",
        "EXPIRED": "It was not accepted in time",
        "LOCKED": "Too many wrong answers were given",
    }[_value.name]


_DELIVERY_STATUS = strawberry.enum(DeliveryStatus, name="DeliveryStatus", description="How far a mail has come")
_DELIVERY_PROBLEM = strawberry.enum(
    DeliveryProblem, name="DeliveryProblem", description="What was in the way of a mail, as far as the mail server told"
)
for _value in (*_DELIVERY_STATUS.__strawberry_definition__.values, *_DELIVERY_PROBLEM.__strawberry_definition__.values):  # type: ignore[attr-defined]
    _value.description = {
        "WAITING": "It was not tried yet",
        "HANDED_OVER": "The mail server took it; whether it was read nobody knows",
        "DEFERRED": "It could not be handed over at `at`, and is tried again, for three days at most",
        "REFUSED": "It is not tried any more: mend what is in the way, then send it again",
        "UNREACHABLE": "The practice's own mail server could not be reached",
        "MAILBOX_UNKNOWN": "There is no such mailbox: look for a spelling mistake",
        "MAILBOX_FULL": "The mailbox is full",
        "SENDING_LIMIT": "The mail server takes no more mails for now",
        "POLICY": "The mail server refuses it by a rule of its own",
        "NEEDS_SMTPUTF8": "The mail server can't write to letters such as these before the @",
        "OTHER": "Something else",
    }[_value.name]


@readable_by(WRITERS)
@strawberry.type(description="How far a mail has come")
class Delivery:
    status: DeliveryStatus = strawberry.field(description="How far")
    at: datetime | None = strawberry.field(description="When it was last tried; null where it was not yet")
    problem: DeliveryProblem | None = strawberry.field(description="What was in its way then; null where nothing was")


@readable_by(WRITERS)
@strawberry.type(description="An invitation to the portal; the last one that was sent")
class Invitation:
    created_at: datetime = strawberry.field(description="When it was made, or made anew")
    expires_at: datetime = strawberry.field(description="Until when it can be accepted")

    @strawberry.field(description="What became of it")
    def status(root: strawberry.Parent[Any], info: strawberry.Info[Any, None]) -> InvitationStatus:
        status: InvitationStatus = root.status_at(info.context.now)
        return status

    @strawberry.field(
        description="How far its mail has come; null for invitations sent before this was kept",
        graphql_type=Delivery | None,
    )
    def delivery(root: strawberry.Parent[Any]) -> Any:
        return root.delivery

    @strawberry.field(description="The e-mail address it goes to")
    def sent_to(root: strawberry.Parent[Any]) -> str | None:
        address: str = root.address
        return address


INVITATION = Annotated["Invitation", strawberry.lazy("graph_api.portal.api.invitations")] | None


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
