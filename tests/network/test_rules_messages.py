"""From when on secure messages are open to a contact (M4)."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph_api.demo.seeding import _Families
from graph_api.exchange.rows import ContactRow, PersonRow
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.opening import make_auditor
from graph_api.services import import_service
from tests.api import Api, Installation, Now
from tests.contract.auditing import AuditOf
from tests.contract.practice_graph import edges, run, unchanged
from tests.contract.seen_by import fill
from tests.network.past import HOUR, START

SHOWN = "query ($id: ID!) { node(id: $id) { ... on Contact { version secureMessaging messagesFrom updatedAt } } }"
PAST = """query ($id: ID!) { node(id: $id) { ... on Contact {
  history { nodes { id version messagesFrom validFrom } } } } }"""
AS_OF = """query ($id: ID!, $at: DateTime!) { person(id: $id) {
  contactNetworkAsOf(at: $at) { nodes { messagesFrom } } } }"""
REHEARSE = """query ($input: ContactChangeInput!) { rehearseContactChange(input: $input) {
  errors { code path ... on InvalidInput { reason } } } }"""
ON, OFF = {"secureMessaging": True}, {"secureMessaging": False}
FLOWS = ("addNewContact", "addExistingContact", "addReciprocalContact")


@pytest.fixture(autouse=True)
def clock(now: Now) -> Iterator[Now]:
    now.moment = START
    yield now
    now.moment = None


def hour(number: int) -> str:
    return (START + number * HOUR).isoformat(timespec="microseconds")


async def new_contact(api: Api, clock: Now, **terms: Any) -> dict[str, Any]:
    """A contact who is added at the start, to a client who was there an hour before."""
    clock.moment = START - HOUR
    client = await api.client(birthDate="1990-01-01")
    clock.moment = START
    return await api.contact(client["id"], **terms)


async def shown(api: Api, contact_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.query(SHOWN, id=contact_id))["node"]
    return found


async def messages_from(api: Api, contact: dict[str, Any]) -> str | None:
    found: str | None = (await shown(api, contact["id"]))["messagesFrom"]
    return found


async def change(api: Api, clock: Now, contact: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The contact after a change of it, an hour later."""
    assert clock.moment is not None
    clock.moment += HOUR
    version = (await shown(api, contact["id"]))["version"]
    await api.done("updateContact", contactId=contact["id"], expectedVersion=version, changes=changes)
    return await shown(api, contact["id"])


async def versions(api: Api, contact: dict[str, Any]) -> list[tuple[int, str | None]]:
    """Each version's number and from when on messages were open, oldest first."""
    nodes = (await api.query(PAST, id=contact["id"]))["node"]["history"]["nodes"]
    return [(node["version"], node["messagesFrom"]) for node in reversed(nodes)]


async def added(api: Api, clock: Now, flow: str, **terms: Any) -> dict[str, Any]:
    """A contact added by one of the flows, at one hour."""
    client, other = await api.client("Ana"), await api.client("Bea")
    clock.moment = START + HOUR
    if flow == "addNewContact":
        return await api.contact(client["id"], "Lucía", **terms)
    values = {"clientId": client["id"], "personId": other["id"], "relationship": "PARENT"}
    if flow == "addExistingContact":
        return await api.done(flow, **values, **terms)
    clock.moment = START
    forward = await api.done("addExistingContact", **values)
    clock.moment = START + HOUR
    return await api.done(flow, contactId=forward["id"], relationship="CHILD", **terms)


@pytest.mark.parametrize("flow", FLOWS)
async def test_m4_messages_are_open_from_when_the_contact_is_added_with_them(api: Api, clock: Now, flow: str) -> None:
    contact = await added(api, clock, flow, **ON)
    found = await shown(api, contact["id"])
    assert found["messagesFrom"] == found["updatedAt"] == hour(1)


@pytest.mark.parametrize("flow", FLOWS)
async def test_m4_without_the_toggle_no_messages_are_open(api: Api, clock: Now, flow: str) -> None:
    contact = await added(api, clock, flow, portalAccess=False, payments=True)
    assert await messages_from(api, contact) is None


async def test_m4_messages_are_open_from_each_time_they_are_switched_on(api: Api, clock: Now) -> None:
    """And other changes leave the time as it is."""
    contact = await new_contact(api, clock)
    assert (await change(api, clock, contact, **ON))["messagesFrom"] == hour(1)
    assert (await change(api, clock, contact, note="Calls back", **ON))["messagesFrom"] == hour(1)
    assert (await change(api, clock, contact, **OFF))["messagesFrom"] is None
    assert (await change(api, clock, contact, payments=True))["messagesFrom"] is None
    assert (await change(api, clock, contact, **ON))["messagesFrom"] == hour(5)
    told = [(1, None), (2, hour(1)), (3, hour(1)), (4, None), (5, None), (6, hour(5))]
    assert await versions(api, contact) == told


async def test_m4_whoever_is_added_again_reads_from_then_on(api: Api, clock: Now) -> None:
    first = await new_contact(api, clock, **ON)
    clock.moment = START + HOUR
    await api.done("removeContact", contactId=first["id"], expectedVersion=1)
    clock.moment = START + 2 * HOUR
    pair = {"clientId": first["client"]["id"], "personId": first["person"]["id"]}
    again = await api.done("addExistingContact", **pair, relationship="PARENT", **ON)
    assert await messages_from(api, again) == hour(2)
    assert await messages_from(api, first) == hour(0), "a removed contact stays as it was"


async def test_m4_staff_set_the_time_back_and_forth(api: Api, clock: Now) -> None:
    """However the moment is written; also in the change that switches messages on."""
    contact = await new_contact(api, clock, **ON)
    early = "2001-02-03T04:05:06.000007+00:00"
    assert (await change(api, clock, contact, messagesFrom="2001-02-03T09:35:06.000007+05:30"))["messagesFrom"] == early
    assert (await change(api, clock, contact, note="Calls back"))["messagesFrom"] == early
    assert (await change(api, clock, contact, messagesFrom=hour(1)))["messagesFrom"] == hour(1)
    await change(api, clock, contact, **OFF)
    assert (await change(api, clock, contact, **ON, messagesFrom=early))["messagesFrom"] == early
    told = [(1, hour(0)), (2, early), (3, early), (4, hour(1)), (5, None), (6, early)]
    assert await versions(api, contact) == told


async def test_m4_the_time_of_the_change_itself_is_not_in_the_future(api: Api, clock: Now) -> None:
    contact = await new_contact(api, clock, **ON)
    assert (await change(api, clock, contact, messagesFrom=hour(1)))["messagesFrom"] == hour(1)


@pytest.mark.parametrize("same", [{"messagesFrom": "2026-06-10T14:00:00+02:00"}, {"secureMessaging": True}, {}])
async def test_m4_what_is_so_already_changes_nothing(
    installation: Installation, api: Api, clock: Now, same: dict[str, Any]
) -> None:
    """No version, and no event."""
    contact = await new_contact(api, clock, **ON)
    clock.moment = START + HOUR
    count = "MATCH (e:AuditEvent) WHERE e.practice = $practice RETURN count(e) AS found"
    (before,) = await run(installation.database, count, practice=api.practice.id)
    kept = await api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes=same)
    (after,) = await run(installation.database, count, practice=api.practice.id)
    assert (kept["version"], after["found"]) == (1, before["found"])


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (ON, {"messagesFrom": None}, "null"),
    (ON, {"messagesFrom": "2026-06-10T13:00:00.000001Z"}, "future"),
    (ON, {"messagesFrom": "9999-12-31T23:59:59.999999-23:59"}, "future"),
    (ON, {"messagesFrom": "1899-12-31T23:59:59.999999Z"}, "tooEarly"),
    (ON, {"messagesFrom": "0001-01-01T00:00:00+23:59"}, "tooEarly"),
    (ON, {**OFF, "messagesFrom": "2026-06-10T11:00:00Z"}, "messagingOff"),
    (OFF, {"messagesFrom": "2026-06-10T11:00:00Z"}, "messagingOff"),
    (OFF, {**ON, "messagesFrom": "2999-01-01T00:00:00Z"}, "future"),
]


@pytest.mark.parametrize(("terms", "changes", "reason"), REFUSED)
async def test_m4_what_is_refused_changes_nothing_and_its_preview_says_the_same(
    installation: Installation, api: Api, clock: Now, terms: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    contact = await new_contact(api, clock, **terms)
    clock.moment = START + HOUR
    sent = {"contactId": contact["id"], "expectedVersion": 1, "changes": changes}
    async with unchanged(installation.database, api.practice):
        error = await api.refused("updateContact", **sent)
    told = (f"messagesFrom.{reason}", ["changes", "messagesFrom"])
    assert (error["reason"], error["path"]) == told
    [rehearsed] = (await api.query(REHEARSE, input={"update": sent}))["rehearseContactChange"]["errors"]
    assert (rehearsed["reason"], rehearsed["path"]) == told


async def test_m4_a_preview_of_what_may_be_set_is_no_refusal_and_sets_nothing(
    installation: Installation, api: Api, clock: Now
) -> None:
    contact = await new_contact(api, clock, **OFF)
    clock.moment = START + HOUR
    sent = {"contactId": contact["id"], "expectedVersion": 1, "changes": ON | {"messagesFrom": hour(0)}}
    async with unchanged(installation.database, api.practice):
        assert (await api.query(REHEARSE, input={"update": sent}))["rehearseContactChange"]["errors"] == []
    assert (await api.mutate("updateContact", **sent))["errors"] == []
    assert await messages_from(api, contact) == hour(0)


async def test_m4_networks_of_the_past_and_versions_by_their_ids_tell_the_time_of_then(api: Api, clock: Now) -> None:
    contact = await new_contact(api, clock, **ON)
    await change(api, clock, contact, messagesFrom="2020-01-01T00:00:00Z")
    early = "2020-01-01T00:00:00.000000+00:00"
    for at, told in ((hour(0), hour(0)), (hour(1), early)):
        [version] = (await api.query(AS_OF, id=contact["client"]["id"], at=at))["person"]["contactNetworkAsOf"]["nodes"]
        assert version["messagesFrom"] == told
    nodes = (await api.query(PAST, id=contact["id"]))["node"]["history"]["nodes"]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ContactVersion { messagesFrom } } }"
    found = (await api.query(document, ids=[node["id"] for node in nodes]))["nodes"]
    assert [version["messagesFrom"] for version in found] == [early, hour(0)]


async def test_m4_other_changes_of_an_edge_keep_the_time(installation: Installation, api: Api, clock: Now) -> None:
    """Consent is recorded by another mutation."""
    person = {"emails": ["eva@example.org"]}
    contact = await new_contact(api, clock, relationship="PARENT", portalAccess=True, person=person, **ON)
    clock.moment = START + HOUR
    await api.done("recordAdultConsent", contactId=contact["id"], expectedVersion=1)
    assert await messages_from(api, contact) == hour(0)
    (edge,) = await edges(installation.database, api.practice, "HAS_CONTACT", id=contact["id"])
    assert (edge["messagesFrom"], edge["adultConsentAt"]) == (hour(0), hour(1))


async def test_m4_the_log_tells_the_time_and_agrees_with_the_graph(
    installation: Installation, api: Api, clock: Now
) -> None:
    contact = await new_contact(api, clock, **ON)
    for changes in ({"messagesFrom": "2020-01-01T00:00:00Z"}, {"note": "Calls back"}, OFF, ON):
        await change(api, clock, contact, **changes)
    await api.done("removeContact", contactId=contact["id"], expectedVersion=5)
    document = """query ($id: ID!) { auditLog(contactId: $id, first: 50) { nodes {
      contactVersion changes { field before after } } } }"""
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    told = {
        event["contactVersion"]: (one["before"], one["after"])
        for event in (await admin.query(document, id=contact["id"]))["auditLog"]["nodes"]
        for one in event["changes"]
        if one["field"] == "messagesFrom"
    }
    first, early, again = "2026-06-10T12:00:00+00:00", "2020-01-01T00:00:00+00:00", "2026-06-10T16:00:00+00:00"
    assert told == {1: (None, first), 2: (first, early), 4: (early, None), 5: (None, again)}
    assert await AuditOf(installation, api).places() == []


async def test_m4_staff_and_the_contact_read_the_time_and_nobody_else(installation: Installation, now: Now) -> None:
    now.moment = None
    seen = await fill(installation)
    contact = "query ($id: ID!) { node(id: $id) { ... on Contact { id messagesFrom } } }"
    version = """query ($id: ID!) { node(id: $id) { ... on Contact {
      history { nodes { secureMessaging messagesFrom } } } } }"""
    for role in ViewerRole:
        found = (await seen.data(role, contact, id=seen.ids["parent"]))["node"]
        assert (found["messagesFrom"] is not None) == (role is not ViewerRole.ANALYST), role
        history = (await seen.data(role, version, id=seen.ids["parent"]))["node"]["history"]
        if role is ViewerRole.PORTAL:
            assert history is None
        else:
            [told] = history["nodes"]
            assert told["secureMessaging"]
            assert (told["messagesFrom"] is not None) == (role is not ViewerRole.ANALYST), role
    assert (await seen.data(ViewerRole.PORTAL, contact, id=seen.ids["other"]))["node"] is None


async def test_m4_imported_contacts_have_no_messages_open_until_they_are_switched_on(
    installation: Installation, api: Api, clock: Now
) -> None:
    service = import_service(
        installation.database, api.practice, make_auditor(installation.settings), lambda: clock.moment or START
    )
    people = [PersonRow(2, "a", "Ana", "García"), PersonRow(3, "b", "Bea", "García")]
    await service.run(people, [ContactRow(2, "a", "b", "SIB", None)])
    (edge,) = await edges(installation.database, api.practice, "HAS_CONTACT")
    assert (edge["secureMessaging"], edge.get("messagesFrom")) == (False, None)
    assert (await change(api, clock, edge, **ON))["messagesFrom"] == hour(1)
    assert await AuditOf(installation, api).places() == []


async def test_m4_the_demos_contacts_have_messages_open_where_they_are_switched_on(installation: Installation) -> None:
    practice = await installation.practice()
    context = installation.server.services.scope(Caller("demo", practice, ViewerRole.STAFF))
    await _Families(context, START.date()).seed()
    found = await edges(installation.database, practice, "HAS_CONTACT")
    assert {edge["secureMessaging"] for edge in found} == {True, False}
    for edge in found:
        assert edge.get("messagesFrom") == (edge["createdAt"] if edge["secureMessaging"] else None)
