"""Who reads which messages, said as plainly as can be (M1-M8). It shares no code with what it is compared with."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

STAFF = "staff"
NEEDED = {"PORTAL", "MESSAGING"}
"""Features without which no account reads messages."""
PARENTS = {"PARENT", "GUARDIAN"}
"""Who loses access when the client is of age, or may be."""
ADULT, PRIVATE = 18, 13


@dataclass
class Edge:
    """What a client's network says of a contact."""

    relationship: str
    portal: bool
    messages: bool
    last_day: date | None
    since: datetime | None
    """Since when secure messages are on; None where they are off."""


@dataclass
class Client:
    """Whom threads are about."""

    born: date | None
    status: str = "ACTIVE"
    off: set[str] = field(default_factory=set)
    edges: dict[str, Edge] = field(default_factory=dict)


@dataclass
class Message:
    """One message."""

    id: str
    author: str
    sent: datetime
    text: str
    is_retracted: bool = False


@dataclass
class Thread:
    """A conversation, with every audience that it ever had."""

    id: str
    client: str
    subject: str
    audiences: list[tuple[datetime, str, str | None]]
    """(since when, which, the one contact)."""
    messages: list[Message]
    version: int = 1
    is_done: bool = False
    marks: dict[str, int] = field(default_factory=dict)

    @property
    def awaits_reply(self) -> bool:
        """Whether staff are to answer."""
        return not self.is_done and self.messages[-1].author != STAFF


@dataclass
class World:
    """A practice, its clients, and what they have written."""

    zone: ZoneInfo
    now: datetime
    clients: dict[str, Client]
    features: set[str] = field(default_factory=lambda: set(NEEDED))
    active: set[str] = field(default_factory=set)
    """Who has a portal account that is open."""
    threads: list[Thread] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The practice's."""
        return self.now.astimezone(self.zone).date()

    def age(self, client: str) -> int | None:
        """In whole years; nobody here is born on 29 February."""
        born, today = self.clients[client].born, self.today
        if born is None:
            return None
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def may_read(self, who: str, client: str) -> bool:
        """Whether an account may read and send secure messages for a client now."""
        about = self.clients[client]
        is_open = about.status != "ARCHIVED" and self.features - about.off >= NEEDED
        if who not in self.active or not is_open:
            return False
        if who == client:
            return True
        edge = about.edges.get(who)
        if edge is None or not (edge.portal and edge.messages):
            return False
        if edge.last_day is not None and edge.last_day < self.today:
            return False
        age = self.age(client)
        return edge.relationship not in PARENTS or (age is not None and age < ADULT)

    def read_by(self, who: str, thread: Thread) -> list[int]:
        """The numbers of the messages that somebody reads.

        Whoever may read at all reads a message if they were among its readers when it was sent and ever since, and if,
        as a contact, they had secure messages on by then.
        """
        numbers = range(1, len(thread.messages) + 1)
        if who == STAFF:
            return list(numbers)
        if not self.may_read(who, thread.client):
            return []
        since = None if who == thread.client else self.clients[thread.client].edges[who].since
        return [
            number
            for number in numbers
            if (since is None or since <= thread.messages[number - 1].sent)
            and _always_among(who, thread, thread.messages[number - 1].sent)
        ]

    def unread(self, who: str, thread: Thread) -> int:
        """How many of those are new to them and not their own."""
        mark = thread.marks.get(who, 0)
        seen = self.read_by(who, thread)
        return sum(1 for number in seen if number > mark and thread.messages[number - 1].author != who)

    def listed(self, who: str, client: str) -> list[Thread]:
        """The client's threads of which they read anything, the one with the newest message first."""
        found = [one for one in self.threads if one.client == client and self.read_by(who, one)]
        return sorted(found, key=lambda one: one.messages[-1].sent, reverse=True)

    def begun_by(self, who: str, client: str, asked: str | None) -> str | None:
        """The audience of what an account starts; None where it may not start it."""
        if not self.may_read(who, client):
            return None
        if who != client:
            return None if asked == "CLIENT_ONLY" else asked or "CONTACT_ONLY"
        age = self.age(client)
        is_private = age is None or age >= PRIVATE
        if asked == "CONTACT_ONLY" or (asked == "CLIENT_ONLY" and not is_private):
            return None
        return asked or ("CLIENT_ONLY" if is_private else "SHARED")

    def staff_may_write(self, client: str) -> bool:
        """Not where nobody could read it."""
        about = self.clients[client]
        return about.status != "ARCHIVED" and self.features - about.off >= NEEDED


def _always_among(who: str, thread: Thread, sent: datetime) -> bool:
    """Whether every audience had them that was there when the message was sent, or later."""
    since_then = [one for one in thread.audiences if one[0] > sent]
    at_first = [one for one in thread.audiences if one[0] <= sent][-1]
    return all(_is_among(who, thread.client, audience, chosen) for _, audience, chosen in (at_first, *since_then))


def _is_among(who: str, client: str, audience: str, chosen: str | None) -> bool:
    if audience == "CONTACT_ONLY":
        return who == chosen
    return audience == "SHARED" or who == client
