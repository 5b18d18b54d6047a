"""Who may not write is Forbidden before anything else is looked at."""

from collections.abc import AsyncIterator

import pytest

from graph_api.kernel.caller import ViewerRole
from tests.api import Api, Installation, changed
from tests.contract.household import MUTATIONS, OF_THE_WHOLE, Household, Input, new_household
from tests.contract.practice_graph import unchanged


@pytest.fixture(scope="module")
async def home(installation: Installation) -> AsyncIterator[Household]:
    found = await new_household(installation, whole=True)
    async with unchanged(installation.database, found.practice):
        yield found


@pytest.fixture
def analyst(installation: Installation, home: Household) -> Api:
    return installation.api(home.practice, ViewerRole.ANALYST, "analyst-1")


async def forbidden(installation: Installation, home: Household, api: Api, mutation: str, sent: Input) -> None:
    async with unchanged(installation.database, home.practice):
        payload = await api.mutate(mutation, **sent)
    assert changed(payload) is None
    assert payload.get("removedContactId") is None
    assert payload["warnings"] == []
    errors = [(error["__typename"], error["code"], error["path"]) for error in payload["errors"]]
    assert errors == [("Forbidden", "FORBIDDEN", [])]


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_an_analyst_may_not(installation: Installation, home: Household, analyst: Api, mutation: str) -> None:
    await forbidden(installation, home, analyst, mutation, home.inputs()[mutation])


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_an_analyst_learns_nothing_by_trying(
    installation: Installation, home: Household, analyst: Api, mutation: str
) -> None:
    """A wrong id, a stale version, a bad key: the answer stays the same."""
    sent = home.inputs()[mutation] | {"idempotencyKey": ""}
    for name in ("clientId", "personId", "contactId"):
        if name in sent:
            sent[name] = "nobody"
    if "expectedVersion" in sent:
        sent["expectedVersion"] = 99
    if "person" in sent:
        sent["person"] = {"givenName": "", "emails": ["nope"]}
    await forbidden(installation, home, analyst, mutation, sent)


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_an_analyst_does_not_replay_anothers_key(installation: Installation, mutation: str) -> None:
    home = await new_household(installation, whole=mutation in OF_THE_WHOLE)
    sent = home.inputs()[mutation] | {"idempotencyKey": "one"}
    await home.api.done(mutation, **sent)
    same_subject = installation.api(home.practice, ViewerRole.ANALYST)
    await forbidden(installation, home, same_subject, mutation, sent)


OF_ITS_AUTHOR = {"retractMessage"}
"""What an admin may do of their own alone."""


@pytest.mark.parametrize("mutation", [name for name in MUTATIONS if name not in OF_ITS_AUTHOR])
async def test_an_admin_may(installation: Installation, mutation: str) -> None:
    home = await new_household(installation, whole=mutation in OF_THE_WHOLE)
    admin = installation.api(home.practice, ViewerRole.ADMIN, "admin-1")
    assert (await admin.mutate(mutation, **home.inputs()[mutation]))["errors"] == []
