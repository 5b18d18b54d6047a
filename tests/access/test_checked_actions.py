"""What a checked write knows of the edge by which somebody acts (D5; docs/access.md)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from graph_api.access.actions import CheckedAction
from graph_api.access.graph.decisions import AccessReads
from graph_api.access.model import PortalAction
from graph_api.access.questions import decide_locked
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from tests.accounts import give_account
from tests.api import Installation
from tests.contract.household import Household, new_household

ALL_ON = dict.fromkeys(("portalAccess", "secureMessaging", "payments", "appointmentReminders"), True)
SHOWN = "query ($id: ID!) { node(id: $id) { ... on Contact { version messagesFrom } } }"
EARLY = "2020-01-01T00:00:00.000000+00:00"


@pytest.fixture
async def home(installation: Installation) -> Household:
    """Bea, who is a client too, may act for Ana."""
    made = await new_household(installation)
    await give_account(installation, made.practice, made.other["id"])
    return made


async def acting(home: Household, **terms: Any) -> dict[str, Any]:
    pair = {"clientId": home.client["id"], "personId": home.other["id"]}
    return await home.api.done("addExistingContact", **pair, relationship="SPOUSE", **ALL_ON | terms)


def graph(installation: Installation, home: Household) -> Graph:
    return Graph(GraphSession(installation.database), home.practice.id, datetime.now(UTC).date())


async def checked(installation: Installation, home: Household, person: str, client: str) -> CheckedAction:
    """Whether the person may write a message for the client, as a checked write is told."""

    async def work(tx: Transaction) -> CheckedAction:
        return await decide_locked(tx, person, client, PortalAction.SEND_SECURE_MESSAGE)

    return await graph(installation, home).write(work)


async def change(home: Household, contact: dict[str, Any], version: int, **changes: Any) -> None:
    await home.api.done("updateContact", contactId=contact["id"], expectedVersion=version, changes=changes)


async def test_d5_a_checked_write_knows_the_edge_and_the_version_by_which_it_was_allowed(
    installation: Installation, home: Household
) -> None:
    """M4: and from when on messages are open by it."""
    contact = await acting(home)
    for version, changes in enumerate(({"note": "x"}, {"messagesFrom": EARLY}, {"note": "y"}), start=2):
        shown = (await home.api.query(SHOWN, id=contact["id"]))["node"]
        found = await checked(installation, home, home.other["id"], home.client["id"])
        assert found.messages_from is not None
        at = found.messages_from.isoformat(timespec="microseconds")
        assert (found.allowed, found.contact_id, found.contact_version, at) == (
            True,
            contact["id"],
            shown["version"],
            shown["messagesFrom"],
        )
        assert found.contact_version == version - 1
        await change(home, contact, version - 1, **changes)
    last = await checked(installation, home, home.other["id"], home.client["id"])
    assert (last.contact_version, last.messages_from) == (4, datetime.fromisoformat(EARLY))


async def test_d5_who_may_not_is_told_by_the_same_edge(installation: Installation, home: Household) -> None:
    contact = await acting(home)
    await change(home, contact, 1, secureMessaging=False)
    found = await checked(installation, home, home.other["id"], home.client["id"])
    assert (found.allowed, found.contact_id, found.contact_version) == (False, contact["id"], 2)
    assert found.messages_from is None


async def test_d5_nobody_acts_by_an_edge_that_is_gone_or_was_never_there(
    installation: Installation, home: Household
) -> None:
    contact = await acting(home)
    await home.api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    for person in (home.other["id"], "person_0"):
        found = await checked(installation, home, person, home.client["id"])
        assert found == CheckedAction(found.decision, found.facts)
        assert not found.allowed


async def test_d5_the_client_themselves_acts_by_no_edge(installation: Installation, home: Household) -> None:
    await give_account(installation, home.practice, home.client["id"])
    found = await checked(installation, home, home.client["id"], home.client["id"])
    assert found.allowed
    assert found == CheckedAction(found.decision, found.facts)


async def test_d5_the_facts_of_a_pair_have_the_version_of_now_and_none_of_then(
    installation: Installation, home: Household
) -> None:
    contact = await acting(home)
    await change(home, contact, 1, messagesFrom=EARLY)
    reads = graph(installation, home)[AccessReads]
    now = await reads.pair(home.other["id"], home.client["id"])
    assert (now.contact_id, now.contact_version) == (contact["id"], 2)
    assert now.messages_from == datetime.fromisoformat(EARLY)
    then = await reads.pair_at(home.other["id"], home.client["id"], now.newest or datetime.now(UTC))
    assert (then.edge_id, then.contact_version, then.messages_from) == (contact["id"], None, None)


async def test_d5_a_checked_write_is_decided_by_two_statements(installation: Installation, home: Household) -> None:
    await acting(home)
    with installation.statements() as sent:
        await checked(installation, home, home.other["id"], home.client["id"])
    assert sent == ["access/lock", "access/pair"]
