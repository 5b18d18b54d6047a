"""Mutations as the code declares them. Tables of tests are made of this, so that a new mutation stands in them."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from graph_api.graphql.build import build_schema
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.rules import CALLED_BY
from graph_api.network.audit import TERMS_FIELDS

SCHEMA = build_schema()._schema
assert SCHEMA.mutation_type is not None
ALL = tuple(SCHEMA.mutation_type.fields)
ANONYMOUS = tuple(name for name in ALL if CALLED_BY[name].anonymous)
OF_THE_PRACTICE = tuple(name for name in ALL if ViewerRole.ADMIN in CALLED_BY[name].roles and name not in ANONYMOUS)
"""Those that somebody of the practice may do."""
OF_STAFF = tuple(name for name in OF_THE_PRACTICE if ViewerRole.STAFF in CALLED_BY[name].roles)


def input_type(name: str) -> GraphQLInputObjectType:
    """An input of the schema."""
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


def input_of(mutation: str) -> dict[str, GraphQLInputField]:
    """What a mutation takes."""
    fields: dict[str, GraphQLInputField] = input_type(f"{mutation[0].upper()}{mutation[1:]}Input").fields
    return fields


def shown_by(mutation: str) -> list[str]:
    """What a payload shows beside errors and warnings."""
    assert SCHEMA.mutation_type is not None
    payload = get_named_type(SCHEMA.mutation_type.fields[mutation].type)
    assert isinstance(payload, GraphQLObjectType)
    return [name for name in payload.fields if name not in ("errors", "warnings")]


def place_of(mutation: str, kind: str) -> str | None:
    """The field of a mutation's input that is of that type, if one is."""
    return next((name for name, field in input_of(mutation).items() if get_named_type(field.type).name == kind), None)


def holds_terms(kind: GraphQLNamedType) -> bool:
    """Whether an input holds all terms of an edge."""
    return isinstance(kind, GraphQLInputObjectType) and TERMS_FIELDS.keys() <= kind.fields.keys()


def place_of_terms(mutation: str) -> list[str | None]:
    """Where a mutation takes an edge's terms, if it does; None is the input itself."""
    fields = input_of(mutation)
    inner = [name for name, field in fields.items() if holds_terms(get_named_type(field.type))]
    return [None] if TERMS_FIELDS.keys() <= fields.keys() else [*inner]


def never_null() -> list[str]:
    """Terms that a change may leave out, but not clear."""
    sent = input_of("addExistingContact")
    return [
        name
        for name in input_type("ContactChanges").fields
        if name in sent and isinstance(sent[name].type, GraphQLNonNull)
    ]


def literal(kind: GraphQLInputType) -> str:
    """A value that the type takes and that names nothing."""
    if isinstance(kind, GraphQLNonNull):
        return literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{literal(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    if isinstance(kind, GraphQLInputObjectType):
        fields = list(kind.fields.items())
        needed = [(name, field) for name, field in fields if isinstance(field.type, GraphQLNonNull)]
        if kind.is_one_of:
            needed = fields[:1]
        return "{" + ", ".join(f"{name}: {literal(field.type)}" for name, field in needed) + "}"
    texts = {"Int": "18", "Boolean": "true", "Date": '"2020-01-01"', "DateTime": '"2020-01-01T00:00:00Z"'}
    texts["LocalTime"] = '"09:00"'
    return texts.get(kind.name, '"nobody"')


def called(mutation: str) -> str:
    """A mutation with an input that names nothing, as a document selects it."""
    assert SCHEMA.mutation_type is not None
    taken = SCHEMA.mutation_type.fields[mutation].args["input"].type
    return f"{mutation}(input: {literal(taken)}) {{ errors {{ code }} }}"
