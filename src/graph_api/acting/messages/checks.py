"""Checks of what is written (M3, M10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from graph_api.acting.messages.model import MessageAudience
from graph_api.kernel.errors import Refused, invalid, not_found
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import clean_text

MAX_BODY = 10_000
MAX_SUBJECT = 200
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_IN_AN_HOUR = 30
"""Messages from one portal account."""
MOST_IN_A_DAY = 10
"""Threads that one portal account starts."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A new thread as it was asked for."""

    client_id: str
    subject: str
    body: str
    audience: MessageAudience | None = None
    contact_id: str | None = None


def checked_body(body: str) -> str:
    """The text of a message.

    Raises:
        Refused: `body.empty`, `body.tooLong`, `body.forbiddenCharacter`.
    """
    problems = Problems()
    cleaned = clean_text(body, problems, "body", "body", limit=MAX_BODY, prose=True)
    problems.refuse()
    return cleaned or ""


def checked_draft(draft: Draft) -> Draft:
    """A new thread with its texts cleaned.

    Raises:
        Refused: NotFound for a malformed id; `subject` and `body` as texts; `contactId.missing` and
            `contactId.unexpected` where it does not fit the audience.
    """
    if not is_id("person", draft.client_id):
        raise not_found("clientId")
    if draft.contact_id is not None and not is_id("contact", draft.contact_id):
        raise not_found("contactId")
    problems = Problems()
    subject = clean_text(draft.subject, problems, "subject", "subject", limit=MAX_SUBJECT)
    body = clean_text(draft.body, problems, "body", "body", limit=MAX_BODY, prose=True)
    problems.refuse()
    return Draft(draft.client_id, subject or "", body or "", draft.audience, draft.contact_id)


def refuse_unfitting(audience: MessageAudience, contact_id: str | None) -> None:
    """Staff name the contact of a CONTACT_ONLY thread, and of no other.

    Raises:
        Refused: `contactId.missing`, `contactId.unexpected`.
    """
    if audience is MessageAudience.CONTACT_ONLY and contact_id is None:
        message = "Say which contact the conversation is with."
        raise Refused([invalid("contactId.missing", message, "contactId")])
    if audience is not MessageAudience.CONTACT_ONLY and contact_id is not None:
        message = "Only a CONTACT_ONLY conversation names a contact. Omit contactId."
        raise Refused([invalid("contactId.unexpected", message, "contactId")])


@dataclass(frozen=True, slots=True)
class Sending:
    """When a portal account sent messages and started threads lately."""

    sent_at: tuple[datetime, ...] = ()
    started_at: tuple[datetime, ...] = ()

    def since(self, now: datetime) -> "Sending":
        """What still counts."""
        return Sending(
            tuple(at for at in self.sent_at if at > now - HOUR), tuple(at for at in self.started_at if at > now - DAY)
        )

    def and_now(self, now: datetime, *, starts: bool = False) -> "Sending":
        """With one message more, which starts a thread or not.

        Raises:
            Refused: `messages.tooMany`.
        """
        if len(self.sent_at) >= MOST_IN_AN_HOUR:
            message = f"You can send at most {MOST_IN_AN_HOUR} messages an hour. Try again later."
            raise Refused([invalid("messages.tooMany", message)])
        if starts and len(self.started_at) >= MOST_IN_A_DAY:
            message = f"You can start at most {MOST_IN_A_DAY} conversations a day. Write in an existing one."
            raise Refused([invalid("messages.tooMany", message)])
        return Sending((*self.sent_at, now), (*self.started_at, now) if starts else self.started_at)


NOTHING_SENT = Sending()
