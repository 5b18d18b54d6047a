"""A practice's own fields in its checkpoints: they are sealed once, and whatever differs from then on was changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from graph_api.evidence.model import PracticeNode

NODE = ("slug", "name", "time_zone", "region")
"""What a line says of the practice, in this order, as `node`; `made` says since when it is there."""


class OwnFields:
    """In which checkpoint each of the fields stands, and what it is."""

    def __init__(self) -> None:
        self._sealed: dict[str, tuple[int, str]] = {}

    def take(self, number: int, content: Mapping[str, Any]) -> None:
        """What a line says of them. Lines of before 0.4.0 say nothing, and those of 0.4.0 not when it was made.

        Raises:
            ValueError: it does not say all of `node`.
        """
        if "node" in content:
            self._sealed |= {name: (number, text) for name, text in zip(NODE, content["node"], strict=True)}
        if "made" in content:
            self._sealed["created_at"] = number, content["made"]

    def not_said(self, node: PracticeNode) -> dict[str, Any]:
        """What the next line is to say, as no line has said it yet."""
        parts: dict[str, Any] = {}
        if NODE[0] not in self._sealed:
            parts["node"] = [getattr(node, name) for name in NODE]
        if "created_at" not in self._sealed:
            parts["made"] = node.created_at
        return parts

    def changed(self, node: PracticeNode) -> Iterator[str]:
        """In words, what is not as it was sealed."""
        changed: dict[int, list[str]] = {}
        for name, (number, text) in self._sealed.items():
            if getattr(node, name) != text:
                changed.setdefault(number, []).append(name)
        for number, names in changed.items():
            yield f"the practice's {', '.join(names)} changed since checkpoint {number}"
