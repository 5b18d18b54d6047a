"""Threads and messages as they are kept (M1, M2, M7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from graph_api.acting.bylines import STAFF, Author
from graph_api.kernel.fields import kept


class MessageAudience(Enum):
    """Who reads a thread besides staff (M2)."""

    SHARED = "SHARED"
    CLIENT_ONLY = "CLIENT_ONLY"
    CONTACT_ONLY = "CONTACT_ONLY"


class ThreadStatus(Enum):
    """Whether staff still have something to do."""

    OPEN = "OPEN"
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation about one client. `subject` and the messages' bodies are sealed with the thread's own key."""

    id: str
    client_id: str
    audience: MessageAudience
    status: ThreadStatus
    created_at: datetime
    starter: str
    """The subject of whoever started it: the subject line is sealed for this place."""
    last_at: datetime
    last_sequence: int
    last_side: str
    """Whose message is the last."""
    other_sequence: int = 0
    """Number of the last message that is not of `last_side`; 0 where there is none."""
    other_at: datetime | None = None
    client_from: datetime | None = None
    """From when on the client's own account reads it; None where it does not (M6)."""
    others_from: datetime | None = None
    """From when on any contact reads it who may read secure messages."""
    with_person_id: str | None = None
    """The one contact of a thread that is, or was, CONTACT_ONLY."""
    with_from: datetime | None = None
    """From when on this contact reads it."""
    assigned_to: str | None = None
    """Id of the practitioner who is to answer."""
    subject: str | None = None
    subject_retracted_at: datetime | None = None
    """When the first message was retracted, which the subject line is part of (M7)."""
    wrapped_key: str | None = None
    """None once the thread was erased (M12)."""
    wrapped_with: str | None = None
    erased_at: datetime | None = None
    version: int = 1

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return (self.client_id,)

    @property
    def awaits_reply(self) -> bool:
        """Whether staff have not answered the last message, and have not called the thread done."""
        return self.status is ThreadStatus.OPEN and self.last_side != STAFF

    @property
    def is_erased(self) -> bool:
        """Whether nobody can read its texts any more."""
        return self.wrapped_key is None


@dataclass(frozen=True, slots=True)
class Message:
    """One message; it is never edited or deleted (M7)."""

    id: str
    thread_id: str
    sequence: int
    sent_at: datetime
    author: Author = kept(names={"subject": "authorSubject", "role": "authorRole"})
    body: str | None = None
    """Sealed."""
    retracted_at: datetime | None = None
    retracted_by: str | None = None
    retraction_reason: str | None = None


DEFAULT_PRIVACY_AGE = 13


@dataclass(frozen=True, slots=True)
class MessagingSettings:
    """What a practice has set about secure messages."""

    message_privacy_age: int = DEFAULT_PRIVACY_AGE
    """From this age on, what a client starts is CLIENT_ONLY unless they say otherwise (M3)."""
    staff_notice_email: str | None = None
    messaging_notice: str | None = None
    """Shown before somebody writes: not for emergencies, when answers come."""
