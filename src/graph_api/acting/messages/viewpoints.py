"""From where a caller looks at clients' threads: staff by their role, an account by the decision now (X6, X7)."""

from collections.abc import Collection, Mapping
from typing import Protocol

from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.acting.messages.audience import Seat, Viewpoint
from graph_api.acting.messages.notices import viewpoint_of
from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope


class Viewpoints(Protocol):
    """Staff's and accounts' ways to look are two implementations of this."""

    async def all(self) -> Mapping[str, Viewpoint]:
        """The account's, by client; none for staff, who look at whom they ask for."""

    async def of(self, client_ids: Collection[str]) -> Mapping[str, Viewpoint]:
        """By client, of those whose messages the caller may read now."""


class StaffViewpoints:
    """Staff read every thread; analysts none, not even how many there are (M1)."""

    def __init__(self, scope: Scope) -> None:
        self._may_read = WRITERS.allows(scope.caller.role)

    async def all(self) -> Mapping[str, Viewpoint]:
        """None."""
        return {}

    async def of(self, client_ids: Collection[str]) -> Mapping[str, Viewpoint]:
        """Of every client."""
        return {client_id: Viewpoint(Seat.STAFF, client_id) for client_id in client_ids} if self._may_read else {}


class PortalViewpoints:
    """An account's, decided anew each time."""

    def __init__(self, scope: Scope) -> None:
        self._access = scope[AccessService]

    async def all(self) -> Mapping[str, Viewpoint]:
        """Of all clients whose messages the account may read now."""
        viewpoints = await self._access.granted(PortalAction.READ_SECURE_MESSAGES, viewpoint_of)
        return {viewpoint.client_id: viewpoint for viewpoint in viewpoints}

    async def of(self, client_ids: Collection[str]) -> Mapping[str, Viewpoint]:
        """Of these clients."""
        if not client_ids:
            return {}
        return {client_id: found for client_id, found in (await self.all()).items() if client_id in client_ids}
