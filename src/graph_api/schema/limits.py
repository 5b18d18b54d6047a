"""How large an operation may be. Fragments are walked once each, so that nesting them costs nothing extra."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.validation import ASTValidationRule, ValidationContext

MAX_TOKENS = 1_000
MAX_SOURCE = 100_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_DIRECTIVES = 50
MAX_COST = 20_000


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


class SizeRule(ASTValidationRule):
    """Refuses operations that are too deep or use too many aliases or directives."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._measure = _Measure(fragments_of(context.document))

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: Any) -> None:
        """Measure each operation."""
        size = self._measure.selections(node.selection_set)
        size.directives += len(node.directives or ())
        for what, found, limit in (
            ("levels", size.depth, MAX_DEPTH),
            ("aliases", size.aliases, MAX_ALIASES),
            ("directives", size.directives, MAX_DIRECTIVES),
        ):
            if found > limit:
                message = f"The operation has {found} {what}; {limit} are allowed."
                self.report_error(GraphQLError(message, node, extensions={"code": "OPERATION_TOO_LARGE"}))


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """A document's fragments by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
