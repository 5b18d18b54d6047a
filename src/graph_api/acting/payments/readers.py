"""What a caller sees of which client's charges and payments: staff by role, an account by the decision now (X6, X7)."""

from collections.abc import Collection, Mapping

from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.acting.payments.seen import Reader, seen_audiences
from graph_api.kernel.scope import Scope


class PaymentReaders:
    """One caller. A portal account is decided anew at each question."""

    def __init__(self, scope: Scope) -> None:
        self._caller = scope.caller
        self._access = scope[AccessService]

    async def of(self, client_ids: Collection[str]) -> Mapping[str, Reader]:
        """As whom the caller reads of these clients; those of whom they see nothing are left out."""
        role, own = self._caller.role, self._caller.person_id
        viewed = client_ids
        if self._caller.is_account and client_ids:
            granted = await self._access.granted(PortalAction.VIEW_BALANCE, lambda grant: grant.client.id)
            viewed = set(granted) & set(client_ids)
        reader = Reader(role, own, may_view=True)
        return {client_id: reader for client_id in viewed if seen_audiences(client_id, reader)}

    async def one(self, client_id: str) -> Reader | None:
        """As whom the caller reads of a client; None where they see nothing."""
        return (await self.of([client_id])).get(client_id)
