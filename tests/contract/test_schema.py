"""The schema that is served is the one that is committed, described in full, and holds what front ends are promised."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    print_ast,
)

from graph_api.graphql.build import print_schema
from tests.api import Api

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = build_schema((Path(__file__).parent / "data" / "contract.graphql").read_text(encoding="utf-8"))
SERVED = build_schema(print_schema())

PAYLOADS = {
    "acceptInvitation": "SessionPayload",
    "signIn": "SessionPayload",
    "refreshSession": "SessionPayload",
    "resendInvitation": "InvitationPayload",
    "revokeInvitation": "InvitationPayload",
}
"""Those that are not called as their mutation."""
WITHOUT_A_KEY = ["acceptInvitation", "requestSignInCode", "signIn", "refreshSession", "signOut", "changeAccountAddress"]
"""What brings a session or ends one: its answer is shown once."""
LATER_TYPES = "MergePersonsInput MergePersonsPayload MergePreview Subscription"
LATER_FIELDS = "contactPoints network job contactNetworkChanged mergePersons previewMerge"


def own_types(schema: GraphQLSchema) -> list[str]:
    return [
        name
        for name, kind in schema.type_map.items()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]


def default_of(member: GraphQLInputField | GraphQLArgument) -> str | None:
    """A default as the schema writes it."""
    node = member.ast_node
    return None if node is None or node.default_value is None else print_ast(node.default_value)


def required(member: GraphQLInputField | GraphQLArgument) -> bool:
    return is_required_argument(member) if isinstance(member, GraphQLArgument) else is_required_input_field(member)


def same_inputs(
    where: str,
    promised: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
    served: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
) -> None:
    """All that is promised, alike; what is more may be left out."""
    assert promised.keys() <= served.keys(), where
    for name, member in promised.items():
        here = f"{where}.{name}"
        assert str(served[name].type) == str(member.type), here
        assert default_of(served[name]) == default_of(member), here
    assert not [name for name in served.keys() - promised.keys() if required(served[name])], where


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


@pytest.mark.parametrize("name", own_types(CONTRACT))
def test_a_type_holds_what_is_promised(name: str) -> None:
    promised, served = CONTRACT.type_map[name], SERVED.type_map.get(name)
    assert type(served) is type(promised)
    if isinstance(promised, GraphQLEnumType) and isinstance(served, GraphQLEnumType):
        assert list(served.values)[: len(promised.values)] == list(promised.values)
    elif isinstance(promised, GraphQLInputObjectType) and isinstance(served, GraphQLInputObjectType):
        assert served.is_one_of == promised.is_one_of
        same_inputs(name, promised.fields, served.fields)
    elif isinstance(promised, GraphQLObjectType | GraphQLInterfaceType):
        assert isinstance(served, GraphQLObjectType | GraphQLInterfaceType)
        assert {str(kind) for kind in promised.interfaces} == {str(kind) for kind in served.interfaces}
        assert promised.fields.keys() <= served.fields.keys()
        for field, found in promised.fields.items():
            assert str(served.fields[field].type) == str(found.type), f"{name}.{field}"
            same_inputs(f"{name}.{field}", found.args, served.fields[field].args)
    else:
        assert isinstance(promised, GraphQLScalarType)


def test_roots_are_the_promised_ones() -> None:
    for root in ("query_type", "mutation_type", "subscription_type"):
        assert str(getattr(SERVED, root)) == str(getattr(CONTRACT, root))


def test_nothing_of_later_issues_is_there_yet() -> None:
    assert set(LATER_TYPES.split()) & SERVED.type_map.keys() == set()
    for kind in SERVED.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            assert set(LATER_FIELDS.split()) & kind.fields.keys() == set(), kind.name


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
