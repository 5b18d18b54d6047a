"""Collects what is wrong with an input, so that a form can show everything at once."""

from graph_api.kernel.errors import InvalidInput, Refused, invalid


class Problems:
    """What is wrong with an input, each with a stable reason and a path below `input`."""

    def __init__(self) -> None:
        self._found: list[InvalidInput] = []

    def add(self, reason: str, message: str, *path: str) -> None:
        """Note one more."""
        self._found.append(invalid(reason, message, *path))

    def refuse(self) -> None:
        """Refuse when anything was found.

        Raises:
            Refused: with every problem, in the order found.
        """
        if self._found:
            raise Refused(self._found)
