"""Previews a change: what it would answer, and what access it would give or take (D5, D7).

The change itself is run, with its own checks, where nothing is locked or written. So a preview can't say anything else.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from graph_api.access.decision import allowed_actions
from graph_api.access.facts import AccessFacts, AccountFacts, facts_of_client, facts_of_edge
from graph_api.access.grants import PossibleGrant
from graph_api.access.graph.decisions import AccessReads
from graph_api.access.model import AccountStatus, PortalAction
from graph_api.kernel.door import nobody
from graph_api.kernel.errors import MutationError, MutationWarning
from graph_api.kernel.scope import Scope
from graph_api.kernel.shown import people_in
from graph_api.kernel.unit import Outcome, Request
from graph_api.network.commands import ContactService
from graph_api.network.model import Contact
from graph_api.network.terms import ContactFields, TermsFields
from graph_api.people.commands import PersonService
from graph_api.people.deaths import DeathFields
from graph_api.people.model import ClientStatus, Person
from graph_api.portal.deaths import DeathService, facts_after


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What one person would gain and lose for one client."""

    person: Person
    client: Person
    gained: tuple[PortalAction, ...]
    lost: tuple[PortalAction, ...]
    gained_once_accepted: tuple[PortalAction, ...]
    """Besides what is gained at once: what a portal account would give that an invitation opens, or opens again."""

    @property
    def is_any(self) -> bool:
        """Whether anything changes."""
        return bool(self.gained or self.lost or self.gained_once_accepted)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a change would answer, and do to access."""

    errors: tuple[MutationError, ...] = ()
    warnings: tuple[MutationWarning, ...] = ()
    access: tuple[AccessChange, ...] = ()
    """Each person for whom something changes."""


Entity = TypeVar("Entity", Contact, Person)


class AccessPreviewService:
    """Questions of one caller who might make the change."""

    def __init__(self, scope: Scope) -> None:
        self._graph = scope.graph
        self._clock = scope.clock
        self._rehearsing = scope.rehearsal

    async def add_existing(self, request: Request, client_id: str, person_id: str, fields: TermsFields) -> Rehearsal:
        """As addExistingContact would."""
        outcome = await self._rehearsing()[ContactService].add_existing(request, client_id, person_id, fields)
        return await self._rehearsed(outcome, self._of_edge)

    async def update(
        self, request: Request, contact_id: str, expected_version: int, changes: ContactFields
    ) -> Rehearsal:
        """As updateContact would."""
        outcome = await self._rehearsing()[ContactService].update(request, contact_id, expected_version, changes)
        return await self._rehearsed(outcome, self._of_edge)

    async def remove(self, request: Request, contact_id: str, expected_version: int, reason: str | None) -> Rehearsal:
        """As removeContact would."""
        outcome = await self._rehearsing()[ContactService].remove(request, contact_id, expected_version, reason)
        return await self._rehearsed(outcome, self._of_edge)

    async def client_status(
        self, request: Request, person_id: str, expected_version: int, status: ClientStatus
    ) -> Rehearsal:
        """As setClientStatus would, for the client and each contact."""
        outcome = await self._rehearsing()[PersonService].set_client_status(
            request, person_id, expected_version, status
        )
        return await self._rehearsed(outcome, self._of_client)

    async def deceased(self, request: Request, person_id: str, expected_version: int, fields: DeathFields) -> Rehearsal:
        """As setDeceased, for everybody who acts for the person and everybody the person acts for."""
        outcome = await self._rehearsing()[DeathService].set_deceased(request, person_id, expected_version, fields)
        return await self._rehearsed(outcome, self._of_death)

    async def _rehearsed(
        self,
        outcome: Outcome[Entity],
        changes: Callable[[Entity, datetime], Awaitable[Sequence[AccessChange]]],
    ) -> Rehearsal:
        found = [] if outcome.entity is None else await changes(outcome.entity, self._clock.now())
        access = tuple(change for change in found if change.is_any)
        self._graph.door.show([person.id for one in access for person in (one.person, one.client)])
        self._graph.door.show(people_in(outcome.errors, outcome.warnings))
        return Rehearsal(outcome.errors, outcome.warnings, access)

    async def _of_edge(self, after: Contact, now: datetime) -> list[AccessChange]:
        """From the edge there is, if any, to `after`, which may be removed."""
        facts = (await self._graph[AccessReads].pair(after.person.id, after.client.id)).facts
        # Where there is no edge yet, nothing was read of whoever it will lead to.
        will = replace(facts, edge=facts_of_edge(after), death=after.person.death)
        return [_change(after.person, after.client, facts, will, now)]

    async def _of_client(self, after: Person, now: datetime) -> list[AccessChange]:
        """From what decides about the client now to `after`, for them and for each contact."""
        client = facts_of_client(after)

        def changes(grants: Sequence[PossibleGrant]) -> list[AccessChange]:
            return [
                _change(row.person, row.client, row.facts, replace(row.facts, client=client), now) for row in grants
            ]

        return self._graph.door.keep(await self._graph[AccessReads].of_client(after.id), changes, nobody)

    async def _of_death(self, after: Person, now: datetime) -> list[AccessChange]:
        """From what decides about the person's networks now to what does when they are as `after` says."""

        def changes(grants: Sequence[PossibleGrant]) -> list[AccessChange]:
            return [
                _change(grant.person, grant.client, grant.facts, facts_after(grant, after), now) for grant in grants
            ]

        def of_others(grants: Sequence[PossibleGrant]) -> list[AccessChange]:
            return changes([grant for grant in grants if grant.contact_id is not None])

        reads, door = self._graph[AccessReads], self._graph.door
        of_client = door.keep(await reads.of_client(after.id), changes, nobody)
        return of_client + door.keep(await reads.of_person(after.id), of_others, nobody)


def _change(person: Person, client: Person, before: AccessFacts, after: AccessFacts, now: datetime) -> AccessChange:
    was, will = set(allowed_actions(before, now)), set(allowed_actions(after, now))
    could, can = (set(allowed_actions(_once_accepted(facts, person), now)) for facts in (before, after))
    return AccessChange(
        person,
        client,
        gained=_in_order(will - was),
        lost=_in_order(was - will),
        gained_once_accepted=_in_order(can - could - will),
    )


def _once_accepted(facts: AccessFacts, person: Person) -> AccessFacts:
    """As it will be once the person has accepted an invitation, which opens an account or opens theirs again.

    A person without an account is invited at their first address; without an address they can't be.
    """
    account = facts.account
    if account is None:
        own = (person.confidential_email,) if facts.is_self else ()
        address = next((one for one in (*own, *person.emails) if one is not None), None)
        account = None if address is None else AccountFacts(AccountStatus.ACTIVE, address)
    elif account.status is AccountStatus.DISABLED:
        account = replace(account, status=AccountStatus.ACTIVE)
    return replace(facts, account=account)


def _in_order(actions: set[PortalAction]) -> tuple[PortalAction, ...]:
    return tuple(action for action in PortalAction if action in actions)
