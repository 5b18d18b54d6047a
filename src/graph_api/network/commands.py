"""A client's contact network: add, change, remove (S1-S18, D2-D4, D6, D11, D12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.kernel.errors import Refused, invalid, not_found, refuse_stale
from graph_api.kernel.flights import together
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import clean_reason
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.network.audit import audited_contact
from graph_api.network.changes import EdgeChanged, EdgeRemoved
from graph_api.network.checks import (
    added_contact,
    changed_contact,
    new_terms,
    refuse_removed,
    refuse_there,
    require_other,
)
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.matching import candidates_for
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.terms import ContactFields, TermsFields, apply_terms
from graph_api.people.audit import audited_new_person
from graph_api.people.commands import NewPerson, PersonService, open_client, refuse_archived, require_client
from graph_api.people.fields import PersonFields
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.matching import find_alike, refuse_duplicates, require_rejected
from graph_api.people.model import Person


@dataclass(frozen=True, slots=True)
class NewContact:
    """A new person and the terms of their edge, checked."""

    new: NewPerson
    terms: ContactTerms


class ContactService:
    """Mutations of edges."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._people = scope[PersonService]

    async def _create(
        self,
        tx: Transaction,
        action: str,
        contact_id: str,
        client: Person,
        person: Person,
        terms: ContactTerms,
        now: datetime,
    ) -> Outcome[Contact]:
        """Write the edge from client to contact, never one back (S7)."""
        contact = added_contact(contact_id, client, person, terms, self._unit.clock.today(), tx.stamp())
        await tx[ContactWrites].create([contact])
        told = await self._unit.tell(tx, EdgeChanged(contact, None), now)
        return Outcome(
            contact, warnings=told.warnings, events=(audited_contact(EventKind(action), None, contact), *told.events)
        )

    async def add_new(
        self,
        request: Request,
        client_id: str,
        fields: PersonFields,
        not_duplicate_of: Sequence[str],
        terms_fields: TermsFields,
    ) -> Outcome[Contact]:
        """Add someone who is not in the system yet (S16); refused with candidates if they may be (S18, D9)."""
        new_contact_id = new_id("contact")

        def check() -> NewContact:
            problems = Problems()
            new = self._people.check_new(fields, not_duplicate_of, problems)
            terms = apply_terms(None, terms_fields, problems)
            problems.refuse()
            return NewContact(new, terms)

        async def change(tx: Transaction, plan: NewContact, now: datetime) -> Outcome[Contact]:
            new = plan.new
            client, _, alike = await together(
                require_client(tx, client_id, "clientId"),
                require_rejected(tx, new.rejected),
                find_alike(tx, new.person),
            )
            candidates = candidates_for(client, plan.terms)
            shared = await refuse_duplicates(tx, new.person, alike, new.rejected, candidates)
            person = await self._people.create(tx, plan.new, None)
            outcome = await self._create(tx, request.mutation, new_contact_id, client, person, plan.terms, now)
            added = audited_new_person(EventKind(request.mutation), person, plan.new.rejected)
            return replace(outcome, warnings=(*shared, *outcome.warnings), events=(added, *outcome.events))

        return await self._unit.run(request, check, change, reload_contact)

    async def add_existing(
        self, request: Request, client_id: str, person_id: str, terms_fields: TermsFields
    ) -> Outcome[Contact]:
        """Add someone who is in the system, as a contact or a client (S6)."""
        new_contact_id = new_id("contact")

        async def change(tx: Transaction, terms: ContactTerms, now: datetime) -> Outcome[Contact]:
            if not is_id("person", client_id):
                raise not_found("clientId")
            if terms.portal_access:
                await tx[PersonWrites].lock(
                    client_id, person_id
                )  # the contact too, whose invitations or account it concerns
            found = await tx[ContactWrites].lock_for_adding(client_id, person_id)
            client = open_client(found.client, "clientId")
            person = require_other(client, found.person, person_id)
            refuse_there(found.existing, "personId")
            return await self._create(tx, request.mutation, new_contact_id, client, person, terms, now)

        return await self._unit.run(request, lambda: new_terms(terms_fields), change, reload_contact)

    async def add_reciprocal(self, request: Request, contact_id: str, terms_fields: TermsFields) -> Outcome[Contact]:
        """Add the client of an edge to its contact's own network, on terms of its own (S8, D11)."""
        new_contact_id = new_id("contact")

        async def change(tx: Transaction, terms: ContactTerms, now: datetime) -> Outcome[Contact]:
            forward = await locked_contact(tx, contact_id)
            refuse_removed(forward)
            if not forward.person.is_client:
                message = "This contact is not a client and has no contact network. Make them a client first."
                raise Refused([invalid("contact.notClient", message, "contactId")])
            refuse_archived(forward.person.client_status, "contactId")
            await _refuse_existing(tx, forward.person, forward.client, "contactId")
            return await self._create(tx, request.mutation, new_contact_id, forward.person, forward.client, terms, now)

        return await self._unit.run(request, lambda: new_terms(terms_fields), change, reload_contact)

    async def update(
        self, request: Request, contact_id: str, expected_version: int, changes: ContactFields
    ) -> Outcome[Contact]:
        """Change the terms of an edge; the old ones are kept beside it."""

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Contact]:
            before = await locked_contact(tx, contact_id, expected_version)
            at = tx.stamp()
            after = changed_contact(before, changes, at)
            if after == before:
                return Outcome(before)
            after = replace(after, version=before.version + 1, updated_at=at)
            await tx[ContactWrites].replace(before, after)
            told = await self._unit.tell(tx, EdgeChanged(after, before, ("changes",)), now)
            events = (audited_contact(EventKind(request.mutation), before, after), *told.events)
            return Outcome(after, warnings=told.warnings, events=events)

        return await self._unit.run(request, unchecked, change, reload_contact)

    async def remove(
        self, request: Request, contact_id: str, expected_version: int, reason: str | None
    ) -> Outcome[Contact]:
        """End an edge; the person and what they did stay (D6)."""

        async def change(tx: Transaction, cleaned: str | None, now: datetime) -> Outcome[Contact]:
            before = await locked_contact(tx, contact_id, expected_version)
            refuse_removed(before)
            at = tx.stamp()
            await tx[ContactWrites].remove(before, at, cleaned)
            told = await self._unit.tell(tx, EdgeRemoved(before), now)
            removed = replace(before, version=before.version + 1, updated_at=at, removed_at=at, removal_reason=cleaned)
            events = (audited_contact(EventKind(request.mutation), before, removed), *told.events)
            return Outcome(removed, warnings=told.warnings, events=events)

        return await self._unit.run(request, lambda: clean_reason(reason), change, reload_contact)


async def locked_contact(tx: Transaction, contact_id: str, expected_version: int | None = None) -> Contact:
    """The edge, read under the locks of both its people.

    The people are locked and not the edge: a lock on an edge does not hold against its removal. Its ends never
    change, so they can be read before.
    """
    if not is_id("contact", contact_id):
        raise not_found("contactId")
    seen = await tx[ContactWrites].by_id(contact_id)
    if seen is None:
        raise not_found("contactId")
    await tx[PersonWrites].lock(seen.client.id, seen.person.id)
    contact = await tx[ContactWrites].by_id(contact_id)
    if contact is None:
        raise not_found("contactId")
    if expected_version is not None:
        refuse_stale(contact, expected_version)
    return contact


async def _refuse_existing(tx: Transaction, client: Person, person: Person, *path: str) -> None:
    refuse_there(await tx[ContactWrites].between(client.id, person.id), *path)


async def reload_contact(tx: Transaction, contact_id: str) -> Contact | None:
    """For a replay; a contact that was removed since is shown as such."""
    return await tx[ContactWrites].by_id(contact_id)
