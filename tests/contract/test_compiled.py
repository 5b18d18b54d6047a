"""Compiled execution answers as the ordinary way does, byte for byte."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graph_api.engine.statements import load_statements
from graph_api.graphql.compile.program import ROOTS
from graph_api.graphql.compile.readers import READERS
from graph_api.graphql.documents import MAX_VARIANTS
from graph_api.graphql.execution import Answer
from graph_api.kernel.caller import ViewerRole
from tests.budgets import budget
from tests.contract.both_ways import ROLES, SCHEMA, Both
from tests.contract.operations import RandomQuery, Writer

EXAMPLES = budget(100, 2_000)
FOR_WRITERS = (("Contact", "version"), ("Person", "version"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(data=st.data())
async def test_random_queries_are_answered_alike(both: Both, data: st.DataObject) -> None:
    query = Writer(SCHEMA._schema, both.known, data.draw).query()
    compiled, ordinary = await both.answers(query, data.draw(st.sampled_from(ROLES)))
    assert orjson.dumps(compiled.body) == orjson.dumps(ordinary.body), query
    assert compiled.is_request_error == ordinary.is_request_error
    assume(not compiled.is_request_error)  # too many aliases: it proves little


ORDINARY = {
    "AccessDecision": {"contact", "contactVersion"},
    "Contact": {"allowedActions", "history", "invitation"},
    "Person": {
        "account",
        "actingHistory",
        "appointments",
        "balance",
        "charges",
        "clientProfile",
        "contactNetworkAsOf",
        "messageThreads",
        "payments",
        "reminderPreferences",
        "statement",
    },
    "Practice": {
        "ageOfMajority",
        "currency",
        "features",
        "messagePrivacyAge",
        "messagingNotice",
        "quietHours",
        "staffNoticeEmail",
    },
    "Query": {
        "accessEndingWithin",
        "agenda",
        "appointmentRequests",
        "appointmentTypes",
        "auditLog",
        "clientsTurning",
        "locations",
        "messageInbox",
        "openings",
        "practitioners",
        "previewContactChange",
        "previewReminders",
        "rehearseContactChange",
        "reminderRules",
        "whoCanAct",
    },
    "Viewer": {"actsFor", "calendarFeeds", "practitioner", "unreadThreads"},
}
"""Fields of compiled types that the ordinary way answers: they ask for a decision, or seldom."""


def test_what_is_not_compiled_is_known() -> None:
    found: dict[str, set[str]] = {}
    for kind, fields in {"Query": ROOTS, **READERS}.items():
        rest = SCHEMA._schema.type_map[kind].fields.keys() - fields.keys()  # type: ignore[attr-defined]
        found |= {kind: rest} if rest else {}
    assert found == ORDINARY


@contextmanager
def replaced(both: Both, name: str, text: str) -> Iterator[None]:
    """A statement with another text."""
    statements = load_statements(both.database.dialect)
    kept = statements[name]
    statements[name] = replace(kept, text=text)
    try:
        yield
    finally:
        statements[name] = kept


NETWORKS = RandomQuery(
    """{ clients(first: 3) { nodes { displayName contactNetwork { totalCount } again: contactOf { nodes { id } } } }
      person: __typename nodes(ids: []) { id } }""",
    {},
)


async def test_each_field_that_waited_for_a_failed_load_has_its_error(both: Both) -> None:
    text = load_statements(both.database.dialect)["network/contacts/contact_of"].text
    with replaced(both, "network/contacts/contact_of", text.replace("p.practice = $practice", "1 / 0 = $practice")):
        compiled, ordinary = await both.answers(NETWORKS, ViewerRole.STAFF)
    assert [error["path"] for error in compiled.body["errors"]] == [
        ["clients", "nodes", place, "again"] for place in range(3)
    ]
    assert without_ids(compiled) == without_ids(ordinary)
    assert [node["again"] for node in compiled.body["data"]["clients"]["nodes"]] == [None] * 3


def without_ids(answer: Answer) -> str:
    """An answer but for the ids under which its errors are logged."""
    text = orjson.dumps(answer.body).decode()
    return re.sub(r"[0-9a-f]{12}\b", "...", text)


BROKEN = {
    "an enum's value that the schema does not know": ("[k IN $contact | r[k]]", "[k IN $contact | 'UNHEARD_OF']"),
    "null where there must be a value": ("[k IN $contact | r[k]]", "[k IN $contact | null]"),
}


@pytest.mark.parametrize("old_new", BROKEN.values(), ids=BROKEN)
async def test_a_value_that_breaks_the_schemas_promise_is_an_error_where_it_stands(
    both: Both, old_new: tuple[str, str]
) -> None:
    query = RandomQuery(
        "query ($id: ID!) { person(id: $id) { displayName contactNetwork { nodes { relationship portalAccess } } } }",
        {"id": both.known.person_ids[0]},
    )
    text = load_statements(both.database.dialect)["network/contacts/network"].text
    assert old_new[0] in text
    with replaced(both, "network/contacts/network", text.replace(*old_new)):
        compiled, ordinary = await both.answers(query, ViewerRole.STAFF, falls_back=True)
    assert without_ids(compiled) == without_ids(ordinary)
    assert compiled.body["errors"]


async def test_a_broken_network_leaves_the_people_it_came_with(both: Both) -> None:
    text = load_statements(both.database.dialect)["people/clients_with_network"].text
    networks = load_statements(both.database.dialect)["network/contacts/network"].text
    query = RandomQuery("{ clients(first: 2) { nodes { displayName contactNetwork { nodes { id } } } } }", {})
    broken = "1 / 0 = $practice"
    with (
        replaced(both, "people/clients_with_network", text.replace("r.practice = $practice", broken)),
        replaced(both, "network/contacts/network", networks.replace("p.practice = $practice", broken)),
    ):
        compiled, ordinary = await both.answers(query, ViewerRole.STAFF, falls_back=True)
    assert without_ids(compiled) == without_ids(ordinary)
    assert [node["contactNetwork"] for node in compiled.body["data"]["clients"]["nodes"]] == [None, None]
    assert [error["path"][-1] for error in compiled.body["errors"]] == ["contactNetwork"] * 2


@pytest.mark.parametrize(("type_name", "field_name"), FOR_WRITERS)
async def test_the_ordinary_way_hides_what_compiled_answers_hide(both: Both, type_name: str, field_name: str) -> None:
    ids = {"Person": both.known.person_ids[0], "Contact": both.known.contact_ids[1]}
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ {field_name} }} }} __typename }}"
    query = RandomQuery(text, {"id": ids[type_name]})
    for role, hidden in ((ViewerRole.STAFF, False), (ViewerRole.ANALYST, True)):
        for answer in await both.answers(query, role):
            assert (answer.body["data"]["node"][field_name] is None) is hidden


async def test_a_role_that_may_not_write_sees_no_versions(both: Both) -> None:
    query = RandomQuery("{ clients { nodes { version contactNetwork { nodes { version } } } } }", {})
    staff, _ = await both.answers(query, ViewerRole.STAFF)
    analyst, ordinary = await both.answers(query, ViewerRole.ANALYST)
    assert analyst.body == ordinary.body
    assert {node["version"] for node in staff.body["data"]["clients"]["nodes"]} != {None}
    assert {node["version"] for node in analyst.body["data"]["clients"]["nodes"]} == {None}


async def test_more_sets_of_directive_values_than_are_kept_are_answered_alike(both: Both) -> None:
    names = [f"v{number}" for number in range(5)]
    head = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: displayName @include(if: ${name})" for name in names)
    text = f"query ({head}) {{ clients(first: 1) {{ nodes {{ {fields} __typename }} }} }}"
    for number in range(2 * MAX_VARIANTS):
        query = RandomQuery(text, {name: bool(number >> place & 1) for place, name in enumerate(names)})
        compiled, ordinary = await both.answers(query, ViewerRole.STAFF)
        assert orjson.dumps(compiled.body) == orjson.dumps(ordinary.body)
