"""What the security auditor graphql-cop looks for, of strangers, as it runs, and of staff."""

from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from graph_api.bootstrap import Server
from graph_api.graphql.documents import MAX_ERRORS
from tests.api import Installation
from tests.http.serving import EMBEDDED, RESPONSE, assert_refused

pytestmark = EMBEDDED

HEADERS = {"Accept": RESPONSE}
URL = "/graphql"


@pytest.fixture(params=["stranger", "staff"])
def asker(request: pytest.FixtureRequest, anyone: httpx.AsyncClient, staff: httpx.AsyncClient) -> httpx.AsyncClient:
    """Who runs it."""
    return anyone if request.param == "stranger" else staff


async def refused(asker: httpx.AsyncClient, query: str) -> str:
    response = await asker.post(URL, json={"query": query}, headers=HEADERS)
    assert response.status_code in (400, 401)
    assert "data" not in response.json()
    return response.text


async def test_alias_overloading(asker: httpx.AsyncClient) -> None:
    await refused(asker, "query cop { " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }")


async def test_array_based_batching(asker: httpx.AsyncClient) -> None:
    response = await asker.post(URL, json=[{"query": "query cop { __typename }"}] * 10, headers=HEADERS)
    assert response.status_code in (400, 401)
    assert isinstance(response.json(), dict)


async def test_directive_overloading(asker: httpx.AsyncClient) -> None:
    response = await asker.post(URL, json={"query": "query cop { __typename " + "@aa" * 10 + " }"}, headers=HEADERS)
    assert response.status_code in (400, 401)
    assert len(response.json()["errors"]) <= MAX_ERRORS + 1
    await refused(asker, "query cop { __typename " + "@aa" * 100 + " }")


async def test_circular_introspection(asker: httpx.AsyncClient) -> None:
    opening = "__schema { types { " + "fields { type { " * 4 + "name"
    await refused(asker, "query cop { " + opening + " }" * (opening.count("{") + 1))


async def test_circular_fragments(asker: httpx.AsyncClient) -> None:
    await refused(asker, "query cop { ...A } fragment A on Query { ...B } fragment B on Query { ...A }")


async def test_field_duplication(asker: httpx.AsyncClient) -> None:
    await refused(asker, "query cop { " + "__typename " * 500 + "}")


async def test_tracing(asker: httpx.AsyncClient) -> None:
    response = await asker.post(URL, json={"query": "query cop { __typename }"}, headers={"X-Apollo-Tracing": "1"})
    assert "extensions" not in response.json()


async def test_graphiql_and_playground_beyond_loopback(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"on_loopback": False})
    transport = httpx.ASGITransport(Server(settings, installation.database).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
        for path in ("/", "/graphiql", "/playground", "/console", "/graphql"):
            response = await client.get(path, headers={"Accept": "text/html"})
            assert response.status_code >= 400
            assert not any(word in response.text.lower() for word in ("graphiql", "playground", "<html"))


async def test_introspection_needs_a_token(anyone: httpx.AsyncClient) -> None:
    """With one it is answered: a front end's tools need it, and it tells nothing that `/schema.graphql` does not."""
    response = await anyone.post(URL, json={"query": get_introspection_query()}, headers=HEADERS)
    assert_refused(response, 401, "UNAUTHENTICATED")


async def test_field_suggestions(asker: httpx.AsyncClient) -> None:
    for query in ("query cop { __schema { directive } }", "{ viewr { id } }", "{ clients(frst: 1) { totalCount } }"):
        assert "did you mean" not in (await refused(asker, query)).lower()


async def test_a_get_needs_a_token_which_no_other_site_can_send(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get(URL, params={"query": "query cop { __typename }"}, headers={"Cookie": "session=x"})
    assert_refused(response, 401, "UNAUTHENTICATED")


async def test_get_based_mutations(asker: httpx.AsyncClient) -> None:
    query = 'mutation cop { requestSignInCode(input: {practice: "x", email: "x"}) { errors { code } } }'
    response = await asker.get(URL, params={"query": query}, headers=HEADERS)
    assert response.status_code in (401, 405)
    assert "data" not in response.json()


async def test_post_with_a_forms_content(asker: httpx.AsyncClient) -> None:
    forms: list[dict[str, Any]] = [
        {"data": {"query": "query cop { __typename }"}},
        {"files": {"query": (None, "query cop { __typename }")}},
        {"content": '{"query": "{ __typename }"}', "headers": {"Content-Type": "text/plain"}},
    ]
    for form in forms:
        response = await asker.post(URL, **form)
        assert response.status_code in (401, 415)
        assert "data" not in response.json()


async def test_unhandled_errors(asker: httpx.AsyncClient) -> None:
    for query in ("qwerty cop { abc }", "{ cop { abc } }", "{"):
        text = await refused(asker, query)
        assert not any(word in text.lower() for word in ("exception", "traceback", "stacktrace", ".py"))
