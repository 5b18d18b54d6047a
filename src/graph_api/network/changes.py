"""The changes of edges that other concerns react to."""

from dataclasses import dataclass

from graph_api.kernel.reactions import Change
from graph_api.network.model import Contact


@dataclass(frozen=True, slots=True)
class EdgeChanged(Change):
    """An edge was added, or has new terms; both its people are locked, where it gives portal access."""

    contact: Contact
    before: Contact | None
    """None where it was added."""
    path: tuple[str, ...] = ()
    """Where in the input its terms stand."""


@dataclass(frozen=True, slots=True)
class EdgeRemoved(Change):
    """An edge was removed; both its people are locked."""

    contact: Contact
