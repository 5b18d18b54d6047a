"""A practice that grows: households that know each other, and all else the graph holds of a practice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from bench.population import SEED, Population

from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession, Row
from graph_api.engine.writing import WriteTransaction
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Transaction
from graph_api.mail.graph import mail_key, mail_row
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.network.graph.rows import final_version_row
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact, ContactTerms
from graph_api.people.duplicates import match_keys
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ExternalId, Person
from graph_api.portal.graph.accounts import account_row
from graph_api.portal.graph.invitations import invitation_key, invitation_row, token_key
from graph_api.portal.invitation_model import INVITATION_LASTS, Invitation
from graph_api.portal.model import Account
from tests.contract.cases_appointments import (
    APPOINTMENTS,
    SETTINGS,
    TIMES,
    appointment_rows,
    setting_rows,
    time_rows,
)
from tests.contract.cases_audit import event_rows
from tests.contract.cases_feeds import FEEDS, feed_rows
from tests.contract.cases_messages import MESSAGES, READ, THREADS, message_rows, thread_rows
from tests.contract.cases_payments import CHARGES, PAYMENTS, payment_rows
from tests.contract.cases_practitioners import PRACTITIONERS, practitioner_rows
from tests.contract.cases_reminders import REMINDERS, reminder_rows
from tests.contract.cases_sessions import CODES, SESSIONS, code_rows, session_rows

T = TypeVar("T")
BATCH = 500
MARKED, GONE, ENDING = 3, 4, 5
"""One person in so many has an external id and a verdict; one edge in so many was removed, one in so many ends."""
EXPIRED = 20
"""Idempotency keys past their time. They do not grow with a practice, for they are swept."""
# Properties stand in CREATE: set afterwards they take the embedded engine many times as long, by its indexes.
KEYS = """
UNWIND $rows AS row
CREATE (:IdempotencyKey {
  key: row.key, practice: row.practice, inputHash: row.inputHash, warnings: row.warnings, expiresAt: row.expiresAt,
  expiryKey: row.expiryKey})
"""
REMOVED = """
UNWIND $rows AS row
MATCH (c:Person {id: row.clientId})
MATCH (p:Person {id: row.personId})
CREATE (c)-[:HAD_CONTACT {
  id: row.id, contactId: row.contactId, practice: row.practice, final: true, version: 1, relationship: row.relationship,
  portalAccess: row.portalAccess, startsOn: row.startsOn, validFrom: row.validFrom, validTo: row.validTo}]->(p)
"""
ACCOUNTS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.personId})
CREATE (p)-[:HAS_ACCOUNT]->(:Account {
  id: row.id, key: row.key, practice: row.practice, personId: row.personId, address: row.address,
  addressKey: row.addressKey, status: row.status, since: row.since, verifiedAt: row.verifiedAt, version: row.version})
"""
MAILS = """
UNWIND $rows AS row
CREATE (m:OutboxMail {
  id: row.id, key: row.key, practice: row.practice, kind: row.kind, subject: row.subject, address: row.address,
  createdAt: row.createdAt, attempts: row.attempts, dueAt: row.dueAt, failedAt: row.failedAt})
"""
INVITATIONS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.personId})
CREATE (p)-[:HAS_INVITATION]->(:Invitation {
  id: row.id, key: row.key, practice: row.practice, contactId: row.contactId, personId: row.personId,
  clientId: row.clientId, address: row.address, addressKey: row.addressKey, createdAt: row.createdAt,
  expiresAt: row.expiresAt, status: row.status, wrongAnswers: row.wrongAnswers, tokenKey: row.tokenKey})
"""
VERDICTS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
MATCH (q:Person {id: row.other})
CREATE (p)-[:NOT_DUPLICATE_OF {by: 'staff-1', at: row.at}]->(q)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """People who know each other and nobody of another part, so that one more part changes nothing for them."""

    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    """Those in force or to come, and those past their last day."""
    removed: tuple[Contact, ...]
    keys: tuple[Row, ...]

    @property
    def marked(self) -> tuple[Person, ...]:
        """Those with an external id and a verdict."""
        return self.people[::MARKED]


def parts(practice: Practice, sizes: Sequence[int], now: datetime) -> Iterator[Part]:
    """Parts of these sizes."""
    made = 0
    for number, size in enumerate(sizes):
        population = Population(practice.id, size, SEED + number)
        people = [_brief(person, number, made) for person in population.people(now)]
        people[::MARKED] = map(_known_elsewhere, people[::MARKED])
        known = {person.id: person for person in people}
        contacts = [
            replace(
                contact,
                client=known[contact.client.id],
                person=known[contact.person.id],
                terms=_ending(contact.terms, place, now.date()),
            )
            for place, contact in enumerate(population.contacts(now.date(), now))
        ]
        yield Part(
            tuple(people),
            tuple(contact for place, contact in enumerate(contacts) if place % GONE),
            tuple(contacts[::GONE]),
            tuple(idempotency_key(practice, place, now) for place in range(made, made + size)),
        )
        made += size


def _brief(person: Person, number: int, made: int) -> Person:
    """Who is written quickly: one given name and the household's phone. No other part has such names and phones."""
    start = "Q" * number
    return replace(
        person,
        given_name=start + (person.given_name or "").split()[0],
        family_name=f"{start}{person.family_name}",
        emails=(),
        phones=(f"+44{int(person.phones[0].removeprefix('+44')) + made}",),
    )


def _ending(terms: ContactTerms, place: int, today: date) -> ContactTerms:
    """Some end, on days of the coming years."""
    return terms if place % ENDING else replace(terms, ends_on=today + timedelta(days=place % 700))


def _known_elsewhere(person: Person) -> Person:
    return replace(person, external_ids=(ExternalId("emr", person.id),))


def idempotency_key(practice: Practice, number: int, now: datetime) -> Row:
    """A record of a mutation that succeeded; the first few are past their time."""
    expires_at = stamp(now + timedelta(hours=-1 if number < EXPIRED else 1, milliseconds=number))
    return {
        "key": f"{practice.id}|staff-1|addClient|{number}",
        "practice": practice.id,
        "inputHash": "x" * 64,
        "warnings": "[]",
        "expiresAt": expires_at,
        "expiryKey": f"{practice.id}|{expires_at}",
    }


async def add(database: Database, practice: Practice, part: Part, now: datetime) -> None:
    """Write a part, by the repositories' own writes where they take many at once."""
    graph = Graph(GraphSession(database), practice.id, now.date())
    for people in _batches(part.people):
        await graph.write(partial(_create_people, people))
    for contacts in _batches(part.contacts):
        await graph.write(partial(_create_contacts, contacts))
    verdicts = zip(part.marked, part.people[1::MARKED], strict=False)
    await _run(database, KEYS, part.keys)
    await _run(database, REMOVED, [_removed_row(practice, contact, now) for contact in part.removed])
    await _run(database, ACCOUNTS, [_account_row(practice, person, now) for person in part.marked])
    await _run(database, SESSIONS, session_rows(practice, part.marked, now))
    await _run(database, CODES, code_rows(practice, part.marked, now))
    threads = thread_rows(practice, part.marked, now)
    await _run(database, THREADS, threads)
    await _run(database, MESSAGES, message_rows(practice, part.marked, now))
    await _run(database, READ, threads)
    await _run(database, MAILS, [_mail_row(practice, person, number, now) for number, person in enumerate(part.marked)])
    for rows in _batches(event_rows(practice, part, now)):
        await GraphSession(database).write(partial(_append, practice, rows))
    await _run(database, INVITATIONS, [_invitation_row(practice, contact, now) for contact in part.contacts[::MARKED]])
    await _run(database, PRACTITIONERS, practitioner_rows(practice, part.marked, now))
    await _run(database, SETTINGS, setting_rows(practice, part.marked, now))
    await _run(database, APPOINTMENTS, appointment_rows(practice, part.marked, now))
    await _run(database, TIMES, time_rows(practice, part.marked, now))
    await _run(database, FEEDS, feed_rows(practice, part.marked, now))
    payments = payment_rows(practice, part.marked)
    await _run(database, CHARGES, payments)
    await _run(database, PAYMENTS, payments)
    await _run(database, REMINDERS, reminder_rows(practice, part.marked, now))
    await _run(database, VERDICTS, [{"id": p.id, "other": q.id, "at": stamp(now)} for p, q in verdicts])


async def _append(practice: Practice, rows: Sequence[Row], tx: WriteTransaction) -> None:
    await tx.run("audit/append", practice=practice.id, rows=list(rows))


async def _create_people(people: Sequence[Person], tx: Transaction) -> None:
    tx[PersonWrites].lock_match_keys({key for person in people for key in match_keys(person)})
    await tx[PersonWrites].create(people)


async def _create_contacts(contacts: Sequence[Contact], tx: Transaction) -> None:
    await tx[ContactWrites].create(contacts)


async def _run(database: Database, text: str, rows: Sequence[Row]) -> None:
    async with database.session(write=True) as session:
        for batch in _batches(rows):
            await (await session.run(text, {"rows": list(batch)})).consume()


def account_of(person: Person, now: datetime) -> Account:
    """Everybody who is marked has one."""
    return Account(new_id("account"), person.id, f"{person.id}@example.org", now, now)


def _account_row(practice: Practice, person: Person, now: datetime) -> Row:
    return account_row(practice.id, account_of(person, now)) | {"practice": practice.id}


def _mail_row(practice: Practice, person: Person, number: int, now: datetime) -> Row:
    """What waits is few, as it is sent; what was given up is kept."""
    mail = mail_of(person)
    later = stamp(now + timedelta(days=30))
    times = {"dueAt": stamp(now), "failedAt": None} if number < EXPIRED else {"dueAt": later, "failedAt": stamp(now)}
    return mail_row(mail, now) | {"practice": practice.id, "key": mail_key(practice.id, mail)} | times


def mail_of(person: Person) -> QueuedMail:
    """A mail to somebody who is marked."""
    return QueuedMail(MailKind.ACCESS_NOTICE, person.id, f"{person.id}@example.org")


def invitation_of(contact: Contact, now: datetime) -> Invitation:
    """One contact in so many has one."""
    ids = (new_id("invitation"), contact.id, contact.person.id, contact.client.id)
    return Invitation(*ids, f"{contact.person.id}@example.org", now, now + INVITATION_LASTS)


def _invitation_row(practice: Practice, contact: Contact, now: datetime) -> Row:
    row = invitation_row(practice.id, invitation_of(contact, now)) | {"practice": practice.id}
    keys = {"key": invitation_key(practice.id, contact.id), "tokenKey": token_key(practice.id, contact.id)}
    return row | keys


def _removed_row(practice: Practice, contact: Contact, now: datetime) -> Row:
    """What the statements read of an edge's last version, and between whom it was."""
    version = final_version_row(contact, now, None)
    return version | {"practice": practice.id, "clientId": contact.client.id, "personId": contact.person.id}


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
