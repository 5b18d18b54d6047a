"""How plain values are read from a record by compiled code."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from graph_api.graphql.compile.completion import Compiler, Details, Reader
from graph_api.network.model import AuthorityKind, ContactRole
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Gender


def names_of(enum: type[Enum]) -> dict[Any, str]:
    """The contract's name for each value the graph keeps."""
    return {member.value: member.name for member in enum}


GENDERS = names_of(Gender)
CLIENT_STATUSES = names_of(ClientStatus)
RELATIONSHIPS = names_of(Relationship)
ROLES = names_of(ContactRole)
AUTHORITIES = names_of(AuthorityKind)


def kept(name: str) -> Reader:
    """A property as it is kept; null where it is unknown."""
    return lambda _c, source, _d: str(source[name])


def required(name: str) -> Reader:
    """A property that is always there."""

    def read(compiler: Compiler, source: Any, _details: Details) -> str:
        value = compiler.name("x")
        return f"({value} if ({value} := {source[name]}) is not None else missing())"

    return read


def a_list(name: str) -> Reader:
    """A list; an empty one is not kept."""
    return lambda _c, source, _d: f"({source[name]} or ())"


def an_enum(name: str, names: Mapping[Any, str]) -> Reader:
    """An enum's name; null where it is unknown."""

    def read(compiler: Compiler, source: Any, _details: Details) -> str:
        value = compiler.name("x")
        return f"(None if ({value} := {source[name]}) is None else {compiler.constant(names)}[{value}])"

    return read


def of(attribute: str) -> Reader:
    """An attribute of an object that is no record."""
    return lambda _c, source, _d: f"{source}.{attribute}"
