"""What archiving a client says of conversations that wait for an answer (M13)."""

from typing import Any

import pytest

from tests.acting.cast import Cast, new_cast
from tests.api import Installation

PREVIEW = """query ($input: ContactChangeInput!) { rehearseContactChange(input: $input) {
  errors { code } warnings { code message path persons { id } } } }"""


@pytest.fixture
async def cast(installation: Installation) -> Cast:
    """Everybody, in a fresh practice."""
    return await new_cast(installation)


async def becomes(cast: Cast, status: str) -> list[dict[str, Any]]:
    """The warnings of a client's new status, which its preview gives too."""
    person = (await cast.api.query("query ($id: ID!) { person(id: $id) { version } }", id=cast.ids["ben"]))["person"]
    values = {"personId": cast.ids["ben"], "expectedVersion": person["version"], "status": status}
    rehearsed = (await cast.ask("staff", PREVIEW, input={"clientStatus": values}))["rehearseContactChange"]
    shown = "warnings { code message path persons { id } }"
    payload = await cast.does("staff", "setClientStatus", shown, **values)
    assert payload["errors"] == rehearsed["errors"] == []
    assert payload["warnings"] == rehearsed["warnings"]
    return [one for one in payload["warnings"] if one["code"] == "OPEN_BUSINESS"]


async def test_m13_archiving_warns_of_conversations_that_wait_for_an_answer(cast: Cast) -> None:
    await cast.start("anna")
    assert await becomes(cast, "INACTIVE") == []
    [warning] = await becomes(cast, "ARCHIVED")
    assert warning["path"] == ["status"]
    assert [person["id"] for person in warning["persons"]] == [cast.ids["ben"]]
    assert await becomes(cast, "ACTIVE") == []


async def test_m13_what_is_answered_or_done_is_not_open(cast: Cast) -> None:
    await cast.start("staff", audience="SHARED")
    answered = await cast.start("anna")
    await cast.send("staff", answered)
    done = await cast.start("ben")
    values = {"threadId": done, "expectedVersion": 1, "status": "DONE"}
    await cast.done("staff", "setThreadStatus", "thread { id }", **values)
    assert await becomes(cast, "ARCHIVED") == []


async def test_m13_another_clients_conversations_do_not_count(cast: Cast) -> None:
    other = await cast.api.client("Bea", "Moreno")
    contact = {"clientId": other["id"], "personId": cast.ids["anna"], "relationship": "FRIEND"}
    await cast.api.done("addExistingContact", **contact, portalAccess=True, secureMessaging=True)
    await cast.start("anna", clientId=other["id"])
    assert await becomes(cast, "ARCHIVED") == []
