"""What an operation selects below a field: some answers are only computed when asked for."""

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)
from graphql.execution.values import get_directive_values

from graph_api.shapes.context import Info


def _included(node: SelectionNode, info: Info) -> bool:
    variables = info._raw_info.variable_values
    skip = get_directive_values(GraphQLSkipDirective, node, variables)
    if skip is not None and skip["if"] is True:
        return False
    include = get_directive_values(GraphQLIncludeDirective, node, variables)
    return include is None or include["if"] is not False


def _names(selections: SelectionSetNode | None, info: Info, seen: set[str]) -> set[str]:
    found: set[str] = set()
    for node in selections.selections if selections else ():
        if not _included(node, info):
            continue
        if isinstance(node, FieldNode):
            found.add(node.name.value)
        elif isinstance(node, InlineFragmentNode):
            found |= _names(node.selection_set, info, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            found |= _names(info._raw_info.fragments[node.name.value].selection_set, info, seen)
    return found


def selects(info: Info, field: str) -> bool:
    """Whether `field` is selected directly below the field being resolved, fragments and directives considered."""
    return any(field in _names(node.selection_set, info, set()) for node in info._raw_info.field_nodes)
