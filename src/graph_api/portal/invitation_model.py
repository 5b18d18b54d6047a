"""Invitations to the portal. They work once, within seven days, and ask for the client's birth date if we know it."""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from urllib.parse import unquote

from graph_api.kernel.fields import kept
from graph_api.mail.model import Delivery

INVITATION_LASTS = timedelta(days=7)
MAX_WRONG_ANSWERS = 3
MAX_PASTED = 4_000
"""Characters of what is looked through for a token; a link that a mail filter rewrote is some hundreds."""
_TOKEN = re.compile(r"(?<![A-Za-z0-9-])([A-Za-z0-9-]{1,63})\.([A-Za-z0-9_-]{43})(?:[_-]{0,2})(?![A-Za-z0-9_-])")
"""Marks around it are passed over, those that are letters of a token too: `_slug.token_`."""
_BLANK = re.compile(r"=?[\r\n]+[\s>]*|[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
"""Between the parts of a link, with what a mail program puts at the end and the beginning of a line."""


class InvitationStatus(Enum):
    """What became of an invitation."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    LOCKED = "LOCKED"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A contact's invitation, or a client's own. Accepting one opens the person's account, for every client."""

    id: str
    contact_id: str
    """The client's own id where they are invited to act for themselves: there is no contact then."""
    person_id: str
    client_id: str
    address: str
    created_at: datetime
    expires_at: datetime
    status: InvitationStatus = InvitationStatus.PENDING
    """As it was last written: see `status_at`."""
    wrong_answers: int = 0
    delivery: Delivery | None = kept(None, prefix="delivery")
    """Of its mail; not known of invitations that were sent before it was kept."""

    @property
    def is_own(self) -> bool:
        """Whether it invites the client themselves."""
        return self.person_id == self.client_id

    def status_at(self, now: datetime) -> InvitationStatus:
        """What it is now: nothing is written when it expires."""
        pending = self.status is InvitationStatus.PENDING
        return InvitationStatus.EXPIRED if pending and now >= self.expires_at else self.status

    def settled(self, status: InvitationStatus) -> "Invitation":
        """What became of it."""
        return replace(self, status=status)

    def answered_wrong(self, elsewhere: int = 0) -> "Invitation":
        """After one more wrong birth date; the third locks it, counted with those the person gave `elsewhere`."""
        wrong = self.wrong_answers + 1
        locked = wrong + elsewhere >= MAX_WRONG_ANSWERS
        return replace(self, wrong_answers=wrong, status=InvitationStatus.LOCKED if locked else self.status)


def token_of(practice_slug: str, secret: str) -> str:
    """What is mailed: the practice, so that no other one's invitations are looked at, and the secret."""
    return f"{practice_slug}.{secret}"


def token_parts(pasted: str) -> tuple[str, str] | None:
    """Slug and secret of the token in what somebody pasted: the token, the link, or a link that a filter rewrote.

    Escapes as %23 are undone, white space is passed over, also where a mail program broke the line.
    """
    if len(pasted) > MAX_PASTED:
        return None
    text = unicodedata.normalize("NFKC", unquote(unquote(pasted)))
    for candidate in (text, _BLANK.sub("", text)):
        found = _TOKEN.findall(candidate)
        if found:
            slug, secret = found[-1]  # a link's host comes first
            return slug.lower(), secret
    return None


def hash_secret(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so there is nothing to guess and no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_same_day(one: date, other: date) -> bool:
    """Compared in the same time whatever they have in common."""
    return hmac.compare_digest(one.isoformat(), other.isoformat())
