"""What staff may see of portal accounts and invitations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph_api.access.model import AccountStatus
from graph_api.kernel.ids import is_id
from graph_api.kernel.scope import Scope
from graph_api.portal.codes import sign_in_key
from graph_api.portal.graph.accounts import AccountReads
from graph_api.portal.graph.invitations import InvitationReads
from graph_api.portal.invitation_model import Invitation


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """A portal account as staff see it."""

    status: AccountStatus
    address: str
    codes_asked_at: Sequence[datetime]
    """When codes to sign in were asked for, by anybody; those of the last hour, and maybe of before."""


class AccountReading:
    """Questions of staff about portal accounts."""

    def __init__(self, scope: Scope) -> None:
        self._graph = scope.graph
        self._secret = scope.secret

    async def invitations(self, contact_ids: Sequence[str]) -> Mapping[str, Invitation]:
        """Invitations to the portal, by contact."""
        return self._graph.door.open(await self._graph[InvitationReads].of_contacts(contact_ids))

    async def accounts(self, person_ids: Sequence[str]) -> Mapping[str, ShownAccount]:
        """Portal accounts, by person."""
        wanted = [person_id for person_id in person_ids if is_id("person", person_id)]
        found = self._graph.door.open(await self._graph[AccountReads].of(wanted))
        keys = {person_id: sign_in_key(self._secret, account.address) for person_id, account in found.items()}
        asked = await self._graph[AccountReads].asked(list(keys.values())) if keys else {}
        return {
            person_id: ShownAccount(account.status, account.address, asked.get(keys[person_id], ()))
            for person_id, account in found.items()
        }
