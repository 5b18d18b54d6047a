"""Reactions of contact networks to changes of people."""

from datetime import datetime

from graph_api.kernel.clock import Clock
from graph_api.kernel.errors import MutationWarning, WarningCode
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.terms import keeps_access
from graph_api.people.changes import ClientStatusChanged
from graph_api.people.model import ClientStatus


async def warn_of_access_kept(tx: Transaction, change: ClientStatusChanged, _clock: Clock, _now: datetime) -> Told:
    """Whose access stays while a client is inactive, or counts again."""
    before, client = change.before, change.after
    is_back = before.client_status is ClientStatus.ARCHIVED
    if client.client_status is not ClientStatus.INACTIVE and not is_back:
        return Told()
    keeping = [contact for contact in await tx[ContactWrites].with_access(client.id) if keeps_access(contact)]
    if not keeping:
        return Told()
    message = "While the client is inactive, these contacts keep the access that their toggles allow."
    code = WarningCode.CLIENT_INACTIVE
    if is_back:
        message = (
            "These contacts regain the access their settings allow. Anyone without an account needs a new invitation."
        )
        code = WarningCode.REVIEW_ACCESS
    persons = tuple(contact.person for contact in keeping)
    return Told((MutationWarning(code=code, message=message, path=("status",), persons=persons),))


REACTIONS = (On(ClientStatusChanged, warn_of_access_kept),)
