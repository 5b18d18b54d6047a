"""What happened in a mutation, and the port that records it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from graph_api.kernel.caller import Caller
from graph_api.kernel.transaction import Transaction


class EventKind(Enum):
    """Every kind of event, with its description. The value is the event's action, as stored and shown."""

    ADD_CLIENT = "addClient", "A client was added"
    UPDATE_PERSON = "updatePerson", "A person's own fields were changed"
    SET_CLIENT_STATUS = "setClientStatus", "A person became a client, or a client's status was changed"
    SET_DECEASED = "setDeceased", "A person's death was recorded, corrected or taken back"
    ADD_NEW_CONTACT = "addNewContact", "Someone new was added to a client's network"
    ADD_EXISTING_CONTACT = (
        "addExistingContact",
        "Someone who was already in the system was added to a client's network",
    )
    ADD_RECIPROCAL_CONTACT = "addReciprocalContact", "The client of a contact was added to the contact's own network"
    UPDATE_CONTACT = "updateContact", "A contact's terms were changed"
    REMOVE_CONTACT = "removeContact", "A contact was removed"
    SET_PRACTICE_FEATURE = "setPracticeFeature", "A feature of the practice was switched on or off"
    SET_AGE_OF_MAJORITY = "setAgeOfMajority", "The age of majority was set"
    ADD_PRACTITIONER = "addPractitioner", "A practitioner was added"
    UPDATE_PRACTITIONER = "updatePractitioner", "A practitioner's fields were changed"
    SET_CLIENT_FEATURE = "setClientFeature", "A feature was switched on or off for one client"
    RECORD_ADULT_CONSENT = "recordAdultConsent", "An adult client's consent to a contact's portal access was recorded"
    SET_CONFIDENTIAL_CHANNEL = "setConfidentialChannel", "A client's confidential e-mail or phone was changed"
    INVITATION_MADE = "invitation.made", "An invitation to the portal was sent"
    INVITATION_ANSWERED_WRONG = "invitation.answeredWrong", "A wrong birth date was given for an invitation"
    INVITATION_ACCEPTED = "invitation.accepted", "An invitation was accepted"
    INVITATION_REVOKED = "invitation.revoked", "An invitation was revoked"
    ACCOUNT_OPENED = "account.opened", "A portal account was opened, or opened again"
    ACCOUNT_CLOSED = "account.closed", "A portal account was closed because its owner has died"
    DISABLE_ACCOUNT = "disableAccount", "Staff disabled a portal account"
    CHANGE_ACCOUNT_ADDRESS_CODE_ASKED = (
        "changeAccountAddress.codeAsked",
        "A code was mailed to move an account to another address",
    )
    CHANGE_ACCOUNT_ADDRESS = "changeAccountAddress", "A portal account moved to another address"
    SIGN_IN = "signIn", "Somebody signed in to a portal account"
    REFRESH_SESSION = "refreshSession", "A session was continued"
    SIGN_OUT = "signOut", "A session ended"
    SESSION_REFRESH_TOKEN_REUSED = (
        "session.refreshTokenReused",
        "A refresh token was used a second time, which ended the session",
    )
    START_THREAD = "startThread", "A conversation was started with its first message"
    SEND_MESSAGE = "sendMessage", "A message was sent"
    SET_THREAD_AUDIENCE = "setThreadAudience", "Staff changed who can read a conversation"
    ASSIGN_THREAD = "assignThread", "Staff said which practitioner is to answer a conversation"
    SET_THREAD_STATUS = "setThreadStatus", "Staff said whether something is left to do in a conversation"
    RETRACT_MESSAGE = "retractMessage", "Staff retracted a message of their own"
    SET_MESSAGING = "setMessaging", "The practice's settings for secure messages were changed"
    MESSAGES_ERASED = (
        "message.erased",
        "A conversation's key was destroyed, so that nobody can read its messages any more",
    )
    ADD_LOCATION = "addLocation", "A location was added"
    UPDATE_LOCATION = "updateLocation", "A location's fields were changed"
    ADD_APPOINTMENT_TYPE = "addAppointmentType", "A type of appointment was added"
    UPDATE_APPOINTMENT_TYPE = "updateAppointmentType", "A type of appointment was changed"
    SET_OPENING_HOURS = "setOpeningHours", "A practitioner's weekly hours were set"
    ADD_OPENING_EXCEPTION = "addOpeningException", "A practitioner's hours on one day were changed"
    REMOVE_OPENING_EXCEPTION = "removeOpeningException", "An exception to a practitioner's hours was taken away"
    BOOK_APPOINTMENT = "bookAppointment", "An appointment was booked or requested"
    CONFIRM_APPOINTMENT = "confirmAppointment", "Staff confirmed a request for an appointment"
    DECLINE_APPOINTMENT = "declineAppointment", "Staff declined a request for an appointment"
    RESCHEDULE_APPOINTMENT = "rescheduleAppointment", "An appointment was moved"
    CANCEL_APPOINTMENT = "cancelAppointment", "An appointment was cancelled"
    SET_APPOINTMENT_OUTCOME = "setAppointmentOutcome", "Staff said what came of an appointment"
    SET_APPOINTMENT_AUDIENCE = "setAppointmentAudience", "Staff changed whether contacts see an appointment"
    CREATE_CALENDAR_FEED = "createCalendarFeed", "A portal account made a calendar feed"
    REVOKE_CALENDAR_FEED = "revokeCalendarFeed", "A calendar feed was revoked, or ended with its account"
    CALENDAR_FEED_READ = "calendarFeed.read", "A calendar feed was read, for the first time on a day"
    SET_REMINDER_RULES = "setReminderRules", "The practice's rules of reminders were changed"
    SET_QUIET_HOURS = "setQuietHours", "The practice's quiet hours were changed"
    REMINDER_SENT = "reminder.sent", "A reminder of an appointment was decided on, and handed over for the first time"
    REMINDER_SUPPRESSED = "reminder.suppressed", "Somebody was not reminded of an appointment, for a reason"
    OPT_OUT_STOP = "optOut.stop", "The owner of an address opted out: no reminders go there any more"
    OPT_OUT_START = "optOut.start", "The owner of an address opted in again"
    SET_REMINDER_PREFERENCES = "setReminderPreferences", "How somebody is reminded of appointments was changed"
    ADD_CHARGE = "addCharge", "A charge was added"
    VOID_CHARGE = "voidCharge", "A charge was voided"
    RECORD_PAYMENT = "recordPayment", "Staff recorded a payment"
    REFUND_PAYMENT = "refundPayment", "Staff gave money of a payment back"
    SET_CURRENCY = "setCurrency", "The practice's currency was set"
    IMPORT = "import", "A person or a contact was imported by a command"
    KEY_REPLACED = "keys.replaced", "One of the installation's keys was replaced"

    def __new__(cls, value: str, _described: str = "") -> "EventKind":
        """Make the first item the value."""
        kind = object.__new__(cls)
        kind._value_ = value
        return kind

    def __init__(self, _value: str, described: str = "") -> None:
        self.described = described
        """In words."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: its API name, and its values as text; None is unset."""

    field: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done; written as an event in the chain of `subject_id`, in the mutation's transaction."""

    kind: EventKind
    subject_id: str
    """Whose chain: the client's; the person's, when no client is concerned; the practice's, for its settings and
    practitioners."""
    contact_id: str | None = None
    contact_version: int | None = None
    changes: tuple[FieldChange, ...] = ()
    reason: str = "role"
    """Why it was allowed: `role`, `account`, `code`, `invitation` or the access rule's words."""
    account_id: str | None = None
    """The account that acted, if the request came without a token and its holder's secret was used."""


class Unreported(RuntimeError):
    """A mutation changed data and reported no event; it is rolled back."""


class Recorder(Protocol):
    """Writes down what happened, in the transaction that did it."""

    async def record(self, tx: Transaction, caller: Caller, events: Sequence[Happened], now: datetime) -> None:
        """Write `events` down."""
