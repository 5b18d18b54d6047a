"""Rows of cypher/access as the facts of a decision."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from graph_api.access.facts import AccessFacts, AccountFacts, ClientFacts, EdgeFacts, PracticeFacts
from graph_api.access.graph.names import ACCOUNT_FACTS, CLIENT_FACTS, EDGE_FACTS
from graph_api.people.model import Death
from graph_api.practices.graph import SETTINGS

Values = Sequence[Any]
"""Values in the order of the names asked for; times and days are text, what is unknown is None."""
Named = Mapping[str, Any]
"""The same by name."""


def named(names: Sequence[str], values: Values) -> dict[str, Any]:
    """Values with the names that were asked for."""
    return dict(zip(names, values, strict=True))


def only(names: Sequence[str], rows: Sequence[Values]) -> dict[str, Any] | None:
    """The one there is. Of two that would both be so at one time neither is known, and what is not known is a no."""
    return named(names, rows[0]) if len(rows) == 1 else None


def practice_facts(time_zone: str, settings: Values | None) -> PracticeFacts:
    """Nothing is on where there are no settings."""
    if settings is None:
        return PracticeFacts(time_zone)
    found = SETTINGS.of(settings)
    return PracticeFacts(time_zone, found.features, found.age_of_majority)


def client_facts(client: Named) -> ClientFacts:
    """The client's part, with their death."""
    return CLIENT_FACTS.read(client, death=death_facts(client))


def death_facts(person: Named) -> Death | None:
    """Whether somebody has died; when that was last corrected decides nothing."""
    on, recorded_at = person["deceasedOn"], person["deceasedRecordedAt"]
    if on is None or recorded_at is None:
        return None
    moment = datetime.fromisoformat(recorded_at)
    return Death(date.fromisoformat(on), moment, moment)


def death_of(names: Sequence[str], rows: Sequence[Values]) -> dict[str, Any]:
    """Of a moment in the past: none, or the latest; of two that would both be so neither makes anybody alive."""
    nothing = dict.fromkeys(names)
    return max((named(names, row) for row in rows), key=lambda row: str(row["deceasedRecordedAt"]), default=nothing)


def edge_facts(edge: Named) -> EdgeFacts:
    """The edge, without the terms that were not asked for."""
    return EDGE_FACTS.read(edge)


def account_facts(account: Named | None) -> AccountFacts | None:
    """None where there is no account."""
    return None if account is None else ACCOUNT_FACTS.read(account)


def facts_from(
    practice: PracticeFacts,
    client: Named | None,
    edge: Named | None,
    account: Named | None,
    *,
    contact: Named | None = None,
    is_self: bool = False,
) -> AccessFacts:
    """All of one person and client; `contact` says of the person whom an edge leads to whether they have died."""
    found = None if client is None else client_facts(client)
    own = found.death if found is not None and is_self else None
    return AccessFacts(
        practice,
        found,
        None if edge is None else edge_facts(edge),
        account_facts(account),
        is_self,
        own if contact is None else death_facts(contact),
    )


def newest(*moments: str | None) -> datetime | None:
    """The latest of the times there are."""
    latest = max((moment for moment in moments if moment is not None), default=None)
    return None if latest is None else datetime.fromisoformat(latest)


def account_key(practice_id: str, person_id: str) -> str:
    """Under which a person has one account at most."""
    return f"{practice_id}|{person_id}"
