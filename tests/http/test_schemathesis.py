"""The API asked by its own schema: whatever schemathesis makes of it, for each kind of caller, no answer is a server's
failure.

It runs offline. GRAPH_API_THOROUGH=1 asks more of each caller than CI does.
"""

from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import graphql
from schemathesis.graphql import nodes

from graph_api.graphql.build import print_schema
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.portal.model import Account
from tests.accounts import give_account
from tests.api import Api, Installation
from tests.budgets import budget
from tests.http.serving import EMBEDDED
from tests.portal_users import signed_in

pytestmark = EMBEDDED

EXAMPLES = budget(30, 500)
CALLERS = (ViewerRole.STAFF, ViewerRole.ADMIN, ViewerRole.PORTAL)
ASKED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
graphql.scalar("LocalTime", st.times().map(lambda time: nodes.String(time.isoformat("minutes"))))
CASES = graphql.from_file(StringIO(print_schema())).as_strategy()


@dataclass
class Callers:
    """One of each kind, in one practice."""

    installation: Installation
    practice: Practice
    account: Account
    portal: Api | None = None

    async def api(self, role: ViewerRole) -> Api:
        """Theirs."""
        if role is not ViewerRole.PORTAL:
            return self.installation.api(self.practice, role, role.name)
        if self.portal is None:
            user = await signed_in(self.installation, self.practice, self.account)
            self.portal = Api(self.installation.server.app, user.access_token or "", self.practice)
        return self.portal

    async def post(self, role: ViewerRole, query: str) -> httpx.Response:
        """A question or change; whoever signed out by an earlier one is signed in again."""
        response = await (await self.api(role)).post({"query": query})
        if response.status_code == 401:
            self.portal = None
            response = await (await self.api(role)).post({"query": query})
        return response


@pytest.fixture(scope="session")
async def callers(installation: Installation) -> Callers:
    practice = await installation.practice()
    staff = installation.api(practice)
    client = await staff.client()
    await staff.contact(client["id"], portalAccess=True)
    return Callers(installation, practice, await give_account(installation, practice, client["id"]))


@cache
def answered(role: ViewerRole) -> list[bool]:
    """Of each answer to a caller, whether it was executed."""
    return []


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role.name)
@ASKED
@given(case=CASES)
async def test_no_question_or_change_breaks_the_server(callers: Callers, role: ViewerRole, case: Any) -> None:
    response = await callers.post(role, case.body)
    assert response.status_code < 500, response.text
    assert "INTERNAL" not in response.text
    body = response.json()
    assert "data" in body or body["errors"]
    answered(role).append("data" in body)


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role.name)
def test_what_was_asked_was_mostly_executed(installation: Installation, role: ViewerRole) -> None:
    """Else nothing was tried but parsing."""
    found = answered(role)
    assert len(found) >= EXAMPLES
    assert sum(found) > len(found) / 3
