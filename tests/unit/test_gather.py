"""Loads that wait at the same time become one statement; none waits when there is nothing to wait for."""

import asyncio
from collections.abc import Sequence

import pytest

from graph_api.engine import gather
from graph_api.engine.gather import AT_ONCE, MAX_IDS, Gatherer, Rows


class Statements:
    """Stands for the database: notes what is sent, and answers when told to."""

    def __init__(self) -> None:
        self.sent: list[list[str]] = []
        self.open: list[asyncio.Event] = []
        self.held = False
        self.error: Exception | None = None

    async def __call__(self, ids: Sequence[str]) -> Rows:
        self.sent.append(list(ids))
        if self.held:
            self.open.append(asyncio.Event())
            await self.open[-1].wait()
        if self.error is not None:
            raise self.error
        return {id_: f"row of {id_}" for id_ in ids}


@pytest.fixture
def statements() -> Statements:
    return Statements()


def loads(gatherer: Gatherer, read: Statements, *ids: list[str], kind: str = "k") -> list[asyncio.Task[Rows]]:
    return [asyncio.create_task(gatherer.load(kind, wanted, read)) for wanted in ids]


async def turns(count: int = 5) -> None:
    """Let the event loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_loads_of_one_turn_go_together_each_id_once(statements: Statements) -> None:
    gatherer = Gatherer()
    found = await asyncio.gather(*loads(gatherer, statements, ["a"], ["b", "a"], ["c"]))
    assert statements.sent == [["a", "b", "c"]]
    assert [rows["a"] for rows in found] == ["row of a"] * 3


async def test_a_load_alone_waits_for_nobody(statements: Statements) -> None:
    gatherer = Gatherer()
    load = loads(gatherer, statements, ["a"])
    await turns(3)
    assert statements.sent == [["a"]]
    assert await load[0] == {"a": "row of a"}


async def test_while_as_many_as_may_are_in_flight_the_others_gather(statements: Statements) -> None:
    gatherer = Gatherer()
    statements.held = True
    started = []
    for number in range(AT_ONCE):
        started += loads(gatherer, statements, [f"first{number}"])
        await turns()
    started += loads(gatherer, statements, ["a"], ["b"])
    await turns()
    started += loads(gatherer, statements, ["c"])
    await turns()
    assert statements.sent == [[f"first{number}"] for number in range(AT_ONCE)]
    statements.open[0].set()
    await turns()
    assert statements.sent[AT_ONCE:] == [["a", "b", "c"]]
    statements.held = False
    for event in statements.open:
        event.set()
    await turns()
    for event in statements.open:
        event.set()
    await asyncio.gather(*started)


async def test_a_load_never_joins_a_statement_that_was_sent_before(statements: Statements) -> None:
    """It must see what its caller committed meanwhile."""
    gatherer = Gatherer()
    statements.held = True
    before = loads(gatherer, statements, ["a"])
    await turns()
    after = loads(gatherer, statements, ["a"])
    await turns()
    assert statements.sent == [["a"], ["a"]]
    for event in statements.open:
        event.set()
    await asyncio.gather(*before, *after)


async def test_other_kinds_do_not_mix(statements: Statements) -> None:
    gatherer = Gatherer()
    one, other = loads(gatherer, statements, ["a"]), loads(gatherer, statements, ["b"], kind="other")
    found = await asyncio.gather(*one, *other)
    assert statements.sent == [["a"], ["b"]]
    assert [set(rows) for rows in found] == [{"a"}, {"b"}]


async def test_a_statement_has_a_bound_but_a_load_is_never_torn(statements: Statements) -> None:
    gatherer = Gatherer()
    many = [f"m{number}" for number in range(MAX_IDS + 7)]
    await asyncio.gather(*loads(gatherer, statements, ["a"], many, ["b"], ["c"]))
    assert statements.sent == [["a"], many, ["b", "c"]]


async def test_a_failure_reaches_all_who_waited_and_none_who_come_later(statements: Statements) -> None:
    gatherer = Gatherer()
    statements.error = LookupError("broken")
    failed = await asyncio.gather(*loads(gatherer, statements, ["a"], ["b"]), return_exceptions=True)
    assert [type(error) for error in failed] == [LookupError, LookupError]
    statements.error = None
    assert await gatherer.load("k", ["a"], statements) == {"a": "row of a"}


async def test_who_gives_up_takes_nobody_along(statements: Statements) -> None:
    gatherer = Gatherer()
    statements.held = True
    impatient, patient = loads(gatherer, statements, ["a"], ["b"])
    await turns()
    impatient.cancel()
    await turns()
    statements.open[0].set()
    assert (await patient)["b"] == "row of b"
    assert impatient.cancelled()


async def test_who_gave_up_before_it_was_sent_is_not_asked_for(statements: Statements) -> None:
    gatherer = Gatherer()
    impatient, patient = loads(gatherer, statements, ["a"], ["b"])
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert statements.sent == [["b"]]


async def test_statements_that_run_away_do_not_keep_others_back(
    statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "SLOW", 0.01)
    gatherer = Gatherer()
    statements.held = True
    stuck = []
    for number in range(AT_ONCE):
        stuck += loads(gatherer, statements, [f"stuck{number}"])
        await turns()
    statements.held = False
    async with asyncio.timeout(5):
        assert await gatherer.load("k", ["a"], statements) == {"a": "row of a"}
    for event in statements.open:
        event.set()
    await asyncio.gather(*stuck)
    await turns()
    assert gatherer._kinds == {}


async def test_nothing_is_kept_of_kinds_that_nobody_waits_for(statements: Statements) -> None:
    gatherer = Gatherer()
    for number in range(100):
        await gatherer.load(number, ["a"], statements)
    await turns()
    assert gatherer._kinds == {}
    assert gatherer._running == set()


async def test_nothing_is_kept_of_loads_that_all_gave_up(statements: Statements) -> None:
    gatherer = Gatherer()
    [load] = loads(gatherer, statements, ["a"])
    await asyncio.sleep(0)
    load.cancel()
    await turns()
    assert gatherer._kinds == {}
