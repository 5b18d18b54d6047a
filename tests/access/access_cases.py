"""The table of cases in data/access_cases.yaml, read: what is the case at a moment, and what the answer must be."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph_api.access.facts import AccessFacts, AccountFacts, ClientFacts, EdgeFacts, PracticeFacts
from graph_api.access.model import AccessRule, AccountStatus, PortalAction
from graph_api.network.model import AuthorityKind, ContactAuthority, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Death
from graph_api.practices.model import ALL_FEATURES, PracticeFeature

TABLE = Path(__file__).parent / "data" / "access_cases.yaml"
PARTS = ("practice", "client", "edge", "account")
RECORDED = datetime(2020, 1, 1, tzinfo=UTC)
"""When deaths are recorded, where nothing is decided by it but what came before and what after."""
BEFORE = "before the death"
State = dict[str, Any]
"""`practice`, `client`, `edge` and `account`, as the table spells them; edge and account may be None."""


def moment(value: Any) -> datetime:
    """A moment of the table; YAML reads some as moments already, in UTC."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def features(names: list[str]) -> frozenset[PracticeFeature]:
    """By name."""
    return frozenset(PracticeFeature[name] for name in names)


@dataclass(frozen=True)
class Case:
    """A row of the table."""

    name: str
    state: State
    was: State | None
    changed: datetime | None
    is_self: bool
    actions: tuple[PortalAction, ...]
    at: datetime
    denied: AccessRule | None
    says: str

    def state_at(self, at: datetime) -> State:
        """What is the case at a moment."""
        return self.was if self.was is not None and self.changed is not None and at < self.changed else self.state


def facts_of(state: State, *, is_self: bool) -> AccessFacts:
    """A state as the facts a decision rests on."""
    practice, client, edge, account = (state[part] for part in PARTS)
    return AccessFacts(
        practice=PracticeFacts(
            practice["timeZone"], ALL_FEATURES - features(practice["without"]), practice["ageOfMajority"]
        ),
        client=ClientFacts(
            None if client["status"] is None else ClientStatus[client["status"]],
            client["birthDate"],
            features(client["without"]),
            client.get("confidentialEmail"),
            _death(client.get("deceasedOn")),
        ),
        edge=None if edge is None else _edge(edge),
        account=None if account is None else AccountFacts(AccountStatus[account["status"]], account["address"]),
        is_self=is_self,
        death=_death((client if is_self else edge or {}).get("deceasedOn")),
    )


def _death(on: date | None) -> Death | None:
    return None if on is None else Death(on, RECORDED, RECORDED)


def authority_of(edge: State) -> ContactAuthority | None:
    """An edge's authority."""
    found = edge.get("authority")
    if found is None:
        return None
    recorded_at = RECORDED + timedelta(seconds=-1 if found.get("recorded") == BEFORE else 1)
    return ContactAuthority(AuthorityKind[found["kind"]], None, found.get("endsOn"), recorded_at)


def _edge(edge: State) -> EdgeFacts:
    consent, ends_on = edge.get("adultConsentAt"), edge.get("endsOn")
    assert ends_on is None or isinstance(ends_on, date)
    terms = ContactTerms(
        relationship=Relationship[edge["relationship"]],
        portal_access=edge["portalAccess"],
        secure_messaging=edge["secureMessaging"],
        payments=edge["payments"],
        appointment_reminders=edge["appointmentReminders"],
        starts_on=edge.get("startsOn"),
        ends_on=ends_on,
        authority=authority_of(edge),
    )
    return EdgeFacts(terms, None if consent is None else moment(consent))


def _merged(base: State, changes: State) -> State:
    """`base` with a case's changes, part by part; a part that is null is nothing."""
    found = {}
    for part in PARTS:
        change = changes.get(part, {})
        found[part] = None if change is None else {**(base[part] or {}), **change}
    return found


@cache
def access_cases() -> tuple[Case, ...]:
    """All rows."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    base, found = table["base"], []
    for row in table["cases"]:
        state = _merged(base, row)
        was = None if "was" not in row else _merged(base, {**row, **_was(row)})
        found.append(
            Case(
                name=row["name"],
                state=state,
                was=was,
                changed=moment(row["changed"]) if "changed" in row else None,
                is_self=row.get("self", base["self"]),
                actions=tuple(PortalAction[name] for name in row.get("actions", base["actions"])),
                at=moment(row.get("at", base["at"])),
                denied=None if row.get("allowed") else AccessRule[row["denied"]],
                says=row.get("says", ""),
            )
        )
    return tuple(found)


def _was(row: State) -> State:
    """The parts that were different; within a part, the case's own changes but those that `was` replaces."""
    return {
        part: None if change is None else {**(row.get(part) or {}), **change} for part, change in row["was"].items()
    }
