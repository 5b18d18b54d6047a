"""Rows of cypher/access as the facts of a decision."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from graph_api.domain.access import AccountStatus
from graph_api.domain.facts import AccessFacts, AccountFacts, ClientFacts, EdgeFacts, PracticeFacts
from graph_api.domain.model import AuthorityKind, ClientStatus, ContactAuthority
from graph_api.domain.relationships import Relationship
from graph_api.repositories.rows import features_of

Values = Sequence[Any]
"""Values in the order of the statement; times and days are text, what is unknown is None."""


def practice_facts(time_zone: str, settings: Values | None) -> PracticeFacts:
    """[features, age of majority]; nothing is on where there are none."""
    if settings is None:
        return PracticeFacts(time_zone)
    return PracticeFacts(time_zone, features_of(settings[0]), settings[1])


def client_facts(values: Values) -> ClientFacts:
    """[clientStatus, birthDate, featuresOff, confidentialEmail]."""
    status, birth_date, features_off, confidential_email = values
    return ClientFacts(
        None if status is None else ClientStatus(status),
        _day(birth_date),
        features_of(features_off),
        confidential_email,
    )


def edge_facts(values: Values) -> EdgeFacts:
    """[id, relationship, toggles, dates, authority's kind and end, adultConsentAt]."""
    _, relationship, portal, messaging, payments, reminders, starts_on, ends_on, kind, until, consent = values
    return EdgeFacts(
        Relationship(relationship),
        portal_access=portal,
        secure_messaging=messaging,
        payments=payments,
        appointment_reminders=reminders,
        starts_on=_day(starts_on),
        ends_on=_day(ends_on),
        authority=None if kind is None else ContactAuthority(AuthorityKind(kind), None, _day(until)),
        adult_consent_at=None if consent is None else datetime.fromisoformat(consent),
    )


def account_facts(values: Values | None) -> AccountFacts | None:
    """[status, address]."""
    return None if values is None else AccountFacts(AccountStatus(values[0]), values[1])


def facts_from(
    practice: PracticeFacts, client: Values | None, edge: Values | None, account: Values | None, *, is_self: bool
) -> AccessFacts:
    """All of one person and client."""
    return AccessFacts(
        practice,
        None if client is None else client_facts(client),
        None if edge is None else edge_facts(edge),
        account_facts(account),
        is_self,
    )


def newest(*moments: str | None) -> datetime | None:
    """The latest of the times there are."""
    latest = max((moment for moment in moments if moment is not None), default=None)
    return None if latest is None else datetime.fromisoformat(latest)


def only(rows: Sequence[Values]) -> Values | None:
    """The one there is. Of two that would both be so at one time neither is known, and what is not known is a no."""
    return rows[0] if len(rows) == 1 else None


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
