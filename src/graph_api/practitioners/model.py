"""Who works at a practice (A1)."""

from dataclasses import dataclass
from datetime import datetime

from graph_api.kernel.fields import kept

MAX_PRACTITIONERS = 1_000
"""In a practice, those who are not active included: they are shown as one list, without pages."""


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody who works at the practice. Staff sign in elsewhere and have no record here; this is what clients and
    colleagues are shown of them (A1)."""

    id: str
    display_name: str
    title: str | None = None
    time_zone: str | None = None
    """An IANA name; without one the practice's counts."""
    subject: str | None = None
    """Of the tokens that they sign in with; no other practitioner of the practice has it."""
    notice_email: str | None = None
    """Where they are told that something waits for them."""
    is_active: bool = True
    """They are never deleted, because what they did keeps their name."""
    version: int = kept(1, logged=False)
    created_at: datetime | None = kept(None, logged=False)
    updated_at: datetime | None = kept(None, logged=False)

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody: the account of reads is about clients and contacts."""
        return ()
