"""Whatever state a practice is in: a change does what its preview said, in refusal, warnings and access (D5).

GRAPH_API_THOROUGH=1 draws many states; a few are drawn without it.
"""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph_api.access.model import AccountStatus
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import AuthorityKind, Contact, ContactAuthority, ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus, Death, Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_model import INVITATION_LASTS, Invitation
from graph_api.portal.model import Account
from graph_api.practices.model import PracticeFeature
from tests.api import ERRORS, Api, Installation
from tests.budgets import budget

DRAWN = budget(12, 500)
ACCESS = "access { person { id } client { id } gained lost gainedOnceAccepted }"
REHEARSE = f"query ($input: ContactChangeInput!) {{ rehearseContactChange(input: $input) {{ {ACCESS} {ERRORS} }} }}"
PREVIEW = """query ($input: ContactChangeInput!) { previewContactChange(input: $input) {
  person { id } client { id } gained lost gainedOnceAccepted } }"""
WHO = """query ($client: ID!) {
  portal: whoCanAct(clientId: $client, action: VIEW_PORTAL) { nodes { person { id } actions } }
  reminders: whoCanAct(clientId: $client, action: RECEIVE_APPOINTMENT_REMINDERS) { nodes { person { id } actions } }
}"""
MUTATION = {
    "addExisting": "addExistingContact",
    "update": "updateContact",
    "remove": "removeContact",
    "clientStatus": "setClientStatus",
    "deceased": "setDeceased",
}
OWN, TAKEN, CONFIDENTIAL = "sam@example.org", "taken@example.org", "ana@alone.example"
RELATIONSHIPS = [Relationship.PARENT, Relationship.GUARDIAN, Relationship.SPOUSE, Relationship.FORMER_SPOUSE]


@dataclass
class State:
    """A client, somebody who may be their contact, and a stranger, as they were drawn."""

    api: Api
    graph: Graph
    client: Person
    person: Person
    contact: Contact | None


def some(chance: random.Random, *values: Any) -> Any:
    return chance.choice(values)


def some_terms(chance: random.Random, today: date) -> ContactTerms:
    """Mostly with access to the portal."""
    near = [None, None, None, today - timedelta(days=1), today, today + timedelta(days=1)]
    kind = some(chance, None, AuthorityKind.COURT_ORDER, AuthorityKind.PERSONAL_REPRESENTATIVE)
    recorded_at = datetime.now(UTC) - timedelta(minutes=some(chance, 1, 90))
    return ContactTerms(
        some(chance, *RELATIONSHIPS),
        portal_access=chance.random() < 0.6,
        secure_messaging=chance.random() < 0.5,
        payments=chance.random() < 0.5,
        appointment_reminders=chance.random() < 0.5,
        starts_on=chance.choice([None, None, today, today - timedelta(days=9), today + timedelta(days=1)]),
        ends_on=chance.choice(near),
        authority=None if kind is None else ContactAuthority(kind, None, chance.choice(near), recorded_at),
    )


def some_death(chance: random.Random, now: datetime) -> Death | None:
    """Mostly none; recorded an hour ago."""
    hour_ago = now - timedelta(hours=1)
    return Death(hour_ago.date() - timedelta(days=3), hour_ago, hour_ago) if chance.random() < 0.15 else None


async def new_state(installation: Installation, practice: Practice, chance: random.Random) -> State:
    """Written as it is, past what mutations would refuse."""
    now = datetime.now(UTC)
    graph = Graph(GraphSession(installation.database), practice.id, now.date())
    client = Person(
        new_id("person"),
        "Ana",
        emails=some(chance, (), ("ana@example.org",), (OWN,)),
        birth_date=some(chance, None, date(1990, 1, 1), now.date() - timedelta(days=3000)),
        client_status=some(chance, *ClientStatus, ClientStatus.ACTIVE, None),
        features_off=frozenset(some(chance, (), (), (PracticeFeature.PORTAL,), (PracticeFeature.PAYMENTS,))),
        confidential_email=some(chance, None, OWN, CONFIDENTIAL),
        death=some_death(chance, now),
        access_since=now,
        created_at=now,
        updated_at=now,
    )
    emails = some(chance, (), (OWN,), (TAKEN,), (OWN, TAKEN))
    person = Person(
        new_id("person"), "Sam", emails=emails, death=some_death(chance, now), created_at=now, updated_at=now
    )
    stranger = Person(new_id("person"), "Zoe", emails=(TAKEN,), created_at=now, updated_at=now)
    made = Contact(
        new_id("contact"), client, person, some_terms(chance, now.date()), now.date(), created_at=now, updated_at=now
    )
    contact = made if client.is_client and chance.random() < 0.75 else None

    async def write(tx: Transaction) -> None:
        tx[PersonWrites].lock_match_keys(f"email {email}" for email in (OWN, TAKEN, "ana@example.org"))
        await tx[PersonWrites].create([client, person, stranger])
        if contact is not None:
            await tx[ContactWrites].create([contact])
            if chance.random() < 0.1:
                await tx[ContactWrites].remove(contact, now + timedelta(microseconds=1), None)
        await _accounts(tx, chance, now, client, person, stranger)

    await graph.write(write)
    return State(installation.api(practice), graph, client, person, contact)


async def _accounts(
    tx: Transaction, chance: random.Random, now: datetime, client: Person, person: Person, stranger: Person
) -> None:
    address = some(chance, None, "sam@accounts.example", CONFIDENTIAL)
    if address is not None:
        status = some(chance, *AccountStatus)
        await tx[AccountWrites].create(Account(new_id("account"), person.id, address, now, now, status))
    if client.is_client and chance.random() < 0.5:
        status = some(chance, *AccountStatus)
        await tx[AccountWrites].create(Account(new_id("account"), client.id, "ana@accounts.example", now, now, status))
    if chance.random() < 0.4:
        await tx[AccountWrites].create(Account(new_id("account"), stranger.id, TAKEN, now, now))
    elif chance.random() < 0.5:
        ids = (new_id("invitation"), new_id("contact"), stranger.id, client.id)
        await tx[InvitationWrites].renew(Invitation(*ids, TAKEN, now, now + INVITATION_LASTS))


def as_input(terms: ContactTerms, *, changes: bool) -> dict[str, Any]:
    """Terms as they are sent."""
    authority, days = terms.authority, (terms.starts_on, terms.ends_on)
    starts_on, ends_on = (None if day is None else day.isoformat() for day in days)
    sent = {
        "relationship": terms.relationship.name,
        "portalAccess": terms.portal_access,
        "secureMessaging": terms.secure_messaging,
        "payments": terms.payments,
        "appointmentReminders": terms.appointment_reminders,
        "startsOn": starts_on,
        "endsOn": ends_on,
        "authority": authority
        and {"kind": authority.kind.name, "endsOn": authority.ends_on and authority.ends_on.isoformat()},
    }
    return sent if changes else {name: value for name, value in sent.items() if value is not None}


def some_change(chance: random.Random, state: State) -> tuple[str, dict[str, Any]]:
    """Any of the changes, mostly one that could be made."""
    today, key = datetime.now(UTC).date(), some(chance, {}, {}, {"idempotencyKey": "once"}, {"idempotencyKey": " "})
    kinds = ["clientStatus", "update", "update", "update", "remove"]
    kind = chance.choice(kinds) if state.contact else some(chance, "addExisting", "addExisting", "clientStatus")
    if chance.random() < 0.05:
        kind = "addExisting"
    elif chance.random() < 0.2:
        kind = "deceased"
    version = some(chance, 1, 1, 1, 1, 1, 1, 1, 2)
    wrong = some(chance, *[None] * 12, new_id("person"), state.client.id, "x")
    if kind == "deceased":
        whom, ago = some(chance, state.client.id, state.person.id), some(chance, *range(-3, 6), None)
        day = None if ago is None else (today - timedelta(days=ago + 1)).isoformat()
        return kind, {"personId": wrong or whom, "expectedVersion": version, "deceasedOn": day, **key}
    if kind == "clientStatus":
        status = some(chance, *ClientStatus).name
        return kind, {"personId": wrong or state.client.id, "expectedVersion": version, "status": status, **key}
    if kind == "addExisting":
        terms = as_input(some_terms(chance, today), changes=False)
        return kind, {"clientId": state.client.id, "personId": wrong or state.person.id, **terms, **key}
    contact = state.contact.id if state.contact else new_id("contact")
    sent = {"contactId": wrong or contact, "expectedVersion": version, **key}
    if kind == "remove":
        return kind, sent | some(chance, {}, {"reason": "Moved"}, {"reason": "\u0000"})
    changes = as_input(some_terms(chance, today), changes=True)
    kept = {name: value for name, value in changes.items() if chance.random() < 0.6}
    more = [{}, {}, {}, {"note": "Calls back"}, {"payments": None}]
    more += [{"messagesFrom": moment} for moment in (None, "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z")]
    return kind, sent | {"changes": kept | some(chance, *more)}


async def who(state: State) -> dict[str, set[str]]:
    """What each may do for the client, as the API answers it."""
    answer = await state.api.query(WHO, client=state.client.id)
    found: dict[str, set[str]] = {}
    for part in answer.values():
        for grant in part["nodes"]:
            found[grant["person"]["id"]] = set(grant["actions"])
    return found


def differences(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, tuple[set[str], set[str]]]:
    """What each person gained and lost."""
    people = before.keys() | after.keys()
    found = {one: (after.get(one, set()), before.get(one, set())) for one in people}
    return {one: (will - was, was - will) for one, (will, was) in found.items() if will != was}


def same_as_preview(answer: dict[str, Any], rehearsal: dict[str, Any]) -> None:
    """The shorter question says the same."""
    shown, errors = answer["data"]["previewContactChange"], rehearsal["errors"]
    if not errors:
        assert shown == rehearsal["access"]
    elif errors[0]["code"] == "NOT_FOUND":
        assert (shown, answer.get("errors")) == (None, None)
    else:
        [error] = answer["errors"]
        told = {"code": errors[0]["code"], "inputPath": errors[0]["path"]}
        if "reason" in errors[0]:
            told["reason"] = errors[0]["reason"]
        assert (error["message"], error["extensions"]) == (errors[0]["message"], told)


async def agree(installation: Installation, seed: int) -> str:
    """One state and one change; the change's kind and what came of it."""
    chance = random.Random(seed)  # noqa: S311 - so that it can be drawn again
    state = await new_state(installation, await installation.practice(), chance)
    kind, sent = some_change(chance, state)
    before = await who(state)
    rehearsal = (await state.api.query(REHEARSE, input={kind: sent}))["rehearseContactChange"]
    same_as_preview(await state.api.execute(PREVIEW, input={kind: sent}), rehearsal)
    made = await state.api.mutate(MUTATION[kind], **sent)
    assert (made["errors"], made["warnings"]) == (rehearsal["errors"], rehearsal["warnings"])
    after = await who(state)
    told = {row["person"]["id"]: (set(row["gained"]), set(row["lost"])) for row in rehearsal["access"]}
    assert {one: change for one, change in told.items() if any(change)} == differences(before, after)
    if made["errors"]:
        return f"{kind} {made['errors'][0].get('reason') or made['errors'][0]['code']}"
    if sent.get("idempotencyKey"):
        again = (await state.api.query(REHEARSE, input={kind: sent}))["rehearseContactChange"]
        assert (again["errors"], again["warnings"], again["access"]) == ([], made["warnings"], [])
    await accepted(state, rehearsal["access"], after)
    return kind


async def accepted(state: State, access: list[dict[str, Any]], after: dict[str, set[str]]) -> None:
    """What is promised for once an invitation is accepted comes with the account that it opens, or opens again."""
    for row in access:
        person_id, promised = row["person"]["id"], set(row["gainedOnceAccepted"])

        async def open_account(tx: Transaction, person_id: str = person_id) -> None:
            now = datetime.now(UTC)
            account = await tx[AccountWrites].lock(person_id)
            if account is None:
                emails = (await tx[PersonWrites].by_ids(person_id))[person_id].emails
                account = Account(new_id("account"), person_id, emails[0] if emails else "z@z.example", now, now)
                await tx[AccountWrites].create(account)
            elif not account.is_active:
                await tx[AccountWrites].replace(account, account.changed(now, status=AccountStatus.ACTIVE))

        if promised:
            assert not promised & after.get(person_id, set())
            if person_id != state.person.id or TAKEN not in state.person.emails[:1]:
                await state.graph.write(open_account)
                assert promised <= (await who(state))[person_id]


@pytest.mark.timeout(180 + 4 * DRAWN)
async def test_d5_a_change_does_what_its_preview_said(installation: Installation) -> None:
    loop, seen = asyncio.get_running_loop(), list[str]()

    def wait(work: Coroutine[Any, Any, str]) -> str:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    @settings(
        max_examples=DRAWN,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 2**32))
    def drawn(seed: int) -> None:
        seen.append(wait(agree(installation, seed)))

    await asyncio.to_thread(drawn)
    if DRAWN >= 300:
        found = set(seen)
        assert set(MUTATION) <= found
        refusals = (
            "email.missing",
            "email.confidential",
            "account.addressTaken",
            "client.archived",
            "VERSION_CONFLICT",
        )
        assert [one for one in refusals if not any(one in row for row in found)] == []


async def to_be_invited(installation: Installation, emails: tuple[str, ...]) -> State:
    """A contact without access at these addresses, whose client's confidential address is OWN; TAKEN is another's."""
    practice, now = await installation.practice(), datetime.now(UTC)
    graph = Graph(GraphSession(installation.database), practice.id, now.date())
    client, person, stranger = (
        Person(new_id("person"), name, emails=kept, created_at=now, updated_at=now)
        for name, kept in (("Ana", ()), ("Sam", emails), ("Zoe", (TAKEN,)))
    )
    client = replace(client, client_status=ClientStatus.ACTIVE, confidential_email=OWN, access_since=now)
    terms = ContactTerms(Relationship.FRIEND)
    edge = Contact(new_id("contact"), client, person, terms, now.date(), created_at=now, updated_at=now)

    async def write(tx: Transaction) -> None:
        tx[PersonWrites].lock_match_keys([f"email {OWN}", f"email {TAKEN}"])
        await tx[PersonWrites].create([client, person, stranger])
        await tx[ContactWrites].create([edge])
        await tx[AccountWrites].create(Account(new_id("account"), stranger.id, TAKEN, now, now))

    await graph.write(write)
    return State(installation.api(practice), graph, client, person, edge)


@pytest.mark.parametrize(
    ("emails", "reason"),
    [((), "email.missing"), ((OWN,), "email.confidential"), ((TAKEN,), "account.addressTaken")],
)
async def test_d5_what_an_invitation_would_be_refused_with_the_preview_tells(
    installation: Installation, emails: tuple[str, ...], reason: str
) -> None:
    state = await to_be_invited(installation, emails)
    assert state.contact is not None
    sent = {"contactId": state.contact.id, "expectedVersion": 1, "changes": {"portalAccess": True}}
    rehearsal = (await state.api.query(REHEARSE, input={"update": sent}))["rehearseContactChange"]
    [refused] = rehearsal["errors"]
    assert (refused["reason"], refused["path"]) == (reason, ["changes", "portalAccess"])
    same_as_preview(await state.api.execute(PREVIEW, input={"update": sent}), rehearsal)
    assert (await state.api.mutate("updateContact", **sent))["errors"] == rehearsal["errors"]
