"""A cursor stands for the place where its row stood: in every connection, both ways, whatever becomes of the row."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from graph_api.graphql.cost import is_connection
from graph_api.kernel.paging import MAX_CURSOR
from graph_api.kernel.text import MAX_NAME
from tests.api import Api, Installation
from tests.contract.cursor_cases import CASES, FAMILY, NAMES, SCHEMA, Case, clients
from tests.contract.listing import Listing

USUAL = 192
"""The length of the cursors of usual names."""


def connections() -> Iterator[tuple[tuple[str, str], GraphQLField]]:
    for kind in SCHEMA._schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                if is_connection(get_named_type(field.type)):
                    yield (kind.name, name), field


FIELDS = dict(connections())
DATED = sorted(
    (where, name)
    for where, field in FIELDS.items()
    for name, argument in field.args.items()
    if get_named_type(argument.type).name == "DateTime"
)
"""Moments; a day is written in one way alone."""


def test_every_connection_is_tried() -> None:
    assert set(FIELDS) == set(CASES)


@pytest.fixture(params=sorted(CASES), ids=".".join)
async def case(request: pytest.FixtureRequest, api: Api, installation: Installation) -> Case:
    return await CASES[request.param](api, installation)


async def test_the_next_page_starts_where_the_cursors_row_stood(case: Case, request: pytest.FixtureRequest) -> None:
    """Its row is moved behind everybody, then before everybody."""
    for move in (case.to_the_end, case.to_the_start):
        before = await case.rows()
        cursor = (await case.page("first: 2"))["pageInfo"]["endCursor"]
        await move(before[1])
        page = await case.page(f'first: 3, after: "{cursor}"')
        assert [case.row(node) for node in page["nodes"]] == before[2:5]
        assert page["pageInfo"]["hasPreviousPage"] is True
        assert len(cursor) == USUAL
        assert not any(name.encode() in base64.urlsafe_b64decode(cursor) for name in (FAMILY, "person_", "contact_"))
    if "last" in FIELDS[request.node.callspec.params["case"]].args:
        for move in (case.to_the_end, case.to_the_start):
            before = await case.rows()
            cursor = (await case.page("last: 2"))["pageInfo"]["startCursor"]
            await move(before[-2])
            page = await case.page(f'last: 3, before: "{cursor}"')
            assert [case.row(node) for node in page["nodes"]] == before[-5:-2]
            assert page["pageInfo"]["hasNextPage"] is True


async def test_a_row_that_stays_has_the_same_cursor_in_every_answer(api: Api, installation: Installation) -> None:
    case = await clients(api, installation)
    first, again = [(await case.page("first: 3"))["pageInfo"]["endCursor"] for _ in range(2)]
    assert first == again == (await case.page("last: 4"))["pageInfo"]["startCursor"]
    assert len(NAMES) == 6


LONG = {"ascii": "a" * MAX_NAME, "astral": "\U0010ffff" * MAX_NAME, "folded to many": "\ufdfa" * MAX_NAME}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
async def test_cursors_of_the_longest_names_are_bounded_and_read(api: Api, name: str) -> None:
    made = [(await api.client(name, name))["id"] for _ in range(3)]
    listing = Listing(api, "clients")
    page = await listing.page(first=1)
    assert USUAL < len(page["pageInfo"]["endCursor"]) <= MAX_CURSOR
    assert await listing.forwards(1) == await listing.backwards(1) == sorted(made)


def test_every_date_argument_of_a_connection_is_tried() -> None:
    assert DATED == [
        (("Person", "appointments"), "from"),
        (("Person", "appointments"), "to"),
        (("Person", "contactNetworkAsOf"), "at"),
        (("Query", "auditLog"), "from"),
        (("Query", "auditLog"), "to"),
        (("Query", "whoCanAct"), "at"),
    ]


@pytest.mark.parametrize(("where", "argument"), DATED)
async def test_the_same_moment_written_otherwise_takes_the_cursor(
    api: Api, installation: Installation, where: tuple[str, str], argument: str
) -> None:
    case = await CASES[where](api, installation)
    cursor = (await case.page("first: 2"))["pageInfo"]["endCursor"]
    expected = (await case.rows())[2:4]
    moment = datetime.fromisoformat(case.variables[argument])
    for minutes in (330, -720, 840):
        otherwise = moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
        page = await case.page(f'first: 2, after: "{cursor}"', **{argument: otherwise})
        assert [case.row(node) for node in page["nodes"]] == expected


ALIKE = [
    ("clients", "filter: {statuses: [ACTIVE, INACTIVE]}", "filter: {statuses: [INACTIVE, ACTIVE, INACTIVE]}"),
    ("clients", "filter: {statuses: [INACTIVE, ACTIVE]}", ""),
    ("contactNetwork", "filter: {statuses: [IN_FORCE, UPCOMING, EXPIRED]}", ""),
    (
        "contactNetwork",
        "filter: {relationships: [FRIEND, PARENT], roles: null}",
        "filter: {relationships: [PARENT, FRIEND, FRIEND]}",
    ),
    (
        "contactOf",
        "filter: {statuses: [IN_FORCE, EXPIRED], relationships: [SPOUSE]}",
        "filter: {relationships: [SPOUSE, SPOUSE], statuses: [EXPIRED, IN_FORCE]}",
    ),
    ("findContacts", f'search: "{FAMILY}"', f'search: "  {FAMILY.upper()} "'),
]


@pytest.mark.parametrize(("name", "one", "other"), ALIKE)
async def test_the_same_filter_in_other_words_takes_the_cursor(
    api: Api, installation: Installation, name: str, one: str, other: str
) -> None:
    (where,) = [where for where in CASES if where[1] == name]
    case = await CASES[where](api, installation)
    search = f'search: "{FAMILY}", '
    written = replace(case, query=case.query.replace(search, ""))
    page = await written.page(f"first: 2, {one}")
    after = f'first: 2, after: "{page["pageInfo"]["endCursor"]}", {other}'
    assert await written.rows(after) == (await case.rows())[2:4]
