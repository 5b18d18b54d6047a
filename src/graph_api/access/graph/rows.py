"""Rows of cypher/access as the facts of a decision."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from graph_api.access.facts import AccessFacts, AccountFacts, ClientFacts, EdgeFacts, PracticeFacts
from graph_api.access.model import AccountStatus
from graph_api.network.model import AuthorityKind, ContactAuthority
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Death
from graph_api.practices.graph import features_of

Values = Sequence[Any]
"""Values in the order of the statement; times and days are text, what is unknown is None."""


def practice_facts(time_zone: str, settings: Values | None) -> PracticeFacts:
    """[features, age of majority]; nothing is on where there are none."""
    if settings is None:
        return PracticeFacts(time_zone)
    return PracticeFacts(time_zone, features_of(settings[0]), settings[1])


def client_facts(values: Values) -> ClientFacts:
    """[clientStatus, birthDate, featuresOff, confidentialEmail, and their death's two]."""
    status, birth_date, features_off, confidential_email, *death = values
    return ClientFacts(
        None if status is None else ClientStatus(status),
        _day(birth_date),
        features_of(features_off),
        confidential_email,
        death_facts(death),
    )


def death_facts(values: Values) -> Death | None:
    """[deceasedOn, deceasedRecordedAt]; when it was last corrected decides nothing."""
    on, recorded_at = values
    if on is None or recorded_at is None:
        return None
    moment = datetime.fromisoformat(recorded_at)
    return Death(date.fromisoformat(on), moment, moment)


def death_of(rows: Sequence[Values]) -> Values:
    """Of a moment in the past: none, or the latest; of two that would both be so neither makes anybody alive."""
    return max(rows, key=lambda row: str(row[1]), default=(None, None))


def edge_facts(values: Values) -> EdgeFacts:
    """[id, relationship, toggles, dates, authority's kind and end, adultConsentAt, authorityRecordedAt, ...]."""
    _, relationship, portal, messaging, payments, reminders, starts_on, ends_on, kind, until, consent, recorded, *_ = (
        values
    )
    return EdgeFacts(
        Relationship(relationship),
        portal_access=portal,
        secure_messaging=messaging,
        payments=payments,
        appointment_reminders=reminders,
        starts_on=_day(starts_on),
        ends_on=_day(ends_on),
        authority=None if kind is None else ContactAuthority(AuthorityKind(kind), None, _day(until), _moment(recorded)),
        adult_consent_at=_moment(consent),
    )


def account_facts(values: Values | None) -> AccountFacts | None:
    """[status, address]."""
    return None if values is None else AccountFacts(AccountStatus(values[0]), values[1])


def facts_from(
    practice: PracticeFacts, client: Values | None, edge: Values | None, account: Values | None, *, is_self: bool
) -> AccessFacts:
    """All of one person and client; an edge ends with the death of whoever it leads to."""
    found = None if client is None else client_facts(client)
    own = found.death if found is not None and is_self else None
    return AccessFacts(
        practice,
        found,
        None if edge is None else edge_facts(edge),
        account_facts(account),
        is_self,
        own if edge is None else death_facts(edge[-2:]),
    )


def newest(*moments: str | None) -> datetime | None:
    """The latest of the times there are."""
    latest = max((moment for moment in moments if moment is not None), default=None)
    return None if latest is None else datetime.fromisoformat(latest)


def only(rows: Sequence[Values]) -> Values | None:
    """The one there is. Of two that would both be so at one time neither is known, and what is not known is a no."""
    return rows[0] if len(rows) == 1 else None


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def account_key(practice_id: str, person_id: str) -> str:
    """Under which a person has one account at most."""
    return f"{practice_id}|{person_id}"
