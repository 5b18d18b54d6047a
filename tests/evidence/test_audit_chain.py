"""The chain of audit events: whole after every mutation, and whatever is done to it is found and named."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph_api.audit.append import Auditor
from graph_api.audit.chain import Fault
from graph_api.audit.checkpoint_files import checkpoint_path
from graph_api.evidence import sealing
from graph_api.evidence.wiring import Sealing, checkpoints_of, sealer_of
from graph_api.kernel.ids import new_id
from graph_api.opening import make_auditor
from tests.api import Installation
from tests.contract.auditing import AuditOf, busy

Busy = tuple[AuditOf, str, str]


@pytest.fixture
async def sealed(installation: Installation) -> AsyncIterator[Busy]:
    """Two clients of five events each, all of them sealed."""
    async with busy(installation) as (audit, ana, bea):
        assert (await audit.seal()).heads == 2
        assert await audit.places() == []
        yield audit, ana, bea


async def test_nothing_is_found_where_nothing_is_wrong(installation: Installation) -> None:
    async with busy(installation) as (audit, ana, _):
        result, findings, faults = await audit.verify()
        assert (result.events, result.chains, result.unsealed) == (10, 2, 10)
        assert findings == []
        assert faults == []
        await audit.seal()
        result, _, _ = await audit.verify()
        assert result.unsealed == 0
        await audit.api.done("updatePerson", personId=ana, expectedVersion=5, changes={"givenName": "Anna"})
        result, findings, _ = await audit.verify()
        assert (result.events, result.unsealed, findings) == (11, 1, [])


@pytest.mark.parametrize(
    "change",
    [
        "e.actor = 'somebody else'",
        "e.actorRole = 'admin'",
        "e.action = 'addClient'",
        "e.at = '2020-01-01T00:00:00.000000+00:00'",
        "e.reason = 'consent'",
        "e.requestId = 'x'",
        "e.contactId = 'contact_00000000000000000000000000000000'",
        "e.contactVersion = 7",
        "e.fields = ['givenName']",
        "e.digests = ['00']",
        "e.subjectId = $other",
        "e.sequence = 4",
        "e.id = $fresh",
        "e.mac = '00'",
        "e.timeKey = $practice + '|2020'",
        "e.actorKey = $practice + '|x'",
    ],
)
async def test_a_changed_event_is_found(sealed: Busy, change: str) -> None:
    audit, ana, bea = sealed
    event = (await audit.events(ana))[2]
    statement = f"MATCH (e:AuditEvent) WHERE e.key = $key SET {change} RETURN $practice, $other, $fresh"
    await audit.tamper(statement, key=event["key"], other=bea, fresh=new_id("event"))
    found = await audit.places()
    assert (Fault.CHANGED, ana, 3, 3) in found
    # A MAC that was changed is what the next one covers.
    assert {place for place in found if place[2] != 3} <= {(Fault.CHANGED, ana, 4, 4)}


async def test_a_changed_readable_copy_is_found(sealed: Busy) -> None:
    audit, ana, _ = sealed
    event = (await audit.events(ana))[1]
    copies = event["changes"].replace("Name 1", "Name 9")
    assert copies != event["changes"]
    await audit.tamper("MATCH (e:AuditEvent {id: $id}) SET e.changes = $copies", id=event["id"], copies=copies)
    assert await audit.places() == [(Fault.COPY_CHANGED, ana, 2, 2)]


async def test_an_erased_readable_copy_leaves_the_chain_whole(sealed: Busy) -> None:
    audit, ana, _ = sealed
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $id REMOVE e.changes", id=ana)
    result, findings, _ = await audit.verify()
    assert findings == []
    assert result.erased == 5
    assert "Name 1" not in str(await audit.events(ana))
    await audit.api.done("updatePerson", personId=ana, expectedVersion=5, changes={"givenName": "Anna"})
    assert (await audit.seal(whole=True)).findings == []


@pytest.mark.parametrize(("first", "last"), [(1, 1), (2, 2), (2, 4)])
async def test_missing_events_are_found(sealed: Busy, first: int, last: int) -> None:
    audit, ana, _ = sealed
    statement = "MATCH (e:AuditEvent) WHERE e.subjectId = $id AND e.sequence >= $first AND e.sequence <= $last DELETE e"
    await audit.tamper(statement, id=ana, first=first, last=last)
    assert await audit.places() == [(Fault.MISSING, ana, first, last)]


async def test_events_cut_off_are_found_up_to_the_last_checkpoint(sealed: Busy) -> None:
    audit, ana, bea = sealed
    cut = "MATCH (e:AuditEvent) WHERE e.subjectId = $id AND e.sequence > $kept DELETE e"
    await audit.tamper(cut, id=ana, kept=3)
    await audit.tamper(cut, id=bea, kept=0)
    statement = "MATCH (p:Person {id: $id}) SET p.auditCount = 3, p.auditHead = $mac"
    await audit.tamper(statement, id=ana, mac=(await audit.events(ana))[-1]["mac"])
    await audit.tamper("MATCH (p:Person {id: $id}) REMOVE p.auditCount, p.auditHead, p.auditAt", id=bea)
    assert sorted(await audit.places(), key=lambda place: place[2]) == [
        (Fault.CUT_OFF, bea, 1, 5),
        (Fault.CUT_OFF, ana, 4, 5),
    ]


async def test_events_cut_off_after_the_last_checkpoint_are_found_by_the_node_if_that_was_forgotten(
    installation: Installation,
) -> None:
    async with busy(installation) as (audit, ana, _):
        await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $id AND e.sequence > 3 DELETE e", id=ana)
        assert await audit.places() == [(Fault.CUT_OFF, ana, 4, 5)]


async def test_a_chain_that_goes_on_behind_a_cut_is_found(sealed: Busy) -> None:
    audit, ana, _ = sealed
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $id AND e.sequence > 3 DELETE e", id=ana)
    third = (await audit.events(ana))[-1]
    await audit.tamper("MATCH (p:Person {id: $id}) SET p.auditCount = 3, p.auditHead = $mac", id=ana, mac=third["mac"])
    for version in (5, 6):
        changes = {"preferredName": f"Again {version}"}
        await audit.api.done("updatePerson", personId=ana, expectedVersion=version, changes=changes)
    assert await audit.places() == [(Fault.REWRITTEN, ana, 5, 5)]


SWAP = """
MATCH (a:AuditEvent) WHERE a.key = $one
MATCH (b:AuditEvent) WHERE b.key = $two
SET a.key = $spare
WITH a, b
SET b.key = $one, b.sequence = $first, b.subjectId = $firstSubject
WITH a, b
SET a.key = $two, a.sequence = $second, a.subjectId = $secondSubject
"""


async def _swap(audit: AuditOf, one: dict[str, object], two: dict[str, object]) -> None:
    await audit.tamper(
        SWAP,
        one=one["key"],
        two=two["key"],
        spare="spare",
        first=one["sequence"],
        second=two["sequence"],
        firstSubject=one["subjectId"],
        secondSubject=two["subjectId"],
    )


async def test_events_that_were_reordered_are_found(sealed: Busy) -> None:
    audit, ana, _ = sealed
    events = await audit.events(ana)
    await _swap(audit, events[1], events[3])
    found = await audit.places()
    assert {(Fault.CHANGED, ana, 2, 2), (Fault.CHANGED, ana, 4, 4)} <= set(found)
    assert {place[1] for place in found} == {ana}


async def test_events_that_were_swapped_between_chains_are_found(sealed: Busy) -> None:
    audit, ana, bea = sealed
    await _swap(audit, (await audit.events(ana))[2], (await audit.events(bea))[2])
    found = await audit.places()
    assert {(Fault.CHANGED, ana, 3, 3), (Fault.CHANGED, bea, 3, 3)} <= set(found)


async def test_a_forged_event_is_found(sealed: Busy) -> None:
    audit, ana, _ = sealed
    await audit.append(make_auditor(audit.installation.settings), ana)
    assert await audit.places() == []
    await audit.append(Auditor(b"x" * 32), ana)
    assert await audit.places() == [(Fault.CHANGED, ana, 7, 7)]
    sealed_now = await audit.seal()
    assert [(found.fault, found.sequence) for found in sealed_now.findings] == [(Fault.CHANGED, 7)]
    assert sealed_now.heads == 0


async def test_writers_of_one_client_make_one_chain(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    client = await api.client()
    people = [await api.client(f"Person{number}") for number in range(8)]
    apis = [installation.api(api.practice, subject=f"staff-{number}") for number in range(8)]
    for one in apis:
        one.bookmark = api.bookmark
    await asyncio.gather(
        *(
            one.done("addExistingContact", clientId=client["id"], personId=person["id"], relationship="FRIEND")
            for one, person in zip(apis, people, strict=True)
        )
    )
    audit = AuditOf(installation, api)
    assert [event["sequence"] for event in await audit.events(client["id"])] == list(range(1, 10))
    assert await audit.places() == []


async def test_new_people_of_one_client_at_once_make_whole_chains(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    client = await api.client()
    apis = [installation.api(api.practice, subject=f"staff-{number}") for number in range(6)]
    for one in apis:
        one.bookmark = api.bookmark
    await asyncio.gather(*(one.contact(client["id"], f"Person{number}") for number, one in enumerate(apis)))
    audit = AuditOf(installation, api)
    result, findings, _ = await audit.verify()
    assert (result.events, result.chains, findings) == (13, 7, [])


def _lines(audit: AuditOf) -> tuple[Path, list[bytes]]:
    path = checkpoint_path(audit.installation.settings.data_dir, audit.api.practice.id)
    return path, path.read_bytes().splitlines(keepends=True)


async def test_checkpoints_that_were_tampered_with_are_found(sealed: Busy) -> None:
    audit, ana, _ = sealed
    for version in (5, 6):
        await audit.api.done(
            "updatePerson", personId=ana, expectedVersion=version, changes={"preferredName": f"Again {version}"}
        )
        assert (await audit.seal()).heads == 1
    path, lines = _lines(audit)
    assert len(lines) == 3
    assert path.stat().st_mode & 0o777 == 0o600
    broken = {
        "changed": [lines[0], lines[1].replace(b'"number":2', b'"number":3'), lines[2]],
        "signed with another key": [lines[0], lines[1].replace(ana.encode(), b"person_" + b"0" * 32), lines[2]],
        "missing or out of its place": [lines[0], lines[2]],
        "out of its place": [lines[1], lines[0], lines[2]],
    }
    for words, some in broken.items():
        path.write_bytes(b"".join(some))
        _, _, faults = await audit.verify()
        assert faults, words
        assert any(words in fault for fault in faults) or words == "out of its place"
    path.write_bytes(b"".join(lines) + lines[2][:50])
    assert await audit.places() == []  # a crash left part of a line
    await audit.api.done("updatePerson", personId=ana, expectedVersion=7, changes={"preferredName": "Last"})
    assert (await audit.seal()).heads == 1
    assert len(_lines(audit)[1]) == 4
    assert await audit.places() == []


async def test_a_broken_chain_is_not_sealed(sealed: Busy) -> None:
    audit, ana, bea = sealed
    for person in (ana, bea):
        await audit.api.done("updatePerson", personId=person, expectedVersion=5, changes={"preferredName": "Last"})
    last = (await audit.events(ana))[-1]
    await audit.tamper("MATCH (e:AuditEvent {id: $id}) SET e.actor = 'x'", id=last["id"])
    for whole in (False, True):
        result = await audit.seal(whole=whole)
        assert [(found.fault, found.subject_id, found.event_id) for found in result.findings] == [
            (Fault.CHANGED, ana, last["id"])
        ]
        assert result.heads == (0 if whole else 1)


async def test_a_first_sealing_of_many_chains_finds_nothing_cut_off(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes several checkpoints, and what the first of them holds is not taken for what was sealed before."""
    monkeypatch.setattr(sealing, "HEADS_AT_ONCE", 1)
    async with busy(installation) as (audit, _, _):
        found = await audit.seal()
        assert (found.heads, found.findings) == (2, [])


async def test_a_server_seals_what_is_new(installation: Installation) -> None:
    async with busy(installation) as (audit, ana, _):
        server = Sealing(installation.settings, installation.database, lambda: datetime.now(UTC))
        try:
            for version, lines in ((5, 1), (6, 2), (None, 3)):
                await server.once()
                assert len(_lines(audit)[1]) == lines
                if version is not None:
                    changes = {"preferredName": f"Again {version}"}
                    await audit.api.done("updatePerson", personId=ana, expectedVersion=version, changes=changes)
                    await server.once()
                    assert len(_lines(audit)[1]) == lines + 1
        finally:
            server.close()
        assert await audit.places() == []
        assert "García".encode() not in _lines(audit)[0].read_bytes()


async def test_a_server_logs_what_is_broken_by_ids_alone(sealed: Busy, caplog: pytest.LogCaptureFixture) -> None:
    audit, ana, _ = sealed
    await audit.api.done("updatePerson", personId=ana, expectedVersion=5, changes={"preferredName": "Secretname"})
    event = (await audit.events(ana))[-1]
    copies = event["changes"].replace("Secretname", "Othername")
    await audit.tamper("MATCH (e:AuditEvent {id: $id}) SET e.changes = $copies", id=event["id"], copies=copies)
    server = Sealing(audit.installation.settings, audit.installation.database, lambda: datetime.now(UTC))
    await server.once()
    server.close()
    line = f"readable copy changed: {ana}, event 6, {event['id']}"
    assert line in caplog.text
    for word in ("Secretname", "Othername", "García", "Ana"):
        assert word not in caplog.text


async def test_one_process_seals_at_a_time(sealed: Busy) -> None:
    audit, _, _ = sealed
    checkpoints = checkpoints_of(audit.installation.settings, audit.api.practice)
    other = checkpoints_of(audit.installation.settings, audit.api.practice)
    with checkpoints.exclusive() as first, other.exclusive() as second:
        assert (first, second) == (True, False)
    sealer = sealer_of(audit.installation.settings, audit.installation.database, audit.api.practice, other)
    with checkpoints.exclusive():
        assert await sealer.run(datetime.now(UTC)) is None
    checkpoints.close()
    other.close()
