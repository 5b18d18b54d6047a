"""`audit verify` compares practitioners with what the practice's chain says of them (A1)."""

import pytest

from graph_api.audit.chain import Fault
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from tests.api import Api, Installation
from tests.contract.auditing import AuditOf

ADA = "MATCH (p:Practitioner {id: $ada}) "
BY_HAND = (
    "CREATE (p:Practitioner) SET p.id = $fresh, p.practice = $practice, p.displayName = 'Eve', p.isActive = true, "
    "p.version = 1"
)


@pytest.fixture
def admin(installation: Installation, api: Api) -> Api:
    return installation.api(api.practice, ViewerRole.ADMIN, "admin-1")


@pytest.fixture
async def ada(admin: Api) -> str:
    """Changed once since she was added, beside one who was not."""
    added = await admin.done("addPractitioner", displayName="Ada", subject="staff-ada", title="Dr")
    await admin.done("addPractitioner", displayName="Bo")
    changed = {"displayName": "Ada Okafor", "title": None}
    await admin.done("updatePractitioner", practitionerId=added["id"], expectedVersion=1, **changed)
    return str(added["id"])


async def test_a1_what_mutations_left_is_what_the_log_says(installation: Installation, admin: Api, ada: str) -> None:
    assert await AuditOf(installation, admin).places() == []


@pytest.mark.parametrize(
    ("statement", "fault", "words"),
    [
        (ADA + "SET p.displayName = 'Eve'", Fault.DIFFERS, "(displayName)"),
        (ADA + "SET p.title = 'Dr'", Fault.DIFFERS, "(title)"),
        (ADA + "SET p.noticeEmail = 'eve@example.org'", Fault.DIFFERS, "(noticeEmail)"),
        (ADA + "SET p.isActive = false", Fault.DIFFERS, "(isActive)"),
        (ADA + "SET p.subject = 'eve', p.subjectKey = $practice + '|eve'", Fault.DIFFERS, "(subject)"),
        (ADA + "SET p.subjectKey = $practice + '|eve'", Fault.DIFFERS, "(by which subject they are found)"),
        (ADA + "REMOVE p.displayName", Fault.DIFFERS, "can't be read"),
        (ADA + "DELETE p", Fault.GONE, "practitioner"),
        (ADA + "SET p.practice = 'practice_x'", Fault.GONE, "practitioner"),
        (BY_HAND, Fault.UNLOGGED, "practitioner"),
    ],
)
async def test_a1_what_is_changed_by_hand_is_found(
    installation: Installation, admin: Api, ada: str, statement: str, fault: Fault, words: str
) -> None:
    audit, fresh = AuditOf(installation, admin), new_id("practitioner")
    named = {"ada": ada} if statement.startswith(ADA) else {"fresh": fresh}
    await audit.tamper(statement, **named)
    [finding] = (await audit.verify())[1]
    assert (finding.fault, finding.subject_id) == (fault, admin.practice.id)
    assert words in finding.what
    assert (fresh if fault is Fault.UNLOGGED else ada) in finding.what
    assert "Eve" not in finding.what, "values are not told"


async def test_a1_one_who_is_put_into_a_practice_without_events_is_found(installation: Installation, api: Api) -> None:
    audit, fresh = AuditOf(installation, api), new_id("practitioner")
    await api.client()
    await audit.tamper(BY_HAND, fresh=fresh)
    [finding] = (await audit.verify())[1]
    assert (finding.fault, finding.subject_id, finding.what) == (
        Fault.UNLOGGED,
        api.practice.id,
        f"practitioner {fresh}",
    )


async def test_a1_a_change_between_two_events_is_found_by_the_second(
    installation: Installation, admin: Api, ada: str
) -> None:
    audit = AuditOf(installation, admin)
    await audit.tamper(ADA + "SET p.displayName = 'Eve'", ada=ada)
    await admin.done("updatePractitioner", practitionerId=ada, expectedVersion=2, displayName="Ada Obi")
    [finding] = (await audit.verify())[1]
    assert (finding.fault, finding.what) == (
        Fault.DIFFERS,
        f"practitioner {ada} (displayName), before this event",
    )


async def test_a1_where_readable_copies_were_erased_nothing_is_said_of_values(
    installation: Installation, admin: Api, ada: str
) -> None:
    """The erased event does not say any more whom it is about, so it may be about any of them."""
    audit = AuditOf(installation, admin)
    await audit.tamper(
        "MATCH (e:AuditEvent) WHERE e.subjectId = $practice AND e.action = 'updatePractitioner' REMOVE e.changes"
    )
    assert await audit.places() == []
    await audit.tamper(ADA + "SET p.displayName = 'Eve'", ada=ada)
    assert await audit.places() == []
    await audit.tamper(ADA + "SET p.displayName = 'Ada Okafor'", ada=ada)
    await admin.done("updatePractitioner", practitionerId=ada, expectedVersion=2, displayName="Ada Obi")
    assert await audit.places() == []
    await audit.tamper(ADA + "SET p.displayName = 'Eve'", ada=ada)
    [finding] = (await audit.verify())[1]
    assert finding.what == f"practitioner {ada} (displayName)"
