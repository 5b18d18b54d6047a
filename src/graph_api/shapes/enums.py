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
    "What the viewer may do",
    ADMIN="Staff who also administer the practice",
    STAFF="Reads and writes",
    ANALYST="Reads only",
    PORTAL="A client or contact with an account of their own",
)


show(
    MutationErrorCode,
    "MutationErrorCode",
    "One for each type of MutationError",
    INVALID_INPUT="InvalidInput",
    NOT_FOUND="NotFound",
    FORBIDDEN="Forbidden",
    VERSION_CONFLICT="VersionConflict",
    IDEMPOTENCY_KEY_REUSED="IdempotencyKeyReused",
    ALREADY_IN_NETWORK="AlreadyInNetwork",
    CONTACT_ALREADY_EXISTS="ContactAlreadyExists",
)
show(
    WarningCode,
    "MutationWarningCode",
    "What staff should look at although the change went through",
    SHARED_CONTACT_POINT="Others have the same phone or e-mail",
    CLIENT_INACTIVE="The client is inactive and contacts keep what they had",
    REVIEW_ACCESS="Somebody has access that may not be meant any more",
    END_DATE_EXPECTED="This relationship usually ends on a date",
    CLIENT_NOT_TOLD="The client has no address of their own to be told at that someone gains access: tell them",
    ACCOUNT_DISABLED="The contact's portal account is disabled, so the access can't be used",
    ADDRESS_NEEDS_SMTPUTF8="The address mail goes to has letters before its @ that many mail servers can't write to",
    PERSON_DECEASED="The person has died, so they can do nothing and are sent nothing",
    PERSON_ARCHIVED="The contact is an archived client: check that this person is meant",
    ACCESS_LOST="These people lose access by the change",
    LEFT_OPEN="Something was open that the change ends or leaves to be looked at",
)
