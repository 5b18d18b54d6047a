"""One request: who asks, of which practice, when; and what each concern can do for them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Caller
from graph_api.kernel.clock import Clock
from graph_api.kernel.graph import Graph, RehearsedGraph
from graph_api.kernel.stamps import utc_now
from graph_api.kernel.unit import Unit, Wiring

S = TypeVar("S")
Makers = Mapping[type, Callable[["Scope"], Any]]
"""How to make what is made otherwise than from the scope alone, by its type."""


class Scope:
    """`scope[AccessService]` is what the access concern can do for the caller, made when it is first asked for."""

    def __init__(
        self,
        caller: Caller,
        session: GraphSession,
        secret: bytes,
        *,
        now: Callable[[], datetime] = utc_now,
        wiring: Wiring | None = None,
        on_mail: Callable[[], None] | None = None,
        makers: Makers | None = None,
        until: float | None = None,
    ) -> None:
        """
        Args:
            caller: who asks.
            session: their view of the database.
            secret: the installation's, for cursors and keyed hashes.
            now: the clock.
            wiring: what higher concerns do in the transaction of a change.
            on_mail: called when a mail was added.
            makers: how to make what is made otherwise than from the scope alone.
            until: when all statements must have ended, in the event loop's time.
        """
        self.caller = caller
        self._session = session
        self.secret = secret
        self.until = until
        self.clock = Clock(now, caller.practice.time_zone)
        self.now = self.clock.now()
        """When the request came."""
        self.today = self.now.astimezone(self.clock.zone).date()
        """The practice's day (D8)."""
        self.graph = Graph(session, caller.practice.id, self.today, on_mail, now)
        self._wiring = wiring or Wiring()
        self._makers: Makers = makers or {}
        self._made: dict[type, Any] = {}

    def __getitem__(self, kind: type[S]) -> S:
        """What a concern can do for the caller."""
        made: S | None = self._made.get(kind)
        if made is None:
            make: Callable[[Scope], S] = self._makers.get(kind, kind)
            made = self._made[kind] = make(self)
        return made

    @property
    def statements(self) -> int:
        """How many were sent."""
        return self._session.statements

    @property
    def bookmarks(self) -> frozenset[str]:
        """What to show the caller's next request."""
        return self._session.bookmarks

    @property
    def shown(self) -> set[str]:
        """Ids of the people whom the answer shows, for the account of reads."""
        return self.graph.door.shown

    @cached_property
    def unit(self) -> Unit:
        """Runs the caller's mutations."""
        return Unit(self.caller, self.graph, self.clock, self.secret, self._wiring)

    def rehearsal(self) -> "Scope":
        """The same, where changes are worked out and not made."""
        rehearsing = Scope(self.caller, self._session, self.secret, now=self.clock.now, makers=self._makers)
        graph = RehearsedGraph(self._session, self.caller.practice.id, self.today, self.clock.now)
        rehearsing.unit = Unit(self.caller, graph, self.clock, self.secret, replace(self._wiring, recorder=None))
        return rehearsing
