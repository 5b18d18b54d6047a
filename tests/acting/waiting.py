"""Mails that wait to tell of messages."""

from graph_api.mail.model import MailKind
from tests.acting.cast import Cast

WAITING = """
MATCH (m:OutboxMail) WHERE m.practice = $practice AND m.kind IN $kinds
RETURN m.subject AS subject, m.address AS address
"""


async def told_of_messages(cast: Cast) -> list[str]:
    """Whom a mail waits for: people's ids, or which of the staff."""
    kinds = [MailKind.MESSAGE_NOTICE.value, MailKind.STAFF_MESSAGE_NOTICE.value]
    async with cast.installation.database.session(write=True) as session:
        result = await session.run(WAITING, {"practice": cast.practice.id, "kinds": kinds})
        return [record["subject"] async for record in result]
