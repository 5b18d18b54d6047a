"""Who makes room for whom among a worker's connections."""

from dataclasses import dataclass, field

import pytest

from graph_api.http import crowd
from graph_api.http.crowd import BEYOND, FEWEST, HANDLES_FOR_ELSE, ConnectionBounds, Crowd
from graph_api.http.networks import Networks


@dataclass(eq=False)
class Held:
    """A connection that is held open."""

    is_silent: bool = True
    is_waiting: bool = True
    dropped: list[bool] = field(default_factory=list)

    def drop(self) -> None:
        self.dropped.append(True)


def busy() -> Held:
    return Held(is_silent=False, is_waiting=False)


def test_the_oldest_silent_one_goes_first_then_the_oldest_idle_one_and_never_a_busy_one() -> None:
    found = Crowd(ConnectionBounds(most=4), Networks())
    working, idle, silent, younger = busy(), Held(is_silent=False), Held(), Held()
    for connection in (working, idle, silent, younger):
        assert found.enter(connection, "192.0.2.1")
    gone = []
    for _ in range(3):
        assert found.enter(busy(), "192.0.2.2")
        gone.append([connection for connection in (working, idle, silent, younger) if connection.dropped])
    assert gone == [[silent], [silent, younger], [idle, silent, younger]]
    assert not found.enter(Held(), "192.0.2.3")
    assert not working.dropped


def test_an_address_makes_room_among_its_own() -> None:
    found = Crowd(ConnectionBounds(most_per_address=2), Networks())
    others, mine = [Held(), Held()], [Held(), Held()]
    for connection in others:
        found.enter(connection, "2001:db8:1::1")
    for number, connection in enumerate(mine):
        assert found.enter(connection, f"2001:db8:2::{number}")  # one /64 counts as one
    assert found.enter(Held(), "2001:db8:2:0:1::")
    assert [bool(connection.dropped) for connection in (*others, *mine)] == [False, False, True, False]


@pytest.mark.parametrize(("host", "within"), [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("192.0.2.1", False)])
def test_a_trusted_proxy_has_no_share(host: str, within: bool) -> None:
    found = Crowd(ConnectionBounds(most_per_address=2), Networks(["10.0.0.0/8"]))
    assert [found.enter(busy(), host) for _ in range(5)] == [True, True, *[within] * 3]


def test_those_beyond_the_bounds_are_bounded_too() -> None:
    found = Crowd(ConnectionBounds(most=1), Networks())
    found.enter(busy(), "192.0.2.1")
    beyond = [busy() for _ in range(BEYOND + 10)]
    for connection in beyond:
        assert not found.enter(connection, "192.0.2.2")
    assert found.open == 1 + BEYOND
    assert [bool(connection.dropped) for connection in beyond] == [True] * 10 + [False] * BEYOND


def test_who_leaves_leaves_room() -> None:
    found = Crowd(ConnectionBounds(most_per_address=1), Networks())
    first, second = busy(), busy()
    assert found.enter(first, "192.0.2.1")
    assert not found.enter(second, "192.0.2.1")
    for connection in (first, first, second):
        found.leave(connection)
    assert found.open == 0
    assert found.enter(busy(), "192.0.2.1")


@pytest.mark.parametrize(("handles", "most"), [(1 << 20, 1_000), (256, 256 - HANDLES_FOR_ELSE), (64, FEWEST)])
def test_few_file_handles_bound_it_further(monkeypatch: pytest.MonkeyPatch, handles: int, most: int) -> None:
    monkeypatch.setattr(crowd, "handles", lambda: handles)
    found = Crowd(ConnectionBounds(), Networks(), by_address=False)
    assert [found.enter(busy(), "192.0.2.1") for _ in range(most + 1)] == [True] * most + [False]
