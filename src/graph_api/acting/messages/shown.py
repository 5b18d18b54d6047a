"""Threads and messages as a reader sees them: opened, and with names."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.acting.bylines import Author, Byline, Names, byline
from graph_api.acting.messages.audience import Seat, Viewpoint, reads_retracted, reads_subject
from graph_api.acting.messages.model import Message, MessageAudience, Thread, ThreadStatus
from graph_api.kernel.caller import ViewerRole


@dataclass(frozen=True, slots=True)
class ShownThread:
    """A thread from a viewpoint."""

    thread: Thread
    viewpoint: Viewpoint
    subject: str | None
    """None where the reader does not read the first message, or nobody does."""

    @property
    def id(self) -> str:
        """The thread's."""
        return self.thread.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client."""
        return self.thread.shows

    @property
    def version(self) -> int:
        """The thread's."""
        return self.thread.version

    @property
    def client_id(self) -> str:
        """Whom it is about."""
        return self.thread.client_id

    @property
    def audience(self) -> MessageAudience:
        """Who reads it besides staff."""
        return self.thread.audience

    @property
    def with_person_id(self) -> str | None:
        """The one contact of a CONTACT_ONLY thread."""
        return self.thread.with_person_id if self.audience is MessageAudience.CONTACT_ONLY else None

    @property
    def status(self) -> ThreadStatus:
        """Whether staff still have something to do."""
        return self.thread.status

    @property
    def awaits_reply(self) -> bool:
        """Whether staff are to answer."""
        return self.thread.awaits_reply

    @property
    def assigned_to(self) -> str | None:
        """The practitioner who is to answer."""
        return self.thread.assigned_to

    @property
    def last_message_at(self) -> datetime:
        """When the last message was sent."""
        return self.thread.last_at

    @property
    def is_erased(self) -> bool:
        """Whether its texts are gone for good."""
        return self.thread.is_erased


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message from a viewpoint."""

    message: Message
    thread: ShownThread
    body: str | None
    """None where it was retracted, or can't be read any more."""
    author: Byline
    retraction_reason: str | None = None
    """To staff."""

    @property
    def id(self) -> str:
        """The message's."""
        return self.message.id

    @property
    def shows(self) -> tuple[str, ...]:
        """The client, and whoever wrote it."""
        author = self.author.person_id
        return self.thread.shows if author is None else (*self.thread.shows, author)

    @property
    def sequence(self) -> int:
        """Its number in the thread."""
        return self.message.sequence

    @property
    def sent_at(self) -> datetime:
        """When it was sent."""
        return self.message.sent_at

    @property
    def is_own(self) -> bool:
        """Whether the reader's side wrote it."""
        viewpoint, author = self.thread.viewpoint, self.message.author
        if viewpoint.seat is Seat.STAFF:
            return author.person_id is None
        return author.person_id == viewpoint.person_id

    @property
    def retracted_at(self) -> datetime | None:
        """When it was retracted."""
        return self.message.retracted_at


def shown_subject(thread: Thread, viewpoint: Viewpoint, role: ViewerRole, text: str | None) -> str | None:
    """The subject line, if the viewpoint reads the first message; it is retracted with it."""
    if thread.subject_retracted_at is not None and not reads_retracted(role):
        return None
    return text if reads_subject(thread, viewpoint) else None


def shown_byline(author: Author, names: Names, viewpoint: Viewpoint) -> Byline:
    """The byline of a message that the viewpoint reads: in a thread that both read, names are known."""
    return byline(author, names, to_staff=viewpoint.seat is Seat.STAFF, own=viewpoint.person_id)
