"""Contacts of before it was kept from when on messages are open (M4): a migration adds it, and the log agrees."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph_api.engine.migrate import load_migrations
from graph_api.network import audit as told
from graph_api.network.model import Contact
from tests.api import Api, Installation, Now
from tests.contract.auditing import AuditOf
from tests.contract.practice_graph import edges, practice_graph
from tests.network.past import HOUR, START

FORGET = "MATCH ()-[r]->() WHERE r.practice = $practice AND r.messagesFrom IS NOT NULL SET r.messagesFrom = null"
ERASE = "MATCH (e:AuditEvent) WHERE e.practice = $practice REMOVE e.changes"
EDGE = "MATCH ()-[r:HAS_CONTACT]->() WHERE r.id = $id "
OLD = "MATCH ()-[r:HAD_CONTACT]->() WHERE r.contactId = $id AND r.version = $version "
ON, OFF, NOTE = {"secureMessaging": True}, {"secureMessaging": False}, {"note": "Calls back"}


@pytest.fixture(autouse=True)
def clock(now: Now) -> Iterator[Now]:
    now.moment = START
    yield now
    now.moment = None


def hour(number: int) -> str:
    return (START + number * HOUR).isoformat(timespec="microseconds")


async def new_contact(api: Api, clock: Now, terms: dict[str, Any]) -> str:
    """The id of a contact who is added at the start, to a client who was there an hour before."""
    clock.moment = START - HOUR
    client = await api.client()
    clock.moment = START
    return str((await api.contact(client["id"], **terms))["id"])


async def change(api: Api, clock: Now, contact_id: str, version: int, changes: dict[str, Any]) -> None:
    clock.moment = START + version * HOUR
    await api.done("updateContact", contactId=contact_id, expectedVersion=version, changes=changes)


async def before(api: Api, clock: Now, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of contacts whose events tell nothing of messagesFrom: changed again and again, never on, and removed."""
    values = told.contact_values

    def of_before(contact: Contact | None) -> dict[str, object]:
        return {name: value for name, value in values(contact).items() if name != "messagesFrom"}

    with monkeypatch.context() as patched:
        patched.setattr(told, "contact_values", of_before)
        changed, never, removed = [await new_contact(api, clock, terms) for terms in (ON, OFF, ON)]
        steps: list[dict[str, Any]] = [NOTE, OFF, {"payments": True}, ON, {"note": "Moved"}]
        for version, changes in enumerate(steps, start=1):
            await change(api, clock, changed, version, changes)
        await change(api, clock, never, 1, NOTE)
        await change(api, clock, removed, 1, NOTE)
        await api.done("removeContact", contactId=removed, expectedVersion=2)
    return [changed, never, removed]


async def migrated(installation: Installation, audit: AuditOf) -> None:
    """What an earlier release left, migrated; a second run changes nothing."""
    await audit.tamper(FORGET)
    (migration,) = [m for m in load_migrations(installation.database.dialect) if m.name == "messages_from"]
    await installation.database.run_schema(migration.text)
    once = await practice_graph(installation.database, audit.api.practice)
    await installation.database.run_schema(migration.text)
    assert await practice_graph(installation.database, audit.api.practice) == once


async def kept(installation: Installation, api: Api, contact_id: str) -> list[str | None]:
    """From when on messages were open, by version."""
    rows = await edges(installation.database, api.practice, "HAD_CONTACT", contactId=contact_id)
    rows += await edges(installation.database, api.practice, "HAS_CONTACT", id=contact_id)
    return [row.get("messagesFrom") for row in sorted(rows, key=lambda row: int(row["version"]))]


async def test_m4_messages_of_before_are_open_since_the_version_began(
    installation: Installation, api: Api, clock: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, never, removed = await before(api, clock, monkeypatch)
    audit = AuditOf(installation, api)
    await migrated(installation, audit)
    expected = [hour(0), hour(1), None, None, hour(4), hour(5)]
    assert await kept(installation, api, changed) == expected
    assert await kept(installation, api, never) == [None, None]
    assert await kept(installation, api, removed) == [hour(0), hour(1)]
    assert await audit.places() == []
    # What is changed from then on is told, and takes over what the migration set.
    await change(api, clock, changed, 6, {"note": "Calls again"})
    await change(api, clock, never, 2, ON)
    assert await kept(installation, api, changed) == [*expected, hour(5)]
    assert await audit.places() == []
    await change(api, clock, changed, 7, OFF)
    await change(api, clock, changed, 8, ON)
    assert await kept(installation, api, changed) == [*expected, hour(5), None, hour(8)]
    assert await audit.places() == []
    await audit.tamper(ERASE)
    assert await audit.places() == []


@pytest.mark.parametrize(
    ("statement", "version"),
    [
        (EDGE + "SET r.messagesFrom = '2020-01-01T00:00:00.000000+00:00'", 6),
        (EDGE + "SET r.messagesFrom = $other", 6),
        (EDGE + "SET r.messagesFrom = null", 6),
        (OLD + "SET r.messagesFrom = '2020-01-01T00:00:00.000000+00:00'", 1),
        (OLD + "SET r.messagesFrom = $other", 3),
    ],
)
async def test_m4_whoever_moves_the_time_by_hand_is_found(
    installation: Installation,
    api: Api,
    clock: Now,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
    version: int,
) -> None:
    """Although no event of before tells the time: it began with a version."""
    changed, *_ = await before(api, clock, monkeypatch)
    audit = AuditOf(installation, api)
    await migrated(installation, audit)
    await audit.tamper(statement, id=changed, version=version, other=hour(1))
    whats = [finding.what for finding in (await audit.verify())[1]]
    assert f"contact {changed}, version {version} (messagesFrom)" in whats
    assert all("(messagesFrom)" in what for what in whats)
