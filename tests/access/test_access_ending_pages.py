"""accessEndingWithin in pages: whole and in order, however much is read at once and whatever changes meanwhile."""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from graph_api.access import upcoming_questions as coming
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import AuthorityKind, Contact, ContactAuthority, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from tests.api import Installation, Now
from tests.budgets import budget
from tests.contract.coming import NOON, TODAY, Coming, after

LAST = 20
BUNDLES = budget(8, 16)
DAYS = (0, 3, 3, 8, 9, 15, LAST)
"""Many on the same day, so that pages and batches end among them."""
ADULT = date(1990, 1, 1)
AUNT = ContactTerms(Relationship.AUNT, portal_access=True)
PARENT = ContactTerms(Relationship.PARENT, portal_access=True)


@dataclass(frozen=True)
class Case:
    """An edge and its client; `day` is when access ends, if it does within the days."""

    terms: ContactTerms
    day: date | None = None
    born: date = ADULT
    status: ClientStatus = ClientStatus.ACTIVE
    consent: datetime | None = None


def minor_until(day: date) -> date:
    """A birth date."""
    return (day + timedelta(days=1)).replace(year=2008)


def cases(day: date) -> tuple[Case, ...]:
    """One for each way to end on the day, or not to end."""
    order = ContactAuthority(AuthorityKind.COURT_ORDER, ends_on=day)
    return (
        Case(replace(AUNT, ends_on=day), day),
        Case(replace(PARENT, authority=order, ends_on=after(300)), day),
        Case(PARENT, day, born=minor_until(day)),
        Case(replace(PARENT, ends_on=day + timedelta(days=2)), day, born=minor_until(day)),
        Case(PARENT, date(2026, 2, 28), born=date(2008, 2, 29)),
        Case(replace(PARENT, ends_on=day)),
        Case(replace(AUNT, portal_access=False, ends_on=day)),
        Case(replace(AUNT, ends_on=day), status=ClientStatus.ARCHIVED),
        Case(replace(PARENT, authority=order), consent=NOON),
        Case(replace(AUNT, ends_on=after(LAST + 1))),
    )


@pytest.fixture(autouse=True)
def clock(now: Now) -> Iterator[Now]:
    now.moment = NOON
    yield now
    now.moment = None


@dataclass(frozen=True)
class Crowd:
    """Many edges, written past the services; `ends` says when access ends, as the test knows it."""

    practice: Coming
    ends: dict[str, date]

    @property
    def in_order(self) -> list[str]:
        """Ids as they should be listed."""
        return sorted(self.ends, key=lambda contact_id: (self.ends[contact_id], contact_id))


@pytest.fixture(scope="module")
async def crowd(installation: Installation, now: Now) -> Crowd:
    """One for those who only read."""
    now.moment = NOON
    return await crowded(installation)


async def crowded(installation: Installation) -> Crowd:
    """A practice with every kind of edge on every day."""
    practice = await Coming.open(installation)
    chance = random.Random(7)  # noqa: S311 - the same edges each time
    found = [case for _ in range(BUNDLES) for case in cases(after(chance.choice(DAYS)))]
    contacts = [_contact(case) for case in found]
    people = [person for contact in contacts for person in (contact.client, contact.person)]
    graph = Graph(GraphSession(installation.database), practice.api.practice.id, TODAY)
    await graph.write(lambda tx: tx[PersonWrites].create(people))
    await graph.write(lambda tx: tx[ContactWrites].create(contacts))

    async def open_accounts(tx: Transaction) -> None:
        for contact in contacts:
            address = f"{contact.id}@accounts.example"
            await tx[AccountWrites].create(Account(new_id("account"), contact.person.id, address, NOON, NOON))

    await graph.write(open_accounts)
    ends = {contact.id: case.day for contact, case in zip(contacts, found, strict=True) if case.day is not None}
    return Crowd(practice, ends)


def _contact(case: Case) -> Contact:
    client = Person(new_id("person"), "Ana", birth_date=case.born, client_status=case.status, created_at=NOON)
    person = Person(new_id("person"), "Max", created_at=NOON)
    made = Contact(new_id("contact"), client, person, case.terms, TODAY, created_at=NOON, updated_at=NOON)
    return replace(made, adult_consent_at=case.consent)


@pytest.mark.parametrize("at_once", [1, 2, 7, 50])
async def test_whatever_is_read_at_once_the_list_is_whole_and_in_order(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(coming, "AT_ONCE", at_once)
    monkeypatch.setattr(coming, "COUNTED_AT_ONCE", at_once)
    size = 7 if at_once > 2 else 40
    found: list[str] = []
    page = await crowd.practice.page(LAST, first=size)
    while True:
        assert page["totalCount"] == len(crowd.ends)
        assert page["pageInfo"]["hasPreviousPage"] == bool(found)
        found += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["nodes"]) == size
        page = await crowd.practice.page(LAST, first=size, after=page["pageInfo"]["endCursor"])
    assert found == crowd.in_order


async def test_pages_go_on_where_they_were_while_staff_work_through_the_list(installation: Installation) -> None:
    """Whoever was seen is taken off the list meanwhile, as staff do: nobody is left out or comes twice."""
    crowd = await crowded(installation)
    api, found = crowd.practice.api, list[str]()
    page = await crowd.practice.page(LAST, first=9)
    while True:
        ids = [node["id"] for node in page["nodes"]]
        found += ids
        for number, contact_id in enumerate((ids[0], ids[-1])):
            if number:
                changes = {"endsOn": None, "portalAccess": False}
                await api.done("updateContact", contactId=contact_id, expectedVersion=1, changes=changes)
            else:
                await api.done("removeContact", contactId=contact_id, expectedVersion=1)
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await crowd.practice.page(LAST, first=9, after=page["pageInfo"]["endCursor"])
    assert found == crowd.in_order


async def test_a_cursor_tells_no_day(crowd: Crowd) -> None:
    page = await crowd.practice.page(LAST, first=100)
    for edge in page["edges"]:
        day, raw = crowd.ends[edge["node"]["id"]], base64.urlsafe_b64decode(edge["cursor"] + "==")
        assert day.isoformat().encode() not in raw
