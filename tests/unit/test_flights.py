"""Work of one transaction that starts together ends as if it had been done one after another."""

import asyncio

import pytest

from graph_api.kernel.errors import NotFound, Refused
from graph_api.kernel.flights import together


class Failed(Exception):
    pass


async def test_all_start_in_their_order_before_any_is_answered() -> None:
    started: list[int] = []
    answers: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def one(number: int) -> int:
        started.append(number)
        await answers
        return number

    work = asyncio.create_task(together(one(1), one(2), one(3)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert started == [1, 2, 3]
    answers.set_result(None)
    assert await work == (1, 2, 3)


async def test_the_first_error_is_told_although_a_later_one_came_before_it() -> None:
    async def refused(turns: int, message: str) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        raise Failed(message)

    with pytest.raises(Failed, match="first"):
        await together(refused(5, "first"), refused(0, "second"))


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_nothing_goes_on_once_it_has_failed_or_was_cancelled(is_cancelled: bool) -> None:
    ended: list[bool] = []

    async def fails() -> None:
        await asyncio.sleep(0)
        if not is_cancelled:
            raise Failed
        await asyncio.Event().wait()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    work = asyncio.create_task(together(fails(), waits(), waits()))
    if is_cancelled:
        for _ in range(3):
            await asyncio.sleep(0)
        work.cancel()
    with pytest.raises(asyncio.CancelledError if is_cancelled else Failed):
        await work
    assert ended == [True, True]


async def test_after_a_refusal_the_others_are_waited_for() -> None:
    """To end a statement costs the driver its connection, and anybody can have something refused."""
    ended: list[str] = []

    async def refused() -> None:
        raise Refused([NotFound(path=("clientId",))])

    async def reads(*, fails: bool) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append("read")
        if fails:
            raise Failed

    with pytest.raises(Refused):
        await together(reads(fails=False), refused(), reads(fails=True))
    assert ended == ["read", "read"]
