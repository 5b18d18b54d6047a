"""A plain model of reminders: what is due, who hears of it, and what nobody hears twice (R3, R6). It shares no code."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

RULES = {1440: timedelta(days=1), 120: timedelta(hours=2)}
AHEAD, LEASE = timedelta(minutes=30), timedelta(minutes=2)
Key = tuple[str, datetime, int, str]
"""Appointment, its start, the rule, the address."""


@dataclass
class Visit:
    """An appointment."""

    id: str
    start: datetime
    version: int = 1
    is_booked: bool = True
    waiting: set[int] = field(default_factory=lambda: set(RULES))
    """Rules that nobody has looked at yet, once they are due."""


@dataclass
class World:
    """Everybody's addresses, and what they heard."""

    now: datetime
    addresses: dict[str, str]
    toggle: bool = True
    out: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)
    heard: set[Key] = field(default_factory=set)
    leases: dict[tuple[str, int], datetime] = field(default_factory=dict)
    """Until when a worker that has died holds an appointment and a rule."""

    def reminded(self) -> set[str]:
        """Addresses of those who are reminded now."""
        people = ("ben", "carl") if self.toggle else ("ben",)
        return {self.addresses[who] for who in people} - self.out

    def due(self) -> list[tuple[Visit, int]]:
        """What a worker looks at now."""
        return [
            (one, rule)
            for one in self.visits
            for rule in sorted(one.waiting)
            if one.is_booked and one.start - RULES[rule] <= self.now and not self.is_held(one, rule)
        ]

    def is_held(self, one: Visit, rule: int) -> bool:
        """By a worker that has died."""
        return self.leases.get((one.id, rule), self.now) > self.now

    def to_hear(self, one: Visit, rule: int) -> set[Key]:
        """What is to be heard of it, if a worker looks now."""
        nearer = any(other < rule and one.start - RULES[other] <= self.now for other in RULES)
        if nearer or one.start - self.now < AHEAD:
            return set()
        return {(one.id, one.start, rule, address) for address in self.reminded()}
