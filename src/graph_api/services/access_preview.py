"""What access a change would give or take, by the change's own rules and the one decision, without writing (D5, D7)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.domain.access import AccountStatus, PortalAction
from graph_api.domain.decision import allowed_actions
from graph_api.domain.errors import BadRequest, NotFound, Refused, not_found
from graph_api.domain.facts import AccessFacts, AccountFacts, facts_of_edge
from graph_api.domain.ids import is_id
from graph_api.domain.model import Caller, ClientStatus, Contact, Person
from graph_api.domain.permissions import WRITERS
from graph_api.domain.records import PERSON_PROPERTIES, WHOLE_EDGE
from graph_api.domain.terms import TermsFields
from graph_api.services.contact_rules import (
    changed_contact,
    cleaned_reason,
    new_terms,
    refuse_removed,
    refuse_there,
    require_other,
)
from graph_api.services.invitations import invitation_address, opens_portal
from graph_api.services.people import open_client, refuse_stale
from graph_api.services.ports import Clock, Graph


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What one person would gain and lose for one client."""

    person: Person
    client: Person
    gained: tuple[PortalAction, ...]
    lost: tuple[PortalAction, ...]
    gained_once_accepted: tuple[PortalAction, ...]
    """Besides what is gained at once: what takes a portal account, which the person does not have yet."""


_Change = Callable[[datetime], Awaitable[list[AccessChange]]]


class AccessPreviewService:
    """Questions of one caller who might make the change."""

    def __init__(self, caller: Caller, graph: Graph, clock: Clock) -> None:
        self._caller = caller
        self._graph = graph
        self._clock = clock

    async def add_existing(self, client_id: str, person_id: str, fields: TermsFields) -> Sequence[AccessChange] | None:
        """As addExistingContact would. Here and below None is nothing of such an id.

        Raises:
            BadRequest: what the change would be refused with.
        """

        async def change(now: datetime) -> list[AccessChange]:
            terms = new_terms(fields)
            if not is_id("person", client_id):
                raise not_found("clientId")
            people = await self._people(client_id, person_id)
            client = open_client(people.get(client_id), "clientId")
            person = require_other(client, people.get(person_id), person_id)
            between = await self._graph.contacts.between([(client_id, person_id)], WHOLE_EDGE)
            refuse_there(next(map(self._graph.contact, between.values()), None), "personId")
            # Nothing tells the new edge from a stored one but its id.
            contact = Contact("", client, person, terms, self._clock.today())
            return await self._edge(None, contact, now)

        return await self._answer(change)

    async def update(
        self, contact_id: str, expected_version: int, changes: TermsFields
    ) -> Sequence[AccessChange] | None:
        """As updateContact would."""

        async def change(now: datetime) -> list[AccessChange]:
            before = await self._contact(contact_id, expected_version)
            return await self._edge(before, changed_contact(before, changes), now)

        return await self._answer(change)

    async def remove(self, contact_id: str, expected_version: int, reason: str | None) -> Sequence[AccessChange] | None:
        """As removeContact would."""

        async def change(now: datetime) -> list[AccessChange]:
            cleaned_reason(reason)
            before = await self._contact(contact_id, expected_version)
            refuse_removed(before)
            return await self._edge(before, replace(before, removed_at=now), now)

        return await self._answer(change)

    async def client_status(
        self, person_id: str, expected_version: int, status: ClientStatus
    ) -> Sequence[AccessChange] | None:
        """As setClientStatus would, for the client and each contact."""

        async def change(now: datetime) -> list[AccessChange]:
            if not is_id("person", person_id):
                raise not_found("personId")
            possible = await self._graph.access.of_client(person_id)
            if not possible:
                raise not_found("personId")
            refuse_stale(possible[0].client, expected_version)
            found = []
            for row in possible:
                if row.facts.client is not None:
                    after = replace(row.facts, client=replace(row.facts.client, status=status))
                    found.append(_change(row.person, row.client, row.facts, after, now))
            return found

        return await self._answer(change)

    async def _answer(self, change: _Change) -> Sequence[AccessChange] | None:
        """The changes that there are, if the caller may make them."""
        if self._caller.role not in WRITERS.roles:
            return None
        try:
            found = await change(self._clock.now())
        except Refused as refusal:
            first = refusal.errors[0]
            if isinstance(first, NotFound):
                return None
            raise BadRequest(first.code.value, first.message) from None
        changes = [one for one in found if one.gained or one.lost or one.gained_once_accepted]
        self._graph.shown.update([person.id for one in changes for person in (one.person, one.client)])
        return changes

    async def _people(self, *ids: str) -> dict[str, Person]:
        records = await self._graph.people.records(
            [wanted for wanted in ids if is_id("person", wanted)], PERSON_PROPERTIES
        )
        return {person_id: self._graph.person(records[person_id]) for person_id in ids if person_id in records}

    async def _contact(self, contact_id: str, expected_version: int) -> Contact:
        if not is_id("contact", contact_id):
            raise not_found("contactId")
        edge = (await self._graph.contacts.records([contact_id], WHOLE_EDGE)).get(contact_id)
        if edge is None:
            raise not_found("contactId")
        contact = self._graph.contact(edge)
        refuse_stale(contact, expected_version)
        return contact

    async def _edge(self, before: Contact | None, after: Contact, now: datetime) -> list[AccessChange]:
        """From the edge there is, if any, to `after`, which may be removed.

        Whoever has no account must have an address to be invited at; whether it is somebody else's the change tells.
        """
        facts = (await self._graph.access.pair(after.person.id, after.client.id)).facts
        had = before is not None and opens_portal(before)
        if facts.account is None and opens_portal(after) and not had:
            invitation_address(after.person)
        return [_change(after.person, after.client, facts, replace(facts, edge=facts_of_edge(after)), now)]


def _change(person: Person, client: Person, before: AccessFacts, after: AccessFacts, now: datetime) -> AccessChange:
    was, will = set(allowed_actions(before, now)), set(allowed_actions(after, now))
    could, can = set(allowed_actions(_with_account(before), now)), set(allowed_actions(_with_account(after), now))
    return AccessChange(
        person,
        client,
        gained=_in_order(will - was),
        lost=_in_order(was - will),
        gained_once_accepted=_in_order(can - could - will),
    )


def _with_account(facts: AccessFacts) -> AccessFacts:
    """As it will be once whoever has no account has accepted an invitation; one that is disabled stays so."""
    return facts if facts.account is not None else replace(facts, account=AccountFacts(AccountStatus.ACTIVE))


def _in_order(actions: set[PortalAction]) -> tuple[PortalAction, ...]:
    return tuple(action for action in PortalAction if action in actions)
