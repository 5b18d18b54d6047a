"""Serves callers without a token: the practices that they can sign in to, and how often they may try."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Caller, Practice, anonymous
from graph_api.kernel.clock import Clock
from graph_api.kernel.graph import Graph
from graph_api.kernel.scope import Makers, Scope
from graph_api.kernel.unit import Unit, Wiring
from graph_api.portal.accepting import AcceptanceService
from graph_api.portal.session_ports import AccessTokens, Limits
from graph_api.portal.sessions import SessionOpener
from graph_api.portal.signing_in import Admission, SignInService
from graph_api.practices.graph import Practices


@dataclass(frozen=True, slots=True)
class PortalGate:
    """What signing in takes, for as long as a worker lives."""

    database: Database
    secret: bytes
    wiring: Wiring
    tokens: AccessTokens
    limits: Limits
    is_open: bool
    """Whether the portal may be signed in to on this server at all."""
    now: Callable[[], datetime]
    on_mail: Callable[[], None]

    def makers(self) -> Makers:
        """What somebody without a token may ask."""
        return {
            SignInService: lambda scope: SignInService(*self._asked_in(scope), self.secret),
            AcceptanceService: lambda scope: AcceptanceService(*self._asked_in(scope)),
        }

    def _asked_in(self, scope: Scope) -> tuple["_Entrance", Admission]:
        return _Entrance(self, scope.caller, scope.until), Admission(self.limits, scope.caller.network, self.is_open)


@dataclass(frozen=True, slots=True)
class _Entrance:
    """Implements the `SignInPractices` port."""

    gate: PortalGate
    caller: Caller
    until: float | None

    async def by_slug(self, slug: str) -> Practice | None:
        """The practice of that slug, looked up each time."""
        return await Practices(self.gate.database).by_slug(slug)

    def unit(self, practice: Practice) -> Unit:
        """Runs mutations there."""
        gate = self.gate
        clock = Clock(gate.now, practice.time_zone)
        session = GraphSession(gate.database, until=self.until)
        graph = Graph(session, practice.id, clock.today(), gate.on_mail, gate.now)
        somebody = anonymous(practice, self.caller.network, self.caller.request_id)
        return Unit(somebody, graph, clock, gate.secret, gate.wiring)

    def opener(self, practice: Practice) -> SessionOpener:
        """Opens sessions there."""
        return SessionOpener(practice, self.gate.tokens, self.gate.secret)
