"""The schema that is served is the one that is committed, described in full, and holds what front ends are promised."""

import re
import tomllib
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)
from graphql.utilities import find_breaking_changes

from graph_api.graphql.build import print_schema
from tests.api import Api

ROOT = Path(__file__).resolve().parents[2]
RELEASED = {path.stem: path for path in sorted((Path(__file__).parent / "data" / "released").glob("*.graphql"))}
"""The schema of each release: what front ends were promised."""
SERVED = build_schema(print_schema())

PAYLOADS = {
    "acceptInvitation": "SessionPayload",
    "signIn": "SessionPayload",
    "refreshSession": "SessionPayload",
    "resendInvitation": "InvitationPayload",
    "revokeInvitation": "InvitationPayload",
}
"""Those that are not called as their mutation. By hand: each is an exception from what front ends are promised."""
WITHOUT_A_KEY = ["acceptInvitation", "requestSignInCode", "signIn", "refreshSession", "signOut", "changeAccountAddress"]
"""What brings a session or ends one: its answer is shown once. By hand: any other mutation has to take a key."""


def own_types(schema: GraphQLSchema) -> list[str]:
    return [
        name
        for name, kind in schema.type_map.items()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    """`graph-api schema > schema.graphql` mends a difference."""
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == print_schema()


async def test_introspection_tells_the_same(api: Api) -> None:
    types = (await api.query("{ __schema { types { name description fields { name } } } }"))["__schema"]["types"]
    shown = {kind["name"]: [field["name"] for field in kind["fields"] or ()] for kind in types}
    for name in own_types(SERVED):
        kind = SERVED.type_map[name]
        fields = list(kind.fields) if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else []
        assert shown[name] == fields


@pytest.mark.parametrize("name", own_types(SERVED))
def test_everything_is_described(name: str) -> None:
    kind = SERVED.type_map[name]
    texts = {name: kind.description}
    if isinstance(kind, GraphQLEnumType):
        texts |= {f"{name}.{value}": found.description for value, found in kind.values.items()}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        texts |= {f"{name}.{field}": found.description for field, found in kind.fields.items()}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for field, found in kind.fields.items():
            texts |= {f"{name}.{field}({argument})": of.description for argument, of in found.args.items()}
    assert [where for where, text in texts.items() if not (text or "").strip()] == []


@pytest.mark.parametrize("release", RELEASED)
def test_whoever_wrote_for_a_release_is_served(release: str) -> None:
    """Fields, arguments and values are added; nothing that was released goes away or asks for more."""
    released = build_schema(RELEASED[release].read_text(encoding="utf-8"))
    assert find_breaking_changes(released, SERVED) == []


def test_every_release_but_the_one_in_the_making_is_kept() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    numbers = re.findall(r"^## (\d+\.\d+\.\d+)", changes, re.MULTILINE)
    making = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert set(numbers) - {making} == RELEASED.keys()


def test_changes_of_one_kind_are_shaped_alike() -> None:
    """One `input`, a nullable payload of the mutation's name, errors and warnings in it."""
    assert SERVED.mutation_type is not None
    for name, field in SERVED.mutation_type.fields.items():
        kind = name[0].upper() + name[1:]
        assert {argument: str(found.type) for argument, found in field.args.items()} == {"input": f"{kind}Input!"}
        assert str(field.type) == PAYLOADS.get(name, f"{kind}Payload")
        payload, sent = SERVED.type_map[str(field.type)], SERVED.type_map[f"{kind}Input"]
        assert isinstance(payload, GraphQLObjectType)
        assert isinstance(sent, GraphQLInputObjectType)
        assert str(payload.fields["errors"].type) == "[MutationError!]!"
        assert str(payload.fields["warnings"].type) == "[MutationWarning!]!"
        key = sent.fields.get("idempotencyKey")
        assert (None if key is None else str(key.type)) == (None if name in WITHOUT_A_KEY else "String")


def test_connections_follow_relay() -> None:
    connections = [name for name in own_types(SERVED) if name.endswith("Connection")]
    assert connections
    for name in connections:
        row = name.removesuffix("Connection")
        connection, edge = SERVED.type_map[name], SERVED.type_map[f"{row}Edge"]
        assert isinstance(connection, GraphQLObjectType)
        assert isinstance(edge, GraphQLObjectType)
        shown = {field: str(found.type) for field, found in connection.fields.items()}
        assert shown["edges"] == f"[{row}Edge!]!"
        assert shown["nodes"] == f"[{row}!]!"
        assert shown["pageInfo"] == "PageInfo!"
        assert {field: str(found.type) for field, found in edge.fields.items()} == {
            "cursor": "String!",
            "node": f"{row}!",
        }
