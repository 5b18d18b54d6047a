"""Loads of a practice's settings."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from graph_api.kernel.scope import Scope
from graph_api.practices.graph import SettingsReads
from graph_api.practices.model import PracticeSettings


class SettingsLoader(DataLoader[str, PracticeSettings]):
    """The settings as they are now, loaded once for all fields that show them together."""

    def __init__(self, scope: Scope) -> None:
        self._graph = scope.graph
        super().__init__(self._load, cache=False)

    async def _load(self, practice_ids: Sequence[str]) -> list[PracticeSettings]:
        return [await self._graph[SettingsReads].read()] * len(practice_ids)
