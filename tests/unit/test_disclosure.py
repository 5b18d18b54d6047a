"""An error never repeats a value: neither a variable's nor a literal's, whatever is wrong with it."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.graphql.build import build_schema
from graph_api.graphql.disclosure import internal_error
from graph_api.graphql.execution import Answer, Executor, Operation
from graph_api.kernel.caller import NOWHERE, Caller, ViewerRole

EXECUTOR = Executor(build_schema())
NAME, NUMBER = "Guadalupe", 447911
MUTATION = "mutation ($input: AddNewContactInput!) { addNewContact(input: $input) { contact { id } } }"
FIELDS = [
    "clientId",
    "relationship",
    "roles",
    "portalAccess",
    "startsOn",
    "note",
    "notDuplicateOf",
    "person",
    "unknown",
]
PERSON_FIELDS = ["givenName", "birthDate", "gender", "emails", "phones", "address", "externalId", "unknown"]

quotes = st.sampled_from(
    ["", "'", '"', "\\", "\n", "; ", ": ", " found: ", "value 'x' does not exist in ", "…", "é", " at "]
)
strings = st.tuples(quotes, quotes).map(lambda ends: f"{ends[0]}{NAME}{ends[1]}") | st.just(NAME + "x" * 400)
numbers = st.sampled_from([NUMBER, -NUMBER, NUMBER * 10**9, NUMBER + 0.25])
leaves = strings | numbers
values = st.recursive(
    leaves, lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.just("lines"), inner, min_size=1)
)


def literal(value: Any, *, as_block: bool = False) -> str:
    """A value as it stands in a document."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(item, as_block=as_block)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(item, as_block=as_block) for item in value) + "]"
    if as_block and isinstance(value, str):
        return f'"""{value} """'
    return json.dumps(value)


async def asked(query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> Answer:
    """The answer; where nothing is wrong with the request, the lack of services is what goes wrong inside."""
    context: Any = SimpleNamespace(caller=Caller("staff-1", NOWHERE, ViewerRole.STAFF), today=date.min)
    return await EXECUTOR.execute(Operation(query, variables or {}, name), context)


def assert_silent(answer: Answer) -> None:
    assert answer.body["errors"]
    text = json.dumps(answer.body["errors"], ensure_ascii=False)
    assert NAME not in text
    assert str(NUMBER) not in text


def whole(**wrong: Any) -> dict[str, Any]:
    """An input that lacks nothing, with what is wrong in it."""
    person = {"givenName": NAME, **wrong.pop("inner", {})}
    return {"clientId": "x", "relationship": "FRIEND", "person": person, **wrong}


@given(field=st.sampled_from(FIELDS), value=values)
async def test_values_of_variables(field: str, value: Any) -> None:
    assert_silent(await asked(MUTATION, {"input": whole(**{field: value}), "more": value}))


@given(field=st.sampled_from(PERSON_FIELDS), value=values)
async def test_values_deep_in_variables(field: str, value: Any) -> None:
    assert_silent(await asked(MUTATION, {"input": whole(inner={field: value})}))


@given(field=st.sampled_from(FIELDS), value=values, as_block=st.booleans())
async def test_literals(field: str, value: Any, as_block: bool) -> None:
    values_of = literal(whole(**{field: value}), as_block=as_block).replace('"FRIEND"', "FRIEND")
    assert_silent(await asked(f"mutation {{ addNewContact(input: {values_of}) {{ contact {{ id }} }} }}"))


@given(value=values)
async def test_defaults_of_variables(value: Any) -> None:
    assert_silent(
        await asked(f"query ($first: Int = {literal([value])}) {{ clients(first: $first) {{ totalCount }} }}")
    )


@pytest.mark.parametrize("query", [
    f"mutation {{ addClient(input: {{person: {{givenName: {NAME}}}}}) {{ person {{ id }} }} }}",
    f"mutation {{ addClient(input: {{person: {{gender: {NAME}}}}}) {{ person {{ id }} }} }}",
    f"mutation {{ addClient(input: {{person: {{emails: [{NAME}]}}}}) {{ person {{ id }} }} }}",
    f"{{ clients(filter: {{statuses: [{NAME}]}}) {{ totalCount }} }}",
    f"{{ clients(first: {NUMBER}000000) {{ totalCount }} }}",
    f'{{ findContacts(search: "{NAME}" "{NAME}") {{ nodes {{ score }} }} }}',
    f'{{ findContacts(search: "{NAME}) {{ nodes {{ score }} }} }}',
    f'{{ findContacts(search: "\\q{NAME}") {{ nodes {{ score }} }} }}',
    f'{{ findContacts(search: """{NAME}) {{ nodes {{ score }} }} }}',
    f"{{ findContacts(search: '{NAME}') {{ nodes {{ score }} }} }}",
    f"{{ findContacts(search: {NUMBER}.) {{ nodes {{ score }} }} }}",
    f"{{ findContacts(search: 0{NUMBER}) {{ nodes {{ score }} }} }}",
    f"{{ findContacts(search: {NUMBER} {NUMBER}) {{ nodes {{ score }} }} }}",
    f"{{ findContacts(search: ${NAME}",
    f'"{NAME}"', NAME, f"{{ viewer {{ id }} }} {NAME}", f"# {NAME}",
])  # fmt: skip
async def test_documents_that_are_wrong(query: str) -> None:
    assert_silent(await asked(query))


@pytest.mark.parametrize("name", [NAME, f"'{NAME}'"])
async def test_the_name_of_an_operation_that_is_not_there(name: str) -> None:
    assert_silent(await asked("{ viewer { id } }", name=name))


async def test_an_error_still_says_what_to_mend_and_where() -> None:
    answer = await asked(MUTATION, {"input": whole(inner={"birthDate": NAME})})
    [error] = answer.body["errors"]
    assert "birthDate" in error["message"]
    assert "YYYY-MM-DD" in error["message"]
    answer = await asked(f'mutation {{ addClient(input: {{person: {{birthDate: "{NAME}"}}}}) {{ person {{ id }} }} }}')
    assert "YYYY-MM-DD" in answer.body["errors"][0]["message"]
    answer = await asked("{ clients(first: 1) { wrong } }")
    assert "'wrong'" in answer.body["errors"][0]["message"]
    assert answer.body["errors"][0]["locations"] == [{"line": 1, "column": 23}]


async def test_suggestions_do_not_tell_what_else_there_is() -> None:
    answer = await asked("{ client(id: 1) { givenNam } }")
    assert "Did you mean" not in json.dumps(answer.body)


def test_what_goes_wrong_inside_is_logged_by_its_place_not_by_its_values(caplog: pytest.LogCaptureFixture) -> None:
    empty: dict[str, str] = {}
    try:
        empty[NAME]
    except KeyError as error:
        shown = internal_error(error)
    assert shown["extensions"]["code"] == "INTERNAL"
    assert NAME not in json.dumps(shown)
    [record] = caplog.records
    assert NAME not in record.getMessage()
    assert record.exc_info is None
    assert shown["extensions"]["errorId"] in record.getMessage()
    assert "test_disclosure.py" in record.getMessage()
