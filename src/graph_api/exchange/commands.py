"""Taking people and contacts in from files: safe to run again, also beside itself and after a crash.

People are known by their external ids of one system, and a row must fit who is there (`exchange/model`). Whoever is
there already is left as they are: staff's edits win, a client status is theirs to change, and a contact they removed is
not added again (D6).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from graph_api.audit.append import Auditor
from graph_api.audit.changes import IMPORT
from graph_api.audit.model import Actor
from graph_api.exchange.graph import ImportWrites
from graph_api.exchange.model import KnownPerson
from graph_api.exchange.people import Known, PeopleDone, write_people
from graph_api.exchange.rows import (
    ContactRow,
    ImportFile,
    ImportPlan,
    ImportSource,
    NewImportedContact,
    NewImportedPerson,
    PersonRow,
    RefusedRow,
    plan_import,
)
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.clock import Clock
from graph_api.kernel.graph import Graph
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.transaction import Transaction
from graph_api.network.audit import contact_changes
from graph_api.network.checks import added_contact
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact
from graph_api.people.audit import person_changes
from graph_api.people.fields import EARLIEST_BIRTH, EARLIEST_HISTORIC_BIRTH, PersonRules
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, ExternalId, Person

Progress = Callable[[ImportFile, int], None]
"""Told how many more rows of a file are done."""

COMMAND = "command"
"""Why an import was allowed."""
CONTRADICTS = (
    "person.contradicts",
    "Another person has this id, and neither name nor birth date fits. Use --system to name where the ids come from.",
)
PEOPLE_AT_ONCE = 250
CONTACTS_AT_ONCE = 500


@dataclass(slots=True)
class ImportReport:
    """What an import did. A row with several faults is refused once for each."""

    people_added: int = 0
    people_unchanged: int = 0
    contacts_added: int = 0
    contacts_unchanged: int = 0
    clients_added: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)
    """Lines of people who are already there with another name or birth date; these should be checked."""
    alike: list[int] = field(default_factory=list)
    """Lines of added people who may have been in the system already, by the rule for new contacts (D9)."""

    @property
    def refused_rows(self) -> int:
        """How many rows, whatever the number of their faults."""
        return len({(row.file, row.line) for row in self.refused})


@dataclass(frozen=True, slots=True)
class _Edge:
    """An imported contact whose ends are found."""

    row: NewImportedContact
    client_id: str
    person_id: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.client_id, self.person_id


@dataclass(frozen=True, slots=True)
class _ContactsDone:
    added: tuple[Contact, ...]
    unchanged: int
    refused: tuple[RefusedRow, ...]


class ImportService:
    """Imports into one practice."""

    def __init__(
        self, practice: Practice, graph: Graph, clock: Clock, auditor: Auditor, source: ImportSource | None = None
    ) -> None:
        self._source = source or ImportSource()
        earliest = EARLIEST_HISTORIC_BIRTH if self._source.is_historic else EARLIEST_BIRTH
        self._rules = PersonRules(clock.today(), practice.region, earliest)
        self._graph = graph
        self._clock = clock
        self._auditor = auditor
        self._actor = Actor(IMPORT, ViewerRole.ADMIN.value)

    async def run(
        self,
        people: Sequence[PersonRow],
        contacts: Sequence[ContactRow],
        progress: Progress = lambda file, rows: None,
    ) -> ImportReport:
        """Take in what holds, batch by batch, each in a transaction of its own.

        Whoever is accepted and appears as client_id becomes an ACTIVE client, also where that row is refused.
        """
        plan = plan_import(people, contacts, self._rules, self._source.system)
        report = ImportReport(refused=plan.refused)
        progress(ImportFile.PEOPLE, len(people) - len(plan.people))
        known: dict[str, KnownPerson] = {}
        for batch in _batches(plan.people, PEOPLE_AT_ONCE):
            known |= await self._people(batch, plan, report)
            progress(ImportFile.PEOPLE, len(batch))
        named = dict.fromkeys((*plan.client_ids, *(row.contact_id for row in plan.contacts)))
        known |= await self._known([key for key in named if key not in known])
        known = {key: person for key, person in known.items() if plan.is_certain(key)}
        await self._activate([known[key] for key in plan.client_ids if key in known], report)
        edges = _edges(plan.contacts, known, report.refused)
        progress(ImportFile.CONTACTS, len(contacts) - len(edges))
        for found in _batches(edges, CONTACTS_AT_ONCE):
            await self._contacts(found, report)
            progress(ImportFile.CONTACTS, len(found))
        report.refused.sort(key=lambda row: (row.file is ImportFile.CONTACTS, row.line))
        return report

    async def _people(self, batch: Sequence[NewImportedPerson], plan: ImportPlan, report: ImportReport) -> Known:
        client_ids = plan.client_ids.keys() - plan.doubtful
        rows = [_as_client(row, client_ids) for row in batch]

        async def work(tx: Transaction) -> PeopleDone:
            done = await write_people(tx, rows, self._source.system)
            await self._tell(tx, [_imported_person(row.person) for row in done.added])
            return done

        done = await self._graph.write(work)
        report.people_added += len(done.added)
        report.people_unchanged += len(rows) - len(done.added) - len(done.contradicting)
        report.refused += [RefusedRow(ImportFile.PEOPLE, row.line, *CONTRADICTS) for row in done.contradicting]
        report.differing += done.differing
        plan.doubtful |= {row.external_id for row in done.contradicting}
        report.clients_added += sum(row.person.is_client for row in done.added)
        report.alike += done.alike
        return done.known

    async def _known(self, keys: Sequence[str]) -> Known:
        found: dict[str, KnownPerson] = {}
        for batch in _batches(keys, CONTACTS_AT_ONCE):
            found |= await self._known_batch([ExternalId(self._source.system, key) for key in batch])
        return found

    async def _known_batch(self, wanted: Sequence[ExternalId]) -> Known:
        found = await self._graph.write(lambda tx: tx[ImportWrites].known(wanted))
        return {external_id.value: person for external_id, person in found.items()}

    async def _activate(self, people: Sequence[KnownPerson], report: ImportReport) -> None:
        """People who were there before and no clients."""
        wanted = [person.id for person in people if not person.is_client]
        for batch in _batches(wanted, PEOPLE_AT_ONCE):
            report.clients_added += await self._activate_batch(batch)

    async def _activate_batch(self, ids: Sequence[str]) -> int:
        async def work(tx: Transaction) -> int:
            await tx[PersonWrites].lock(*ids)
            people = [person for person in (await tx[PersonWrites].by_ids(*ids)).values() if not person.is_client]
            await tx[ImportWrites].activate(people, tx.stamp())
            active = [replace(person, client_status=ClientStatus.ACTIVE) for person in people]
            done = map(person_changes, people, active)
            await self._tell(
                tx,
                [
                    Happened(EventKind.IMPORT, p.id, changes=c, reason=COMMAND)
                    for p, c in zip(people, done, strict=True)
                ],
            )
            return len(people)

        return await self._graph.write(work)

    async def _tell(self, tx: Transaction, events: Sequence[Happened]) -> None:
        """Write what a batch did to the audit log: an event for each person and each contact, in their own chains."""
        await self._auditor.append(tx, self._actor, events, tx.stamped or self._clock.now())

    async def _contacts(self, edges: Sequence[_Edge], report: ImportReport) -> None:
        today = self._rules.today

        async def work(tx: Transaction) -> _ContactsDone:
            done = await _write_contacts(tx, edges, today)
            await self._tell(tx, [_imported_contact(contact) for contact in done.added])
            return done

        done = await self._graph.write(work)
        report.contacts_added += len(done.added)
        report.contacts_unchanged += done.unchanged
        report.refused += done.refused


def _imported_person(person: Person) -> Happened:
    return Happened(EventKind.IMPORT, person.id, changes=person_changes(None, person), reason=COMMAND)


def _imported_contact(contact: Contact) -> Happened:
    return Happened(
        EventKind.IMPORT, contact.client.id, contact.id, contact.version, contact_changes(None, contact), COMMAND
    )


T = TypeVar("T")


def _batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _as_client(row: NewImportedPerson, client_ids: AbstractSet[str]) -> NewImportedPerson:
    is_client = row.external_id in client_ids
    return replace(row, person=replace(row.person, client_status=ClientStatus.ACTIVE if is_client else None))


def _edges(rows: Sequence[NewImportedContact], known: Known, refused: list[RefusedRow]) -> list[_Edge]:
    """The contacts whose both ends are people, each pair once."""
    edges: dict[tuple[str, str], _Edge] = {}
    for row in rows:
        client, person = known.get(row.client_id), known.get(row.contact_id)
        if client is None:
            refused.append(_refusal(row, "client_id.unknown", "No accepted person has this client_id."))
        if person is None:
            refused.append(_refusal(row, "contact_id.unknown", "No accepted person has this contact_id."))
        if client is None or person is None:
            continue
        edge = _Edge(row, client.id, person.id)
        if client.id == person.id:
            refused.append(_refusal(row, "contact.self", "A person can't be their own contact."))
        elif edges.setdefault(edge.pair, edge) is not edge:
            refused.append(_refusal(row, "contact.repeated", "An earlier row has the same client and contact."))
    return list(edges.values())


def _refusal(row: NewImportedContact, reason: str, message: str) -> RefusedRow:
    return RefusedRow(ImportFile.CONTACTS, row.line, reason, message)


async def _write_contacts(tx: Transaction, edges: Sequence[_Edge], today: date) -> _ContactsDone:
    """Those that never were (D6), in networks that take someone in (D7)."""
    await tx[PersonWrites].lock(*(edge.client_id for edge in edges))
    clients = await tx[PersonWrites].by_ids(*(edge.client_id for edge in edges))
    linked = await tx[ImportWrites].linked([edge.pair for edge in edges])
    fresh = [edge for edge in edges if edge.pair not in linked]
    open_to = {key for key, client in clients.items() if client.client_status is not ClientStatus.ARCHIVED}
    people = await tx[PersonWrites].by_ids(*(edge.person_id for edge in fresh)) if fresh else {}
    added = tuple(_contact(edge, clients, people, tx.stamp(), today) for edge in fresh if edge.client_id in open_to)
    if added:
        await tx[ContactWrites].create(added)
    message = "The client is archived. Make them active again first."
    refused = [_refusal(edge.row, "client.archived", message) for edge in fresh if edge.client_id not in open_to]
    return _ContactsDone(added, len(edges) - len(fresh), tuple(refused))


def _contact(
    edge: _Edge, clients: Mapping[str, Person], people: Mapping[str, Person], at: datetime, today: date
) -> Contact:
    row, client, person = edge.row, clients[edge.client_id], people[edge.person_id]
    return added_contact(row.id, client, person, row.terms, today, at)
