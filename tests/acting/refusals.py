"""Reads what a check refuses or notes."""

from collections.abc import Callable

import pytest

from graph_api.kernel.errors import InvalidInput, MutationError, Refused
from graph_api.kernel.problems import Problems


def refused(call: Callable[[], object]) -> tuple[MutationError, ...]:
    """The errors of a refusal; what is not refused fails the test."""
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.errors


def reasons(call: Callable[[], object]) -> list[str]:
    """Of a refusal for what was sent."""
    return [error.reason for error in refused(call) if isinstance(error, InvalidInput)]


def noted(check: Callable[[Problems], object]) -> list[tuple[str, str]]:
    """What a check notes: reasons and paths, in the order found."""
    problems = Problems()
    check(problems)
    try:
        problems.refuse()
    except Refused as found:
        return [(error.reason, ".".join(error.path)) for error in found.errors if isinstance(error, InvalidInput)]
    return []
