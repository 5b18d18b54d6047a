"""What somebody with a token may have done: hostile requests are refused before they cost, and work is counted."""

import asyncio
import json
from functools import partial
from typing import Any

import httpx
import pytest
from bench.attacks import Attack, attacks
from graphql import get_introspection_query
from graphql.execution import values as coercion

from graph_api import bootstrap
from graph_api.bootstrap import Server
from graph_api.graphql import documents
from graph_api.graphql.bounds import MAX_LIST, MAX_VALUES
from graph_api.graphql.documents import MAX_ERRORS
from graph_api.graphql.limits import MAX_FIELDS, MAX_LINES
from graph_api.http import holding
from graph_api.http.incoming import MAX_PARAMETERS, MAX_PORTAL_BODY, MAX_URL_QUERY
from graph_api.http.work import SAVED, Buckets
from graph_api.kernel.caller import Practice, ViewerRole
from tests.accounts import give_account
from tests.api import Api, Installation
from tests.http.serving import EMBEDDED, RESPONSE, assert_refused
from tests.portal_users import signed_in

pytestmark = EMBEDDED

ADD = "mutation ($input: AddClientInput!) { addClient(input: $input) { person { id } errors { __typename code } } }"
FORBIDDEN = {"errors": [{"__typename": "Forbidden", "code": "FORBIDDEN"}]}


@pytest.fixture
async def practice(installation: Installation) -> Practice:
    return await installation.practice()


@pytest.fixture
def api(installation: Installation, practice: Practice) -> Api:
    return installation.api(practice)


@pytest.fixture
async def patient(installation: Installation, api: Api) -> Api:
    """The API as a portal account."""
    person = await api.client()
    user = await signed_in(installation, api.practice, await give_account(installation, api.practice, person["id"]))
    return Api(installation.server.app, user.access_token or "", api.practice)


@pytest.fixture
def coerced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each value of a variable that GraphQL coerces."""
    found: list[Any] = []
    coerce = coercion.coerce_input_value  # type: ignore[attr-defined]

    def noticing(value: Any, *arguments: Any, **options: Any) -> Any:
        found.append(value)
        return coerce(value, *arguments, **options)

    monkeypatch.setattr(coercion, "coerce_input_value", noticing)
    return found


async def refused(api: Api, query: str, code: str, **variables: Any) -> str:
    response = await api.post({"query": query, "variables": variables}, Accept=RESPONSE)
    return assert_refused(response, 400, code)


@pytest.mark.parametrize(
    "query",
    [
        "{ " + " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(22)) + " }",
        '{ a: __type(name: "Person") { name } b: __type(name: "Person") { name } }',
        '{ __schema { queryType { name } } __type(name: "Person") { name } }',
        "{ ...A ...B } fragment A on Query { __schema { queryType { name } } } "
        "fragment B on Query { __schema { queryType { name } } }",
    ],
)
async def test_the_schema_is_asked_about_once_an_operation(api: Api, patient: Api, query: str) -> None:
    for caller in (api, patient):
        message = await refused(caller, query, "OPERATION_TOO_LARGE")
        assert message.endswith("questions about the schema; 1 are allowed.")
    assert "errors" not in await patient.execute(get_introspection_query())


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { " + "id " * 900 + "} }",
        "{ " + "person(id: 1) { id } " * 110 + "}",
        "{ person(id: 1) { " + "contactOf { nodes { client { id } } } " * 85 + "} }",
        "{ viewer { ...F0 } } "
        + " ".join(f"fragment F{n} on Viewer {{ id ...F{n + 1} }}" for n in range(100))
        + " fragment F100 on Viewer { id }",
        "{ viewer { id } } fragment Unused on Viewer { " + "id " * 900 + "}",
        "{ person(id: 1) { ...A } } fragment A on Person { contactOf { nodes { client { ...A } person { ...A } } } }",
    ],
    ids=["a field", "a question", "levels", "a chain of fragments", "an unused fragment", "a circle"],
)
async def test_fields_that_overlap_are_bounded_before_they_are_compared(
    api: Api, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(documents, "validate", None)
    assert str(MAX_FIELDS) in await refused(api, query, "OPERATION_TOO_LARGE")


async def test_a_document_of_many_lines_is_not_read(api: Api) -> None:
    await refused(api, "{ viewer { id } }" + "\n" * (MAX_LINES + 1), "OPERATION_TOO_LARGE")


async def test_errors_stop_at_five(api: Api) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        ("{ " + " ".join(f"x{n}" for n in range(500)) + " }", {}),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [{}] * MAX_LIST}),
    ]
    for query, variables in cases:
        response = await api.post({"query": query, "variables": variables}, Accept=RESPONSE)
        assert response.status_code == 400
        assert 1 <= len(response.json()["errors"]) <= MAX_ERRORS + 1  # that there were more is one too
        assert len(response.content) < 2_000


async def test_variables_are_bounded_before_they_are_coerced(api: Api, patient: Api, coerced: list[Any]) -> None:
    clients = "query ($f: ClientFilter) { clients(filter: $f) { totalCount } }"
    for caller, count in ((api, 60_000), (patient, 9_000)):
        keys = {f"k{n}": 1 for n in range(count)}
        for sent in ({"statuses": ["ACTIVE"] * count}, keys, {"statuses": [keys]}):
            assert f"{MAX_VALUES:,}" in await refused(caller, clients, "INPUT_TOO_LARGE", f=sent)
        await refused(caller, clients, "INPUT_TOO_LARGE", f={"statuses": ["ACTIVE"] * (MAX_LIST + 1)})
        await refused(caller, clients, "INPUT_TOO_LARGE", f={"statuses": [], "more": 1})
        await refused(caller, "{ viewer { id } }", "INPUT_TOO_LARGE", **keys)
        await refused(caller, ADD, "INPUT_TOO_LARGE", input={"person": {"address": {"lines": ["x"] * count}}})
    assert coerced == []


@pytest.mark.parametrize(
    "sent",
    [
        None,
        1,
        {"person": {"birthDate": 1, "gender": "NOPE"}},
        {"person": {"address": {"lines": ["x"] * 1_500}}},
        {f"k{n}": 1 for n in range(500)},
    ],
    ids=["nothing", "a number", "values", "a long list", "unknown keys"],
)
async def test_who_may_not_call_a_mutation_is_told_so_whatever_they_send(
    installation: Installation, api: Api, patient: Api, coerced: list[Any], sent: Any
) -> None:
    analyst = installation.api(api.practice, ViewerRole.ANALYST)
    for caller in (patient, analyst):
        with installation.statements() as statements:
            answer = await caller.execute(ADD, input=sent)
        assert answer == {"data": {"addClient": {"person": None, **FORBIDDEN}}}
        assert not [name for name in statements if not name.startswith("portal/sessions/")]
    assert coerced == []
    assert (await api.post({"query": ADD, "variables": {"input": sent}}, Accept=RESPONSE)).status_code == 400


async def test_of_several_mutations_those_that_are_refused_read_nothing(patient: Api, coerced: list[Any]) -> None:
    query = """mutation ($no: AddClientInput!, $ids: [ID!], $yes: ChangeAccountAddressInput!, $if: Boolean!) {
      a: addClient(input: $no) @include(if: $if) { ...P person { id @skip(if: $if) } }
      changeAccountAddress(input: $yes) { errors { __typename } }
      ...More }
    fragment P on AddClientPayload { errors { __typename code @include(if: $if) } }
    fragment More on Mutation { b: addClient(input: {person: {givenName: "x"}, notDuplicateOf: $ids}) { ...P } }"""
    sent = {"no": {"person": 1}, "ids": {"x": {}}, "yes": {"email": "nobody"}, "if": True}
    answer = await patient.execute(query, **sent)
    assert answer["data"] == {
        "a": {**FORBIDDEN, "person": None},
        "changeAccountAddress": {"errors": [{"__typename": "InvalidInput"}]},
        "b": FORBIDDEN,
    }
    assert coerced
    assert not any(value in (sent["no"], sent["ids"]) for value in coerced)


async def test_a_variable_that_an_admitted_mutation_needs_is_read(patient: Api) -> None:
    query = """mutation ($s: String!) {
      no: addClient(input: {person: {givenName: $s}}) { errors { __typename code } }
      yes: changeAccountAddress(input: {email: $s}) { errors { __typename } } }"""
    assert (await patient.execute(query, s="x"))["data"] == {
        "no": FORBIDDEN,
        "yes": {"errors": [{"__typename": "InvalidInput"}]},
    }
    response = await patient.post({"query": query, "variables": {"s": 1}}, Accept=RESPONSE)
    assert response.status_code == 400


TOO_MANY_ROWS = """{ clients(first: 100) { nodes { contactNetwork(first: 100) { nodes { person {
  contactNetwork { totalCount } } } } } } }"""


def body_of(size: int) -> bytes:
    start = b'{"query": "{ viewer { id } }", "extensions": {"pad": "'
    return start + b"x" * (size - len(start) - 3) + b'"}}'


async def test_a_portal_accounts_body_is_smaller(
    installation: Installation, patient: Api, api: Api, address: str
) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for caller, size, status in (
            (patient, MAX_PORTAL_BODY, 200),
            (patient, MAX_PORTAL_BODY + 1, 413),
            (api, MAX_PORTAL_BODY + 1, 200),
        ):
            headers = {"Authorization": f"Bearer {caller.token}", "Content-Type": "application/json"}
            response = await client.post("/graphql", content=body_of(size), headers=headers)
            assert response.status_code == status, response.text


async def test_a_message_of_ten_thousand_escaped_characters_fits(patient: Api) -> None:
    query = "mutation ($input: ChangeAccountAddressInput!) { changeAccountAddress(input: $input) { errors { code } } }"
    body = {"query": query, "variables": {"input": {"email": "👩" * 10_000}}}
    assert 120_000 < len(json.dumps(body)) < MAX_PORTAL_BODY
    response = await patient.post(body)
    assert response.json()["data"]["changeAccountAddress"]["errors"]


async def test_an_addresss_query_is_bounded(staff: httpx.AsyncClient) -> None:
    long = await staff.get("/graphql?query={viewer{id}}&x=" + "x" * MAX_URL_QUERY)
    assert_refused(long, 414, "TOO_LARGE")
    many = await staff.get("/graphql?query={viewer{id}}" + "&x=1" * MAX_PARAMETERS)
    assert_refused(many, 400, "BAD_REQUEST")


@pytest.fixture
def counted(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The application with small buckets, which time does not fill again."""
    monkeypatch.setattr(bootstrap, "Buckets", partial(Buckets, clock=lambda: 0.0))
    settings = installation.settings.model_copy(update={"staff_work": 1, "portal_work": 1})
    return Server(settings, installation.database)


async def use_up(api: Api, body: dict[str, Any]) -> tuple[int, httpx.Response]:
    """How many requests are answered until one is refused, and that one."""
    for count in range(200):
        response = await api.post(body)
        if response.status_code != 200:
            return count, response
    raise AssertionError("nothing was counted")


async def test_who_has_had_much_done_waits(installation: Installation, counted: Server, api: Api, patient: Api) -> None:
    staff, analyst = (
        Api(counted.app, installation.token(api.practice, role, role.value), api.practice)
        for role in (ViewerRole.STAFF, ViewerRole.ANALYST)
    )
    holder = Api(counted.app, patient.token, api.practice)
    question = {"query": "{ viewer { id actsFor(first: 100) { nodes { client { id } } } } }"}
    for caller in (staff, holder):
        count, response = await use_up(caller, question)
        assert 2 < count < 30
        assert_refused(response, 429, "TOO_MANY_REQUESTS")
        assert 1 <= int(response.headers["retry-after"]) <= 2 * SAVED
        with installation.statements() as statements:
            for body in (
                question,
                {"query": "{ no }"},
                {"query": "mutation { signOut(input: {}) { errors { code } } }"},
            ):
                assert_refused(await caller.post(body), 429, "TOO_MANY_REQUESTS")
        assert statements == []  # not even the session is looked up
    again = Api(counted.app, installation.token(api.practice, ViewerRole.STAFF, ViewerRole.STAFF.value), api.practice)
    assert_refused(await again.post(question), 429)  # another token of the same account
    assert (await analyst.post(question)).status_code == 200


async def test_a_refusal_for_too_much_is_held_back_while_others_are_answered(
    installation: Installation, counted: Server, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy = Api(counted.app, installation.token(api.practice, subject="greedy"), api.practice)
    question = {"query": "{ viewer { id } }"}
    await use_up(greedy, question)
    monkeypatch.setattr(holding, "SECONDS", 3_600.0)
    held = asyncio.ensure_future(greedy.post(question))
    other = Api(counted.app, installation.token(api.practice, subject="another"), api.practice)
    for _ in range(3):
        assert (await other.post(question)).status_code == 200
    done, _ = await asyncio.wait([held], timeout=0.05)
    assert not done
    held.cancel()


@pytest.mark.parametrize(
    ("body", "most"),
    [
        ({"query": "{ no }"}, 80),
        ({"query": "{ no " + "x " * 900 + "}"}, 2),
        ({"query": "{" * 1_001}, 2),
        ({"query": "{ viewer { id } }", "extensions": {"x": "x" * 500_000}}, 2),
        ({"query": "{ clients(first: 100) { nodes { contactNetwork(first: 100) { totalCount } } } }"}, 1),
        ({"query": TOO_MANY_ROWS}, 40),
        ({"query": "query ($v: [ID!]!) { nodes(ids: $v) { id } }", "variables": {"v": ["x"] * 200_000}}, 2),
        ({"query": "{ __typename }", "variables": []}, 110),
    ],
    ids=["wrong", "many tokens", "no GraphQL", "bytes", "rows", "too many rows", "a large variable", "a bad request"],
)  # fmt: skip
async def test_what_is_refused_is_counted_too(
    installation: Installation, counted: Server, api: Api, body: dict[str, Any], most: int
) -> None:
    """As many as the bucket of 30,000 units holds, and no more."""
    caller = Api(counted.app, installation.token(api.practice, subject=str(most)), api.practice)
    answered = 0
    while (await caller.post(body)).status_code != 429:
        answered += 1
        assert answered <= most
    assert answered > 0


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.name)
async def test_each_hostile_request_is_refused(address: str, patient: Api, api: Api, attack: Attack) -> None:
    """Those whose processor time `bench.abuse` measures."""
    headers = {"Content-Type": "application/json", "Accept": RESPONSE}
    async with httpx.AsyncClient(base_url=address) as client:
        for token in (patient.token, api.token, None):
            own = {"Authorization": f"Bearer {token}"} if token else {}
            response = await client.post("/graphql", content=attack.body, headers=headers | own)
            assert response.status_code in ((400, 413) if token else (400, 401)), response.text
            assert "data" not in response.json()
            assert len(response.content) < 3_000
