"""Operations that need no token: those that call nothing but mutations which check what was mailed to the caller."""

from collections.abc import Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from graph_api.graphql import mutations as _mutations  # noqa: F401 - declares them
from graph_api.kernel.rules import CALLED_BY

ANONYMOUS = frozenset(name for name, rule in CALLED_BY.items() if rule.anonymous)
"""Mutations that anybody may call."""


def may_be_anonymous(query: str | None) -> bool:
    """A quick look, before a stranger's text is parsed."""
    return query is None or any(name in query for name in ANONYMOUS)


def is_anonymous(fragments: Mapping[str, FragmentDefinitionNode], node: OperationDefinitionNode) -> bool:
    """Whether an operation of a valid document selects only such mutations, whatever its directives say."""
    if node.operation is not OperationType.MUTATION:
        return False
    found: set[str] = set()
    _gather(fragments, node.selection_set, found, set())
    return bool(found) and found <= ANONYMOUS


def _gather(
    fragments: Mapping[str, FragmentDefinitionNode], selections: SelectionSetNode, found: set[str], seen: set[str]
) -> None:
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            found.add(selection.name.value)
        elif isinstance(selection, InlineFragmentNode):
            _gather(fragments, selection.selection_set, found, seen)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
            seen.add(selection.name.value)
            _gather(fragments, fragments[selection.name.value].selection_set, found, seen)
