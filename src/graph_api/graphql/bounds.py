"""How large variables may be. They are looked at as they were sent, before GraphQL coerces them, which costs more.

Bounds come from the schema's types, so that no input can lack one. They are wider than what services allow: who sends a
little too much is told so with a reason, and only what nobody sends in earnest is refused here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    VariableDefinitionNode,
    type_from_ast,
)

MAX_VALUES = 2_000
"""Values of all variables together; a key counts as one."""
MAX_TEXT = 20_000
"""Characters of one text, or of a key."""
MAX_LIST = 600

Variables = Mapping[str, Any]
Check = Callable[[Any, str], None]
"""From a value and what it is called to nothing.

Raises:
    GraphQLError: INPUT_TOO_LARGE; it tells names of the schema and counts, never what was sent.
"""


def check_size(variables: Variables) -> None:
    """See that variables are few and short, whatever they are meant to be.

    Raises:
        GraphQLError: INPUT_TOO_LARGE.
    """
    count = 2 * len(variables)
    left: list[Any] = []
    parts: Iterable[Any] = variables.values() if count <= MAX_VALUES else ()
    while True:
        for value in parts:
            if isinstance(value, str):
                if len(value) > MAX_TEXT:
                    raise _too_large(f"A text is limited to {MAX_TEXT:,} characters.")
            elif isinstance(value, dict | list):
                left.append(value)
                count += len(value) if isinstance(value, list) else 2 * len(value)
        if count > MAX_VALUES:
            raise _too_large(f"The variables are limited to {MAX_VALUES:,} values.")
        if not left:
            return
        value = left.pop()
        parts = value if isinstance(value, list) else (*value, *value.values())


def compile_bounds(schema: GraphQLSchema, variables: Sequence[VariableDefinitionNode]) -> Check | None:
    """What checks the lists and objects that an operation's variables may hold; None where there are none."""
    checks: dict[str, Check] = {}
    for item in variables:
        kind = type_from_ast(schema, item.type)
        check = None if kind is None else check_of(kind)
        if check is not None:
            checks[item.variable.name.value] = check
    if not checks:
        return None

    def check_all(values: Any, _name: str) -> None:
        for name, check in checks.items():
            if name in values:
                check(values[name], f"${name}")

    return check_all


@lru_cache(1_000)
def check_of(kind: Any) -> Check | None:
    """What checks a value of an input type; None for one value, which has no parts."""
    if isinstance(kind, GraphQLNonNull):
        return check_of(kind.of_type)
    if isinstance(kind, GraphQLList):
        return _list_check(check_of(kind.of_type))
    if isinstance(kind, GraphQLInputObjectType):
        return _object_check(kind)
    return None


def _list_check(item_check: Check | None) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, list):
            if item_check is not None:  # one value stands for a list of it
                item_check(value, name)
            return
        if len(value) > MAX_LIST:
            raise _too_large(f"{name} has {len(value)} items; {MAX_LIST} are allowed.")
        if item_check is not None:
            for item in value:
                item_check(item, name)

    return check


def _object_check(kind: GraphQLInputObjectType) -> Check:
    known = len(kind.fields)
    checks: dict[str, Check] | None = None

    def check(value: Any, name: str) -> None:
        nonlocal checks
        if not isinstance(value, dict):
            return
        if len(value) > known:
            raise _too_large(f"{name} has {len(value)} fields; {kind.name} has {known}.")
        if checks is None:  # made when it is first needed: an input may hold itself
            found = {field: check_of(definition.type) for field, definition in kind.fields.items()}
            checks = {field: check for field, check in found.items() if check is not None}
        for field, field_check in checks.items():
            if field in value:
                field_check(value[field], f"{name}.{field}")

    return check


def _too_large(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "INPUT_TOO_LARGE"})
