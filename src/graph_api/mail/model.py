"""Mail: what waits to be sent, and what is sent. It names the practice, never a client nor anything of health."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Answer:
    """What becomes of an asking: a letter now, none, or a letter at `Wait.until`."""


class Send(Answer):
    """A letter is to be written now."""


class Drop(Answer):
    """Another letter answers it: one written since, or one that waits to be."""


@dataclass(frozen=True, slots=True)
class Wait(Answer):
    """The last letter is too young."""

    until: datetime


class DeliveryStatus(Enum):
    """How far a mail has come."""

    WAITING = "WAITING"
    HANDED_OVER = "HANDED_OVER"
    DEFERRED = "DEFERRED"
    REFUSED = "REFUSED"


class DeliveryProblem(Enum):
    """Why a mail could not be handed over, as far as the mail server tells."""

    UNREACHABLE = "UNREACHABLE"
    MAILBOX_UNKNOWN = "MAILBOX_UNKNOWN"
    MAILBOX_FULL = "MAILBOX_FULL"
    SENDING_LIMIT = "SENDING_LIMIT"
    POLICY = "POLICY"
    NEEDS_SMTPUTF8 = "NEEDS_SMTPUTF8"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a mail has come, since when, and what is in its way."""

    status: DeliveryStatus = DeliveryStatus.WAITING
    at: datetime | None = None
    """When it was last tried; None where it was not tried yet."""
    problem: DeliveryProblem | None = None


class MailKind(Enum):
    """What a mail tells; each has a composer."""

    INVITATION = "invitation"
    ACCESS_NOTICE = "access-notice"
    CLIENT_NOTICE = "client-notice"
    SIGN_IN_CODE = "sign-in-code"
    ADDRESS_CODE = "address-code"
    ADDRESS_CHANGED = "address-changed"
    MESSAGE_NOTICE = "message-notice"
    STAFF_MESSAGE_NOTICE = "staff-message-notice"
    APPOINTMENT_NOTICE = "appointment-notice"


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail to be sent. It holds no secret: the one it brings is made when it is sent."""

    kind: MailKind
    subject: str
    """What it is about, for its composer: an id. Of two mails of one kind and subject the later takes the place."""
    address: str
    expires_at: datetime | None = None
    """When it is of no use any more."""


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A mail that one sender holds for as long as its lease."""

    id: str
    mail: QueuedMail
    attempts: int
    """This one included."""
    lease: str
    created_at: datetime
    given_up: bool = False
    """It was kept for `graph-api doctor` to tell of, and is to be forgotten now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is handed over; its text may hold a live secret, so it is never kept nor logged."""

    address: str
    subject: str
    text: str
    sender_name: str
    """The practice's name, shown beside our address."""
    name: str | None = None
    """By which mail servers know it again, where it is handed over twice; without one it has a fresh one each time."""
    unsubscribe: str | None = None
    """An address on the web that takes this mail address off (RFC 8058)."""


class LetterRefused(Exception):
    """The mail server will never take this letter."""

    def __init__(self, problem: DeliveryProblem = DeliveryProblem.OTHER) -> None:
        super().__init__(problem.value)
        self.problem = problem


class LetterDeferred(Exception):
    """The mail server does not take this letter now; it may take others."""

    def __init__(self, problem: DeliveryProblem = DeliveryProblem.OTHER) -> None:
        super().__init__(problem.value)
        self.problem = problem


class TransportDown(Exception):
    """No letter can be handed over now; the message says why, without a password or an address."""
