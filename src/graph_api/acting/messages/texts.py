"""Seals and opens the texts of one practice's threads (M12, X8)."""

from collections.abc import Callable
from datetime import datetime

from graph_api.acting.messages.encryption import (
    BodyUnreadable,
    DataKey,
    MessageKeys,
    Place,
    Unreadable,
    master_of,
    seal,
    unseal,
)
from graph_api.acting.messages.model import Message, Thread
from graph_api.acting.messages.unreadable import UnreadableBodies

SUBJECT = 0
"""The number at whose place the subject line is sealed."""
REASONS = 1_000_000_000
"""From this number on reasons for retracting are sealed; no thread has as many messages."""


class Texts:
    """Of one practice."""

    def __init__(
        self, keys: MessageKeys, unreadable: UnreadableBodies, practice_id: str, now: Callable[[], datetime]
    ) -> None:
        """`unreadable` is told of what can't be read."""
        self._keys = keys
        self._unreadable = unreadable
        self._practice = practice_id
        self._now = now

    def new_key(self) -> tuple[DataKey, str, str]:
        """A new thread's key, how the thread keeps it, and the id of the master that wraps it."""
        key = self._keys.new_data_key()
        wrapped = self._keys.wrap(key)
        return key, wrapped, master_of(wrapped)

    def key_of(self, thread: Thread) -> DataKey:
        """A thread's key.

        Raises:
            Unreadable: it was erased, or can't be unwrapped.
        """
        if thread.wrapped_key is None:
            raise Unreadable("the thread was erased")
        return self._keys.unwrap(thread.wrapped_key)

    def sealed_subject(self, key: DataKey, thread_id: str, starter: str, text: str) -> str:
        """The subject line as it is kept."""
        return seal(key, text, Place(self._practice, thread_id, SUBJECT, starter))

    def sealed_body(self, key: DataKey, thread_id: str, sequence: int, author: str, text: str) -> str:
        """A body as it is kept."""
        return seal(key, text, Place(self._practice, thread_id, sequence, author))

    def sealed_reason(self, thread: Thread, message: Message, text: str) -> str | None:
        """Why a message was retracted, as it is kept; None where the thread can't be read any more."""
        if thread.is_erased:
            return None
        return seal(self.key_of(thread), text, self._reason_place(thread, message))

    def reason_of(self, thread: Thread, message: Message) -> str | None:
        """Why a message was retracted; None where no reason was given, or it can't be read."""
        if message.retraction_reason is None or thread.is_erased:
            return None
        place = self._reason_place(thread, message)
        return self._open(thread, message.retraction_reason, place.sequence, place.author)

    def _reason_place(self, thread: Thread, message: Message) -> Place:
        return Place(self._practice, thread.id, REASONS + message.sequence, message.author.subject)

    def subject_of(self, thread: Thread) -> str | None:
        """A subject line; None where it can't be read."""
        return self._open(thread, thread.subject, SUBJECT, thread.starter)

    def body_of(self, thread: Thread, message: Message) -> str | None:
        """A body; None where it can't be read."""
        return self._open(thread, message.body, message.sequence, message.author.subject)

    def _open(self, thread: Thread, sealed: str | None, sequence: int, author: str) -> str | None:
        if thread.is_erased:
            return None
        place = Place(self._practice, thread.id, sequence, author)
        try:
            if sealed is None:
                raise BodyUnreadable("there is none")
            return unseal(self.key_of(thread), sealed, place)
        except Unreadable as error:
            self._unreadable.note(place, error, self._now())
            return None
