"""What brings coerced arguments to the types that resolvers take, made once for each field.

strawberry's `convert_arguments` finds names and types anew for each value: that was an eighth of a change's time here.
What is not known here is left to it. A field that an input may leave out has a default, as all of ours do.
"""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.relay.types import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import StrawberryList, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.lazy_type import LazyType

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]


def compile_arguments(schema: strawberry.Schema, arguments: list[StrawberryArgument]) -> Callable[[Values], Values]:
    """From arguments by their names in the API to those by their names in Python."""
    known = _Inputs(schema)
    named = schema.config.name_converter.from_argument
    parts = [(named(argument), argument.python_name, known.of(argument.type)) for argument in arguments]
    return lambda given: {python: convert(given[name]) for name, python, convert in parts if name in given}


class _Inputs:
    """The converters of a schema's input types."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._config = schema.config
        self._scalars = schema.schema_converter.scalar_registry
        self._objects: dict[type, Convert] = {}

    def of(self, kind: Any) -> Convert:
        """The converter of a type."""
        if isinstance(kind, StrawberryOptional) and kind.__class__ is StrawberryOptional:
            return self.of(kind.of_type)  # each lets null pass
        if isinstance(kind, StrawberryList):
            return _each(self.of(kind.of_type))
        if isinstance(kind, LazyType):
            return self.of(kind.resolve_type())
        if kind is not GlobalID and (is_scalar(kind, self._scalars) or isinstance(kind, StrawberryEnumDefinition)):
            return _as_it_is
        if has_enum_definition(kind):
            return _as_it_is
        if has_object_definition(kind) and kind.__strawberry_definition__.from_input is None:
            return self._object(kind)
        return lambda value: convert_argument(value, kind, self._scalars, self._config)

    def _object(self, kind: Any) -> Convert:
        """Found once: an input may hold itself."""
        if kind not in self._objects:
            self._objects[kind] = lambda value: made(value)
            made = self._objects[kind] = self._made(kind)
        return self._objects[kind]

    def _made(self, kind: Any) -> Convert:
        definition = kind.__strawberry_definition__
        named = self._config.name_converter.from_field
        parts = [
            (named(field), field.python_name, self.of(field.resolve_type(type_definition=definition)))
            for field in definition.fields
        ]

        def convert(value: Any) -> Any:
            if value is None or value is UNSET:
                return value
            return kind(**{python: part(value[name]) for name, python, part in parts if name in value})

        return convert


def _as_it_is(value: Any) -> Any:
    return value


def _each(convert: Convert) -> Convert:
    """A list is copied all the same: graphql-core gives the same default to everybody who omits it."""

    def converted(values: Any) -> Any:
        return values if values is None or values is UNSET else [convert(value) for value in values]

    return converted
