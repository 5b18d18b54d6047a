"""Threads and messages inside one write transaction. The client's lock comes before the thread's (X2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graph_api.acting.messages.audience import Viewpoint
from graph_api.acting.messages.checks import NOTHING_SENT, Sending
from graph_api.acting.messages.graph.rows import (
    MESSAGE,
    SETTINGS,
    THREAD,
    awaiting_scope,
    inbox_scope,
    message_of,
    message_row,
    notice_key,
    read_key,
    sender_key,
    thread_changes,
    thread_of,
    thread_row,
    view_row,
)
from graph_api.acting.messages.model import Message, MessagingSettings, Thread, ThreadStatus
from graph_api.engine.session import Row
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.mail.graph import mail_key, mail_row
from graph_api.mail.model import QueuedMail

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """What is read beside a thread for a new message."""

    settings: MessagingSettings
    practitioner: tuple[str, str] | None = None
    """Id and display name of the author, if staff are a practitioner."""
    assigned_email: str | None = None
    """Where the practitioner is told to whom the thread is assigned."""
    sent: Sending = NOTHING_SENT
    """What the author sent lately."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail that tells somebody of new messages."""

    who: str
    """The person's id, or which of the staff."""
    mail: QueuedMail
    due_at: datetime


class ThreadWrites(Writes):
    """Threads; each is locked before it is read."""

    async def lock(self, thread_id: str, author: str, now: datetime) -> tuple[Thread, Desk] | None:
        """Take a thread's lock; the thread, and what a message of the author needs. The client must be locked."""
        rows = await self._tx.run(
            "acting/threads/lock",
            practice=self._practice,
            id=thread_id,
            stamp=self._lock,
            thread=list(THREAD.names),
            **self._author(author),
        )
        if not rows:
            return None
        thread = thread_of(rows[0]["thread"])
        self._note(thread)
        return thread, _desk(rows[0], now)

    def _note(self, thread: Thread) -> None:
        """What is dated anew must be dated later."""
        self._stamps.note(thread.last_at, thread.client_from, thread.others_from, thread.with_from)

    def _author(self, subject: str) -> dict[str, Any]:
        return {"settings": list(SETTINGS.names), "subjectKey": sender_key(self._practice, subject)}

    async def starting(self, author: str, now: datetime) -> Desk:
        """What a new thread of the author needs; their account must be locked."""
        rows = await self._tx.run("acting/threads/starting", practice=self._practice, **self._author(author))
        return _desk(rows[0], now)

    async def create(self, thread: Thread, message: Message, sent: Sending) -> None:
        """A new thread with its first message; the client must be locked, and the account of whoever starts it."""
        self._tx.later(
            "acting/threads/create",
            practice=self._practice,
            clientId=thread.client_id,
            thread=thread_row(self._practice, thread),
            message=message_row(message),
            senders=self._senders(message, sent),
        )

    async def append(self, before: Thread, after: Thread, message: Message, sent: Sending) -> None:
        """The thread's next message; the thread must be locked, and the account of whoever sends it."""
        self._tx.later(
            "acting/messages/append",
            practice=self._practice,
            threadId=after.id,
            thread=thread_changes(self._practice, before, after),
            message=message_row(message),
            senders=self._senders(message, sent),
        )

    def _senders(self, message: Message, sent: Sending) -> list[Row]:
        """What an account has sent lately, this message included; nothing of staff, who are not counted."""
        if message.author.person_id is None:
            return []
        key = sender_key(self._practice, message.author.subject)
        times = {"sentAt": [*map(stamp, sent.sent_at)], "startedAt": [*map(stamp, sent.started_at)]}
        return [{"key": key, **times}]

    async def update(self, before: Thread, after: Thread) -> None:
        """What has changed; the thread must be locked."""
        changes = thread_changes(self._practice, before, after)
        self._tx.later("acting/threads/update", practice=self._practice, id=after.id, thread=changes)

    async def by_id(self, thread_id: str) -> Thread | None:
        """As it is now."""
        rows = await self._tx.run(
            "acting/threads/by_ids", practice=self._practice, ids=[thread_id], thread=list(THREAD.names)
        )
        return next((thread_of(record) for row in rows for record in row["rows"]), None)

    async def mark_read(
        self, thread_id: str, side: str, through: int, by: str, now: datetime, told: Sequence[str]
    ) -> None:
        """The side has read the thread through a message's number, and `told` have looked since they were told."""
        self._tx.later(
            "acting/messages/mark_read",
            practice=self._practice,
            key=read_key(thread_id, side),
            through=through,
            by=by,
            at=stamp(now),
            noticeKeys=sorted(notice_key(self._practice, who) for who in told),
        )

    async def unread_threads(self, person_id: str, viewpoints: Sequence[Viewpoint], shared: Collection[str]) -> bool:
        """Whether any thread holds messages that the account's person has not read.

        Of the clients in `shared` those alone count that are not for the client alone.
        """
        rows = await self._tx.run(
            "acting/threads/unread",
            practice=self._practice,
            side=person_id,
            views=[view_row(one) | {"isShared": one.client_id in shared} for one in viewpoints],
            limit=1,
        )
        return bool(rows and rows[0]["unread"])

    async def any_awaits(self, assigned_to: str | None) -> bool:
        """Whether any thread waits for staff, or for one practitioner."""
        if assigned_to is None:
            name, scope, awaits = "acting/threads/awaiting", awaiting_scope(self._practice), None
        else:
            name, scope, awaits = (
                "acting/threads/assigned",
                inbox_scope(self._practice, ThreadStatus.OPEN.value, assigned_to),
                True,
            )
        rows = await self._tx.run(
            name,
            practice=self._practice,
            above=scope,
            below=after_scope(scope),
            awaitsReply=awaits,
            size=1,
            thread=["id"],
        )
        return bool(rows)

    async def any_of_client_awaits(self, client_id: str) -> bool:
        """Whether any thread about the client waits for staff."""
        return bool(await self._tx.run("acting/threads/any_awaits", practice=self._practice, clientId=client_id))

    async def settings(self) -> MessagingSettings:
        """What the practice has set."""
        rows = await self._tx.run("acting/messages/settings", practice=self._practice, settings=list(SETTINGS.names))
        return SETTINGS.of(rows[0]["settings"]) if rows else MessagingSettings()

    async def save_settings(self, settings: MessagingSettings) -> None:
        """From now on; the practice must be locked."""
        kept = SETTINGS.some(settings, *SETTINGS.fields)
        self._tx.later("acting/messages/set_settings", practice=self._practice, settings=kept)


class MessageWrites(Writes):
    """Messages; their thread must be locked."""

    async def by_id(self, message_id: str) -> tuple[Message, Thread] | None:
        """The message with its thread."""
        rows = await self._tx.run(
            "acting/messages/by_ids",
            practice=self._practice,
            ids=[message_id],
            message=list(MESSAGE.names),
            thread=list(THREAD.names),
        )
        found = [(message_of(message), thread_of(thread)) for row in rows for message, thread in row["rows"]]
        return found[0] if found else None

    async def retract(self, message: Message) -> None:
        """It was taken back (M7)."""
        retracted = MESSAGE.some(message, "retracted_at", "retracted_by", "retraction_reason")
        self._tx.later("acting/messages/retract", practice=self._practice, id=message.id, retracted=retracted)

    async def notify(self, notices: Sequence[Notice], now: datetime) -> None:
        """Have those told who were not told lately, nor since they last looked (M9)."""
        rows = [
            {
                "key": notice_key(self._practice, notice.who),
                "mailKey": mail_key(self._practice, notice.mail),
                "mail": mail_row(notice.mail, now) | {"dueAt": stamp(notice.due_at)},
            }
            for notice in sorted(notices, key=lambda notice: notice.who)
        ]
        self._tx.later(
            "acting/messages/notify", practice=self._practice, rows=rows, toldBefore=stamp(now - DAY), stamp=self._lock
        )

    async def noticed(self, who: str, now: datetime) -> None:
        """They are told now."""
        self._tx.later(
            "acting/messages/noticed", practice=self._practice, key=notice_key(self._practice, who), at=stamp(now)
        )


def _desk(row: Row, now: datetime) -> Desk:
    practitioner, assigned = row["practitioner"], row.get("assigned") or ()
    return Desk(
        SETTINGS.of(row["settings"]),
        (practitioner[0][0], practitioner[0][1]) if practitioner else None,
        next(iter(filter(None, assigned)), None),
        _sending(row["sender"], now),
    )


def _sending(found: Sequence[Any], now: datetime) -> Sending:
    """What an account sent within the hour and started within the day."""
    if not found:
        return NOTHING_SENT
    sent, started = (tuple(map(datetime.fromisoformat, times or ())) for times in found[0])
    return Sending(sent, started).since(now)
