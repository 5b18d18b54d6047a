"""What resolvers of one request share: who asks, the services, and loaders that gather a level into one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader

from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.access.upcoming_questions import ComingService
from graph_api.audit.model import AuditEvent
from graph_api.audit.questions import AuditLogService
from graph_api.kernel.caller import Caller, Practice
from graph_api.kernel.records import Record
from graph_api.network.api.past_loaders import HistoryLoaders
from graph_api.network.commands import ContactService
from graph_api.network.finding import SearchService
from graph_api.network.history import HistoryService
from graph_api.network.model import Contact
from graph_api.network.ports import NetworkRequest, NetworkRow
from graph_api.network.records import WHOLE_EDGE, WHOLE_NETWORK, EdgeRecord
from graph_api.people.commands import PersonService
from graph_api.people.reading import ReadingService, ShownAccount
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.portal.accepting import AcceptanceService
from graph_api.portal.account_commands import AccountService
from graph_api.portal.changes import Changes
from graph_api.portal.entrance import Entrance
from graph_api.portal.invitation_model import Invitation
from graph_api.portal.preview import AccessPreviewService
from graph_api.portal.signing_in import SignInService
from graph_api.practices.model import PracticeSettings
from graph_api.shapes.loading import by_request

NetworkKey = tuple[NetworkRequest, str]
PairKey = tuple[str, str]
MAX_CONTACTS = 1_000
"""Whose allowed actions one statement brings."""


class Loaders:
    """One per request: what is asked for in one turn of the event loop is loaded together.

    Nothing is kept: in one request a mutation may follow another, and must see what the first changed.
    """

    def __init__(self, reading: ReadingService, access: AccessService, history: HistoryService) -> None:
        self._reading = reading
        self._access = access
        self._history = history
        self.allowed = DataLoader[str, Sequence[PortalAction]](
            self._load_allowed, max_batch_size=MAX_CONTACTS, cache=False
        )
        self.networks = DataLoader[NetworkKey, NetworkRow | None](self._load_networks, cache=False)
        self.between = DataLoader[PairKey, Contact | None](self._load_between, cache=False)
        self.settings = DataLoader[str, PracticeSettings](self._load_settings, cache=False)
        self.invitations = DataLoader[str, Invitation | None](self._load_invitations, max_batch_size=100, cache=False)
        self.accounts = DataLoader[str, ShownAccount | None](self._load_accounts, max_batch_size=100, cache=False)
        self.nodes = DataLoader[str, Any](self._load_nodes, max_batch_size=100, cache=False)

    async def _load_networks(self, keys: Sequence[NetworkKey]) -> list[NetworkRow | Exception | None]:
        return await by_request(keys, self._load_network)

    async def _load_network(self, request: NetworkRequest, person_ids: Sequence[str]) -> Mapping[str, NetworkRow]:
        return await self._reading.networks(request, person_ids, WHOLE_NETWORK)

    async def _load_between(self, keys: Sequence[PairKey]) -> list[Contact | None]:
        found = await self._reading.between(keys, WHOLE_EDGE)
        return [None if (edge := found.get(key)) is None else self._reading.contact_model(edge) for key in keys]

    async def _load_settings(self, practice_ids: Sequence[str]) -> list[PracticeSettings]:
        return [await self._reading.settings()] * len(practice_ids)

    async def _load_allowed(self, contact_ids: Sequence[str]) -> list[Sequence[PortalAction]]:
        found = await self._access.allowed(contact_ids)
        return [found.get(contact_id, ()) for contact_id in contact_ids]

    async def _load_invitations(self, contact_ids: Sequence[str]) -> list[Invitation | None]:
        found = await self._reading.invitations(contact_ids)
        return [found.get(contact_id) for contact_id in contact_ids]

    async def _load_accounts(self, person_ids: Sequence[str]) -> list[ShownAccount | None]:
        found = await self._reading.accounts(person_ids)
        return [found.get(person_id) for person_id in person_ids]

    async def _load_nodes(self, ids: Sequence[str]) -> list[Any]:
        return await self.nodes_in_order(ids)

    async def nodes_in_order(self, ids: Sequence[str]) -> list[Any]:
        """A node for each id; None where there is none."""
        found = await self._reading.nodes(ids, PERSON_PROPERTIES, WHOLE_EDGE)
        versions = await self._history.versions(ids)
        return [versions.get(node_id, self._model(node)) for node_id, node in zip(ids, found, strict=True)]

    def _model(self, node: Record | EdgeRecord | Practice | AuditEvent | None) -> Any:
        if isinstance(node, EdgeRecord):
            return self._reading.contact_model(node)
        return self._reading.person_model(node) if isinstance(node, list) else node


@dataclass(frozen=True)
class Context:
    """One request's context; what a request does not need is not made."""

    caller: Caller
    today: date
    """The practice's day (D8)."""
    now: datetime
    """When the request came."""
    reading: ReadingService
    search: SearchService
    access: AccessService
    preview: AccessPreviewService
    history: HistoryService
    coming: ComingService
    changing: Callable[[], Changes]
    entering: Callable[[], Entrance]
    auditing: Callable[[], AuditLogService]
    shown: set[str]
    """Ids of the people whom the answer shows, for the account of reads."""

    @property
    def audit_log(self) -> AuditLogService:
        """Who did what."""
        return self.auditing()

    @cached_property
    def loaders(self) -> Loaders:
        """For the ordinary way."""
        return Loaders(self.reading, self.access, self.history)

    @cached_property
    def history_loaders(self) -> HistoryLoaders:
        """Of the past."""
        return HistoryLoaders(self.history, self.reading)

    @cached_property
    def changes(self) -> Changes:
        """For mutations."""
        return self.changing()

    @property
    def people(self) -> PersonService:
        """Changes of people."""
        return self.changes.people

    @property
    def contacts(self) -> ContactService:
        """Changes of edges."""
        return self.changes.contacts

    @property
    def accounts(self) -> AccountService:
        """Changes of portal accounts."""
        return self.changes.accounts

    @property
    def sign_in(self) -> SignInService:
        """Signing in, which needs no token."""
        return self.entering().sign_in

    @property
    def acceptance(self) -> AcceptanceService:
        """Accepting an invitation, which needs no token."""
        return self.entering().acceptance


Info = strawberry.Info[Context, None]
