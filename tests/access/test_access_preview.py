"""previewContactChange: what a change would give or take, as the change itself would, and nothing written (D5, D7)."""

from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.kernel.caller import ViewerRole
from tests.access.test_access import ALL_ON, EVERYTHING
from tests.accounts import give_account
from tests.api import Api, Installation
from tests.contract.household import Household, new_household
from tests.contract.practice_graph import unchanged

PREVIEW = """query ($input: ContactChangeInput!) { previewContactChange(input: $input) {
  person { id } client { id } gained lost gainedOnceAccepted } }"""
MUTATION = {
    "addExisting": "addExistingContact",
    "update": "updateContact",
    "remove": "removeContact",
    "clientStatus": "setClientStatus",
}
REMINDERS = ["RECEIVE_APPOINTMENT_REMINDERS"]


@pytest.fixture
async def home(installation: Installation) -> Household:
    return await new_household(installation)


async def preview(api: Api, **change: Any) -> Any:
    """The changes."""
    return (await api.query(PREVIEW, input=change))["previewContactChange"]


async def allowed(api: Api, client_id: str) -> dict[str, list[str]]:
    """What each current contact of a client may do now, by person, past the preview."""
    fields = " ".join(
        f"{action}: canAct(personId: $person, clientId: $client, action: {action}) {{ allowed }}"
        for action in EVERYTHING
    )
    query = f"query ($person: ID!, $client: ID!) {{ {fields} }}"
    found = {}
    for person in [client_id, *(row["person"]["id"] for row in await api.network(client_id))]:
        answers = await api.query(query, person=person, client=client_id)
        found[person] = [action for action in EVERYTHING if answers[action]["allowed"]]
    return found


async def previewed_and_made(
    installation: Installation, home: Household, kind: str, **values: Any
) -> list[dict[str, Any]]:
    """The preview, which must be what the change then does, and leaves nothing behind itself."""
    async with unchanged(installation.database, home.practice):
        changes = await preview(home.api, **{kind: values})
    client = home.client["id"]
    before = await allowed(home.api, client)
    await home.api.done(MUTATION[kind], **values)
    after = await allowed(home.api, client)
    expected = {}
    for person in before.keys() | after.keys():
        was, will = before.get(person, []), after.get(person, [])
        gained, lost = [a for a in will if a not in was], [a for a in was if a not in will]
        if gained or lost:
            expected[person] = (gained, lost)
    assert {row["person"]["id"]: (row["gained"], row["lost"]) for row in changes if row["gained"] or row["lost"]} == (
        expected
    )
    assert all(row["client"]["id"] == client for row in changes)
    return list(changes)


async def spouse(installation: Installation, home: Household, *, account: bool = True, **terms: Any) -> dict[str, Any]:
    contact = await home.api.contact(home.client["id"], "Sam", **{"relationship": "SPOUSE", **ALL_ON, **terms})
    if account:
        await give_account(installation, home.practice, contact["person"]["id"])
    return contact


async def test_adding_somebody_with_an_account_gives_at_once(installation: Installation, home: Household) -> None:
    await give_account(installation, home.practice, home.other["id"])
    terms = {"relationship": "FRIEND", "portalAccess": True}
    pair = {"clientId": home.client["id"], "personId": home.other["id"]}
    (change,) = await previewed_and_made(installation, home, "addExisting", **pair, **terms)
    assert change["gained"] == ["VIEW_PORTAL", "VIEW_APPOINTMENTS", "SCHEDULE_APPOINTMENT"]
    assert (change["lost"], change["gainedOnceAccepted"]) == ([], [])


async def test_adding_somebody_without_an_account_gives_once_they_accept(
    installation: Installation, home: Household
) -> None:
    await home.api.done("updatePerson", personId=home.other["id"], expectedVersion=1, changes={"emails": ["b@b.org"]})
    terms = {"relationship": "FRIEND", **ALL_ON}
    pair = {"clientId": home.client["id"], "personId": home.other["id"]}
    (change,) = await previewed_and_made(installation, home, "addExisting", **pair, **terms)
    assert (change["gained"], change["lost"]) == (REMINDERS, [])
    assert change["gainedOnceAccepted"] == [action for action in EVERYTHING if action not in REMINDERS]


async def test_a_disabled_account_gives_once_an_invitation_opens_it_again(
    installation: Installation, home: Household
) -> None:
    """D5: the change gives reminders at once; the rest comes back with the account."""
    await give_account(installation, home.practice, home.other["id"], status=AccountStatus.DISABLED)
    pair = {"clientId": home.client["id"], "personId": home.other["id"]}
    (change,) = await previewed_and_made(
        installation, home, "addExisting", **pair, **{"relationship": "FRIEND", **ALL_ON}
    )
    assert (change["gained"], change["lost"]) == (REMINDERS, [])
    assert change["gainedOnceAccepted"] == [action for action in EVERYTHING if action not in REMINDERS]


async def test_who_can_not_be_invited_is_promised_nothing(installation: Installation, home: Household) -> None:
    """An archived client comes back: a contact without an address gets reminders and no more."""
    client = home.client["id"]
    contact = await spouse(installation, home, account=False)
    await home.api.done("setClientStatus", personId=client, expectedVersion=1, status="ARCHIVED")
    back = {"personId": client, "expectedVersion": 2, "status": "ACTIVE"}
    promised = {row["person"]["id"]: row["gainedOnceAccepted"] for row in await preview(home.api, clientStatus=back)}
    assert promised[contact["person"]["id"]] == [action for action in EVERYTHING if action not in REMINDERS]
    sent = {"personId": contact["person"]["id"], "expectedVersion": 1, "changes": {"emails": []}}
    await home.api.done("updatePerson", **sent)
    (without,) = [
        row for row in await preview(home.api, clientStatus=back) if row["person"]["id"] == contact["person"]["id"]
    ]
    assert (without["gained"], without["gainedOnceAccepted"]) == (REMINDERS, [])


async def test_d13_adding_a_grown_clients_parent_gives_nothing(installation: Installation, home: Household) -> None:
    client = home.client["id"]
    await home.api.done("updatePerson", personId=client, expectedVersion=1, changes={"birthDate": "1990-01-01"})
    await give_account(installation, home.practice, home.other["id"])
    pair = {"clientId": client, "personId": home.other["id"]}
    change = await previewed_and_made(
        installation, home, "addExisting", **pair, relationship="PARENT", portalAccess=True
    )
    assert change == []
    authority = {"kind": "LEGAL_GUARDIAN"}
    (contact,) = [row for row in await home.api.network(client) if row["person"]["id"] == home.other["id"]]
    (given,) = await previewed_and_made(
        installation,
        home,
        "update",
        contactId=contact["id"],
        expectedVersion=1,
        changes={"authority": authority},
    )
    assert "VIEW_PORTAL" in given["gained"]


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"payments": False}, ["VIEW_BALANCE", "MAKE_PAYMENT"]),
        ({"portalAccess": False}, [action for action in EVERYTHING if action not in REMINDERS]),
        ({"endsOn": "2020-01-01"}, EVERYTHING),
        ({"note": "Calls back"}, []),
    ],
)
async def test_a_changed_contact_loses_what_is_taken(
    installation: Installation, home: Household, changes: dict[str, Any], lost: list[str]
) -> None:
    contact = await spouse(installation, home)
    sent = {"contactId": contact["id"], "expectedVersion": 1, "changes": changes}
    found = await previewed_and_made(installation, home, "update", **sent)
    assert [row["lost"] for row in found] == ([lost] if lost else [])


async def test_a_removed_contact_loses_everything(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home)
    (change,) = await previewed_and_made(installation, home, "remove", contactId=contact["id"], expectedVersion=1)
    assert (change["person"], change["lost"]) == ({"id": contact["person"]["id"]}, EVERYTHING)


async def test_d7_archiving_takes_from_all_of_them(installation: Installation, home: Household) -> None:
    client = home.client["id"]
    await give_account(installation, home.practice, client)
    contact = await spouse(installation, home)
    changes = await previewed_and_made(
        installation, home, "clientStatus", personId=client, expectedVersion=1, status="ARCHIVED"
    )
    assert {row["person"]["id"] for row in changes} == {client, contact["person"]["id"]}
    back = await previewed_and_made(
        installation, home, "clientStatus", personId=client, expectedVersion=2, status="INACTIVE"
    )
    assert sorted(row["gained"] for row in back) == [EVERYTHING, EVERYTHING]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"update": {"expectedVersion": 7, "changes": {"payments": True}}}, "VERSION_CONFLICT"),
        ({"update": {"expectedVersion": 1, "changes": {"payments": None}}}, "INVALID_INPUT"),
        ({"update": {"expectedVersion": 1, "changes": {"note": "\u0000"}}}, "INVALID_INPUT"),
        ({"remove": {"expectedVersion": 7}}, "VERSION_CONFLICT"),
        ({"remove": {"expectedVersion": 1, "reason": ""}}, "INVALID_INPUT"),
        ({"clientStatus": {"expectedVersion": 7, "status": "ARCHIVED"}}, "VERSION_CONFLICT"),
        ({"addExisting": {"relationship": "OTHER"}}, "INVALID_INPUT"),
        ({"addExisting": {"relationship": "FRIEND", "self": True}}, "INVALID_INPUT"),
        ({"addExisting": {"relationship": "FRIEND", "there": True}}, "ALREADY_IN_NETWORK"),
    ],
)
async def test_what_the_change_would_be_refused_with_is_an_error_with_its_code(
    home: Household, change: dict[str, Any], code: str
) -> None:
    ((kind, sent),) = change.items()
    values = dict(sent)
    if kind == "addExisting":
        people = {"self": home.client["id"], "there": home.person, "": home.other["id"]}
        other = next((name for name in ("self", "there") if values.pop(name, False)), "")
        values |= {"clientId": home.client["id"], "personId": people[other]}
    elif kind == "clientStatus":
        values["personId"] = home.client["id"]
    else:
        values["contactId"] = home.contact["id"]
    answer = await home.api.execute(PREVIEW, input={kind: values})
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert answer["data"] == {"previewContactChange": None}


async def test_access_for_somebody_without_an_address_is_refused_as_the_change_would(home: Household) -> None:
    person = await home.api.client("Max", emails=[])
    pair = {"clientId": home.client["id"], "personId": person["id"], "relationship": "FRIEND"}
    assert await preview(home.api, addExisting=pair) == []
    refused = await home.api.refused("addExistingContact", **pair, portalAccess=True)
    answer = await home.api.execute(PREVIEW, input={"addExisting": pair | {"portalAccess": True}})
    assert refused["reason"] == "email.missing"
    assert [error["message"] for error in answer["errors"]] == [refused["message"]]


async def test_nothing_of_such_an_id_is_null(installation: Installation, home: Household) -> None:
    away = await new_household(installation)
    for person, contact in ((away.client["id"], away.contact["id"]), ("x", "x"), ("person_" + "0" * 32, "")):
        pair = {"clientId": person, "personId": home.other["id"]}
        assert await preview(home.api, addExisting={**pair, "relationship": "FRIEND"}) is None
        pair = {"clientId": home.client["id"], "personId": person}
        assert await preview(home.api, addExisting={**pair, "relationship": "FRIEND"}) is None
        sent = {"contactId": contact, "expectedVersion": 1}
        assert await preview(home.api, update={**sent, "changes": {"payments": True}}) is None
        assert await preview(home.api, remove=sent) is None
        status = {"personId": person, "expectedVersion": 1, "status": "ARCHIVED"}
        assert await preview(home.api, clientStatus=status) is None


async def test_who_may_not_make_the_change_may_not_ask(installation: Installation, home: Household) -> None:
    analyst = installation.api(home.practice, ViewerRole.ANALYST, "analyst-1")
    assert await preview(analyst, remove={"contactId": home.contact["id"], "expectedVersion": 1}) is None


@pytest.mark.parametrize("change", [{}, {"remove": {"contactId": "x", "expectedVersion": 1}, "update": None}])
async def test_one_change_at_a_time(home: Household, change: dict[str, Any]) -> None:
    response = await home.api.post({"query": PREVIEW, "variables": {"input": change}})
    assert "errors" in response.json()
