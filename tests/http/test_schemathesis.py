"""The API asked by its own schema: whatever schemathesis makes of it, for each kind of caller, no answer is a server's
failure.

It runs offline. `SCHEMATHESIS_EXAMPLES=2000` asks more of each caller than CI does.
"""

import os
from functools import cache
from io import StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import graphql

from graph_api.domain.model import ViewerRole
from graph_api.schema.build import print_schema
from tests.accounts import give_account
from tests.api import Api, Installation
from tests.http.serving import EMBEDDED
from tests.portal import signed_in

pytestmark = EMBEDDED

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "30"))
CALLERS = (ViewerRole.STAFF, ViewerRole.ADMIN, ViewerRole.PORTAL)
ASKED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CASES = graphql.from_file(StringIO(print_schema())).as_strategy()


@pytest.fixture(scope="session")
async def callers(installation: Installation) -> dict[ViewerRole, Api]:
    """One of each kind, in one practice."""
    practice = await installation.practice()
    staff = installation.api(practice)
    client = await staff.client()
    await staff.contact(client["id"], portalAccess=True)
    user = await signed_in(installation, practice, await give_account(installation, practice, client["id"]))
    return {
        ViewerRole.STAFF: installation.api(practice),
        ViewerRole.ADMIN: installation.api(practice, ViewerRole.ADMIN, "admin-1"),
        ViewerRole.PORTAL: Api(installation.server.app, user.access_token or "", practice),
    }


@cache
def answered(role: ViewerRole) -> list[bool]:
    """Of each answer to a caller, whether it was executed."""
    return []


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role.name)
@ASKED
@given(case=CASES)
async def test_no_question_or_change_breaks_the_server(
    callers: dict[ViewerRole, Api], role: ViewerRole, case: Any
) -> None:
    response = await callers[role].post({"query": case.body})
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
