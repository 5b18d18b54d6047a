"""Loads that are asked for one by one and sent together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

Request = TypeVar("Request", bound=Hashable)


Row = TypeVar("Row")


async def by_request(
    keys: Sequence[tuple[Request, str]], load: Callable[[Request, Sequence[str]], Awaitable[Mapping[str, Row]]]
) -> list[Row | Exception | None]:
    """A row for each request and id, one load for each request; where a load failed, only who asked for it hears."""
    requests = list(dict.fromkeys(request for request, _ in keys))
    loads = [load(request, [row_id for asked, row_id in keys if asked == request]) for request in requests]
    loaded = dict(zip(requests, await asyncio.gather(*loads, return_exceptions=True), strict=True))
    return [_of(loaded[request], row_id) for request, row_id in keys]


def _of(loaded: Mapping[str, Row] | BaseException, row_id: str) -> Row | Exception | None:
    if isinstance(loaded, Exception):
        return loaded
    if isinstance(loaded, BaseException):
        raise loaded
    return loaded.get(row_id)
