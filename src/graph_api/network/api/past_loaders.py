"""Loads of what edges were: one statement for a whole list."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.kernel.paging import Page
from graph_api.kernel.scope import Scope
from graph_api.network.api.loaders import by_request
from graph_api.network.history import AsOfQuery, HistoryQuery, HistoryService
from graph_api.network.model import Contact
from graph_api.network.past_requests import AsOfRequest, HistoryRequest, NetworkThen, SupersededRecords, VersionThen
from graph_api.network.reading import Reading
from graph_api.network.records import WHOLE_EDGE
from graph_api.network.versions import ContactVersion
from graph_api.people.model import Person

VersionPage = Page[ContactVersion, ContactVersion]


class HistoryLoaders:
    """One per request; nothing is kept."""

    def __init__(self, scope: Scope) -> None:
        self._history = scope[HistoryService]
        self._reading = scope[Reading]
        self._superseded = DataLoader[tuple[HistoryRequest, str], SupersededRecords | None](
            self._load_superseded, cache=False
        )
        self._then = DataLoader[tuple[AsOfRequest, str], NetworkThen | None](self._load_then, cache=False)
        self.contacts = DataLoader[str, Contact | None](self._load_contacts, cache=False)

    async def history(self, query: HistoryQuery, contact: Contact) -> VersionPage:
        """A contact's versions."""
        found = await self._superseded.load((query.request, contact.id))
        return self._history.history_page(query, contact, found)

    async def network_as_of(self, query: AsOfQuery, client: Person) -> Page[VersionThen, ContactVersion]:
        """A person's network as it was."""
        return self._history.as_of_page(query, client, await self._then.load((query.request, client.id)))

    async def _load_superseded(
        self, keys: Sequence[tuple[HistoryRequest, str]]
    ) -> list[SupersededRecords | Exception | None]:
        return await by_request(keys, self._history.superseded)

    async def _load_then(self, keys: Sequence[tuple[AsOfRequest, str]]) -> list[NetworkThen | Exception | None]:
        return await by_request(keys, self._history.networks_as_of)

    async def _load_contacts(self, ids: Sequence[str]) -> list[Contact | None]:
        found = await self._reading.contacts(ids, WHOLE_EDGE)
        return [self._reading.contact_model(found[contact_id]) if contact_id in found else None for contact_id in ids]
