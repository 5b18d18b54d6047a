"""What compiled code reads from, and how plain values are read: most follow from the fields of a dataclass."""

import dataclasses
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graph_api.graphql.compile.arguments import NotCompiled
from graph_api.graphql.compile.completion import Compiler, Details, Reader, Values
from graph_api.graphql.compile.levels import SearchLevel
from graph_api.graphql.visibility import is_hidden
from graph_api.kernel.fields import Kept, api_name, kept_of, parts_of, property_of
from graph_api.network.relationships import RELATIONSHIP_TYPES, RelationshipType
from graph_api.people.records import SORT_KEY


def names_of(enum: type[Enum]) -> dict[Any, str]:
    """The contract's name for each value the graph keeps."""
    return {member.value: member.name for member in enum}


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


def enums(name: str, names: Mapping[Any, str]) -> Reader:
    """A list of enums' names."""

    def read(compiler: Compiler, source: Any, _details: Details) -> str:
        value = compiler.name("x")
        return f"[{compiler.constant(names)}[{value}] for {value} in {source[name]} or ()]"

    return read


def a_needed_enum(name: str, names: Mapping[Any, str]) -> Reader:
    """The name of an enum that is always there."""
    return lambda compiler, source, _d: f"{compiler.constant(names)}[{source[name]}]"


def derived(kind: type, field: str | None = None) -> dict[str, Reader]:
    """The readers that follow from the fields of a dataclass, by the contract's names; of a `field` of it, from those
    of that field's own."""
    parts = {part.name: (part, found) for part, found, _ in parts_of(kind)}
    outer = Kept() if field is None else kept_of(parts[field][0])
    readers = {}
    for part, found, is_optional in parts_of(kind if field is None else parts[field][1]):
        reader = _derived(property_of(part, outer), part, found, is_optional=is_optional)
        if reader is not None:
            readers[api_name(part.name)] = reader
    return readers


def _derived(name: str, part: "dataclasses.Field[Any]", kind: Any, *, is_optional: bool) -> Reader | None:
    if dataclasses.is_dataclass(kind) or kept_of(part).texts:
        return None
    if typing.get_origin(kind) is tuple:
        item = typing.get_args(kind)[0]
        return enums(name, names_of(item)) if _is_enum(item) else a_list(name)
    if _is_enum(kind):
        return an_enum(name, names_of(kind)) if is_optional else a_needed_enum(name, names_of(kind))
    return required(name) if kind is bool or name == "id" else kept(name)


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def of(attribute: str) -> Reader:
    """An attribute of an object that is no record."""
    return lambda _c, source, _d: f"{source}.{attribute}"


@dataclass(frozen=True, slots=True)
class EdgeSource:
    """An edge in compiled code, with both its ends."""

    contact: Values
    client: Values
    person: Values

    def __getitem__(self, name: str) -> str:
        return self.contact[name]


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page in compiled code: its rows, and how one is shown."""

    page: str
    edge_type: str
    row: str
    """What a row is taken apart into; also the row put together again."""
    node: Callable[[Details], str]
    named: Values | None = None
    """Of whom the rows are in the order of their names; their cursors hold it."""

    def keep_places(self) -> None:
        """Bring what cursors are made of."""
        if self.named is not None:
            self.named.projection.place(SORT_KEY)


@dataclass(frozen=True, slots=True)
class MatchSource:
    """Somebody the search found, in compiled code."""

    var: str
    level: SearchLevel

    @property
    def person(self) -> Values:
        """Their record."""
        return Values(f"{self.var}.record", self.level.person)


def relationship_type(compiler: Compiler, row: RelationshipType, details: Details) -> dict[str, Any]:
    """A row of the table, shown; it is the same for everybody."""
    shown: dict[str, Any] = {}
    for key, selected in compiler.fields("RelationshipType", details).items():
        name = selected[0].node.name.value
        if is_hidden(compiler.schema, compiler.role, "RelationshipType", name):
            shown[key] = None
        elif name == "inverse":
            shown[key] = None if row.inverse is None else relationship_type(compiler, row.inverse, selected)
        elif name in RELATIONSHIP_TYPE:
            shown[key] = RELATIONSHIP_TYPE[name](row)
        else:
            raise NotCompiled
    return shown


RELATIONSHIP_TYPE: dict[str, Callable[[RelationshipType], Any]] = {
    "__typename": lambda _: "RelationshipType",
    "code": lambda row: row.code,
    "name": lambda row: row.relationship.name,
    "display": lambda row: row.display,
    "needsLabel": lambda row: row.needs_label,
}


def relationship_types(compiler: Compiler, details: Details) -> str:
    """All rows, shown."""
    return compiler.constant([relationship_type(compiler, row, details) for row in RELATIONSHIP_TYPES])
