"""A practice, or the file of checkpoints, that is gone, renamed or set back: each side witnesses the other."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph_api.audit.chain import Fault
from graph_api.audit.checkpoint_files import checkpoint_path, text_of
from graph_api.evidence.wiring import Sealing, practices_with_evidence, verify_everybody
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import sealing_key
from tests.accounts import give_account
from tests.api import Installation
from tests.contract.auditing import AuditOf, busy
from tests.evidence.tampering import live


@pytest.fixture
async def sealed(installation: Installation) -> tuple[AuditOf, str, str]:
    """Two clients of five events each, sealed twice."""
    async with busy(installation) as (audit, ana, bea):
        await audit.seal()
        await audit.api.done("updatePerson", personId=ana, expectedVersion=5, changes={"givenName": "Anna"})
        await audit.seal()
        assert await audit.places() == []
        return audit, ana, bea


def _path(audit: AuditOf) -> Path:
    return checkpoint_path(audit.installation.settings.data_dir, audit.api.practice.id)


async def _faults(audit: AuditOf) -> list[str]:
    return (await audit.verify())[2]


async def test_a_practice_without_its_node_is_still_looked_at(sealed: tuple[AuditOf, str, str]) -> None:
    audit, _, _ = sealed
    practice, settings, database = audit.api.practice, audit.installation.settings, audit.installation.database
    await audit.tamper("MATCH (p:Practice {id: $practice}) DETACH DELETE p")
    assert practice.id in [found.id for found in await practices_with_evidence(settings, database)]
    assert await _faults(audit) == ["the practice is not in the database any more"]
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.practice = $practice DELETE e")
    assert practice.id in [found.id for found in await practices_with_evidence(settings, database)]
    _, findings, _ = await audit.verify()
    assert {finding.fault for finding in findings} == {Fault.CUT_OFF}
    _path(audit).unlink()
    assert practice.id not in [found.id for found in await practices_with_evidence(settings, database)]


async def test_a_practice_under_another_id_is_found_by_its_checkpoints_and_its_events(
    sealed: tuple[AuditOf, str, str],
) -> None:
    audit, _, _ = sealed
    settings, database, old = audit.installation.settings, audit.installation.database, audit.api.practice
    other = new_id("practice")
    await audit.tamper("MATCH (p:Practice {id: $practice}) SET p.id = $other", other=other)
    ids = [found.id for found in await practices_with_evidence(settings, database)]
    assert old.id in ids
    _path(audit).rename(_path(audit).with_suffix(".aside"))
    assert old.id in [found.id for found in await practices_with_evidence(settings, database)], "by its events"
    _path(audit).with_suffix(".aside").rename(_path(audit))
    await audit.tamper(
        "MATCH (e:AuditEvent) WHERE e.practice = $practice "
        "SET e.practice = $other, e.key = replace(e.key, $practice, $other)",
        other=other,
    )
    result, findings, faults = await audit.verify()
    assert "the practice is not in the database any more" in faults
    assert result.findings == len(findings) == 2  # both sealed chains
    await audit.tamper("MATCH (p:Practice {id: $other}) DELETE p", other=other)


@pytest.mark.parametrize("field", ["slug", "name", "timeZone", "region", "createdAt"])
async def test_what_no_command_changes_of_a_practice_is_sealed(sealed: tuple[AuditOf, str, str], field: str) -> None:
    audit, _, _ = sealed
    await audit.tamper(f"MATCH (p:Practice {{id: $practice}}) SET p.{field} = $fresh", fresh=new_id("mail")[:20])
    [words] = await _faults(audit)
    assert words.endswith("changed since checkpoint 1")


async def test_settings_that_are_changed_by_hand_are_found(sealed: tuple[AuditOf, str, str]) -> None:
    audit, _, _ = sealed
    admin = audit.installation.api(audit.api.practice, ViewerRole.ADMIN, "admin-1")
    await admin.done("setAgeOfMajority", age=16)
    assert await audit.places() == []
    await audit.tamper("MATCH (p:Practice {id: $practice}) SET p.ageOfMajority = 21")
    [finding] = (await audit.verify())[1]
    assert (finding.what, finding.fault) == ("settings (ageOfMajority)", Fault.DIFFERS)
    await audit.tamper("MATCH (p:Practice {id: $practice}) SET p.ageOfMajority = 16")
    await audit.tamper(
        "MATCH (f:AccessFact) WHERE f.subject = $practice AND f.kind = 'practice' SET f.features = ['PORTAL']"
    )
    [finding] = (await audit.verify())[1]
    assert (finding.what, finding.fault) == ("settings (features)", Fault.DIFFERS)
    await audit.tamper("MATCH (f:AccessFact) WHERE f.subject = $practice AND f.kind = 'practice' DELETE f")
    [finding] = (await audit.verify())[1]
    assert finding.fault is Fault.GONE


OF_PRACTICE = "MATCH (p:Practice {id: $practice}) "
INVENTED = {
    "since before": "id: 'practice|' + $practice + '|2001', validFrom: '2001', validTo: p.createdAt",
    "of another moment": "id: 'practice|' + $practice + '|2900', validFrom: '2900', validTo: '2901'",
}
LONG_AGO = "'2001-01-01T00:00:00.000000+00:00'"
UNTOLD = {
    "ageOfMajority": (OF_PRACTICE + "SET p.ageOfMajority = 21", "settings (ageOfMajority)"),
    "no ageOfMajority": (OF_PRACTICE + "REMOVE p.ageOfMajority", "settings (ageOfMajority)"),
    "features": (OF_PRACTICE + "SET p.features = ['PORTAL']", "settings (features)"),
    "a feature that is none": (OF_PRACTICE + "SET p.features = ['X']", "settings (what is stored can't be read)"),
    "settingsSince": (OF_PRACTICE + "SET p.settingsSince = $later", "settings (since when)"),
    "settingsSince earlier": (OF_PRACTICE + "SET p.settingsSince = " + LONG_AGO, "settings (since when)"),
    "no settingsSince": (OF_PRACTICE + "REMOVE p.settingsSince", "settings (since when)"),
} | {
    f"a fact {when}": (
        OF_PRACTICE + f"CREATE (:AccessFact {{practice: $practice, kind: 'practice', subject: $practice, {row}, "
        "features: ['PORTAL'], ageOfMajority: 14})",
        "settings: 2 times instead of 1",
    )
    for when, row in INVENTED.items()
}  # fmt: skip


@pytest.mark.parametrize("what", UNTOLD)
async def test_settings_that_no_event_tells_of_are_looked_at(sealed: tuple[AuditOf, str, str], what: str) -> None:
    """Every practice has the usual settings since it was made, until somebody changes them."""
    audit, _, _ = sealed
    statement, words = UNTOLD[what]
    await audit.tamper(statement, later=(datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="microseconds"))
    result, [finding], faults = await audit.verify()
    assert (finding.subject_id, finding.what, faults) == (audit.api.practice.id, words, [])
    assert result.chains == 2


async def test_when_the_first_settings_began_is_looked_at_after_they_changed(
    sealed: tuple[AuditOf, str, str],
) -> None:
    audit, _, _ = sealed
    admin = audit.installation.api(audit.api.practice, ViewerRole.ADMIN, "admin-1")
    await admin.done("setAgeOfMajority", age=16)
    assert await audit.places() == []
    await audit.tamper(
        "MATCH (f:AccessFact) WHERE f.subject = $practice AND f.kind = 'practice' SET f.validFrom = '2001'"
    )
    [finding] = (await audit.verify())[1]
    assert (finding.what, finding.fault) == ("settings (since when)", Fault.DIFFERS)


async def test_a_practices_whole_chain_that_was_never_sealed_is_missed_by_its_node(
    sealed: tuple[AuditOf, str, str],
) -> None:
    audit, _, _ = sealed
    practice_id = audit.api.practice.id
    admin = audit.installation.api(audit.api.practice, ViewerRole.ADMIN, "admin-1")
    await admin.done("setAgeOfMajority", age=16)
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $practice DELETE e")
    assert await audit.places() == [(Fault.CUT_OFF, practice_id, 1, 1)]
    await audit.tamper(OF_PRACTICE + "REMOVE p.auditCount, p.auditHead, p.auditAt")
    [finding] = (await audit.verify())[1]
    assert finding.what == "settings: 2 times instead of 1"


async def test_a_practices_whole_chain_that_was_sealed_is_missed_once(sealed: tuple[AuditOf, str, str]) -> None:
    audit, _, _ = sealed
    admin = audit.installation.api(audit.api.practice, ViewerRole.ADMIN, "admin-1")
    await admin.done("setAgeOfMajority", age=16)
    await audit.seal()
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $practice DELETE e")
    assert await audit.places() == [(Fault.CUT_OFF, audit.api.practice.id, 1, 1)]


async def test_a_practice_that_was_made_and_left_alone_is_right(installation: Installation) -> None:
    audit = AuditOf(installation, installation.api(await installation.practice()))
    assert await audit.places() == []
    await audit.seal()
    result, findings, faults = await audit.verify()
    assert (result.chains, findings, faults) == (0, [], [])


async def test_a_practice_whose_checkpoints_say_nothing_of_its_making_has_it_sealed_with_the_next(
    sealed: tuple[AuditOf, str, str],
) -> None:
    """As those of 0.4.0 do."""
    audit, ana, _ = sealed
    path = _path(audit)
    key = sealing_key(audit.installation.settings.data_dir)
    entry = json.loads(path.read_bytes().splitlines()[0])
    del entry["checkpoint"]["made"]
    entry["signature"] = base64.b64encode(key.sign(text_of(entry["checkpoint"]))).decode()
    path.write_bytes(text_of(entry) + b"\n")
    await audit.tamper("MATCH (w:AuditWitness) WHERE w.practice = $practice DELETE w")
    made = "2024-01-01T00:00:00.000000+00:00"
    await audit.tamper(OF_PRACTICE + "SET p.createdAt = $made, p.settingsSince = $made", made=made)
    assert await audit.places() == []
    await audit.api.done("updatePerson", personId=ana, expectedVersion=6, changes={"givenName": "Ana"})
    await audit.seal()
    await audit.tamper(OF_PRACTICE + "SET p.createdAt = '2025', p.settingsSince = '2025'")
    assert await _faults(audit) == ["the practice's created_at changed since checkpoint 2"]


async def test_checkpoints_set_back_are_found_and_nothing_is_added_to_them(sealed: tuple[AuditOf, str, str]) -> None:
    audit, ana, _ = sealed
    path = _path(audit)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    server = Sealing(audit.installation.settings, audit.installation.database, lambda: datetime.now(UTC))
    await audit.api.done("updatePerson", personId=ana, expectedVersion=6, changes={"givenName": "Ana"})
    for content in (None, b"", lines[0], lines[0][:100]):
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        [words] = await _faults(audit)
        assert "are missing: their file is gone, was cut off, or is an older copy" in words
        assert (await audit.seal()).heads == 0
        assert (path.read_bytes() if path.exists() else None) == content
    path.write_bytes(whole)
    assert await audit.places() == []
    assert (await audit.seal()).heads == 1
    server.close()


async def test_the_databases_note_of_the_last_checkpoint_is_looked_at_too(sealed: tuple[AuditOf, str, str]) -> None:
    audit, _, _ = sealed
    note = "MATCH (w:AuditWitness) WHERE w.practice = $practice "
    await audit.tamper(note + "SET w.number = 1")
    assert await _faults(audit) == ["the database's note of the last checkpoint was changed"]
    await audit.tamper(note + "SET w.number = 2, w.digest = 'x'")
    assert await _faults(audit) == ["the database's note of the last checkpoint was changed"]
    await audit.tamper(note + "DELETE w")
    assert await _faults(audit) == ["the database's note of the last checkpoint is gone, or older than it was"]


async def test_events_cut_off_after_the_last_checkpoint_leave_what_they_told_of(
    sealed: tuple[AuditOf, str, str],
) -> None:
    """Their node was set back too: only that the graph is not as the log left it tells."""
    audit, ana, bea = sealed
    await audit.api.done("updatePerson", personId=bea, expectedVersion=5, changes={"givenName": "Eve"})
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $id AND e.sequence > 5 DELETE e", id=bea)
    last = (await audit.events(bea))[-1]
    await audit.tamper(
        "MATCH (p:Person {id: $id}) SET p.auditCount = 5, p.auditHead = $mac, p.auditAt = $at",
        id=bea,
        mac=last["mac"],
        at=last["at"],
    )
    [finding] = (await audit.verify())[1]
    assert (finding.subject_id, finding.what) == (bea, "person (givenName)")
    assert ana != bea


async def test_a_whole_chain_with_its_subject_is_found_by_the_checkpoint(sealed: tuple[AuditOf, str, str]) -> None:
    audit, ana, _ = sealed
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $id DELETE e", id=ana)
    await audit.tamper("MATCH (p:Person {id: $id}) DETACH DELETE p", id=ana)
    assert await audit.places() == [(Fault.CUT_OFF, ana, 1, 6)]


async def test_a_whole_chain_that_was_never_sealed_is_missed_by_its_node(installation: Installation) -> None:
    practice = await installation.practice()
    audit = AuditOf(installation, installation.api(practice))
    client = await audit.api.client()
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.subjectId = $id DELETE e", id=client["id"])
    found = [result async for _, result in verify_everybody(installation.database, {practice.id})]
    [finding] = [finding for result in found for finding in result.findings]
    assert (finding.fault, finding.subject_id, finding.last) == (Fault.CUT_OFF, client["id"], 1)


NO_EVENT = {"mac": 5, "actor": ["x"], "fields": 5, "digests": 5, "sequence": ["x"], "changes": "[[1, 2, 3]]"}


@pytest.mark.parametrize("field", NO_EVENT)
async def test_what_is_no_event_any_more_is_found_as_changed(sealed: tuple[AuditOf, str, str], field: str) -> None:
    """Whatever stands there, verify goes on to the end."""
    audit, ana, bea = sealed
    await audit.tamper("MATCH (p:Person {id: $id}) SET p.givenName = 'Eve'", id=bea)
    at = "MATCH (e:AuditEvent) WHERE e.subjectId = $id AND e.sequence = 3 "
    await audit.tamper(f"{at} SET e.{field} = $value", id=ana, value=NO_EVENT[field])
    _, findings, _ = await audit.verify()
    faults = {finding.fault for finding in findings if finding.subject_id == ana}
    assert faults <= {Fault.CHANGED, Fault.COPY_CHANGED}
    assert {finding.subject_id for finding in findings} == {ana, bea}


@pytest.mark.parametrize(("field", "value"), [("number", "x"), ("signature", 5), ("digest", None)])
async def test_a_note_that_is_none_is_a_finding(sealed: tuple[AuditOf, str, str], field: str, value: object) -> None:
    audit, _, _ = sealed
    await audit.tamper(f"MATCH (w:AuditWitness) WHERE w.practice = $practice SET w.{field} = $value", value=value)
    [words] = await _faults(audit)
    assert words.startswith("the database's note")


async def test_a_change_by_hand_that_a_mutation_met_later_is_found(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    audit, client = AuditOf(installation, api), await api.client()
    contact = await api.contact(client["id"], payments=False)
    await audit.tamper("MATCH ()-[r:HAS_CONTACT]->() WHERE r.id = $id SET r.payments = true", id=contact["id"])
    await api.done(
        "updateContact",
        contactId=contact["id"],
        expectedVersion=1,
        changes={"payments": False, "secureMessaging": False, "note": "x"},
    )
    whats = [finding.what for finding in (await audit.verify())[1]]
    assert f"contact {contact['id']} (payments), before this event" in whats
    assert f"contact {contact['id']}, version 1 (payments)" in whats


async def test_what_no_event_tells_of_is_counted_and_what_it_cannot_have_is_found(installation: Installation) -> None:
    """People of before the log are no finding; an account without an event is, whosever it is."""
    practice = await installation.practice()
    audit = AuditOf(installation, installation.api(practice))
    old, held = new_id("person"), new_id("person")
    for person_id in (old, held):
        await audit.tamper(
            "CREATE (p:Person {id: $id, practice: $practice, givenName: 'Old', version: 3, createdAt: $at, "
            "updatedAt: $at, clientStatus: 'ACTIVE'})",
            id=person_id,
            at="2020-01-01T00:00:00.000000+00:00",
        )
    await audit.tamper(
        "MATCH (p:Person {id: $id}) MATCH (q:Person {id: $held}) CREATE (p)-[:HAS_CONTACT {id: $fresh, version: 4, "
        "practice: $practice, relationship: 'PARENT', portalAccess: false, secureMessaging: false, payments: false, "
        "appointmentReminders: false, key: $practice + '|' + p.id + '|' + q.id, createdAt: p.createdAt, "
        "updatedAt: p.createdAt}]->(q)",
        id=old,
        held=held,
        fresh=(contact := new_id("contact")),
    )
    await audit.tamper("CREATE (a:Account {id: 'x', key: 'y', personId: $id, practice: $practice})", id=old)
    assert await audit.places() == []
    found = [result async for _, result in verify_everybody(installation.database, {practice.id})]
    assert sum(result.unproven for result in found) == 3
    assert [finding.what for result in found for finding in result.findings] == ["account x, which nobody has"]
    # From the first event on, what it names is followed.
    await audit.api.done("updatePerson", personId=old, expectedVersion=3, changes={"givenName": "Olde"})
    await audit.api.done("updateContact", contactId=contact, expectedVersion=4, changes={"payments": True})
    await audit.api.done("setClientStatus", personId=old, expectedVersion=4, status="INACTIVE")
    assert await audit.places() == []
    await audit.tamper("MATCH (p:Person {id: $id}) SET p.givenName = 'Eve', p.familyName = 'x'", id=old)
    [finding] = (await audit.verify())[1]
    assert finding.what == "person (givenName)"
    await give_account(installation, practice, held)
    found = [result async for _, result in verify_everybody(installation.database, {practice.id})]
    assert "account: 1 times instead of 0" in [finding.what for result in found for finding in result.findings]
    await audit.tamper("MATCH (a:Account {id: 'x'}) WHERE a.practice = $practice DELETE a")


async def test_erased_copies_are_no_finding_and_hide_only_values(installation: Installation) -> None:
    api = installation.api(await installation.practice())
    audit, life = AuditOf(installation, api), await live(installation, api)
    await audit.tamper("MATCH (e:AuditEvent) WHERE e.practice = $practice REMOVE e.changes")
    result, findings, _ = await audit.verify()
    assert (findings, result.erased > 10) == ([], True)
    await audit.tamper(
        "MATCH ()-[r:HAD_CONTACT]->() WHERE r.contactId = $id AND r.version = 1 DELETE r", id=life.contact
    )
    [finding] = (await audit.verify())[1]
    assert finding.fault is Fault.GONE


async def test_verifying_while_others_write_finds_nothing(installation: Installation) -> None:
    practice = await installation.practice()
    api = installation.api(practice)
    audit, clients = AuditOf(installation, api), [await api.client(f"Ana{number}") for number in range(4)]
    contacts = [await api.contact(client["id"], f"Lu{number}") for number, client in enumerate(clients)]
    busy_writers = [installation.api(practice, subject=f"staff-{number}") for number in range(4)]

    async def write(number: int) -> None:
        writer, contact = busy_writers[number], contacts[number]
        writer.bookmark = api.bookmark
        for version in range(1, 13):
            changes = {"payments": bool(version % 2), "note": f"note {version}"}
            await writer.done("updateContact", contactId=contact["id"], expectedVersion=version, changes=changes)
            status = "INACTIVE" if version % 2 else "ACTIVE"
            person = clients[number]["id"]
            await writer.done("setClientStatus", personId=person, expectedVersion=version, status=status)

    async def verify() -> None:
        while not writing.done():
            _, findings, faults = await audit.verify()
            assert (findings, faults) == ([], [])

    writing = asyncio.gather(*map(write, range(4)))
    await asyncio.gather(writing, verify())
    assert await audit.places() == []
