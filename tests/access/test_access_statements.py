"""A question about access is one statement, however many it is about; and what a portal account may ask."""

from typing import Any

import pytest

from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor
from graph_api.services import Services
from tests.access.test_access import ACTS_FOR, ALL_ON, CAN_ACT, EVERYTHING, WHO
from tests.accounts import give_account
from tests.api import Installation
from tests.contract.household import Household, new_household
from tests.contract.many import Many

SCHEMA = build_schema()
CLIENTS = 50
ALLOWED = """query ($id: ID!) { person(id: $id) { contactNetwork(first: 100) { nodes { id allowedActions } } } }"""


async def as_account(
    installation: Installation, home: Household, person_id: str, query: str, **variables: Any
) -> dict[str, Any]:
    """What a portal account is answered."""
    settings = installation.settings
    secret = installation_secret(settings.data_dir, settings.secret_file)
    caller = Caller("account-1", home.practice, ViewerRole.PORTAL, person_id=person_id)
    context = Services(installation.database, secret, make_auditor(settings)).scope(caller)
    body = (await Executor(SCHEMA).execute(Operation(query, variables), context)).body
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data


@pytest.fixture
async def home(installation: Installation) -> Household:
    return await new_household(installation)


async def grant(installation: Installation, home: Household, person: str, client: str, **terms: Any) -> dict[str, Any]:
    """Make somebody with an account a client's contact."""
    pair = {"clientId": client, "personId": person}
    return await home.api.done("addExistingContact", **pair, **{"relationship": "SPOUSE", **ALL_ON, **terms})


async def test_can_act_is_one_statement_now_and_the_same_one_twice_then(
    installation: Installation, home: Household
) -> None:
    values = {"person": home.person, "client": home.client["id"], "action": "VIEW_PORTAL"}
    query = CAN_ACT.replace("contact { id } contactVersion { version payments contact { id } }", "")
    for at, names in ((None, ["access/pair"]), ("2026-01-01T00:00:00Z", ["access/pair_at"] * 2)):
        await home.api.query(query, **values, at=at)
        with installation.statements() as sent:
            await home.api.query(query, **values, at=at)
        assert [statement for statement in sent if statement.rpartition("/")[0] != "practices"] == names


@pytest.mark.parametrize("contacts", [1, 20])
async def test_who_can_act_and_allowed_actions_do_not_grow_with_the_network(
    installation: Installation, home: Household, contacts: int
) -> None:
    client = home.client["id"]
    many = Many(installation, home.practice)
    people = await many.people((f"Contact {number:02}", "Kim") for number in range(contacts))
    for person in people:
        await give_account(installation, home.practice, person.id)
        await grant(installation, home, person.id, client)
    await home.api.query(WHO, client=client, action="MAKE_PAYMENT", first=100)  # until the grants' own time has come
    with installation.statements() as sent:
        found = await home.api.query(WHO, client=client, action="MAKE_PAYMENT", first=100)
    assert len(found["whoCanAct"]["nodes"]) == contacts
    assert [statement for statement in sent if statement.rpartition("/")[0] != "practices"] == ["access/of_client"]
    with installation.statements() as sent:
        shown = (await home.api.query(ALLOWED, id=client))["person"]["contactNetwork"]["nodes"]
    assert sum(row["allowedActions"] == EVERYTHING for row in shown) == contacts
    asked = [statement for statement in sent if statement.rpartition("/")[0] != "practices"]
    assert asked == ["people/by_ids", "network/contacts/network", "access/contacts"]


async def test_acts_for_fifty_clients_is_one_statement(installation: Installation, home: Household) -> None:
    many = Many(installation, home.practice)
    (person,) = await many.people([("Adams", "Sam")], status=None)
    await home.api.done("updatePerson", personId=person.id, expectedVersion=1, changes={"emails": ["sam@example.org"]})
    await give_account(installation, home.practice, person.id)
    clients = await many.people((f"Client {number:02}", "Kim") for number in range(CLIENTS))
    for client in clients:
        await grant(installation, home, person.id, client.id)
    query = ACTS_FOR.replace("person { id } actsFor", "actsFor", 1)
    await as_account(installation, home, person.id, query, first=100)  # until the grants' own time has come
    with installation.statements() as sent:
        found = (await as_account(installation, home, person.id, query, first=100))["viewer"]["actsFor"]
    assert [row["client"]["id"] for row in found["nodes"]] == [client.id for client in clients]
    assert all(row["actions"] == EVERYTHING and row["person"]["id"] == person.id for row in found["nodes"])
    assert found["totalCount"] == CLIENTS
    assert sent == ["access/of_person"]
    seen, after = [], None
    while True:
        page = (await as_account(installation, home, person.id, query, first=20, after=after))["viewer"]["actsFor"]
        seen += [row["client"]["id"] for row in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [client.id for client in clients]


async def test_s13_acts_for_shows_whose_portal_may_be_viewed_and_nothing_else(
    installation: Installation, home: Household
) -> None:
    """Themselves first, as a client; not who only reminds them, ended, or is archived."""
    people = [await home.api.client(f"Kim {number}") for number in range(5)]
    own, seen, reminded, ended, archived = (person["id"] for person in people)
    await give_account(installation, home.practice, own)
    contact = await grant(installation, home, own, seen, payments=False)
    await grant(installation, home, own, reminded, portalAccess=False)
    await grant(installation, home, own, ended, endsOn="2020-01-01")
    await grant(installation, home, own, archived)
    await home.api.done("setClientStatus", personId=archived, expectedVersion=1, status="ARCHIVED")
    data = await as_account(installation, home, own, ACTS_FOR)
    assert data["viewer"]["person"] == {"id": own}
    rows = data["viewer"]["actsFor"]["nodes"]
    assert [(row["client"]["id"], row["contact"]) for row in rows] == [(own, None), (seen, {"id": contact["id"]})]
    assert rows[0]["actions"] == EVERYTHING
    assert rows[1]["actions"] == [action for action in EVERYTHING if action not in ("VIEW_BALANCE", "MAKE_PAYMENT")]


async def test_s13_a_disabled_account_acts_for_nobody(installation: Installation, home: Household) -> None:
    person = (await home.api.client("Kim"))["id"]
    data = await as_account(installation, home, person, ACTS_FOR)
    assert data["viewer"]["actsFor"]["nodes"] == []


async def test_s13_a_portal_account_asks_about_itself_alone_and_is_not_told_why(
    installation: Installation, home: Household
) -> None:
    own = (await home.api.client("Kim"))["id"]
    await give_account(installation, home.practice, own)
    client = home.client["id"]
    await grant(installation, home, own, client, payments=False)

    async def ask(person: str, action: str, at: str | None = None) -> Any:
        return (await as_account(installation, home, own, CAN_ACT, person=person, client=client, action=action, at=at))[
            "canAct"
        ]

    allowed, denied = await ask(own, "VIEW_PORTAL"), await ask(own, "MAKE_PAYMENT")
    assert (allowed["allowed"], denied["allowed"]) == (True, False)
    assert [decision[name] for decision in (allowed, denied) for name in ("checks", "nearestDenial")] == [None] * 4
    assert await ask(home.person, "VIEW_PORTAL") is None
    assert await ask(client, "VIEW_PORTAL") is None
    data = await as_account(installation, home, own, WHO, client=client, action="VIEW_PORTAL")
    assert data == {"whoCanAct": None}


@pytest.mark.parametrize("role", [ViewerRole.STAFF, ViewerRole.ANALYST, ViewerRole.PORTAL])
async def test_can_act_is_answered_alike_compiled_or_not(
    installation: Installation, home: Household, role: ViewerRole
) -> None:
    settings = installation.settings
    services = Services(
        installation.database, installation_secret(settings.data_dir, settings.secret_file), make_auditor(settings)
    )
    person = home.person if role is ViewerRole.PORTAL else None
    caller = Caller("someone", home.practice, role, person_id=person)
    query = """query ($person: ID!, $client: ID!, $at: DateTime, $deep: Boolean!) {
      one: canAct(personId: $person, clientId: $client, action: VIEW_PORTAL, at: $at) { ...all contact { id } }
      two: canAct(personId: $client, clientId: $client, action: MAKE_PAYMENT, at: $at) { ...all }
      three: canAct(personId: "x", clientId: $client, action: MAKE_PAYMENT) { allowed __typename } }
    fragment all on AccessDecision { allowed action when: at checks @include(if: $deep) { rule passed explanation }
      nearestDenial { __typename why: explanation } }"""
    for text in (query, query.replace("contact { id }", "")):
        for at in ("2026-03-01T12:00:00+01:00", "2199-01-01T00:00:00Z", "1800-01-01T00:00:00Z"):
            for deep in (True, False):
                variables = {"person": home.person, "client": home.client["id"], "at": at, "deep": deep}
                found = [
                    (
                        await Executor(SCHEMA, compiles=compiles).execute(
                            Operation(text, variables), services.scope(caller)
                        )
                    ).body
                    for compiles in (True, False)
                ]
                assert found[0] == found[1]
                assert list(found[0]["data"]) == ["one", "two", "three"]
