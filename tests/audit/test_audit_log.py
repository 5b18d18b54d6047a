"""auditLog: who did what, for admins alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor
from graph_api.services import Services
from tests.api import Api, Installation

EVENT = """id at actor actorRole action contactVersion reason requestId sequence client { id } contact { id status }
  changes { field before after isErased }"""
LOG = f"""
query ($clientId: ID, $actorId: ID, $contactId: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String,
  $kinds: [EventKind!]) {{
  auditLog(clientId: $clientId, actorId: $actorId, contactId: $contactId, from: $from, to: $to, first: $first,
    after: $after, kinds: $kinds) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {EVENT} }} }} }}"""


SCHEMA = build_schema()


def test_every_kind_of_event_is_described() -> None:
    assert all(kind.described for kind in EventKind)
    assert [EventKind(kind.value) for kind in EventKind] == list(EventKind)


def admin_of(installation: Installation, api: Api) -> Api:
    """An admin of the same practice, who sees what was just written."""
    found = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    found.bookmark = api.bookmark
    return found


async def log_of(installation: Installation, api: Api, **narrow: Any) -> list[dict[str, Any]]:
    """The log's first page."""
    nodes: list[dict[str, Any]] = (await admin_of(installation, api).query(LOG, **narrow))["auditLog"]["nodes"]
    return nodes


def changes_of(event: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What changed from what to what, by field."""
    return {change["field"]: (change["before"], change["after"]) for change in event["changes"]}


@pytest.mark.parametrize("by", ["clientId", "contactId", "actorId", None])
async def test_the_log_is_narrowed_by_kind(installation: Installation, by: str | None) -> None:
    api = installation.api(await installation.practice())
    client = await api.client()
    contact = await api.contact(client["id"], payments=True)
    for version, pays in ((1, False), (2, True), (3, False)):
        changes = {"payments": pays}
        await api.done("updateContact", contactId=contact["id"], expectedVersion=version, changes=changes)
    ids = {"clientId": client["id"], "contactId": contact["id"], "actorId": "staff-1"}
    narrow = {} if by is None else {by: ids[by]}
    admin, kinds = admin_of(installation, api), ["UPDATE_CONTACT"]
    first = (await admin.query(LOG, **narrow, kinds=kinds, first=2))["auditLog"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    cursor = first["pageInfo"]["endCursor"]
    second = (await admin.query(LOG, **narrow, kinds=kinds, first=2, after=cursor))["auditLog"]
    found = [*first["nodes"], *second["nodes"]]
    assert [(event["action"], event["contactVersion"]) for event in found] == [
        ("updateContact", version) for version in (4, 3, 2)
    ]
    assert await log_of(installation, api, **narrow, kinds=["SET_DECEASED"]) == []
    assert await log_of(installation, api, **narrow, kinds=[]) == []
    assert len(await log_of(installation, api, **narrow, kinds=None)) == len(await log_of(installation, api, **narrow))
    answer = await admin.execute(LOG, **narrow, kinds=["ADD_CLIENT"], after=cursor)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR", "a cursor is of one filter"


async def test_an_event_says_who_did_what_for_whom_and_why(installation: Installation, api: Api) -> None:
    client = await api.client()
    contact = await api.contact(client["id"], payments=True)
    changed = await api.done(
        "updateContact",
        contactId=contact["id"],
        expectedVersion=1,
        changes={"payments": False, "secureMessaging": True},
    )
    events = await log_of(installation, api, clientId=client["id"])
    assert [event["action"] for event in events] == ["updateContact", "addNewContact", "addClient"]
    assert [event["sequence"] for event in events] == [3, 2, 1]
    update = events[0]
    told = changes_of(update)
    before, messages_from = told.pop("messagesFrom")
    assert told == {"payments": ("true", "false"), "secureMessaging": ("false", "true")}
    assert (before, datetime.fromisoformat(messages_from or "")) == (None, datetime.fromisoformat(update["at"]))
    assert (update["actor"], update["actorRole"], update["reason"]) == ("staff-1", "staff", "role")
    assert update["client"] == {"id": client["id"]}
    assert update["contact"] == {"id": contact["id"], "status": "IN_FORCE"}
    assert update["contactVersion"] == changed["version"] == 2
    assert datetime.now(UTC) - datetime.fromisoformat(update["at"]) < timedelta(minutes=5)
    added = changes_of(events[1])
    assert added["person"] == (None, contact["person"]["id"])
    assert added["relationship"] == (None, "PARENT")
    (new_person,) = await log_of(installation, api, clientId=contact["person"]["id"])
    assert new_person["action"] == "addNewContact"
    assert changes_of(new_person)["givenName"] == (None, "Lucía")


async def test_the_log_is_paged_newest_first_and_counted(installation: Installation, api: Api) -> None:
    client = await api.client()
    for version in range(1, 8):
        changes = {"preferredName": f"Name {version}"}
        await api.done("updatePerson", personId=client["id"], expectedVersion=version, changes=changes)
    admin = admin_of(installation, api)
    for narrow in ({}, {"clientId": client["id"]}, {"actorId": "staff-1"}):
        seen: list[str] = []
        after: str | None = None
        while True:
            page = (await admin.query(LOG, first=3, after=after, **narrow))["auditLog"]
            assert page["totalCount"] == 8
            seen += [event["id"] for event in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        everything = await log_of(installation, api, first=100)
        assert seen == [event["id"] for event in everything]
        times = [event["at"] for event in everything]
        assert times == sorted(times, reverse=True)


async def test_filters_narrow_together(installation: Installation, api: Api) -> None:
    client, other = await api.client(), await api.client("Bea", "Núñez")
    contact = await api.contact(client["id"])
    second = installation.api(api.practice, subject="staff-2")
    second.bookmark = api.bookmark
    await second.done("removeContact", contactId=contact["id"], expectedVersion=1, reason="moved away")
    api.bookmark = second.bookmark
    by_second = await log_of(installation, api, actorId="staff-2")
    assert [event["action"] for event in by_second] == ["removeContact"]
    assert changes_of(by_second[0])["removalReason"] == (None, "moved away")
    assert [event["action"] for event in await log_of(installation, api, contactId=contact["id"])] == [
        "removeContact",
        "addNewContact",
    ]
    assert await log_of(installation, api, clientId=other["id"], actorId="staff-2") == []
    (one,) = await log_of(installation, api, clientId=client["id"], contactId=contact["id"], actorId="staff-2")
    assert one["contact"] == {"id": contact["id"], "status": "REMOVED"}
    moment = one["at"]
    for narrow in ({}, {"clientId": client["id"]}, {"contactId": contact["id"]}, {"actorId": "staff-2"}):
        assert one["id"] in [event["id"] for event in await log_of(installation, api, **narrow, **{"from": moment})]
        assert one["id"] not in [event["id"] for event in await log_of(installation, api, **narrow, to=moment)]


async def test_ids_that_name_nothing_find_nothing(installation: Installation, api: Api) -> None:
    await api.client()
    for narrow in (
        {"clientId": "x"},
        {"clientId": new_id("person")},
        {"contactId": "|"},
        {"contactId": new_id("contact")},
        {"actorId": "x" * 1_000},
        {"actorId": ""},
        {"from": "2030-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z"},
    ):
        page = (await admin_of(installation, api).query(LOG, **narrow))["auditLog"]
        assert (page["nodes"], page["totalCount"]) == ([], 0), narrow


async def test_a_cursor_of_another_filter_is_refused(installation: Installation, api: Api) -> None:
    client = await api.client()
    admin = admin_of(installation, api)
    cursor = (await admin.query(LOG, clientId=client["id"]))["auditLog"]["pageInfo"]["endCursor"]
    answer = await admin.execute(LOG, after=cursor)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize("role", [ViewerRole.STAFF, ViewerRole.ANALYST, ViewerRole.PORTAL])
async def test_only_admins_read_the_log(installation: Installation, api: Api, role: ViewerRole) -> None:
    client = await api.client()
    event = (await log_of(installation, api))[0]
    settings = installation.settings
    secret = installation_secret(settings.data_dir, settings.secret_file)
    services = Services(installation.database, secret, make_auditor(settings))
    person = client["id"] if role is ViewerRole.PORTAL else None
    document = "query ($id: ID!) { auditLog { totalCount } node(id: $id) { __typename id } nodes(ids: [$id]) { id } }"
    for compiles in (True, False):
        context = services.scope(Caller("someone", api.practice, role, person))
        answer = await Executor(SCHEMA, compiles=compiles).execute(Operation(document, {"id": event["id"]}), context)
        assert answer.body == {"data": {"auditLog": None, "node": None, "nodes": [None]}}


async def test_an_event_is_a_node_for_admins_of_its_practice(installation: Installation, api: Api) -> None:
    await api.client()
    event = (await log_of(installation, api))[0]
    document = "query ($id: ID!) { node(id: $id) { __typename id ... on AuditEvent { action } } }"
    shown = await admin_of(installation, api).query(document, id=event["id"])
    assert shown["node"] == {"__typename": "AuditEvent", "id": event["id"], "action": "addClient"}
    foreign = installation.api(await installation.practice(), ViewerRole.ADMIN)
    assert await foreign.query(document, id=event["id"]) == {"node": None}
    assert (await foreign.query(LOG))["auditLog"]["nodes"] == []


async def test_a_refused_mutation_and_one_that_changes_nothing_write_no_event(
    installation: Installation, api: Api
) -> None:
    client = await api.client()
    before = [event["id"] for event in await log_of(installation, api)]
    await api.refused("updatePerson", personId=client["id"], expectedVersion=9, changes={"givenName": "X"})
    await api.refused("addClient", person={"givenName": "Ana", "familyName": "García", "emails": ["not an address"]})
    await api.done("updatePerson", personId=client["id"], expectedVersion=1, changes={"givenName": "Ana"})
    await api.done("setClientStatus", personId=client["id"], expectedVersion=1, status="ACTIVE")
    assert [event["id"] for event in await log_of(installation, api)] == before


async def test_a_replay_writes_no_second_event(installation: Installation, api: Api) -> None:
    person = {"givenName": "Ana", "familyName": "García"}
    for _ in range(3):
        await api.done("addClient", person=person, idempotencyKey="once")
    assert [event["action"] for event in await log_of(installation, api)] == ["addClient"]


async def test_a_verdict_of_staff_is_in_the_log(installation: Installation, api: Api) -> None:
    first = await api.client(emails=["ana@example.org"])
    twin = await api.done(
        "addClient",
        person={"givenName": "Ana", "familyName": "García", "emails": ["ana@example.org"]},
        notDuplicateOf=[first["id"]],
    )
    (event,) = await log_of(installation, api, clientId=twin["id"])
    assert changes_of(event)["notDuplicateOf"] == (None, f'["{first["id"]}"]')


async def test_the_request_id_is_the_access_logs(installation: Installation, api: Api) -> None:
    document = "mutation ($input: AddClientInput!) { addClient(input: $input) { person { id } } }"
    variables = {"input": {"person": {"givenName": "Ana"}}}
    response = await api.post({"query": document, "variables": variables})
    (event,) = await log_of(installation, api)
    assert event["requestId"] == response.headers["X-Request-ID"] != ""
