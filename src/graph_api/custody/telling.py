"""What is done to keys is told in the audit log: an event in the chain of each practice that is there."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from graph_api.audit.append import Auditor
from graph_api.audit.model import Actor
from graph_api.config import Settings
from graph_api.custody.known import KnownKeys
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.evidence.wiring import practices_with_evidence
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.transaction import Transaction
from graph_api.keys.files import Key, KeyFileError
from graph_api.keys.secrets import audit_key

COMMAND = "command"
Say = Callable[[str], None]


async def tell_practices(
    settings: Settings, database: Database, who: str, changes: Sequence[FieldChange], say: Say
) -> None:
    """Write the event; where there is no audit key to write it with, say so."""
    try:
        await KnownKeys(settings, database).confirm([Key.AUDIT])
    except KeyFileError as error:
        say(f"Not recorded in the audit log. {error}")
        return
    auditor = Auditor(audit_key(settings.data_dir, settings.audit_key_file))
    now = datetime.now(UTC)
    actor = Actor(who, ViewerRole.ADMIN.value)
    for practice in await practices_with_evidence(settings, database):
        done = Happened(EventKind.KEY_REPLACED, practice.id, changes=tuple(changes), reason=COMMAND)

        async def work(tx: Transaction, done: Happened = done) -> None:
            await auditor.append(tx, actor, [done], now)

        with suppress(ValueError):  # a practice that is not there has no chain to go on
            await Graph(GraphSession(database), practice.id, now.date()).write(work)
