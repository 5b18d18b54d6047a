"""Every mutation of the schema writes an event, in the transaction that changed something."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from graph_api.bootstrap import make_auditor
from graph_api.domain.model import Caller, Person, ViewerRole
from graph_api.engine.session import GraphSession
from graph_api.keys import installation_secret
from graph_api.repositories.graph import GraphRepository
from graph_api.schema.build import build_schema
from graph_api.services.auditing import Unaudited
from graph_api.services.ports import Clock, Writes
from graph_api.services.unit import Outcome, Request, Unit
from tests.api import Installation
from tests.contract.auditing import AuditOf
from tests.contract.household import MUTATIONS, Household, new_household

OF_ADMINS: dict[str, dict[str, Any]] = {
    "setPracticeFeature": {"feature": "PAYMENTS", "enabled": False},
    "setAgeOfMajority": {"age": 21},
}
"""What staff may not do, with an input that is accepted."""
TESTED_ELSEWHERE: dict[str, str] = {}
"""Mutations that need more than an input: by name, the test that sees their events."""
SUBJECTS = {
    "addClient": ("the new person",),
    "addNewContact": ("client", "the new person"),
    "addExistingContact": ("client",),
    "addReciprocalContact": ("sibling",),
    "updateContact": ("client",),
    "removeContact": ("client",),
    "updatePerson": ("person",),
    "setClientStatus": ("client",),
    "setClientFeature": ("client",),
    "setConfidentialChannel": ("client",),
    "recordAdultConsent": ("client",),
    "setPracticeFeature": ("practice",),
    "setAgeOfMajority": ("practice",),
}
"""Whose chains a mutation goes on with."""


def test_every_mutation_of_the_schema_is_in_the_table() -> None:
    mutation = build_schema()._schema.mutation_type
    assert mutation is not None
    assert set(mutation.fields) == {*MUTATIONS, *OF_ADMINS, *TESTED_ELSEWHERE}
    assert SUBJECTS.keys() == {*MUTATIONS, *OF_ADMINS}


async def _events(installation: Installation, practice_id: str) -> dict[str, dict[str, Any]]:
    statement = "MATCH (e:AuditEvent) WHERE e.practice = $practice RETURN e{.*} AS event"
    async with installation.database.session(write=False) as session:
        result = await session.run(statement, {"practice": practice_id})
        return {record["event"]["id"]: record["event"] async for record in result}


def _named(home: Household, subject: str, known: set[str]) -> str:
    """A subject, as the table names it."""
    names = {
        home.practice.id: "practice",
        home.client["id"]: "client",
        home.person: "person",
        home.sibling["person"]["id"]: "sibling",
    }
    return names.get(subject, "somebody else" if subject in known else "the new person")


@pytest.mark.parametrize("name", [*MUTATIONS, *OF_ADMINS])
async def test_a_mutation_writes_its_events(installation: Installation, name: str) -> None:
    home = await new_household(installation)
    api = home.api
    values = {**home.inputs(), **OF_ADMINS}[name]
    if name in OF_ADMINS:
        api = installation.api(home.practice, ViewerRole.ADMIN, "admin-1")
        api.bookmark = home.api.bookmark
    before = await _events(installation, home.practice.id)
    payload = await api.mutate(name, **values, idempotencyKey="once")
    assert payload["errors"] == []
    after = await _events(installation, home.practice.id)
    added = [event for event_id, event in after.items() if event_id not in before]
    known = {event["subjectId"] for event in before.values()}
    assert sorted(_named(home, event["subjectId"], known) for event in added) == sorted(SUBJECTS[name])
    for event in added:
        assert event["action"] == name
        assert event["actor"] == ("admin-1" if name in OF_ADMINS else "staff-1")
        assert event["requestId"]
        assert event["fields"], "what changed from what to what"
    assert await AuditOf(installation, api).places() == []
    replay = await api.mutate(name, **values, idempotencyKey="once")
    assert replay["errors"] == []
    await api.mutate(name, **values, idempotencyKey="twice")  # refused, or changes nothing, but for new people
    if name not in ("addClient", "addNewContact"):
        assert (await _events(installation, home.practice.id)).keys() == after.keys()


async def test_a_mutation_that_says_nothing_of_a_change_is_undone(installation: Installation) -> None:
    practice = await installation.practice()
    settings = installation.settings
    graph = GraphRepository(GraphSession(installation.database), practice.id, date.today())
    caller = Caller("staff-1", practice, ViewerRole.STAFF)
    clock = Clock(lambda: datetime.now(UTC), practice.time_zone)
    secret = installation_secret(settings.data_dir, settings.secret_file)
    person = Person(f"person_{'0' * 20}{practice.id[-12:]}", given_name="Ana")

    async def change(tx: Writes, _: None, now: datetime) -> Outcome[Person]:
        await tx.create_people([person])
        return Outcome(person)

    async def reload(tx: Writes, person_id: str) -> Person | None:
        return (await tx.people(person_id)).get(person_id)

    unit = Unit(caller, graph, clock, secret, make_auditor(settings))
    with pytest.raises(Unaudited, match="addClient"):
        await unit.run(Request("addClient", {}), lambda: None, change, reload)
    assert await graph.people.records([person.id], ["id"]) == {}
