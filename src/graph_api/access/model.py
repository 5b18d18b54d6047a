"""Who may act for whom: what a decision rests on, and the decision itself (D4, D5, D7, D8, D13, D14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from graph_api.practices.model import PracticeFeature


class PortalAction(Enum):
    """What may be done for a client in the portal (D4)."""

    VIEW_PORTAL = "VIEW_PORTAL"
    READ_SECURE_MESSAGES = "READ_SECURE_MESSAGES"
    SEND_SECURE_MESSAGE = "SEND_SECURE_MESSAGE"
    VIEW_BALANCE = "VIEW_BALANCE"
    MAKE_PAYMENT = "MAKE_PAYMENT"
    VIEW_APPOINTMENTS = "VIEW_APPOINTMENTS"
    SCHEDULE_APPOINTMENT = "SCHEDULE_APPOINTMENT"
    RECEIVE_APPOINTMENT_REMINDERS = "RECEIVE_APPOINTMENT_REMINDERS"


@dataclass(frozen=True, slots=True)
class Needed:
    """What an action needs, and how the schema describes it."""

    feature: PracticeFeature
    """Of the practice and the client; if the edge has a toggle for it, that one too."""
    described: str


ACTIONS: Mapping[PortalAction, Needed] = {
    PortalAction.VIEW_PORTAL: Needed(PracticeFeature.PORTAL, "See the client's portal at all"),
    PortalAction.READ_SECURE_MESSAGES: Needed(PracticeFeature.MESSAGING, "Read the client's secure messages"),
    PortalAction.SEND_SECURE_MESSAGE: Needed(PracticeFeature.MESSAGING, "Send secure messages for the client"),
    PortalAction.VIEW_BALANCE: Needed(PracticeFeature.PAYMENTS, "See what the client owes"),
    PortalAction.MAKE_PAYMENT: Needed(PracticeFeature.PAYMENTS, "Pay for the client"),
    PortalAction.VIEW_APPOINTMENTS: Needed(PracticeFeature.SCHEDULING, "See the client's appointments"),
    PortalAction.SCHEDULE_APPOINTMENT: Needed(PracticeFeature.SCHEDULING, "Make appointments for the client"),
    PortalAction.RECEIVE_APPOINTMENT_REMINDERS: Needed(
        PracticeFeature.REMINDERS, "Get reminders of the client's appointments; needs no portal access"
    ),
}


class AccountStatus(Enum):
    """Of a portal account; a person without one has none."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class AccessRule(Enum):
    """What is checked, in the order in which it is shown."""

    PRACTICE_FEATURE = "PRACTICE_FEATURE"
    CLIENT_FEATURE = "CLIENT_FEATURE"
    CLIENT_STATUS = "CLIENT_STATUS"
    CONTACT = "CONTACT"
    PORTAL_ACCESS = "PORTAL_ACCESS"
    TOGGLE = "TOGGLE"
    DATES = "DATES"
    AGE = "AGE"
    AUTHORITY = "AUTHORITY"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    ACCOUNT = "ACCOUNT"
    DECEASED = "DECEASED"
