"""Statements whose rows nobody reads go to Neo4j as one: each that it is sent costs it a fifth of a millisecond.

The parts keep their order, and each sees what those before it wrote, as in statements of their own. Between two of them
stands `WITH count(*)`: it is one row, whatever came before, and ends the variables of the part before it. Parameters
that differ are told apart by the number of their part.

The embedded engine is not given such statements, because they gain nothing there (docs/speed.md).
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from graph_api.engine.statements import Statement, StatementError

AT_ONCE = 6
"""Parts of one statement: a longer one takes the database long to plan."""
KEPT = 500
"""Joined statements that are kept; it has as many plans for each worker's."""
_SHARED = "practice"
"""Every part's, and always the same in a transaction."""
_PARAMETER = re.compile(r"\$(\w+)")

Put = tuple[Statement, Mapping[str, Any]]


def joined(parts: Sequence[Put]) -> tuple[str, dict[str, Any]]:
    """The text and the parameters of one statement that does what all of them do, in this order.

    Raises:
        StatementError: the RETURN of a part is not its last line.
    """
    params: dict[str, Any] = {}
    for number, (_, given) in enumerate(parts):
        for name, value in given.items():
            params[_named(name, number)] = value
    return _text(tuple(statement.text for statement, _ in parts)), params


def _named(name: str, number: int) -> str:
    return name if name == _SHARED else f"{name}_{number}"


@lru_cache(KEPT)
def _text(texts: tuple[str, ...]) -> str:
    *others, last = (_numbered(text, number) for number, text in enumerate(texts))
    return "\nWITH count(*) AS before\n".join([*map(_unread, others), last])


def _numbered(text: str, number: int) -> str:
    """A part's text, with its own parameters."""
    return _PARAMETER.sub(lambda found: "$" + _named(found.group(1), number), text)


def _unread(text: str) -> str:
    """A part's text, without what it returns."""
    body, returns, last = text.rpartition("\nRETURN ")
    if "\n" in last and returns:
        raise StatementError("the RETURN of a statement that others follow is its last line")
    return body if returns else text
