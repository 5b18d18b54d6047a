"""Lines of the access log that are written together: whole, all of them, and in pieces that no other worker cuts."""

import asyncio
import logging
from collections.abc import Iterator

import orjson
import pytest

from graph_api import logs
from graph_api.logs import GATHERED_FOR, WHOLE, Gathered


class Out:
    """What was written, write by write."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.fixture
def out() -> Out:
    return Out()


@pytest.fixture
def gathered(out: Out, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gathered]:
    """As a server has it, whose log takes lines of this level."""
    monkeypatch.setattr(logs, "_Stderr", lambda: out)
    ours = logging.getLogger("graph_api")
    before = ours.level
    ours.setLevel(logging.INFO)
    yield Gathered()
    ours.setLevel(before)


def numbers(out: Out) -> list[int]:
    return [orjson.loads(line)["number"] for line in b"".join(out.pieces).splitlines()]


def test_many_lines_are_written_in_few_pieces_none_of_which_is_cut(gathered: Gathered, out: Out) -> None:
    async def many() -> None:
        for number in range(500):
            gathered.info("request", number=number)
        assert out.pieces == []
        await asyncio.sleep(2 * GATHERED_FOR)

    asyncio.run(many())
    assert numbers(out) == list(range(500))
    assert len(out.pieces) < 50
    assert all(len(piece) <= WHOLE and piece.endswith(b"\n") for piece in out.pieces)


def test_lines_of_a_loop_that_ended_are_written_with_those_of_the_next(gathered: Gathered, out: Out) -> None:
    async def one(number: int, wait: float) -> None:
        gathered.info("request", number=number)
        await asyncio.sleep(wait)

    asyncio.run(one(1, 0.0))
    asyncio.run(one(2, 2 * GATHERED_FOR))
    assert numbers(out) == [1, 2]


def test_where_nobody_would_write_it_later_a_line_is_written_at_once(gathered: Gathered, out: Out) -> None:
    gathered.info("request", number=1)
    assert numbers(out) == [1]


def test_a_level_that_wants_no_such_lines_gets_none(gathered: Gathered, out: Out) -> None:
    logging.getLogger("graph_api").setLevel(logging.WARNING)
    gathered.info("request", number=1)
    assert out.pieces == []
