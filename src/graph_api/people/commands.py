"""Clients, and people's own fields (S2, D1, D7, D9, D10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.kernel.errors import (
    InvalidInput,
    MutationWarning,
    Refused,
    invalid,
    not_found,
    refuse_stale,
)
from graph_api.kernel.flights import together
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.audit import audited_new_person, audited_person
from graph_api.people.changes import ClientStatusChanged, ContactPointsChanged
from graph_api.people.duplicates import judge, match_keys
from graph_api.people.fields import PersonFields, PersonRules, apply_person_fields
from graph_api.people.graph.facts import keep_client_facts
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.matching import (
    MAX_SHARING,
    check_rejected,
    find_alike,
    refuse_duplicates,
    refuse_taken_external_ids,
    require_rejected,
    sharing_warnings,
)
from graph_api.people.model import ClientStatus, Person


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person that passed the checks, and whom staff said they are not."""

    person: Person
    rejected: tuple[str, ...]


class PersonService:
    """Mutations of people."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    @property
    def rules(self) -> PersonRules:
        """What a person's fields are checked against."""
        return PersonRules(self._unit.clock.today(), self._unit.caller.practice.region)

    def check_new(self, fields: PersonFields, not_duplicate_of: Sequence[str], problems: Problems) -> NewPerson:
        """The person `fields` describe, with a fresh id; problems below `person`."""
        person = apply_person_fields(Person(id=new_id("person")), fields, self.rules, problems, ("person",))
        return NewPerson(person, check_rejected(not_duplicate_of, problems))

    async def create(self, tx: Transaction, new: NewPerson, client_status: ClientStatus | None) -> Person:
        """Write a person whom `refuse_duplicates` let pass, and staff's verdicts about them."""
        at = tx.stamp()
        since = None if client_status is None else at
        person = replace(new.person, client_status=client_status, access_since=since, created_at=at, updated_at=at)
        await tx[PersonWrites].create([person])
        if new.rejected:
            others = tuple(dict.fromkeys(new.rejected))
            await tx[PersonWrites].reject_duplicates(person.id, others, self._unit.caller.subject, at)
        return person

    async def add_client(
        self, request: Request, fields: PersonFields, not_duplicate_of: Sequence[str]
    ) -> Outcome[Person]:
        """A new ACTIVE client; refused when they are in the system already (D9)."""

        def check() -> NewPerson:
            problems = Problems()
            new = self.check_new(fields, not_duplicate_of, problems)
            problems.refuse()
            return new

        async def change(tx: Transaction, new: NewPerson, now: datetime) -> Outcome[Person]:
            _, alike = await together(require_rejected(tx, new.rejected), find_alike(tx, new.person))
            warnings = await refuse_duplicates(tx, new.person, alike, new.rejected)
            person = await self.create(tx, new, ClientStatus.ACTIVE)
            events = (audited_new_person(EventKind(request.mutation), person, new.rejected),)
            return Outcome(person, warnings=warnings, events=events)

        return await self._unit.run(request, check, change, reload_person)

    async def update(
        self, request: Request, person_id: str, expected_version: int, changes: PersonFields
    ) -> Outcome[Person]:
        """Change a person's own fields."""

        def check() -> None:
            if not is_id("person", person_id):
                raise not_found("personId")

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Person]:
            before = await locked_person(tx, person_id, expected_version)
            problems = Problems()
            after = apply_person_fields(before, changes, self.rules, problems, ("changes",))
            problems.refuse()
            if after == before:
                return Outcome(before)
            tx[PersonWrites].lock_match_keys(match_keys(after))
            added = [known for known in after.external_ids if known not in before.external_ids]
            _, warnings = await together(
                refuse_taken_external_ids(tx, after, added, "changes"), self._shared(tx, before, after)
            )
            await tx.hold()  # where there was nothing to read
            after = replace(after, version=before.version + 1, updated_at=tx.stamp())
            if after.birth_date != before.birth_date:
                after = await supersede_client(tx, before, after)
            elif before.is_client and before.access_since is None:
                after = replace(after, access_since=before.updated_at)  # known since then, as before this change
            await tx[PersonWrites].update(before, after)
            told = await self._unit.tell(tx, ContactPointsChanged(before, after, ("changes", "emails")), now)
            events = (audited_person(EventKind(request.mutation), before, after), *told.events)
            return Outcome(after, warnings=(*warnings, *told.warnings), events=events)

        return await self._unit.run(request, check, change, reload_person)

    @staticmethod
    async def _shared(tx: Transaction, before: Person, after: Person) -> tuple[MutationWarning, ...]:
        """Warnings of people who share the new contact points, except those staff rejected as duplicates (D9)."""
        gained = set(match_keys(after)) - set(match_keys(before))
        if not gained:
            return ()
        rejected, sharing = await together(
            tx[PersonWrites].rejected_duplicates(after.id),
            tx[PersonWrites].sharing_match_keys(gained, MAX_SHARING),
        )
        verdict = judge(after, sharing, rejected=rejected)
        return sharing_warnings((*(match.person for match in verdict.matches), *verdict.sharing), "changes")

    async def set_client_status(
        self, request: Request, person_id: str, expected_version: int, status: ClientStatus
    ) -> Outcome[Person]:
        """Make a person a client, or change what kind of client they are (D1, D7)."""

        def check() -> None:
            if not is_id("person", person_id):
                raise not_found("personId")

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Person]:
            before = await locked_person(tx, person_id, expected_version)
            if before.client_status is status:
                return Outcome(before)
            after = replace(
                before,
                client_status=status,
                version=before.version + 1,
                updated_at=tx.stamp(),
            )
            after = await supersede_client(tx, before, after)
            await tx[PersonWrites].update(before, after)
            told = await self._unit.tell(tx, ClientStatusChanged(before, after), now)
            events = (audited_person(EventKind(request.mutation), before, after), *told.events)
            return Outcome(after, warnings=told.warnings, events=events)

        return await self._unit.run(request, check, change, reload_person)


async def supersede_client(tx: Transaction, before: Person, after: Person) -> Person:
    """`after`, with its access facts dated from its last change; a client's earlier facts are kept (D5)."""
    if not after.is_client or after.updated_at is None:
        return after
    await keep_client_facts(tx, before, after.updated_at)
    return replace(after, access_since=after.updated_at)


async def locked_person(tx: Transaction, person_id: str, expected_version: int) -> Person:
    """The person, read under their lock.

    Raises:
        Refused: NotFound, or VersionConflict.
    """
    await tx[PersonWrites].lock(person_id)
    person = (await tx[PersonWrites].by_ids(person_id)).get(person_id)
    if person is None:
        raise not_found("personId")
    refuse_stale(person, expected_version)
    return person


async def reload_person(tx: Transaction, person_id: str) -> Person | None:
    """For a replay."""
    return (await tx[PersonWrites].by_ids(person_id)).get(person_id)


async def require_client(tx: Transaction, client_id: str, *path: str) -> Person:
    """The client, locked.

    Raises:
        Refused: NotFound, or InvalidInput client.archived (D7).
    """
    if not is_id("person", client_id):
        raise not_found(*path)
    await tx[PersonWrites].lock(client_id)
    return open_client((await tx[PersonWrites].by_ids(client_id)).get(client_id), *path)


def open_client(client: Person | None, *path: str) -> Person:
    """The client, if people can be added to their network.

    Raises:
        Refused: NotFound, or InvalidInput client.archived (D7).
    """
    if client is None or not client.is_client:
        raise not_found(*path)
    refuse_archived(client.client_status, *path)
    return client


def refuse_dead(person: Person, *path: str) -> None:
    """Refuse a person who has died: they can't be invited or consent (D14).

    Raises:
        Refused: InvalidInput person.deceased.
    """
    if person.death is not None:
        raise Refused([invalid("person.deceased", "This person has died.", *path)])


def refuse_archived(status: ClientStatus | None, *path: str) -> None:
    """Refuse an archived client: nothing begins for them (D7, X1).

    Raises:
        Refused: InvalidInput client.archived.
    """
    if status is ClientStatus.ARCHIVED:
        message = "The client is archived. Make them active again first."
        raise Refused([InvalidInput(reason="client.archived", message=message, path=path)])
