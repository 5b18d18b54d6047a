"""What somebody without a token may ask: to be let in, and nothing else."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from graphql import parse, validate
from limits import RateLimitItemPerMinute

from graph_api.graphql import documents
from graph_api.graphql.limits import STRANGERS_ALIASES, STRANGERS_FIELDS, STRANGERS_TOKENS
from graph_api.http.rate_limits import LIMITS
from graph_api.portal.session_ports import Limited
from tests.api import Installation
from tests.declared import ALL, ANONYMOUS, called
from tests.http.serving import EMBEDDED, RESPONSE, assert_refused, bearer
from tests.portal_users import portal_user

pytestmark = EMBEDDED

CODE = 'requestSignInCode(input: {practice: "none", email: "nobody@example.org"}) { errors { code } }'
SIGN_IN = 'signIn(input: {practice: "none", email: "nobody@example.org", code: "1"}) { session { accessToken } }'
REFRESH = 'refreshSession(input: {refreshToken: "x"}) { session { accessToken } errors { message } }'
SIGN_OUT = "signOut(input: {}) { errors { code } }"
TWO = "mutation One {" + CODE + "} query Two { viewer { role } }"
ALLOWED = {
    "one": CODE,
    "several": f"a: {CODE} {SIGN_IN} {REFRESH}",
    "a fragment": "...A } fragment A on Mutation {" + CODE + " ...B } fragment B on Mutation {" + REFRESH,
    "an inline fragment": "... on Mutation {" + CODE + "} ... {" + SIGN_IN + "}",
    "what is skipped": CODE + SIGN_IN.replace("{ session", "@skip(if: true) { session"),
    **{name: called(name) for name in ANONYMOUS},
}
"""Selections of a mutation."""
REFUSED = {
    "a question": "{ viewer { role } }",
    "what it is called": "mutation { __typename }",
    "what it is called beside": "mutation {" + CODE + " __typename }",
    "introspection": "{ __schema { queryType { name } } }",
    "a change": 'mutation { removeContact(input: {contactId: "x", expectedVersion: 1}) { removedContactId } }',
    "a change beside": "mutation {" + CODE + SIGN_OUT + "}",
    "a change behind an alias": "mutation { signIn: " + SIGN_OUT + "}",
    "a change in a fragment": "mutation {" + CODE + " ...A } fragment A on Mutation {" + SIGN_OUT + "}",
    "a change that is skipped": "mutation {" + CODE + SIGN_OUT.replace("{ errors", "@skip(if: true) { errors") + "}",
    "a question with the name in it": '{ person(id: "signIn") { id } }',
    "two operations, and none said": TWO,
    "what is not valid": "mutation { signIn { errors { code } } }",
    "what is no GraphQL": "mutation { signIn",
    "a subscription": "subscription { signIn }",
    **{name: "mutation {" + called(name) + "}" for name in ALL if name not in ANONYMOUS},
}


async def ask(client: httpx.AsyncClient, query: Any, **body: Any) -> httpx.Response:
    return await client.post("/graphql", json={"query": query, **body}, headers={"Accept": RESPONSE})


@pytest.mark.parametrize("name", ALLOWED)
async def test_what_lets_somebody_in_needs_no_token(anyone: httpx.AsyncClient, name: str) -> None:
    response = await ask(anyone, "mutation {" + ALLOWED[name] + "}")

    assert response.status_code == 200, response.text
    assert "errors" not in response.json()
    assert "graph-api-bookmark" not in response.headers


@pytest.mark.parametrize("name", REFUSED)
async def test_all_else_does(anyone: httpx.AsyncClient, name: str) -> None:
    response = await ask(anyone, REFUSED[name])

    assert_refused(response, 401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == 'Bearer realm="graph-api"'


def fields(count: int) -> str:
    return "mutation { " + CODE.replace("{ code }", "{ " + "code " * (count - 2) + "}") + " }"


def aliases(count: int) -> str:
    return "mutation { " + CODE.replace("{ code }", "{ " + "".join(f"a{n}: code " for n in range(count)) + "}") + " }"


def tokens(count: int) -> str:
    """Comments are tokens too."""
    query = "mutation { " + CODE + " }"
    return query + "\n#" * (count - parse(query).token_count)


@pytest.mark.parametrize(
    ("document", "most", "message"),
    [
        (fields, STRANGERS_FIELDS, "The operation has 21 fields; 20 are allowed."),
        (aliases, STRANGERS_ALIASES, "The operation has 6 aliases; 5 are allowed."),
        (tokens, STRANGERS_TOKENS, "The document has more than 200 tokens."),
    ],
)
async def test_a_strangers_document_is_small(
    anyone: httpx.AsyncClient, document: Callable[[int], str], most: int, message: str
) -> None:
    assert (await ask(anyone, document(most))).status_code == 200
    assert assert_refused(await ask(anyone, document(most + 1)), 400, "OPERATION_TOO_LARGE") == message


async def test_a_strangers_document_is_measured_before_it_is_validated(
    anyone: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated: list[Any] = []

    def validating(*arguments: Any, **options: Any) -> Any:
        validated.append(arguments)
        return validate(*arguments, **options)

    monkeypatch.setattr(documents, "validate", validating)
    for query in (fields(STRANGERS_FIELDS + 1), aliases(STRANGERS_ALIASES + 1), tokens(STRANGERS_TOKENS + 1)):
        assert (await ask(anyone, query + "# anew")).status_code == 400
    assert validated == []
    assert (await ask(anyone, fields(3) + "# anew")).status_code == 200
    assert len(validated) == 1  # and executed as it was validated


async def test_of_several_operations_the_one_that_is_asked_for_counts(anyone: httpx.AsyncClient) -> None:
    allowed = await ask(anyone, TWO, operationName="One")
    refused = await ask(anyone, TWO, operationName="Two")

    assert allowed.status_code == 200
    assert_refused(refused, 401, "UNAUTHENTICATED")


async def test_a_body_is_read_no_further_than_it_needs_to_be(anyone: httpx.AsyncClient) -> None:
    query = "mutation {" + CODE + "}"
    for request in (
        {"json": {"query": query + " " * 20_000}},
        {"content": b"{" * 30_000, "headers": {"Content-Type": "application/json"}},
        {"content": query, "headers": {"Content-Type": "application/graphql"}},
        {"content": b"\xff", "headers": {"Content-Type": "application/json"}},
        {"json": [{"query": query}]},
        {"json": {"query": query, "variables": []}},
        {},
    ):
        assert_refused(await anyone.post("/graphql", **request), 401, "UNAUTHENTICATED")
    assert_refused(await anyone.get("/graphql", params={"query": query}), 401, "UNAUTHENTICATED")
    assert_refused(await anyone.put("/graphql", json={"query": query}), 405)


async def test_a_token_that_does_not_hold_is_not_left_out(anyone: httpx.AsyncClient) -> None:
    """Who sends one means to be somebody; to be nobody the header must be left out."""
    for value in ("", "Bearer", "Bearer x.y.z"):
        response = await anyone.post(
            "/graphql", json={"query": "mutation {" + CODE + "}"}, headers={"Authorization": value, "Accept": RESPONSE}
        )
        assert_refused(response, 401, "UNAUTHENTICATED")


async def test_staff_may_ask_too(anyone: httpx.AsyncClient, staff_token: str) -> None:
    response = await anyone.post(
        "/graphql", json={"query": "mutation {" + ALLOWED["several"] + "}"}, headers=bearer(staff_token)
    )

    assert response.status_code == 200
    assert "errors" not in response.json()


async def test_variables_that_do_not_fit_are_told(anyone: httpx.AsyncClient) -> None:
    query = "mutation ($input: SignInInput!) { signIn(input: $input) { errors { code } } }"
    response = await ask(anyone, query, variables={"input": {"practice": 1}})

    assert response.status_code == 400
    assert "data" not in response.json()


async def test_a_practice_is_told_from_none_by_nobody(installation: Installation, anyone: httpx.AsyncClient) -> None:
    practice = await installation.practice()
    query = (
        "mutation ($input: RequestSignInCodeInput!) { requestSignInCode(input: $input) { errors { code message } } }"
    )
    answers = []
    for slug in (practice.slug, "no-such-practice", "", "x" * 5_000):
        response = await ask(anyone, query, variables={"input": {"practice": slug, "email": "a@example.org"}})
        answers.append((response.status_code, response.content, sorted(response.headers)))

    assert answers[1:] == answers[:1] * 3


async def test_who_asks_too_often_is_told_to_wait(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before what they ask is parsed; who has a token is not counted."""
    monkeypatch.setitem(LIMITS, Limited.STRANGERS, RateLimitItemPerMinute(2, 7))
    practice = await installation.practice()
    stranger, other = [portal_user(installation, practice) for _ in range(2)]
    query = "mutation {" + CODE + "}"
    statuses = [(await stranger.post(query, {})).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    response = await stranger.post("mutation { signIn", {})
    assert assert_refused(response, 429, "TOO_MANY_REQUESTS").startswith("Too many requests")
    assert response.headers["retry-after"] == "60"
    assert (await stranger.post("{ viewer { role } }", {})).status_code == 401
    assert (await other.post(query, {})).status_code == 200
    assert (await stranger.post("{ viewer { role } }", {}, token=installation.token(practice))).status_code == 200
