"""Before anything is timed: ours and the peer give the same answers, and this is how long they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.compare.asking import Asking
from bench.compare.graph import Graph, Pair
from bench.compare.operations import ADD, Asked, Operation
from bench.compare.pairs import RELATIONSHIP, TOGGLES, add_variables

FEWEST = 40
"""Sets of variables over which answers are compared, at least."""


class Different(Exception):
    """The answers differ: nothing may be compared."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many bytes each answer is, by the server's name."""

    of: dict[str, list[int]]


def check_reads(operation: Operation, sets: Sequence[Asked], servers: dict[str, Asking]) -> Sizes:
    """Ask every set of every server.

    Raises:
        Different: there are too few sets, or an answer is not the same.
    """
    if len(sets) < FEWEST:
        raise Different(f"{operation.name}: only {len(sets)} sets of variables")
    sizes: dict[str, list[int]] = {name: [] for name in servers}
    for asked in sets:
        shown = {}
        for name, asking in servers.items():
            ours = name == "ours"
            answer = asking.ask(operation.ours if ours else operation.peer, asked.ours if ours else asked.peer)
            shown[name] = (operation.our_answer if ours else operation.peer_answer)(answer.data)
            sizes[name].append(answer.size)
        require_same(operation.name, asked, shown)
    return Sizes(sizes)


def require_same(operation: str, asked: Asked, shown: dict[str, Any]) -> None:
    """All answers are one.

    Raises:
        Different: they are not.
    """
    first, *others = shown.values()
    if not first or any(other != first for other in others):
        found = {name: str(answer)[:400] for name, answer in shown.items()}
        raise Different(f"{operation} {asked.ours}: {found}")


def check_additions(practice_id: str, pairs: Sequence[Pair], servers: dict[str, Asking], graph: Graph) -> Sizes:
    """Add each pair by every server in turn, and compare what is then stored.

    Raises:
        Different: it is not the same, as far as both store it.
    """
    sizes: dict[str, list[int]] = {name: [] for name in servers}
    for pair in pairs:
        asked = add_variables(practice_id, pair)
        shown = {}
        for name, asking in servers.items():
            ours = name == "ours"
            answer = asking.ask(ADD.ours if ours else ADD.peer, asked.ours if ours else asked.peer)
            added = (ADD.our_answer if ours else ADD.peer_answer)(answer.data)
            edge = graph.edge(pair)
            graph.remove_added([pair])
            shown[name] = (added, {key: edge.get(key) for key in ("practice", "relationship", *TOGGLES)})
            sizes[name].append(answer.size)
        require_same(ADD.name, asked, shown)
        if shown["ours"] != (
            1,
            {"practice": practice_id, "relationship": RELATIONSHIP, **dict.fromkeys(TOGGLES, False)},
        ):
            raise Different(f"{ADD.name}: {shown['ours']}")
    return Sizes(sizes)


def require_added(load_requests: int, removed: int, connections: int) -> None:
    """As many edges as answers; those under way at the end may be more.

    Raises:
        Different: an answer said something else than what happened.
    """
    if not load_requests <= removed <= load_requests + 2 * connections:
        raise Different(f"{ADD.name}: {load_requests} answers, but {removed} edges")
