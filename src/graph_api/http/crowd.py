"""How many connections one worker holds: in all, and from one address.

If there is no room, a connection that has asked for nothing makes room for the new one, so that silence shuts nobody
out. A new connection is refused only if all have a request under way, and /health/live is answered even then.
"""

import logging
import resource
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from graph_api.config import Settings
from graph_api.http.networks import Networks
from graph_api.outages import Outage

log = logging.getLogger(__name__)

HANDLES_FOR_ELSE = 160
"""File handles that are kept for the database's connections, for files, and for those beyond the bound."""
FEWEST = 16
BEYOND = 32
"""Connections beyond the bound that may ask for /health/live."""
BEYOND_HEADER_TIMEOUT = 2.0


@dataclass(frozen=True, slots=True)
class ConnectionBounds:
    """What one worker bears; times in seconds."""

    most: int = 1_000
    most_per_address: int = 100
    header_timeout: float = 10.0
    """From when a connection, or a request on it, begins until its header is whole."""
    idle_timeout: float = 65.0
    """After an answer; more than the minute for which proxies keep connections."""
    write_timeout: float = 30.0
    """How long a caller may leave its answer unread."""


def bounds_of(settings: Settings) -> ConnectionBounds:
    """As they are set."""
    return ConnectionBounds(
        settings.max_connections,
        settings.max_connections_per_address,
        settings.header_timeout,
        settings.idle_timeout,
        settings.write_timeout,
    )


class Connection(Protocol):
    """One connection, as the crowd sees it."""

    @property
    def is_silent(self) -> bool:
        """Whether it has not asked for anything yet."""

    @property
    def is_waiting(self) -> bool:
        """Whether no request is under way on it."""

    def drop(self) -> None:
        """Close it."""


def handles() -> int:
    """File handles that this process may have."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Crowd:
    """One worker's connections, oldest first."""

    def __init__(self, bounds: ConnectionBounds, networks: Networks, *, by_address: bool = True) -> None:
        """Without `by_address` all may come from one: nobody but this machine reaches the server, or its proxy."""
        self.bounds = bounds
        self._networks = networks
        self._by_address = by_address
        self.most = min(bounds.most, max(FEWEST, handles() - HANDLES_FOR_ELSE))
        """Connections in all."""
        self._inside: dict[Connection, str] = {}
        self._from: Counter[str] = Counter()
        self._beyond: dict[Connection, None] = {}
        self._outage = Outage(log, "connections are refused")

    @property
    def open(self) -> int:
        """How many there are, those beyond the bounds included."""
        return len(self._inside) + len(self._beyond)

    @property
    def busy(self) -> int:
        """On how many a request is under way."""
        return sum(not found.is_waiting for found in self._inside)

    def enter(self, connection: Connection, host: str) -> bool:
        """Take in a connection from an address; False where it is beyond the bounds."""
        address = self._networks.of_peer(host)
        counts = self._by_address and not self._networks.is_proxy(host)
        if counts and self._from[address] >= self.bounds.most_per_address:
            room = self._make_room(found for found, where in self._inside.items() if where == address)
        else:
            room = len(self._inside) < self.most or self._make_room(self._inside)
        if room:
            self._inside[connection] = address
            self._from[address] += 1
            self._outage.over()
            return True
        self._outage.failed("as many as are allowed have a request under way")
        if len(self._beyond) >= BEYOND and not self._make_room(self._beyond):
            self._drop(next(iter(self._beyond)))
        self._beyond[connection] = None
        return False

    def leave(self, connection: Connection) -> None:
        """Let go of a connection; called again, it does nothing."""
        self._beyond.pop(connection, None)
        address = self._inside.pop(connection, None)
        if address is not None:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]

    def _make_room(self, connections: Iterable[Connection]) -> bool:
        """Close the oldest that has asked for nothing, else the oldest that is between requests."""
        waiting = [found for found in connections if found.is_waiting]
        chosen = next((found for found in waiting if found.is_silent), waiting[0] if waiting else None)
        if chosen is None:
            return False
        self._drop(chosen)
        return True

    def _drop(self, connection: Connection) -> None:
        self.leave(connection)
        connection.drop()
