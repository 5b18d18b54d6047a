"""A second opinion about who may act for whom: a plain model, written from the rules and not from the product.

It keeps every state there was with the moment it began, and looks the past up.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

PARENTS = {
    "PARENT",
    "NATURAL_PARENT",
    "ADOPTIVE_PARENT",
    "FOSTER_PARENT",
    "STEP_PARENT",
    "GUARDIAN",
    "GUARDIAN_AD_LITEM",
}
NEEDS = {
    "VIEW_PORTAL": ({"PORTAL"}, None),
    "READ_SECURE_MESSAGES": ({"PORTAL", "MESSAGING"}, "secureMessaging"),
    "SEND_SECURE_MESSAGE": ({"PORTAL", "MESSAGING"}, "secureMessaging"),
    "VIEW_BALANCE": ({"PORTAL", "PAYMENTS"}, "payments"),
    "MAKE_PAYMENT": ({"PORTAL", "PAYMENTS"}, "payments"),
    "VIEW_APPOINTMENTS": ({"PORTAL", "SCHEDULING"}, None),
    "SCHEDULE_APPOINTMENT": ({"PORTAL", "SCHEDULING"}, None),
    "RECEIVE_APPOINTMENT_REMINDERS": ({"REMINDERS"}, "appointmentReminders"),
}
"""By hand, as all that the model says; `test_the_model_knows_all_there_is` misses what is not here."""
ACTIONS = tuple(NEEDS)
REMINDERS = "RECEIVE_APPOINTMENT_REMINDERS"
FEATURES = ("PORTAL", "MESSAGING", "PAYMENTS", "SCHEDULING", "REMINDERS")


@dataclass(frozen=True)
class Edge:
    """What the client's network says of the contact."""

    relationship: str = "PARENT"
    toggles: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None
    authority: tuple[date | None] | None = None
    """(its last day,); None: there is none."""
    represents: bool = False
    """It is a personal representative's."""
    since_death: bool = False
    """The authority was recorded after the client's death was."""
    consent_on: date | None = None
    """The day on which it was recorded, where the practice is."""


@dataclass(frozen=True)
class World:
    """All that a decision may depend on."""

    features: frozenset[str] = frozenset(FEATURES)
    majority: int = 18
    status: str = "ACTIVE"
    born: date | None = None
    client_off: frozenset[str] = frozenset()
    confidential: str | None = None
    edge: Edge | None = None
    account: str | None = None
    """ACTIVE, DISABLED, or none."""
    address: str = "sam@example.org"
    own_account: str | None = None
    died: bool = False
    contact_died: bool = False


def comes_of_age(born: date, age: int) -> date:
    """29 February: the day after 28 February, where there is none."""
    if (born.month, born.day) == (2, 29):
        return date(born.year + age, 2, 28) + timedelta(days=1)
    return date(born.year + age, born.month, born.day)


def may(world: World, action: str, day: date, *, themselves: bool) -> bool:
    """Whether the contact, or the client themselves, may do it on a day."""
    features, toggle = NEEDS[action]
    if not features <= world.features - world.client_off or world.status == "ARCHIVED":
        return False
    if themselves:
        return not world.died and _by_themselves(world, action)
    return not world.contact_died and _by_the_edge(world, action, toggle, day)


def _by_themselves(world: World, action: str) -> bool:
    return action == REMINDERS or world.own_account == "ACTIVE"


def _by_the_edge(world: World, action: str, toggle: str | None, day: date) -> bool:
    edge = world.edge
    if edge is None or (toggle is not None and toggle not in edge.toggles):
        return False
    if (edge.starts_on or day) > day or (edge.ends_on or day) < day:
        return False
    if world.account is not None and world.confidential == world.address:
        return False
    if world.died and not _represents(edge, day):
        return False
    if action == REMINDERS:
        return True
    may_enter = "portalAccess" in edge.toggles and world.account == "ACTIVE"
    return may_enter and (world.died or _of_age_allows(world, edge, day))


def _represents(edge: Edge, day: date) -> bool:
    """Only an authority of this kind outlasts the client, and only one that was recorded since."""
    counts = edge.authority is not None and edge.represents and edge.since_death
    return counts and edge.authority is not None and (edge.authority[0] or day) >= day


def _of_age_allows(world: World, edge: Edge, day: date) -> bool:
    """A parent or guardian of somebody who is, or may be, of age needs consent or an authority."""
    if edge.relationship not in PARENTS:
        return True
    adult_on = None if world.born is None else comes_of_age(world.born, world.majority)
    if adult_on is not None and day < adult_on:
        return True
    if edge.consent_on is not None and (adult_on is None or edge.consent_on >= adult_on):
        return True
    return edge.authority is not None and not edge.represents and (edge.authority[0] or day) >= day


@dataclass
class Model:
    """The world as it is, and as it was."""

    zone: ZoneInfo
    now: datetime
    world: World = field(default_factory=World)
    past: list[tuple[datetime, World]] = field(default_factory=list)
    """Each world with the moment from which on it was so."""

    def __post_init__(self) -> None:
        self.past.append((self.now, self.world))

    def change(self, **changes: object) -> None:
        """From now on."""
        self.world = replace(self.world, **changes)  # type: ignore[arg-type]
        self.past.append((self.now, self.world))

    def change_edge(self, **changes: object) -> None:
        """The edge, from now on; consent goes when portal access does."""
        assert self.world.edge is not None
        edge = replace(self.world.edge, **changes)  # type: ignore[arg-type]
        if "portalAccess" not in edge.toggles:
            edge = replace(edge, consent_on=None)
        self.change(edge=edge)

    def day(self, at: datetime) -> date:
        """The practice's day."""
        return at.astimezone(self.zone).date()

    def world_at(self, at: datetime) -> World:
        """What was so then; for a moment to come, what is so now."""
        return [world for since, world in self.past if since <= at][-1]

    def expected(self, at: datetime, *, themselves: bool = False) -> list[str]:
        """All that may be done."""
        world = self.world_at(at)
        return [action for action in ACTIONS if may(world, action, self.day(at), themselves=themselves)]
