"""What an error may tell: never a value that was typed, for it may be a person's name, and errors end up in logs."""

import logging
import re
import secrets
import traceback
from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, StringValueNode, Visitor, visit

log = logging.getLogger("graph_api.internal")

_TOKEN = re.compile(r"\b(Name|String|BlockString|Int|Float|Comment) '.*'", re.DOTALL)
_NUMBER = re.compile(r"'0\.\d+'")
_SHOWN_VALUE = re.compile(r"(\brepresent\b[^:]*|[;,] found): .*", re.DOTALL)
_ENUM_VALUE = re.compile(r"\bValue '.*' does not exist in ", re.DOTALL)


class _Strings(Visitor):
    """Gathers the text literals of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
        self.found.add(node.value)


def typed_texts(document: DocumentNode | None, variables: Mapping[str, Any]) -> set[str]:
    """Every text the caller typed, in the document or in the variables."""
    strings = _Strings()
    if document is not None:
        visit(document, strings)
    left: list[Any] = [variables]
    while left:
        value = left.pop()
        if isinstance(value, str):
            strings.found.add(value)
        elif isinstance(value, Mapping):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return strings.found


def redacted(error: GraphQLError, texts: set[str]) -> dict[str, Any]:
    """An error of GraphQL's own as the caller sees it."""
    formatted: dict[str, Any] = {**error.formatted}
    message = error.message
    if isinstance(error, GraphQLSyntaxError):
        message = _NUMBER.sub("a number", _TOKEN.sub(r"\1", message))
    else:
        message = _ENUM_VALUE.sub("The value does not exist in ", _SHOWN_VALUE.sub(r"\1: …", message))
    for text in sorted(filter(None, texts), key=len, reverse=True):
        for quoted in (f"'{text}'", f'"{text}"', repr(text)):
            message = message.replace(quoted, "…")
    return formatted | {"message": message}


def internal_error(error: BaseException) -> dict[str, Any]:
    """What went wrong inside, as the caller sees it: an id under which the log has the place, not the values."""
    error_id = secrets.token_hex(6)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("internal error %s: %s at %s", error_id, type(error).__name__, " < ".join(reversed(places)))
    message = f"Something went wrong on the server. It is logged as {error_id}."
    return {"message": message, "extensions": {"code": "INTERNAL", "errorId": error_id}}
