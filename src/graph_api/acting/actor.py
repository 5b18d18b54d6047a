"""Who did something for a client; whatever is written for a client says it (X3)."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.kernel.caller import ViewerRole


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, when, and by which version of which edge."""

    subject: str
    """The token's."""
    role: ViewerRole
    at: datetime
    person_id: str | None = None
    """Whose portal account it was; None for staff."""
    contact_id: str | None = None
    """The edge by which somebody acted for another; None for the client themselves and for staff."""
    contact_version: int | None = None
