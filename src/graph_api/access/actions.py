"""What an action for a client knows of who does it, once it was decided under locks (docs/access.md)."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.access.decision import Decision
from graph_api.access.facts import AccessFacts


@dataclass(frozen=True, slots=True)
class CheckedAction:
    """A decision that stays true until its transaction ends, and the edge by which the person acts."""

    decision: Decision
    facts: AccessFacts
    """What it rests on."""
    contact_id: str | None = None
    """None: the client themselves would act, or somebody who is not in the client's network."""
    contact_version: int | None = None
    messages_from: datetime | None = None
    """From when on secure messages are open by the edge (M4); None without one, and while they are switched off."""

    @property
    def allowed(self) -> bool:
        """Whether the action may be done."""
        return self.decision.allowed
