"""The changes of a practice that other concerns react to."""

from dataclasses import dataclass

from graph_api.kernel.reactions import Change


@dataclass(frozen=True, slots=True)
class SettingsChanging(Change):
    """The practice's settings are about to be read and changed: others take their locks first."""
