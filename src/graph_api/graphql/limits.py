"""How large an operation may be. Fragments are walked once each, so that nesting them costs nothing extra."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    visit,
)

MAX_TOKENS = 1_000
MAX_SOURCE = 75_000
MAX_LINES = 5_000
"""To say where an error stands, lines are counted from the start."""
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_DIRECTIVES = 50
MAX_COST = 20_000
MAX_FIELDS = 3_000
"""Fields of a document with its fragments written out. One that is selected again where it stands already counts once
more for each time before, as validation compares it with each of them."""
MAX_INTROSPECTION = 1
"""Of `__schema` and `__type` together, in one operation."""
OPERATION_TOO_LARGE = "OPERATION_TOO_LARGE"
INTROSPECTION = ("__schema", "__type")

STRANGERS_TOKENS = 200
STRANGERS_ALIASES = 5
STRANGERS_FIELDS = 20
"""Of a document by somebody without a token: what may be asked so needs no more."""


class Size:
    """Depth, aliases and directives of a selection, every spread counted where it stands."""

    __slots__ = ("aliases", "depth", "directives")

    def __init__(self, depth: int = 0, aliases: int = 0, directives: int = 0) -> None:
        self.depth = depth
        self.aliases = aliases
        self.directives = directives

    def add(self, other: "Size", below: int = 0) -> None:
        """Take in a part that stands `below` levels further down."""
        self.depth = max(self.depth, other.depth + below)
        self.aliases += other.aliases
        self.directives += other.directives


class _Measure:
    """Measures selections; each fragment once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def selections(self, node: SelectionSetNode | None) -> Size:
        size = Size()
        for item in node.selections if node else ():
            size.directives += len(item.directives or ())
            if isinstance(item, FieldNode):
                size.aliases += item.alias is not None
                below = self.selections(item.selection_set)
                if item.name.value.startswith("__"):
                    below.depth = 0  # the standard introspection query is deeper; a rule of graphql-core bounds it
                size.add(below, below=1)
            elif isinstance(item, InlineFragmentNode):
                size.add(self.selections(item.selection_set))
            elif isinstance(item, FragmentSpreadNode):
                size.add(self.fragment(item.name.value))
        size.depth = max(size.depth, 1 if node and node.selections else 0)
        return size

    def fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = Size()  # a cycle, which another rule refuses, ends here
            found = self._fragments.get(name)
            if found is not None:
                self._known[name] = self.selections(found.selection_set)
        return self._known[name]


def too_large(document: DocumentNode) -> tuple[list[GraphQLError], int]:
    """What of a document is too large, and how many fields it selects; looked at before it is validated, which would
    take longer.
    """
    fragments = fragments_of(document)
    measure = _Measure(fragments)
    selected = _Selected(fragments)
    found = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            size = measure.selections(node.selection_set)
            size.directives += len(node.directives or ())
            asked = selected.operation(node)
            found += _beyond(
                ("levels", size.depth, MAX_DEPTH),
                ("aliases", size.aliases, MAX_ALIASES),
                ("directives", size.directives, MAX_DIRECTIVES),
                ("questions about the schema", asked, MAX_INTROSPECTION),
                node=node,
            )
    selected.unused()
    if selected.fields > MAX_FIELDS:
        message = f"With its fragments expanded, the document selects too many fields; {MAX_FIELDS} are allowed."
        found.append(oversize(message))
    return found, selected.fields


def too_large_for_strangers(document: DocumentNode) -> list[GraphQLError]:
    """The same for somebody without a token, counted as written; nothing else of theirs is looked at first."""
    written = _Written()
    visit(document, written)
    return _beyond(("fields", written.fields, STRANGERS_FIELDS), ("aliases", written.aliases, STRANGERS_ALIASES))


def _beyond(*counted: tuple[str, int, int], node: OperationDefinitionNode | None = None) -> list[GraphQLError]:
    return [
        oversize(f"The operation has {found} {what}; {limit} are allowed.", node)
        for what, found, limit in counted
        if found > limit
    ]


def oversize(message: str, node: OperationDefinitionNode | None = None) -> GraphQLError:
    """Why something is refused for its size."""
    return GraphQLError(message, node, extensions={"code": OPERATION_TOO_LARGE})


class _Written(Visitor):
    """Counts fields and aliases where they are written."""

    def __init__(self) -> None:
        super().__init__()
        self.fields = 0
        self.aliases = 0

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        self.fields += 1
        self.aliases += node.alias is not None


@dataclass(slots=True)
class _Selected:
    """Counts what a document selects, fragments written out, and no further than the bound."""

    _fragments: Mapping[str, FragmentDefinitionNode]
    fields: int = 0
    _reached: set[str] = field(default_factory=set)

    def operation(self, node: OperationDefinitionNode) -> int:
        """Count an operation; how often it asks about the schema."""
        groups = self._grouped([node.selection_set])
        self._below(groups)
        return sum(item.name.value in INTROSPECTION for group in groups.values() for item in group)

    def unused(self) -> None:
        """Count fragments that no operation uses: they are refused later, and validated meanwhile."""
        for name, fragment in self._fragments.items():
            if name not in self._reached:
                self._below(self._grouped([fragment.selection_set]))

    def _below(self, groups: Mapping[str, Sequence[FieldNode]]) -> None:
        left = [groups]
        while left:
            for group in left.pop().values():
                below = [item.selection_set for item in group if item.selection_set is not None]
                if below and self.fields <= MAX_FIELDS:
                    left.append(self._grouped(below))

    def _grouped(self, sets: list[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields of selections that stand in one place, by their key in the answer."""
        groups: dict[str, list[FieldNode]] = {}
        for item in self._flat(sets):
            group = groups.setdefault((item.alias or item.name).value, [])
            group.append(item)
            self.fields += len(group)
            if self.fields > MAX_FIELDS:
                break
        return groups

    def _flat(self, sets: list[SelectionSetNode]) -> Iterator[FieldNode]:
        left, seen = [*sets], set()
        while left:
            for item in left.pop().selections:
                if isinstance(item, FieldNode):
                    yield item
                elif isinstance(item, InlineFragmentNode):
                    left.append(item.selection_set)
                elif isinstance(item, FragmentSpreadNode) and item.name.value not in seen:
                    name = item.name.value
                    seen.add(name)
                    self._reached.add(name)
                    if name in self._fragments:
                        left.append(self._fragments[name].selection_set)


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """A document's fragments by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
