"""Who asks, for which practice, in which role."""

from dataclasses import dataclass
from enum import Enum

MAX_SUBJECT = 200
"""Characters of a token's subject; no longer one is honoured."""


class ViewerRole(Enum):
    """Who asks; the value is the token's `role` claim."""

    ADMIN = "admin"
    STAFF = "staff"
    ANALYST = "analyst"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Practice:
    """A health practice: nothing is ever shared between two of them."""

    id: str
    slug: str
    name: str
    time_zone: str
    region: str
    """ISO 3166-1 alpha-2: how a phone number without a country code is read."""

    @property
    def shows(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, for which practice, in which role."""

    subject: str
    practice: Practice
    role: ViewerRole
    person_id: str | None = None
    """Whose portal account asks; only there in the role PORTAL."""
    session_id: str | None = None
    """The portal session the token belongs to."""
    request_id: str = ""
    """Under which the log has the request; audit events carry it."""
    network: str = ""
    """Where the request came from, as rate limits count it."""
    is_anonymous: bool = False
    """No token came: only what checks a mailed secret may be called, whatever the role says."""

    @property
    def is_account(self) -> bool:
        """Whether a portal account asks."""
        return self.role is ViewerRole.PORTAL

    def seen(self, network: str, request_id: str) -> "Caller":
        """The same caller in one request, and where it came from."""
        who = (self.subject, self.practice, self.role, self.person_id, self.session_id)
        return Caller(*who, request_id, network, self.is_anonymous)


NOWHERE = Practice(f"practice_{'0' * 32}", "", "", "UTC", "US")
"""Where somebody without a token is, and what stands for a practice that does not exist."""
ANONYMOUS = "anonymous"


def anonymous(practice: Practice = NOWHERE, network: str = "", request_id: str = "") -> Caller:
    """Somebody without a token."""
    role = ViewerRole.PORTAL
    return Caller(ANONYMOUS, practice, role, request_id=request_id, network=network, is_anonymous=True)
