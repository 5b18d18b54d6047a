"""Loads of what contacts may do."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.kernel.scope import Scope

MAX_CONTACTS = 1_000
"""Whose allowed actions one statement brings."""


class AllowedLoader(DataLoader[str, Sequence[PortalAction]]):
    """What contacts may do now, by contact."""

    def __init__(self, scope: Scope) -> None:
        self._access = scope[AccessService]
        super().__init__(self._load, max_batch_size=MAX_CONTACTS, cache=False)

    async def _load(self, contact_ids: Sequence[str]) -> list[Sequence[PortalAction]]:
        found = await self._access.allowed(contact_ids)
        return [found.get(contact_id, ()) for contact_id in contact_ids]
