"""What a caller sees of which client's appointments: staff by role, an account by the decision now (X6, X7)."""

from collections.abc import Collection, Mapping

from graph_api.access.decision import decide
from graph_api.access.graph.decisions import AccessReads
from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.acting.appointments.audience import Reader, seen_audiences
from graph_api.acting.appointments.model import RecordAudience
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import is_id
from graph_api.kernel.moments import settled
from graph_api.kernel.rules import INSIDE
from graph_api.kernel.scope import Scope

Seen = frozenset[RecordAudience]


class Readers:
    """One caller. A portal account is decided anew at each question."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._graph = scope.graph
        self._clock = scope.clock
        self._access = scope[AccessService]

    async def may(self, client_id: str, action: PortalAction) -> bool:
        """Whether the caller may do something for a client now; those inside the practice may."""
        if not self._caller.is_account:
            return INSIDE.allows(self._caller.role)
        own = self._caller.person_id
        if own is None or not is_id("person", client_id):
            return False
        reads = self._graph[AccessReads]
        now, pair = await settled(self._clock, lambda: reads.pair(own, client_id), lambda found: found.newest)
        return decide(pair.facts, action, now).allowed

    async def of(self, client_ids: Collection[str]) -> Mapping[str, Seen]:
        """What the caller sees now of these clients' appointments; clients of whom they see nothing are left out."""
        role, own = self._caller.role, self._caller.person_id
        if role is not ViewerRole.PORTAL:
            found = {client_id: seen_audiences(client_id, Reader(role)) for client_id in client_ids}
            return {client_id: seen for client_id, seen in found.items() if seen}
        if own is None or not client_ids:
            return {}
        viewed = await self._access.granted(PortalAction.VIEW_APPOINTMENTS, lambda grant: grant.client.id)
        reader = Reader(role, own, may_view=True)
        return {client_id: seen_audiences(client_id, reader) for client_id in viewed if client_id in client_ids}
