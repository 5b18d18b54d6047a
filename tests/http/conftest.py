"""One real server for the session, and callers of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api import Installation
from tests.http.serving import bearer, serving


@pytest.fixture(scope="session")
async def address(installation: Installation) -> AsyncIterator[str]:
    """Where the installation's application is served."""
    async with serving(installation.server.app) as url:
        yield url


@pytest.fixture(scope="session")
async def staff_token(installation: Installation) -> str:
    """A token of staff of a practice for tests that write nothing."""
    return installation.token(await installation.practice())


@pytest.fixture(scope="session")
async def anyone(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Someone without a token."""
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest.fixture(scope="session")
async def staff(address: str, staff_token: str) -> AsyncIterator[httpx.AsyncClient]:
    """Staff of a practice."""
    async with httpx.AsyncClient(base_url=address, headers=bearer(staff_token)) as client:
        yield client
