"""Mails that wait in the graph to be sent; their secrets are never there."""

from datetime import datetime
from typing import Any

from graph_api.engine.session import Row
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.mail.model import ClaimedMail, MailKind, QueuedMail

MAIL_PROPERTIES = ["id", "kind", "subject", "address", "expiresAt", "attempts", "createdAt", "failedAt"]


def mail_key(practice_id: str, mail: QueuedMail) -> str:
    """Under which one mail waits."""
    return f"{practice_id}|{mail.kind.value}|{mail.subject}"


def mail_row(mail: QueuedMail, now: datetime) -> Row:
    """All of an OutboxMail node's properties but its key and practice, which the statement sets."""
    row = {
        "id": new_id("mail"),
        "kind": mail.kind.value,
        "subject": mail.subject,
        "address": mail.address,
        "createdAt": stamp(now),
        "dueAt": stamp(now),
        "attempts": 0,
    }
    return row if mail.expires_at is None else row | {"expiresAt": stamp(mail.expires_at)}


def _claimed(record: list[Any], lease: str) -> ClaimedMail:
    row = dict(zip(MAIL_PROPERTIES, record, strict=True))
    expires_at = row["expiresAt"]
    mail = QueuedMail(
        MailKind(row["kind"]),
        row["subject"],
        row["address"],
        None if expires_at is None else datetime.fromisoformat(expires_at),
    )
    created_at, given_up = datetime.fromisoformat(row["createdAt"]), row["failedAt"] is not None
    return ClaimedMail(row["id"], mail, row["attempts"], lease, created_at, given_up)


class OutboxWrites(Writes):
    """Mails that wait, inside a write transaction. Their sender is woken once the transaction is committed.

    A mail is written after people's locks and before the invitation or code that it is about: senders take the same
    order.
    """

    async def add(self, mail: QueuedMail, now: datetime) -> None:
        """Send it soon."""
        key = mail_key(self._practice, mail)
        self._tx.later("mail/outbox/add", practice=self._practice, key=key, mail=mail_row(mail, now))
        self._tx.has_mail = True

    async def claim(self, key: str, lease: str, now: datetime, until: datetime) -> ClaimedMail | None:
        """Hold a mail until then."""
        rows = await self._tx.run(
            "mail/outbox/claim",
            practice=self._practice,
            key=key,
            now=stamp(now),
            lease=lease,
            until=stamp(until),
            mail=MAIL_PROPERTIES,
        )
        return _claimed(rows[0]["mail"], lease) if rows else None

    async def sent(self, claimed: ClaimedMail) -> bool:
        """Forget it."""
        key = mail_key(self._practice, claimed.mail)
        return bool(await self._tx.run("mail/outbox/sent", practice=self._practice, key=key, lease=claimed.lease))

    async def postpone(self, claimed: ClaimedMail, due_at: datetime, *, untried: bool = False) -> bool:
        """Try again later."""
        return await self._postpone(claimed, stamp(due_at), None, 0 if untried else claimed.attempts)

    async def give_up(self, claimed: ClaimedMail, at: datetime, forget_at: datetime) -> bool:
        """Try no more; it is due again when it is to be forgotten."""
        return await self._postpone(claimed, stamp(forget_at), stamp(at), claimed.attempts)

    async def _postpone(self, claimed: ClaimedMail, due_at: str, failed_at: str | None, attempts: int) -> bool:
        rows = await self._tx.run(
            "mail/outbox/postpone",
            practice=self._practice,
            key=mail_key(self._practice, claimed.mail),
            lease=claimed.lease,
            dueAt=due_at,
            failedAt=failed_at,
            attempts=attempts,
        )
        return bool(rows)
