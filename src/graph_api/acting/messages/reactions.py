"""Reactions of messages to changes of people."""

from datetime import datetime

from graph_api.acting.messages.graph.writes import ThreadWrites
from graph_api.kernel.clock import Clock
from graph_api.kernel.errors import MutationWarning, WarningCode
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction
from graph_api.people.changes import ClientStatusChanged
from graph_api.people.model import ClientStatus
from graph_api.practitioners.changes import PractitionerChanged

UNANSWERED = (
    "Conversations about the client wait for an answer. Nobody can write in them while the client is archived, and "
    "only staff can read them."
)
ASSIGNED = "Conversations assigned to the practitioner wait for an answer. Assign them to somebody else."


async def warn_of_unanswered(tx: Transaction, change: ClientStatusChanged, _clock: Clock, _now: datetime) -> Told:
    """Staff who archive a client are told that something is left to answer (A13)."""
    client = change.after
    if client.client_status is not ClientStatus.ARCHIVED or not await tx[ThreadWrites].any_of_client_awaits(client.id):
        return Told()
    code = WarningCode.OPEN_BUSINESS
    return Told((MutationWarning(code=code, message=UNANSWERED, path=("status",), persons=(client,)),))


async def warn_of_assigned(tx: Transaction, change: PractitionerChanged, _clock: Clock, _now: datetime) -> Told:
    """Staff who note that a practitioner has left are told that theirs is left to answer (A13)."""
    if not change.has_left or not await tx[ThreadWrites].any_awaits(change.after.id):
        return Told()
    return Told((MutationWarning(code=WarningCode.OPEN_BUSINESS, message=ASSIGNED, path=("isActive",)),))


REACTIONS = (On(ClientStatusChanged, warn_of_unanswered), On(PractitionerChanged, warn_of_assigned))
