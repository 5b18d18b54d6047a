"""One practice asked both ways: by compiled code, and the ordinary way."""

from dataclasses import dataclass
from typing import Any

from graph_api.custody.masters_in_use import message_texts
from graph_api.engine.bolt import Database
from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Answer, Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor
from graph_api.services import Services
from tests.api import Installation
from tests.contract.operations import Known, RandomQuery

SCHEMA = build_schema()
ROLES = (ViewerRole.STAFF, ViewerRole.ANALYST)


class CompiledOnly(Executor):
    """Fails where it would answer the ordinary way, so that the two are not one."""

    falls_back = False

    async def _execute_ordinarily(self, *args: Any) -> Answer:
        operation: Operation = args[3]
        # A null that a nullable variable brings into a non-null place: the ordinary way says where it stands.
        assert self.falls_back or None in operation.variables.values(), "not compiled"
        return await super()._execute_ordinarily(*args)


@dataclass
class Both:
    """Both executors over one practice."""

    services: Services
    callers: dict[ViewerRole, Caller]
    known: Known
    compiled: "CompiledOnly"
    database: Database
    ordinary: Executor

    async def answers(self, query: RandomQuery, role: ViewerRole, *, falls_back: bool = False) -> tuple[Answer, Answer]:
        """The compiled and the ordinary answer."""
        operation = Operation(query.text, query.variables)
        self.compiled.falls_back = falls_back
        found = [
            await executor.execute(operation, self.services.scope(self.callers[role]))
            for executor in (self.compiled, self.ordinary)
        ]
        return found[0], found[1]


async def filled(installation: Installation) -> tuple[Any, Known]:
    """A practice in which every field has something to show, and something missing."""
    api = installation.api(await installation.practice())
    everything = {
        "preferredName": "Annie",
        "birthDate": "1980-02-29",
        "gender": "FEMALE",
        "emails": ["ann@example.org", "a@example.org"],
        "phones": ["020 7946 0958"],
        "address": {"lines": ["1 High Street"], "city": "Leeds", "countryCode": "GB"},
        "externalId": "ann",
    }
    ann = await api.client("Ann", "Ray", **everything)
    bob = await api.client("Bob", "Ray")
    cy = await api.client("Cy", "Ray")
    await api.done("setClientStatus", personId=cy["id"], expectedVersion=1, status="INACTIVE")
    contacts = [
        await api.contact(
            ann["id"],
            "Dee",
            relationship="PARENT",
            portalAccess=True,
            roles=["BILLING_CONTACT", "NEXT_OF_KIN"],
            note="Calls back",
        ),
        await api.contact(ann["id"], "Eve", relationship="OTHER", relationshipLabel="Bandmate", startsOn="2999-01-01"),
        await api.contact(bob["id"], "Fay", relationship="SPOUSE", startsOn="2001-01-01", endsOn="2002-01-01"),
    ]
    for client, person in ((ann, bob), (bob, ann), (bob, cy)):
        added = await api.done(
            "addExistingContact", clientId=client["id"], personId=person["id"], relationship="FRIEND"
        )
        contacts.append(added)
    for contact in (contacts[0], contacts[-1]):
        await api.done("removeContact", contactId=contact["id"], expectedVersion=1, reason="Moved away")
    data = await api.query(
        "query ($id: ID!) { clients(first: 1) { pageInfo { endCursor } }"
        " person(id: $id) { contactNetwork(first: 1) { pageInfo { endCursor } } } }",
        id=ann["id"],
    )
    return api, Known(
        person_ids=(ann["id"], bob["id"], cy["id"], contacts[1]["person"]["id"]),
        contact_ids=tuple(contact["id"] for contact in contacts),
        practice_id=api.practice.id,
        external_ids=("ann",),
        searches=("ray", "ann@example.org", "d", "", "x" * 201, "1980-02-29 an"),
        cursors=(
            data["clients"]["pageInfo"]["endCursor"],
            data["person"]["contactNetwork"]["pageInfo"]["endCursor"],
        ),
    )


async def open_both(installation: Installation) -> Both:
    """Both executors over a new practice on the engine."""
    api, known = await filled(installation)
    callers = {role: Caller("someone", api.practice, role) for role in ROLES}
    settings = installation.settings
    secret = installation_secret(settings.data_dir, settings.secret_file)
    services = Services(installation.database, secret, make_auditor(settings), texts=message_texts(settings))
    return Both(services, callers, known, CompiledOnly(SCHEMA), installation.database, Executor(SCHEMA, compiles=False))
