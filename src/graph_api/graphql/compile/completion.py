"""Compiled completion: for each selection set an expression is made once, which builds the answer from records.

The expression is Python source of our own making: names of the operation enter it only as literals (`repr`), and what
it reads is written down in `readers`. Fields that need a load are left open as *levels*: all records of one selection
set wait in one list, and one load answers for all of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLField, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from graph_api.graphql.compile.arguments import Arguments, NotCompiled
from graph_api.graphql.limits import fragments_of
from graph_api.graphql.visibility import is_hidden
from graph_api.kernel.caller import ViewerRole

MAX_LEVELS = 100
MAX_SELECTIONS = 1_000
"""Fragments are written out wherever they are spread: a small document could make a very large program."""
Details = list[FieldDetails]
Reader = Callable[["Compiler", Any, Details], str]
"""From where a field's object is, and the field as selected, to the expression of its value."""


def missing() -> Any:
    """Called by compiled code where the schema says that there is a value and there is none."""
    raise NotCompiled


def later(waiting: list[tuple[dict[str, Any], Any]], answer: dict[str, Any], parent: Any) -> dict[str, Any]:
    """Note an object that a level will add to, and go on with it."""
    waiting.append((answer, parent))
    return answer


class Projection:
    """The properties a load is to bring, in the order in which they were first needed."""

    def __init__(self, names: Sequence[str] = ("id",)) -> None:
        self._places = {name: place for place, name in enumerate(names)}

    def place(self, name: str) -> int:
        """Where in the record the property is."""
        return self._places.setdefault(name, len(self._places))

    @property
    def names(self) -> tuple[str, ...]:
        """What to ask for."""
        return tuple(self._places)


@dataclass(frozen=True, slots=True)
class Values:
    """A record in compiled code: the expression it is found by, and what it will hold."""

    var: str
    projection: Projection = field(default_factory=Projection)

    def __getitem__(self, name: str) -> str:
        return f"{self.var}[{self.projection.place(name)}]"


Complete = Callable[[Any, Any, Any], Any]
"""From a loaded value, its parent and the run to the answer's part."""


@dataclass(slots=True)
class Target:
    """A field that a level fills."""

    key: str
    complete: Complete
    positions: list[int]
    """Where it stands in the operation's text."""


@dataclass(slots=True, eq=False)
class Level(ABC):
    """Fields that one load answers, for all objects of a selection set together."""

    index: int
    targets: list[Target] = field(default_factory=list)
    children: list["Level"] = field(default_factory=list)
    is_required: bool = False
    """Whether the field is non-null: when it fails, there is no data at all. Only at the root."""

    @abstractmethod
    async def load(self, run: Any, parents: Sequence[Any]) -> Sequence[Any]:
        """A value for each parent."""


class Compiler:
    """Compiles one operation, for one set of directive values and one role."""

    def __init__(
        self,
        schema: strawberry.Schema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        conditions: Mapping[str, Any],
        role: ViewerRole,
        readers: Mapping[str, Mapping[str, Reader]],
    ) -> None:
        self.schema: GraphQLSchema = schema._schema
        self._strawberry = schema
        self.role = role
        self.levels: list[Level] = []
        self._readers = readers
        self._operation = operation
        self._variables = VariableValues({}, dict(conditions))
        self._fragments = {name: FragmentDetails(node) for name, node in fragments_of(document).items()}
        self._globals: dict[str, Any] = {"missing": missing, "later": later}
        self._names = 0
        self._open: list[list[Level]] = []
        self._selections = 0
        self._parents: dict[int, str] = {}

    @property
    def parts(self) -> int:
        """How much was compiled: selection sets and levels."""
        return self._selections + len(self.levels)

    def name(self, start: str) -> str:
        """A fresh name."""
        self._names += 1
        return f"{start}{self._names}"

    def constant(self, value: Any, start: str = "k") -> str:
        """A name for a value that compiled code uses."""
        name = self.name(start)
        self._globals[name] = value
        return name

    def root_fields(self) -> dict[str, Details]:
        """What the operation selects, by response key."""
        root = self.schema.get_root_type(self._operation.operation)
        if root is None:
            raise NotCompiled
        return collect_fields(self.schema, self._fragments, self._variables, root, self._operation).grouped_field_set

    def fields(self, type_name: str, details: Details) -> dict[str, Details]:
        """What is selected below a field whose object is of the type, by response key."""
        kind = self.schema.get_type(type_name)
        self._selections += 1
        if not isinstance(kind, GraphQLObjectType) or self._selections > MAX_SELECTIONS:
            raise NotCompiled
        return collect_subfields(
            self.schema, self._fragments, self._variables, self._operation, kind, details
        ).grouped_field_set

    def selects(self, type_name: str, details: Details, name: str) -> bool:
        """Whether a field is selected and shown."""
        selected = any(found[0].node.name.value == name for found in self.fields(type_name, details).values())
        return selected and not is_hidden(self.schema, self.role, type_name, name)

    def selection(
        self, type_name: str, details: Details, source: Any, readers: Mapping[str, Reader] | None = None
    ) -> str:
        """The expression that builds the object's answer; `readers` of its fields, where the table has none."""
        readers = readers or self._readers[type_name]
        parts = []
        self._open.append([])
        for key, selected in self.fields(type_name, details).items():
            name = selected[0].node.name.value
            if name == "__typename":
                value = repr(type_name)
            elif name not in readers:
                raise NotCompiled
            elif is_hidden(self.schema, self.role, type_name, name):
                value = "None"
            else:
                value = readers[name](self, source, selected)
            parts.append(f"{key!r}: {value}")
        expression = "{" + ", ".join(parts) + "}"
        for level in self._open.pop():
            expression = f"later(s.waiting[{level.index}], {expression}, {self._parents[level.index]})"
        return expression

    def add(self, level: Level, parent: str | None = None) -> None:
        """Open a level: at the root, or below the object being compiled, of which its load is given `parent`."""
        self.levels.append(level)
        if len(self.levels) > MAX_LEVELS:
            raise NotCompiled
        if parent is not None:
            self._parents[level.index] = parent
            self._open[-1].append(level)

    def open_level(self, kind: type[Level]) -> Level | None:
        """A level of the kind that the object being compiled has already."""
        return next((level for level in self._open[-1] if isinstance(level, kind)), None)

    def target(self, level: Level, details: Details, expression: Callable[[], str]) -> None:
        """Compile a field that the level fills. In the expression `v` is the value, `p` the parent."""
        before = len(self.levels)
        outer, self._open = self._open, []
        source = f"def complete(v, p, s):\n    return {expression()}\n"
        self._open = outer
        added = self.levels[before:]
        below = {id(child) for other in added for child in other.children}
        level.children.extend(child for child in added if id(child) not in below)
        scope = self._globals
        exec(compile(source, "<compiled selection>", "exec"), scope)  # noqa: S102 - our own source, see above
        node = details[0].node
        positions = [item.node.loc.start for item in details if item.node.loc is not None]
        level.targets.append(Target((node.alias or node.name).value, scope.pop("complete"), positions))

    def arguments(self, parent_type: str, details: Details) -> Arguments:
        """A field's arguments, to be read anew for each request."""
        return Arguments(self._strawberry, self.field(parent_type, details), details[0].node)

    def field(self, parent_type: str, details: Details) -> GraphQLField:
        """A field's definition."""
        kind = self.schema.get_type(parent_type)
        assert isinstance(kind, GraphQLObjectType)  # noqa: S101 - the readers' tables name object types
        found: GraphQLField = kind.fields[details[0].node.name.value]
        return found
