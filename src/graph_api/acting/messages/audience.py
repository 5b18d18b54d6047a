"""Who reads which messages. Lists, counts, unread numbers, `node(id)` and notices all ask this (M2-M6, X6)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from graph_api.acting.messages.model import MessageAudience, Thread
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.rules import ADMINS
from graph_api.network.terms import age_on


class Seat(Enum):
    """From where somebody looks at a client's threads."""

    STAFF = "STAFF"
    CLIENT = "CLIENT"
    CONTACT = "CONTACT"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Somebody who may read secure messages of a client now. Who may not, has none."""

    seat: Seat
    client_id: str
    person_id: str | None = None
    """The account's own; None for staff."""
    messages_from: datetime | None = None
    """Since when secure messages are on for the contact (M4)."""


def reads_from(thread: Thread, viewpoint: Viewpoint) -> datetime | None:
    """The moment from which on the viewpoint reads the thread's messages; None where it reads none.

    What is unknown hides: a contact without `messages_from` reads nothing.
    """
    if viewpoint.seat is Seat.STAFF:
        return thread.created_at
    if thread.client_id != viewpoint.client_id:
        return None
    if viewpoint.seat is Seat.CLIENT:
        return thread.client_from
    opened = thread.with_from if viewpoint.person_id == thread.with_person_id else thread.others_from
    if opened is None or viewpoint.messages_from is None:
        return None
    return max(opened, viewpoint.messages_from)


def reads_retracted(role: ViewerRole) -> bool:
    """Whether somebody in a role reads what was retracted; everybody else sees that it was (M7)."""
    return role in ADMINS.roles


def is_visible(thread: Thread, viewpoint: Viewpoint) -> bool:
    """Whether the thread exists for the viewpoint: at least one of its messages does."""
    since = reads_from(thread, viewpoint)
    return since is not None and since <= thread.last_at


def reads_subject(thread: Thread, viewpoint: Viewpoint) -> bool:
    """Whether the viewpoint reads the subject line: it is part of the first message."""
    since = reads_from(thread, viewpoint)
    return since is not None and since <= thread.created_at


def opened(thread: Thread, audience: MessageAudience, with_person_id: str | None, at: datetime) -> Thread:
    """The thread with another audience from `at` on.

    Whoever read it before goes on from where they began. Whoever did not reads from the next message on. Whoever is
    left out has to begin anew if they are let in again (M6).
    """
    if audience is MessageAudience.CONTACT_ONLY:
        before = thread.with_from if with_person_id == thread.with_person_id else thread.others_from
        return replace(
            thread,
            audience=audience,
            client_from=None,
            others_from=None,
            with_person_id=with_person_id,
            with_from=before or at,
        )
    is_shared = audience is MessageAudience.SHARED
    return replace(
        thread,
        audience=audience,
        client_from=thread.client_from or at,
        others_from=(thread.others_from or at) if is_shared else None,
        with_person_id=thread.with_person_id if is_shared else None,
        with_from=thread.with_from if is_shared else None,
    )


def may_be_alone(birth_date: date | None, today: date, privacy_age: int) -> bool:
    """Whether a client may keep a thread to themselves, without staff: from an age on, or if it is not known (M3)."""
    return birth_date is None or age_on(birth_date, today) >= privacy_age


def default_audience(seat: Seat, *, is_private: bool) -> MessageAudience | None:
    """What somebody's new thread is, if they do not say; staff always say it (M3)."""
    if seat is Seat.STAFF:
        return None
    if seat is Seat.CONTACT:
        return MessageAudience.CONTACT_ONLY
    return MessageAudience.CLIENT_ONLY if is_private else MessageAudience.SHARED


def startable(seat: Seat, *, is_private: bool) -> frozenset[MessageAudience]:
    """What somebody may start."""
    if seat is Seat.STAFF:
        return frozenset(MessageAudience)
    if seat is Seat.CONTACT:
        return frozenset({MessageAudience.CONTACT_ONLY, MessageAudience.SHARED})
    return frozenset({MessageAudience.SHARED, *([MessageAudience.CLIENT_ONLY] if is_private else [])})
