"""Answers about now that name no moment are not ahead of what `at` says either (D5)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.accounts import account_of, give_account
from tests.api import Installation
from tests.contract.household import Household, new_household
from tests.portal_users import PortalUser, signed_in

ROUNDS = 6
ALLOWED = "query ($id: ID!) { node(id: $id) { ... on Contact { allowedActions } } }"
THEN = """query ($person: ID!, $client: ID!, $at: DateTime!) {
  canAct(personId: $person, clientId: $client, action: VIEW_PORTAL, at: $at) { allowed } }"""
Ask = Callable[[Household, PortalUser, dict[str, Any]], Awaitable[bool]]


async def _allowed_actions(home: Household, _user: PortalUser, contact: dict[str, Any]) -> bool:
    return "VIEW_PORTAL" in (await home.api.query(ALLOWED, id=contact["id"]))["node"]["allowedActions"]


async def _acts_for(home: Household, user: PortalUser, _contact: dict[str, Any]) -> bool:
    query = "{ viewer { actsFor { nodes { client { id } } } } }"
    answer = (await user.post(query, {}, token=user.access_token)).json()
    nodes = answer["data"]["viewer"]["actsFor"]["nodes"]
    return home.client["id"] in [node["client"]["id"] for node in nodes]


async def _seen_in_the_portal(home: Household, user: PortalUser, _contact: dict[str, Any]) -> bool:
    query = "query ($id: ID!) { person(id: $id) { id } }"
    answer = (await user.post(query, {"id": home.client["id"]}, token=user.access_token)).json()
    return answer["data"]["person"] is not None


@pytest.mark.parametrize("ask", [_allowed_actions, _acts_for, _seen_in_the_portal])
async def test_nobody_is_told_ahead_of_what_at_says(installation: Installation, ask: Ask) -> None:
    home = await new_household(installation)
    contact = await home.api.contact(home.client["id"], "Sam", relationship="SPOUSE", appointmentReminders=True)
    person, version = contact["person"]["id"], contact["version"]
    await give_account(installation, home.practice, person)
    account = await account_of(installation, home.practice, person)
    assert account is not None
    user = await signed_in(installation, home.practice, account)
    told = []
    for step in range(ROUNDS):
        sent = {"contactId": contact["id"], "expectedVersion": version, "changes": {"portalAccess": step % 2 == 0}}
        version = (await home.api.done("updateContact", **sent))["version"]
        told.append((await ask(home, user, contact), datetime.now(UTC).isoformat()))
    then = [
        (await home.api.query(THEN, person=person, client=home.client["id"], at=at))["canAct"]["allowed"]
        for _, at in told
    ]
    assert [answer for answer, _ in told] == then == [step % 2 == 0 for step in range(ROUNDS)]
