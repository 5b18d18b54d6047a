"""Random valid queries over all that is compiled, as text and variables."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)
from hypothesis import strategies as st

from graph_api.graphql.compile.program import ROOTS
from graph_api.graphql.compile.readers import READERS

MAX_DEPTH = 6
CONNECTION_ARGUMENTS = ("first", "last", "after", "before", "filter")
FILTERS = (
    "{}",
    "{statuses: [IN_FORCE]}",
    "{statuses: [REMOVED]}",
    "{statuses: [UPCOMING, EXPIRED, REMOVED, IN_FORCE]}",
    "{relationships: [PARENT, SPOUSE]}",
    "{roles: [BILLING_CONTACT]}",
    "{portalAccess: true}",
    "{portalAccess: false, roles: null}",
)


@dataclass(frozen=True)
class Known:
    """What an operation may ask about."""

    person_ids: tuple[str, ...]
    contact_ids: tuple[str, ...]
    practice_id: str
    external_ids: tuple[str, ...]
    searches: tuple[str, ...]
    cursors: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Of every kind, and some that name nothing."""
        strangers = ("person_" + "0" * 32, "contact_" + "0" * 32, "nonsense", "")
        return (*self.person_ids, *self.contact_ids, self.practice_id, *strangers)


@dataclass(frozen=True)
class RandomQuery:
    """A query and its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class Writer:
    """Writes one query. A response key always stands for the same field and arguments, so that selections merge."""

    schema: GraphQLSchema
    known: Known
    draw: Any
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    named: int = 0
    left: int = 28
    """How many fields it may still select: an operation has a limited size."""

    def choose(self, *options: Any) -> Any:
        """One of them; the first is the simplest."""
        return self.draw(st.sampled_from(options))

    def query(self) -> RandomQuery:
        """The whole."""
        assert self.schema.query_type is not None
        selection = self.selection(self.schema.query_type, 0)
        fragments = "".join(f"\nfragment {name} on {on} {body}" for name, (on, body) in self.fragments.items())
        head = f"query Random({', '.join(self.declared)}) " if self.declared else "query Random "
        return RandomQuery(head + selection + fragments, self.variables)

    def selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        """A selection set."""
        parts = [self.part(kind, depth) for _ in range(self.draw(st.integers(1, 4 if depth else 3)))]
        if self.choose(True, False) or not any(parts):
            parts.append(self.choose("__typename", "kind: __typename", f"__typename{self.directives()}"))
        return "{ " + " ".join(filter(None, parts)) + " }"

    def part(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        """A field or a fragment."""
        if self.left <= 0:
            return ""
        self.left -= 1
        shape = self.choose("field", "field", "field", "field", "inline", "spread")
        if shape == "field":
            return self.field(kind, depth)
        on = self.narrowed(kind)
        if shape == "inline":
            condition = f" on {on.name}" if on is not kind or self.choose(True, False) else ""
            return f"...{condition}{self.directives()} {self.selection(on, depth)}"
        fitting = [name for name, (found, _) in self.fragments.items() if found == on.name]
        if not fitting or self.choose(True, False):
            self.named += 1
            name = f"F{self.named}"
            body = self.selection(on, depth)
            self.fragments[name] = (on.name, body)  # only now: it may not spread itself
            return f"...{name}{self.directives()}"
        return f"...{self.choose(*fitting)}{self.directives()}"

    def narrowed(self, kind: GraphQLObjectType | GraphQLInterfaceType) -> GraphQLObjectType | GraphQLInterfaceType:
        """The type itself, or one that it may be."""
        if isinstance(kind, GraphQLInterfaceType):
            possible = [found for found in self.schema.get_possible_types(kind) if found.name in READERS]
            found: GraphQLObjectType | GraphQLInterfaceType = self.choose(*possible, kind)
            return found
        return self.choose(kind, *kind.interfaces)  # type: ignore[no-any-return]

    def field(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        """A field with alias, arguments and directives."""
        deep = depth >= MAX_DEPTH
        compiled = ROOTS if kind is self.schema.query_type else READERS.get(kind.name, kind.fields)
        names = [
            name
            for name, found in kind.fields.items()
            if name in compiled and (not deep or is_leaf_type(get_named_type(found.type)))
        ]
        if not names:
            return "__typename"
        name = self.choose(*names)
        definition = kind.fields[name]
        number = self.choose(0, 1, 2)
        key = name if number == 0 and name not in ("node", "nodes") else f"{name}_{kind.name}_{number}"
        place = f"{key}:{name}"
        if place not in self.keys:
            self.keys[place] = self.arguments(kind.name, name, definition)
        alias = "" if key == name else f"{key}: "
        below = get_named_type(definition.type)
        nested = ""
        if isinstance(below, GraphQLObjectType | GraphQLInterfaceType):
            nested = " " + self.selection(below, depth + 1)
        return f"{alias}{name}{self.keys[place]}{self.directives()}{nested}"

    def directives(self) -> str:
        """Mostly none."""
        kind = self.choose("", "", "", "", "skip", "include")
        if not kind:
            return ""
        value = self.choose("true", "false", "$yes", "$no", "$given")
        if value.startswith("$"):
            if value == "$given":
                self.declare("$given: Boolean! = true", {"given": False} if self.choose(True, False) else {})
            else:
                self.declare(f"{value}: Boolean!", {value[1:]: value == "$yes"})
        return f" @{kind}(if: {value})"

    def declare(self, definition: str, values: dict[str, Any]) -> None:
        """Declare a variable, once."""
        if definition not in self.declared:
            self.declared.append(definition)
            self.variables |= values

    def arguments(self, parent: str, name: str, definition: GraphQLField) -> str:
        """A field's arguments, some of them as variables."""
        written: list[str] = []
        for argument in definition.args:
            value = self.value(parent, name, argument)
            if value is not None:
                written.append(f"{argument}: {value}")
        return f"({', '.join(written)})" if written else ""

    def value(self, parent: str, field_name: str, argument: str) -> str | None:
        """A literal or a variable; None leaves it out."""
        known = self.known
        if argument == "id":
            fitting = known.person_ids if field_name in ("person", "client") else known.ids
            return self.as_variable("ID!", self.choose(*fitting, *known.ids[-6:]))
        if argument == "ids":
            return self.as_variable("[ID!]!", self.draw(st.lists(st.sampled_from(known.ids), max_size=5)))
        if argument == "search":
            return self.as_variable("String!", self.choose(*known.searches))
        if argument == "externalId":
            return self.as_variable("String!", self.choose(*known.external_ids, "unknown"))
        if field_name == "canAct":
            return self.decision_argument(argument)
        if argument == "forClientId":
            return self.choose(None, f'"{self.choose(*known.person_ids)}"')  # type: ignore[no-any-return]
        if argument == "system":
            return self.choose(None, '"import"', '"other"', "null")  # type: ignore[no-any-return]
        if argument == "filter":
            if parent == "Query":
                return self.client_filter()
            found = self.choose(None, None, *FILTERS, "variable")
            return self.filter_with_variables() if found == "variable" else found
        return self.page_argument(argument)

    def decision_argument(self, argument: str) -> str:
        """Of canAct; never about now, which is another moment for each of two executors."""
        if argument in ("personId", "clientId"):
            return self.as_variable("ID!", self.choose(*self.known.person_ids, self.known.ids[-1]))
        options = {
            "action": ("VIEW_PORTAL", "MAKE_PAYMENT", "RECEIVE_APPOINTMENT_REMINDERS"),
            "at": ('"2999-01-01T00:00:00Z"', '"2020-01-01T00:00:00Z"'),
        }
        return str(self.choose(*options[argument]))

    def filter_with_variables(self) -> str:
        """Of contacts."""
        name = f"f{len(self.declared)}"
        statuses = self.choose(["IN_FORCE"], ["REMOVED", "EXPIRED"])
        self.declare(f"${name}: [ContactStatus!]! = [IN_FORCE]", self.choose({name: statuses}, {}))
        return f"{{statuses: ${name}}}"

    def client_filter(self) -> str | None:
        """Of clients."""
        return self.choose(None, "{}", "{statuses: [ARCHIVED, ACTIVE]}", "{statuses: []}", "null")  # type: ignore[no-any-return]

    def page_argument(self, argument: str) -> str | None:
        """first and last mostly fit; some are wrong on purpose."""
        if argument == "first":
            size = self.choose(None, 2, 5, 100, 0)
            return None if size is None else self.as_variable("Int", size)
        if argument == "last":
            return self.choose(None, None, None, None, "3", "null")  # type: ignore[no-any-return]
        cursor = self.choose(None, None, None, None, None, *self.known.cursors, "wrong")
        return None if cursor is None else f'"{cursor}"'

    def as_variable(self, kind: str, value: Any) -> str:
        """The value in the text, or as a variable."""
        how = self.choose("literal", "literal", "variable", "variable", "default", "null")
        if how == "literal":
            return _literal(value)
        name = f"v{len(self.declared)}"
        if how == "variable":
            self.declare(f"${name}: {kind}", {name: value})
        else:  # nullable with a default: left out, or null on purpose
            self.declare(
                f"${name}: {kind.removesuffix('!')} = {_literal(value)}", {name: None} if how == "null" else {}
            )
        return f"${name}"


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
