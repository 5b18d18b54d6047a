"""Loads of accounts and invitations."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.kernel.scope import Scope
from graph_api.portal.accounts_shown import AccountReading, ShownAccount
from graph_api.portal.invitation_model import Invitation

AT_ONCE = 100


class InvitationLoader(DataLoader[str, Invitation | None]):
    """Invitations by contact; a client's own by the client."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[AccountReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, contact_ids: Sequence[str]) -> list[Invitation | None]:
        found = await self._reading.invitations(contact_ids)
        return [found.get(contact_id) for contact_id in contact_ids]


class AccountLoader(DataLoader[str, ShownAccount | None]):
    """Portal accounts by person."""

    def __init__(self, scope: Scope) -> None:
        self._reading = scope[AccountReading]
        super().__init__(self._load, max_batch_size=AT_ONCE, cache=False)

    async def _load(self, person_ids: Sequence[str]) -> list[ShownAccount | None]:
        found = await self._reading.accounts(person_ids)
        return [found.get(person_id) for person_id in person_ids]
