"""Invitations to the portal, as staff see them."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from graph_api.kernel.rules import WRITERS
from graph_api.mail.model import DeliveryProblem, DeliveryStatus
from graph_api.portal.invitation_model import InvitationStatus
from graph_api.shapes.inputs import KEY, needed, taken
from graph_api.shapes.node import readable_by

_STATUS = strawberry.enum(InvitationStatus, name="InvitationStatus", description="Status of an invitation")
for _value in _STATUS.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = {
        "PENDING": "The invitation waits to be accepted",
        "ACCEPTED": "This invitation, or another one of the same person, opened their account",
        "REVOKED": "The invitation was revoked by staff, or because the access that it was for ended",
        "EXPIRED": "The invitation was not accepted in time",
        "LOCKED": "Too many wrong answers were given",
    }[_value.name]


_DELIVERY_STATUS = strawberry.enum(
    DeliveryStatus, name="DeliveryStatus", description="How far the delivery of a mail has come"
)
_DELIVERY_PROBLEM = strawberry.enum(
    DeliveryProblem,
    name="DeliveryProblem",
    description="Why a mail could not be delivered, as far as the mail server said",
)
for _value in (*_DELIVERY_STATUS.__strawberry_definition__.values, *_DELIVERY_PROBLEM.__strawberry_definition__.values):  # type: ignore[attr-defined]
    _value.description = {
        "WAITING": "Delivery was not tried yet",
        "HANDED_OVER": "The mail server accepted the mail. Whether anybody read it is not known",
        "DEFERRED": "The mail could not be handed over at `at`. Delivery is tried again, for three days at most",
        "REFUSED": "Delivery is not tried any more. Solve the problem, then send the mail again",
        "UNREACHABLE": "The practice's own mail server could not be reached",
        "MAILBOX_UNKNOWN": "There is no such mailbox. Check the spelling of the address",
        "MAILBOX_FULL": "The mailbox is full",
        "SENDING_LIMIT": "The mail server accepts no more mails for now",
        "POLICY": "The mail server refuses the mail because of a rule of its own",
        "NEEDS_SMTPUTF8": "The mail server can't deliver to the address, because it has letters outside ASCII "
        "before the @",
        "OTHER": "Another problem",
    }[_value.name]


@readable_by(WRITERS)
@strawberry.type(description="How far the delivery of a mail has come")
class Delivery:
    status: DeliveryStatus = strawberry.field(description="How far the delivery has come")
    at: datetime | None = strawberry.field(description="When delivery was last tried; null if it was not tried yet")
    problem: DeliveryProblem | None = strawberry.field(description="Why that try failed; null if it did not")


@readable_by(WRITERS)
@strawberry.type(description="The last invitation to the portal that was sent")
class Invitation:
    created_at: datetime = strawberry.field(description="When the invitation was made or renewed")
    expires_at: datetime = strawberry.field(description="When the invitation expires")

    @strawberry.field(description="The status now")
    def status(root: strawberry.Parent[Any], info: strawberry.Info[Any, None]) -> InvitationStatus:
        status: InvitationStatus = root.status_at(info.context.now)
        return status

    @strawberry.field(
        description="How far the delivery of its mail has come; null for invitations that were sent before this "
        "was recorded",
        graphql_type=Delivery | None,
    )
    def delivery(root: strawberry.Parent[Any]) -> Any:
        return root.delivery

    @strawberry.field(description="The e-mail address the invitation goes to")
    def sent_to(root: strawberry.Parent[Any]) -> str | None:
        address: str = root.address
        return address


INVITATION = Annotated["Invitation", strawberry.lazy("graph_api.portal.api.invitations")] | None


@strawberry.input(description="Input of inviteClient")
class InviteClientInput:
    client_id: strawberry.ID = needed(
        "Id of the client to invite. Links of earlier invitations to act for themselves stop working"
    )
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of resendInvitation")
class ResendInvitationInput:
    contact_id: strawberry.ID = needed("Id of the contact. Links of earlier invitations stop working")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of revokeInvitation")
class RevokeInvitationInput:
    contact_id: strawberry.ID = needed("Id of the contact. Their stored portalAccess does not change")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of acceptInvitation")
class AcceptInvitationInput:
    token: str = needed("The part of the link after its #, or the whole link, as pasted")
    client_birth_date: date | None = taken(
        "The client's birth date, required if the practice knows it. The client is the one who named the "
        "contact, or the one who was invited to act for themselves"
    )
