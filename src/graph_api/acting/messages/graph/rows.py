"""How threads and messages are kept, and the keys they are found by."""

from typing import Any

from graph_api.acting.messages.audience import Viewpoint
from graph_api.acting.messages.model import Message, MessagingSettings, Thread
from graph_api.engine.session import Row
from graph_api.kernel.fields import Codec
from graph_api.kernel.rows import newest_first, stamp

THREAD = Codec(Thread)
MESSAGE = Codec(Message)
SETTINGS = Codec(MessagingSettings)
_DIGITS = 10


def place_of(thread: Thread) -> str:
    """Where a thread stands in every list."""
    return f"{newest_first(thread.last_at)}|{thread.id}"


def client_scope(practice_id: str, client_id: str) -> str:
    """What the keys of a client's threads begin with."""
    return f"{practice_id}|{client_id}|"


def inbox_scope(practice_id: str, status: str, practitioner_id: str | None = None) -> str:
    """What the keys of the practice's threads of a status begin with, or of those assigned to a practitioner."""
    return f"{practice_id}|{status}|" if practitioner_id is None else f"{practice_id}|{practitioner_id}|{status}|"


def awaiting_scope(practice_id: str) -> str:
    """What the keys of the practice's threads that wait for an answer begin with."""
    return f"{practice_id}|"


def view_row(viewpoint: Viewpoint) -> Row:
    """A viewpoint as the statements take it."""
    since = viewpoint.messages_from
    return {
        "clientId": viewpoint.client_id,
        "seat": viewpoint.seat.value,
        "messagesFrom": None if since is None else stamp(since),
    }


def list_keys(practice_id: str, thread: Thread) -> Row:
    """The keys by which a thread is listed; they move with each message. None takes a key away."""
    place, status = place_of(thread), thread.status.value
    assigned = thread.assigned_to
    return {
        "clientKey": client_scope(practice_id, thread.client_id) + place,
        "inboxKey": inbox_scope(practice_id, status) + place,
        "assignedKey": None if assigned is None else inbox_scope(practice_id, status, assigned) + place,
        "awaitsKey": awaiting_scope(practice_id) + place if thread.awaits_reply else None,
    }


def thread_row(practice_id: str, thread: Thread) -> Row:
    """A new thread's properties."""
    keys = {name: key for name, key in list_keys(practice_id, thread).items() if key is not None}
    return {**THREAD.row(thread), **keys}


def thread_changes(practice_id: str, before: Thread, after: Thread) -> Row:
    """What is to be set so that the one becomes the other; None takes a property away."""
    old, new = THREAD.some(before, *THREAD.fields), THREAD.some(after, *THREAD.fields)
    old |= list_keys(practice_id, before)
    new |= list_keys(practice_id, after)
    return {name: value for name, value in new.items() if value != old[name]}


def message_key(thread_id: str, sequence: int) -> str:
    """Under which a thread has one message of each number."""
    return f"{thread_id}|{sequence:0{_DIGITS}d}"


def sender_key(practice_id: str, subject: str) -> str:
    """Under which it is kept what an account sent lately; and a practitioner by the subject of their token."""
    return f"{practice_id}|{subject}"


def message_row(message: Message) -> Row:
    """A new message's properties."""
    return {**MESSAGE.row(message), "key": message_key(message.thread_id, message.sequence)}


def thread_of(record: list[Any]) -> Thread:
    """A record of all of a thread's properties."""
    return THREAD.of(record)


def message_of(record: list[Any]) -> Message:
    """A record of all of a message's properties."""
    return MESSAGE.of(record)


def read_key(thread_id: str, side: str) -> str:
    """Under which it is kept how far a side has read a thread."""
    return f"{thread_id}|{side}"


def notice_key(practice_id: str, who: str) -> str:
    """Under which it is kept when somebody was told of new messages."""
    return f"{practice_id}|{who}"
