"""Who may act for whom: what a decision rests on, and the decision itself (D4, D5, D7, D8, D13, D14)."""

from enum import Enum


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
