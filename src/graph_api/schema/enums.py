"""The domain's enums as the contract names and describes them."""

from enum import Enum
from typing import TypeVar

import strawberry

from graph_api.domain.access import AccessRule, AccountStatus, PortalAction
from graph_api.domain.duplicates import DuplicateGrade, MatchField
from graph_api.domain.errors import MutationErrorCode, WarningCode
from graph_api.domain.model import (
    AuthorityKind,
    ClientStatus,
    ContactRole,
    ContactStatus,
    Gender,
    PracticeFeature,
    ViewerRole,
)
from graph_api.domain.relationships import BY_RELATIONSHIP, Relationship

E = TypeVar("E", bound=type[Enum])


def _show(enum: E, name: str, description: str, **values: str) -> E:
    """Make `enum` part of the schema, each value with its description."""
    shown = strawberry.enum(enum, name=name, description=description)
    for value in shown.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return shown


_show(
    Relationship,
    "ContactRelationship",
    "What the contact is to the client",
    **{kind.name: f"The contact is the client's: {row.display}" for kind, row in BY_RELATIONSHIP.items()},
)
_show(
    Gender,
    "AdministrativeGender",
    "FHIR administrative gender",
    MALE="Male",
    FEMALE="Female",
    OTHER="Other",
    UNKNOWN="Not known",
)
_show(
    ClientStatus,
    "ClientStatus",
    "What kind of client a person is",
    ACTIVE="In care",
    INACTIVE="Not in care now; contacts keep what they had",
    ARCHIVED="Closed; contacts can't act and none can be added",
)
_show(
    ContactStatus,
    "ContactStatus",
    "Where a contact stands today, in the practice's time zone",
    UPCOMING="startsOn is still to come",
    IN_FORCE="Counts today",
    EXPIRED="endsOn has passed",
    REMOVED="Ended by staff, for good",
)
_show(
    ContactRole,
    "ContactRole",
    "Roles a contact may have beside the relationship",
    EMERGENCY_CONTACT="To be called in an emergency",
    NEXT_OF_KIN="Next of kin",
    BILLING_CONTACT="Receives bills",
    PRIMARY_CONTACT="To be asked first",
)
_show(
    AuthorityKind,
    "AuthorityKind",
    "By what a contact acts for a client whatever the client's age, or after the client's death",
    LEGAL_GUARDIAN="Guardianship",
    HEALTHCARE_PROXY="Healthcare proxy",
    POWER_OF_ATTORNEY="Power of attorney",
    COURT_ORDER="An order of a court",
    PERSONAL_REPRESENTATIVE="Executor or administrator of the estate: counts once the client has died, if recorded "
    "after the death was; over the living it is none",
)
_show(
    PracticeFeature,
    "PracticeFeature",
    "What a practice offers; each can be off for the practice or for one client",
    PORTAL="The client portal; every action in it needs this",
    MESSAGING="Secure messages",
    PAYMENTS="Balances and payments",
    SCHEDULING="Appointments in the portal",
    REMINDERS="Appointment reminders",
)
_show(
    AccountStatus,
    "AccountStatus",
    "Whether a portal account may be signed in to",
    ACTIVE="It may be signed in to",
    DISABLED="It is closed; a new invitation opens it again",
)
_show(
    ViewerRole,
    "ViewerRole",
    "What the viewer may do",
    ADMIN="Staff who also administer the practice",
    STAFF="Reads and writes",
    ANALYST="Reads only",
    PORTAL="A client or contact with an account of their own",
)
_show(
    MatchField,
    "MatchField",
    "What two records, or a record and a search, have in common",
    NAME="Given or family name",
    PREFERRED_NAME="Preferred name",
    BIRTH_DATE="Birth date",
    EMAIL="E-mail address",
    PHONE="Phone number",
    ADDRESS="Postal address",
)
_show(
    DuplicateGrade,
    "DuplicateGrade",
    "How sure a match is; both refuse unless named in notDuplicateOf",
    MATCH="The same phone or e-mail and a compatible name, or the same full name and birth date",
    POSSIBLE="As MATCH, but the birth dates are known and differ",
)
_show(
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
_show(
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
_show(
    PortalAction,
    "PortalAction",
    "What may be done for a client",
    VIEW_PORTAL="See the client's portal at all",
    READ_SECURE_MESSAGES="Read the client's secure messages",
    SEND_SECURE_MESSAGE="Write for the client",
    VIEW_BALANCE="See what the client owes",
    MAKE_PAYMENT="Pay for the client",
    VIEW_APPOINTMENTS="See the client's appointments",
    SCHEDULE_APPOINTMENT="Make appointments for the client",
    RECEIVE_APPOINTMENT_REMINDERS="Be reminded of the client's appointments; takes no portal access",
)
_show(
    AccessRule,
    "AccessRule",
    "What a decision checks, in this order",
    PRACTICE_FEATURE="The practice offers what the action needs",
    CLIENT_FEATURE="It is not switched off for this client",
    CLIENT_STATUS="The client is not archived",
    CONTACT="The person is in the client's contact network, or is the client",
    PORTAL_ACCESS="Portal access is switched on for the contact",
    TOGGLE="The contact's toggle for the action is on",
    DATES="The contact is in force on that day",
    AGE="A parent or guardian acts for a minor, or with the adult client's consent",
    AUTHORITY="The authority that keeps a parent's or guardian's access, or a personal representative's, is in force",
    CONFIDENTIALITY="The contact's account is not at the client's confidential address",
    ACCOUNT="The person has an active portal account",
    DECEASED="Neither of them has died; or the client has, and the contact is their personal representative. Only "
    "shown where somebody has died",
)
