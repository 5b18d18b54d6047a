"""A field's arguments as its resolver takes them, without keeping the document they come from."""

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLError, GraphQLField, OperationDefinitionNode, Visitor, parse, print_ast, visit
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.field import StrawberryField

from graph_api.graphql.compile.inputs import compile_arguments
from graph_api.kernel.unit import Outcome


class NotCompiled(Exception):
    """The ordinary way must answer: a field that is not known, or something that only it can say rightly."""

    def __init__(self, outcome: Outcome[Any] | None = None) -> None:
        """`outcome` is what came of a mutation that was made before that was found."""
        super().__init__()
        self.outcome = outcome


class _Variables(Visitor):
    """Notices whether a variable is used."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, *_args: Any) -> None:
        self.found = True


class Arguments:
    """Reads a field's arguments; those without variables once, others for each request."""

    __slots__ = ("_convert", "_definition", "_fixed", "_node")

    def __init__(self, schema: strawberry.Schema, definition: GraphQLField, node: FieldNode) -> None:
        field: StrawberryField = definition.extensions["strawberry-definition"]
        self._convert = compile_arguments(schema, field.arguments)
        self._definition = definition
        self._node = _apart(node)
        variables = _Variables()
        visit(self._node, variables)
        self._fixed = None if variables.found else self._read(VariableValues({}, {}))

    def values(self, variables: VariableValues) -> Mapping[str, Any]:
        """By Python name; what was left out is absent.

        Raises:
            NotCompiled: a variable's value does not fit here; the ordinary way says where.
        """
        if self._fixed is not None:
            return self._fixed
        try:
            return self._read(variables)
        except GraphQLError as error:
            raise NotCompiled from error

    def _read(self, variables: VariableValues) -> Mapping[str, Any]:
        return self._convert(get_argument_values(self._definition, self._node, variables))


def _apart(node: FieldNode) -> FieldNode:
    """The field with its arguments alone: a node of a document keeps all of the document's tokens alive."""
    alone = FieldNode(name=node.name, arguments=node.arguments)
    operation = parse("{" + print_ast(alone) + "}", no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - it was just written so
    found = operation.selection_set.selections[0]
    assert isinstance(found, FieldNode)  # noqa: S101 - it was just written so
    return found
