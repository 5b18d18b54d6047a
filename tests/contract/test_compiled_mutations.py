"""What a compiled mutation shows is what is read of it afterwards; it is made once, however it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from graphql import GraphQLObjectType
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graph_api.graphql.compile.mutations import compiled_mutations
from graph_api.graphql.documents import MAX_MUTATION_FIELDS
from graph_api.graphql.execution import Answer, Operation
from graph_api.kernel.caller import ViewerRole
from tests.budgets import budget
from tests.contract.both_ways import SCHEMA, Both
from tests.contract.operations import RandomQuery, Writer

EXAMPLES = budget(50, 1_000)
INPUTS = ("input", "then")
CONTACT = "id version portalAccess status person { displayName } client { contactNetwork { totalCount } }"


class Payload(Writer):
    """Writes what is selected of somebody who was changed."""

    def directives(self) -> str:
        """Without variables: what depends on them is answered the ordinary way."""
        kind = self.choose("", "", "", "", "skip", "include")
        return f" @{kind}(if: {self.choose('true', 'false')})" if kind else ""

    def of(self, type_name: str) -> RandomQuery:
        """A selection of the type with its fragments; and the variables it needs, as `$name: Type, ...`."""
        kind = self.schema.get_type(type_name)
        assert isinstance(kind, GraphQLObjectType)
        return RandomQuery(self.selection(kind, 1), self.variables)

    def document(self, head: str, declared: str, body: str) -> str:
        """The selection in an operation."""
        fragments = "".join(f"\nfragment {name} on {on} {text}" for name, (on, text) in self.fragments.items())
        return f"{head}({', '.join([declared, *self.declared])}) {body}{fragments}"


@dataclass
class Changing:
    """Changes an edge, or a person, over and over."""

    both: Both
    number: int = 0

    @contextmanager
    def counted(self, name: str) -> Iterator[list[str]]:
        """How often a statement is sent meanwhile."""
        sent: list[str] = []

        def listen(sending: str, _params: Any) -> None:
            if sending == name:
                sent.append(sending)

        self.both.database.listeners.append(listen)
        try:
            yield sent
        finally:
            self.both.database.listeners.remove(listen)

    async def version(self, node_id: str) -> int:
        """Its version."""
        text = "query ($id: ID!) { node(id: $id) { ... on Contact { version } ... on Person { version } } }"
        found = await self.ask(text, {"id": node_id})
        return int(found.body["data"]["node"]["version"])

    async def ask(self, text: str, variables: dict[str, Any], role: ViewerRole = ViewerRole.STAFF) -> Answer:
        """The ordinary answer."""
        scope = self.both.services.scope(self.both.callers[role])
        return await self.both.ordinary.execute(Operation(text, variables), scope)

    async def change(self, text: str, variables: dict[str, Any], *, falls_back: bool = False) -> Answer:
        """The compiled answer of a mutation whose document came before."""
        executor, scopes = self.both.compiled, self.both.services.scope
        executor.falls_back = True
        stale = {name: {**variables[name], "expectedVersion": 1_000_000} for name in INPUTS if name in variables}
        await executor.execute(Operation(text, {**variables, **stale}), scopes(self.both.callers[ViewerRole.STAFF]))
        executor.falls_back = falls_back
        try:
            return await executor.execute(Operation(text, variables), scopes(self.both.callers[ViewerRole.STAFF]))
        finally:
            executor.falls_back = False

    async def edge(self, number: int = 1, **changes: Any) -> dict[str, Any]:
        """The input that changes an edge."""
        self.number += 1
        contact_id = self.both.known.contact_ids[number]
        changes = changes or {"note": f"note {self.number}"}
        version = await self.version(contact_id)
        return {"contactId": contact_id, "expectedVersion": version, "changes": changes}

    async def person(self) -> dict[str, Any]:
        """The input that changes a person."""
        self.number += 1
        person_id = self.both.known.person_ids[0]
        version = await self.version(person_id)
        return {"personId": person_id, "expectedVersion": version, "changes": {"givenName": f"Ann {self.number}"}}


@pytest.fixture(scope="module")
def changing(both: Both) -> Changing:
    """Over the practice that is asked both ways."""
    return Changing(both)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(data=st.data())
async def test_a_compiled_mutation_shows_what_is_read_of_it_afterwards(changing: Changing, data: st.DataObject) -> None:
    writer = Payload(SCHEMA._schema, changing.both.known, data.draw)
    what, name = data.draw(st.sampled_from([("contact", "updateContact"), ("person", "updatePerson")]))
    type_name = what.capitalize()
    selection = writer.of(type_name)
    variables = {**selection.variables, "input": await (changing.edge() if what == "contact" else changing.person())}
    mutation = writer.document(
        "mutation Change",
        f"$input: {name[0].upper()}{name[1:]}Input!",
        f"{{ {name}(input: $input) {{ {what} {selection.text} errors {{ code }} warnings {{ code }} __typename }} }}",
    )
    query = writer.document("query Read", "$id: ID!", f"{{ node(id: $id) {{ ... on {type_name} {selection.text} }} }}")
    read_before = await changing.ask(query, {**selection.variables, "id": variables["input"][f"{what}Id"]})
    assume(not read_before.is_request_error and "errors" not in read_before.body)  # too many aliases, or a wrong cursor
    compiled = await changing.change(mutation, variables, falls_back=None in variables.values())
    read = await changing.ask(query, {**selection.variables, "id": variables["input"][f"{what}Id"]})
    payload = compiled.body["data"][name]
    assert orjson.dumps(payload.pop(what)) == orjson.dumps(read.body["data"]["node"])
    assert payload == {"errors": [], "warnings": [], "__typename": f"{name[0].upper()}{name[1:]}Payload"}


MUTATION = f"""mutation ($input: UpdateContactInput!) {{ updateContact(input: $input) {{
  contact {{ {CONTACT} }} errors {{ code message }} warnings {{ code message persons {{ id }} }} }} }}"""


async def test_what_the_ordinary_way_must_say_is_made_once(changing: Changing) -> None:
    wanted = await changing.edge(2, relationship="FOSTER_PARENT", endsOn=None)
    with changing.counted("network/contacts/replace") as sent:
        answer = await changing.change(MUTATION, {"input": wanted}, falls_back=True)
    payload = answer.body["data"]["updateContact"]
    assert [warning["code"] for warning in payload["warnings"]] == ["END_DATE_EXPECTED"]
    assert payload["contact"]["version"] == wanted["expectedVersion"] + 1
    assert len(sent) == 1
    assert not answer.is_compiled


async def test_a_refusal_is_told_as_ever(changing: Changing) -> None:
    wanted = {**await changing.edge(), "expectedVersion": 999}
    compiled = await changing.change(MUTATION, {"input": wanted}, falls_back=True)
    ordinary = await changing.ask(MUTATION, {"input": wanted})
    assert compiled.body == ordinary.body
    assert [error["code"] for error in compiled.body["data"]["updateContact"]["errors"]] == ["VERSION_CONFLICT"]


async def test_variables_that_do_not_fit_are_refused_and_nothing_is_made(changing: Changing) -> None:
    wanted = {**await changing.edge(), "changes": {"unheard": 1}}
    with changing.counted("network/contacts/replace") as sent:
        compiled = await changing.change(MUTATION, {"input": wanted}, falls_back=True)
    assert compiled.body == (await changing.ask(MUTATION, {"input": wanted})).body
    assert compiled.is_request_error
    assert sent == []


async def test_two_mutations_of_one_operation_are_made_in_turn(changing: Changing) -> None:
    text = """mutation ($input: UpdateContactInput!, $then: UpdateContactInput!) {
      updateContact(input: $input) { contact { version } }
      then: updateContact(input: $then) { contact { version } } }"""
    first = await changing.edge()
    then = {**first, "expectedVersion": first["expectedVersion"] + 1, "changes": {"note": "then"}}
    answer = await changing.change(text, {"input": first, "then": then}, falls_back=True)
    versions = [answer.body["data"][key]["contact"]["version"] for key in ("updateContact", "then")]
    assert versions == [first["expectedVersion"] + 1, first["expectedVersion"] + 2]
    assert not answer.is_compiled


@pytest.mark.parametrize("more", [False, True])
async def test_a_mutation_is_compiled_when_its_document_comes_again(changing: Changing, more: bool) -> None:
    fields = " ".join(f"a{number}: note" for number in range(MAX_MUTATION_FIELDS if more else 3))
    text = f"mutation ($input: UpdateContactInput!) {{ updateContact(input: $input) {{ contact {{ {fields} }} }} }}"
    answer = await changing.change(text, {"input": await changing.edge()}, falls_back=True)
    assert answer.is_compiled is not more


def test_what_is_compiled_is_known() -> None:
    assert set(compiled_mutations()) == {
        "addClient",
        "addExistingContact",
        "addNewContact",
        "addReciprocalContact",
        "disableAccount",
        "inviteClient",
        "recordAdultConsent",
        "setClientFeature",
        "setClientStatus",
        "setConfidentialChannel",
        "setDeceased",
        "setReminderPreferences",
        "updateContact",
        "updatePerson",
    }
