"""Enums as the contract names and describes them."""

from enum import Enum
from typing import TypeVar

import strawberry

from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import MutationErrorCode, WarningCode

E = TypeVar("E", bound=type[Enum])


def show(enum: E, name: str, description: str, **values: str) -> E:
    """Make `enum` part of the schema, each value with its description."""
    shown = strawberry.enum(enum, name=name, description=description)
    for value in shown.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return shown


show(
    ViewerRole,
    "ViewerRole",
    "The viewer's role, which decides what the viewer may do",
    ADMIN="Staff who also administer the practice",
    STAFF="Staff who read and write",
    ANALYST="Staff who only read",
    PORTAL="A client or contact with an account of their own",
)


show(
    MutationErrorCode,
    "MutationErrorCode",
    "A code for each type of MutationError",
    INVALID_INPUT="InvalidInput",
    NOT_FOUND="NotFound",
    FORBIDDEN="Forbidden",
    VERSION_CONFLICT="VersionConflict",
    IDEMPOTENCY_KEY_REUSED="IdempotencyKeyReused",
    ALREADY_IN_NETWORK="AlreadyInNetwork",
    CONTACT_ALREADY_EXISTS="ContactAlreadyExists",
    TIME_TAKEN="TimeTaken",
    PAYMENT_EXCEEDS_DUE="PaymentExceedsDue",
)
show(
    WarningCode,
    "MutationWarningCode",
    "A code for each kind of MutationWarning",
    SHARED_CONTACT_POINT="Other people have the same phone number or e-mail address",
    CLIENT_INACTIVE="The client is inactive, and contacts keep the access they had",
    REVIEW_ACCESS="Somebody has access that may no longer be intended",
    END_DATE_EXPECTED="This relationship usually ends on a date",
    CLIENT_NOT_TOLD="The client, or nobody at all, hears of this by mail or in the portal. Tell them yourself",
    ACCOUNT_DISABLED="The contact's portal account is disabled, so the access can't be used",
    ADDRESS_NEEDS_SMTPUTF8="The address mail goes to has letters before its @ that many mail servers can't deliver to",
    PERSON_DECEASED="The person has died, so they can do nothing and are sent nothing",
    PERSON_ARCHIVED="The contact is an archived client. Check that this is the right person",
    ACCESS_LOST="These people lose access because of the change",
    LEFT_OPEN="The change ends something that was open, or leaves it open for you to review",
    AUDIENCE="These people can read what you write",
    OPEN_BUSINESS="Something about the client is still open, such as a conversation that waits for an answer",
    OUTSIDE_OPENINGS="The practitioner is not open there at that time",
    IN_PAST="The time has passed",
    CLIENT_BUSY="The client has another appointment at that time",
    LATE="The appointment was cancelled later than the practice asks for",
)
