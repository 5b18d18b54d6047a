"""The address of a calendar feed: its path holds a secret of 256 bits, of which only a hash is kept (A11)."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

FOLDER = "/calendar/"
_PATH = re.compile(r"/calendar/([a-z0-9-]{1,63})\.([A-Za-z0-9_-]{43})\.ics")


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Which feed of which practice a path names."""

    slug: str
    token: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What is kept of the token."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    @property
    def path(self) -> str:
        """As calendar applications ask for it."""
        return f"{FOLDER}{self.slug}.{self.token}.ics"


def new_address(slug: str) -> FeedAddress:
    """With a fresh secret."""
    return FeedAddress(slug, secrets.token_urlsafe(32))


def address_of(path: str) -> FeedAddress | None:
    """What a path names; None for one that can't be a feed's."""
    found = _PATH.fullmatch(path)
    return None if found is None else FeedAddress(found.group(1), found.group(2))


class PublicAddress:
    """Where this server is reached from outside; feeds' addresses begin with it."""

    def __init__(self, _scope: object = None, base: str | None = None) -> None:
        self.base = base
        """None where nobody has said it."""
