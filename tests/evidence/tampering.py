"""Lives that somebody tampers with who can write to the database: each life with one thing done to it by hand."""

import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.ids import new_id
from tests.accounts import open_account
from tests.api import Api, Installation, own_address
from tests.contract.auditing import AuditOf

BORN, CORRECTED = "1990-01-02", "1990-02-01"


@dataclass(frozen=True)
class Tampered:
    """What is done to a life, and the words that verify must have for it."""

    what: str
    statement: str
    words: tuple[str, ...]
    """Parts of what is found at the client; each in one finding of its own."""
    subject: str = "client"
    elsewhere: tuple[str, str] | None = None
    """Where else something is found by it, and its words."""
    part: str = "person"
    """Of one life each part is tampered with once; `all` leaves nothing for the others."""


@dataclass
class LifeOf:
    """A client with a contact who was changed twice, one who was removed, and a contact with an account."""

    client: str
    contact: str
    removed: str
    person: str
    twin: str

    @property
    def params(self) -> dict[str, Any]:
        """For statements."""
        fresh = {"fresh": new_id("contact"), "version": new_id("version"), "account": new_id("account")}
        later = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="microseconds")
        return {**vars(self), **fresh, "later": later, "address": own_address()}


async def live(installation: Installation, staff: Api) -> LifeOf:
    """One life, by mutations alone."""
    family = "".join(secrets.choice(string.ascii_lowercase) for _ in range(12)).title()
    client = await staff.client("Ana", family, birthDate=BORN)
    again = {"givenName": "Ana", "familyName": family, "birthDate": BORN, "emails": [own_address()]}
    twin = await staff.done("addClient", person=again, notDuplicateOf=[client["id"]])
    contact = await staff.contact(client["id"], "Lucía", person={"familyName": family[::-1]}, payments=False)
    changed = await staff.done(
        "updateContact", contactId=contact["id"], expectedVersion=contact["version"], changes={"payments": True}
    )
    await staff.done(
        "updateContact", contactId=contact["id"], expectedVersion=changed["version"], changes={"note": "by phone"}
    )
    removed = await staff.contact(client["id"], "Otto", person={"familyName": family[::2]}, relationship="SIBLING")
    await staff.done("removeContact", contactId=removed["id"], expectedVersion=1, reason="moved away")
    await staff.done("setClientFeature", clientId=client["id"], feature="MESSAGING", enabled=False)
    await staff.done("setConfidentialChannel", clientId=client["id"], expectedVersion=2, email=own_address())
    await staff.done("updatePerson", personId=client["id"], expectedVersion=3, changes={"birthDate": CORRECTED})
    await open_account(installation, staff.practice, client["id"])
    await staff.done("disableAccount", personId=client["id"])
    await die(staff, twin["id"], twin["version"], (2, None, 2, 3))
    return LifeOf(client["id"], contact["id"], removed["id"], contact["person"]["id"], twin["id"])


async def die(staff: Api, person_id: str, version: int, days_ago: tuple[int | None, ...]) -> None:
    """Their death is recorded, so many days ago, or taken back, one after the other."""
    for days in days_ago:
        day = None if days is None else (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
        await staff.done("setDeceased", personId=person_id, expectedVersion=version, deceasedOn=day)
        version += 1


def shared_out() -> list[list[Tampered]]:
    """Which of them are done to one life: each to a part of its own."""
    parts: dict[str, list[Tampered]] = {}
    for one in TAMPERED:
        parts.setdefault(one.part, []).append(one)
    alone = [[one] for one in parts.pop("all")]
    return alone + [[one for one in row if one is not None] for row in zip_longest(*parts.values())]


async def lives(installation: Installation, count: int) -> tuple[AuditOf, list[LifeOf]]:
    """A practice with so many of them, whose settings were changed too."""
    practice = await installation.practice()
    staff, admin = installation.api(practice), installation.api(practice, ViewerRole.ADMIN, "admin-1")
    await admin.done("setPracticeFeature", feature="PAYMENTS", enabled=False)
    await admin.done("setAgeOfMajority", age=16)
    return AuditOf(installation, staff), [await live(installation, staff) for _ in range(count)]


FACT = "MATCH (f:AccessFact) WHERE f.subject = $client AND f.kind = '{}' "
HAS = "MATCH ()-[r:HAS_CONTACT]->() WHERE r.id = $contact "
HAD = "MATCH ()-[r:HAD_CONTACT]->() WHERE r.contactId = $contact AND r.version = 1 "
OWN = "MATCH (p:Person {id: $client}) "
DEAD = "MATCH (p:Person {id: $twin}) "
DEATHS = "MATCH (f:AccessFact) WHERE f.subject = $twin AND f.kind = 'person' "
ACCOUNT = OWN + "MATCH (p)-[:HAS_ACCOUNT]->(a:Account) "
DIFFERS, GONE, UNLOGGED = "not as the log says", "in the log, but not", "in the graph, but in no event"

TAMPERED = (
    Tampered("nothing", "RETURN $client", (), part="all"),
    Tampered("client status", OWN + "SET p.clientStatus = 'INACTIVE'", ("clientStatus",) * 2),
    Tampered("birth date", OWN + "SET p.birthDate = '2015-01-01'", ("birthDate",) * 2),
    Tampered("a name", OWN + "SET p.givenName = 'Eve'", ("person (givenName)",)),
    Tampered("an address of theirs", OWN + "SET p.emails = [$address]", ("person (emails)",)),
    Tampered("a feature switched on", OWN + "REMOVE p.featuresOff", ("featuresOff",) * 2),
    Tampered("confidential address", OWN + "SET p.confidentialEmail = $address", ("confidentialEmail",) * 2),
    Tampered("since when", OWN + "SET p.accessSince = $later", ("since when", "until when")),
    Tampered("what is stored can't be read", OWN + "SET p.clientStatus = 'MAYBE'", ("can't be read",) * 2),
    Tampered(
        "the person deleted",
        OWN + "DETACH DELETE p",
        ("the person",),
        elsewhere=("twin", "verdict that they are not"),
        part="all",
    ),
    Tampered("to another practice", OWN + "SET p.practice = 'practice_x'", ("the person",), part="all"),
    Tampered("a toggle", HAS + "SET r.portalAccess = true", ("version 3 (portalAccess)",), part="contact"),
    Tampered(
        "messages opened", HAS + "SET r.messagesFrom = r.createdAt", ("version 3 (messagesFrom)",), part="contact"
    ),
    Tampered("an end taken away", HAS + "SET r.note = 'x', r.payments = false", ("payments, note",), part="contact"),
    Tampered("when it changed", HAS + "SET r.updatedAt = $later", ("valid from",), part="contact"),
    Tampered("the edge deleted", HAS + "DELETE r", ("version 3",), part="contact"),
    Tampered("between others", HAS + "SET r.key = r.key + 'x'", ("between whom",), part="contact"),
    Tampered("an old version changed", HAD + "SET r.payments = true", ("version 1 (payments)",), part="contact"),
    Tampered("how long it held", HAD + "SET r.validTo = $later", ("valid to",), part="contact"),
    Tampered("an old version deleted", HAD + "DELETE r", ("version 1",), part="contact"),
    Tampered(
        "an old version invented",
        "MATCH (c:Person {id: $client})-[r:HAS_CONTACT]->(p) WHERE r.id = $contact "
        "CREATE (c)-[h:HAD_CONTACT]->(p) SET h = properties(r), h.id = $version, h.contactId = r.id, h.version = 9, "
        "h.validFrom = r.createdAt, h.validTo = r.updatedAt",
        ("version 9",),
        part="contact",
    ),
    Tampered(
        "an edge invented",
        OWN + "MATCH (q:Person {id: $twin}) CREATE (p)-[r:HAS_CONTACT]->(q) SET r.id = $fresh, "
        "r.practice = p.practice, "
        "r.key = p.practice + '|' + p.id + '|' + q.id, r.version = 1, r.relationship = 'SPOUSE', "
        "r.portalAccess = true, "
        "r.secureMessaging = true, r.payments = true, r.appointmentReminders = true, r.updatedAt = p.createdAt, "
        "r.createdAt = p.createdAt",
        ("contact contact_",),
        part="contact",
    ),
    Tampered(
        "a removed edge brought back",
        "MATCH (c:Person {id: $client})-[h:HAD_CONTACT]->(p) WHERE h.contactId = $removed "
        "CREATE (c)-[r:HAS_CONTACT]->(p) SET r = properties(h), r.id = h.contactId, r.updatedAt = h.validFrom, "
        "r.key = h.practice + '|' + c.id + '|' + p.id DELETE h",
        ("version 1 (valid to)",),
        part="removed",
    ),
    Tampered(
        "why it was removed",
        "MATCH ()-[r:HAD_CONTACT]->() WHERE r.contactId = $removed SET r.removalReason = 'x'",
        ("removalReason",),
        part="removed",
    ),
    Tampered("a fact changed", FACT.format("client") + "SET f.clientStatus = 'ARCHIVED'", ("clientStatus",) * 3),
    Tampered("facts deleted", FACT.format("client") + "DELETE f", ("the client's facts: 1 times instead of 4",)),
    Tampered(
        "a fact invented",
        "CREATE (f:AccessFact {id: 'client|' + $client + '|2001', kind: 'client', subject: $client, validFrom: '2001', "
        "validTo: '2002', clientStatus: 'ACTIVE', practice: $practice})",
        ("the client's facts: 5 times instead of 4",),
    ),
    Tampered("an account's status", ACCOUNT + "SET a.status = 'ACTIVE'", ("account (status)",), part="account"),
    Tampered(
        "an account's address",
        ACCOUNT + "SET a.address = $address",
        ("account (address, whose it is)",),
        part="account",
    ),
    Tampered("where an account is found", ACCOUNT + "SET a.personId = $twin", ("whose it is",), part="account"),
    Tampered("an account deleted", ACCOUNT + "DETACH DELETE a", ("account: 1 times instead of 2",), part="account"),
    Tampered(
        "an account's past", FACT.format("account") + "SET f.address = $address", ("account (address)",), part="account"
    ),
    Tampered(
        "an account opened by hand",
        "MATCH (p:Person {id: $person}) CREATE (p)-[:HAS_ACCOUNT]->(a:Account {id: $account, personId: $person, "
        "key: $practice + '|' + $person, address: $address, addressKey: $practice + '|' + $address, status: 'ACTIVE', "
        "since: $later, verifiedAt: $later, version: 1, practice: $practice})",
        ("account: 1 times instead of 0",),
        "person",
        part="account",
    ),
    Tampered("where the chain ends set back", OWN + "SET p.auditCount = 1", ("where the chain ends",), part="head"),
    Tampered(
        "where the chain ends taken away",
        OWN + "REMOVE p.auditCount, p.auditHead, p.auditAt",
        ("where the chain ends",),
        part="head",
    ),
    Tampered("with what it ends", OWN + "SET p.auditHead = 'x'", ("where the chain ends",), part="head"),
    Tampered("a version that is none", HAS + "SET r.version = 'x'", ("version 0", "version 3"), part="contact"),
    Tampered("a time that is none", HAD + "SET r.validFrom = 5", ("valid from",), part="contact"),
    Tampered("an address that is none", ACCOUNT + "SET a.address = 5", ("address, whose it is",), part="account"),
    Tampered(
        "a kind of facts that is none",
        FACT.format("account") + "SET f.kind = ['account']",
        ("account: 1 times instead of 2",),
        part="account",
    ),
    Tampered("a removal invented", HAD + "SET r.final = true", ("version 1 (removed)",), part="contact"),
    Tampered(
        "when a death was recorded",
        DEAD + "SET p.deceasedRecordedAt = '2001-01-01T00:00:00.000000+00:00'",
        ("death (deceasedRecordedAt)",),
        "twin",
        part="death",
    ),
    Tampered("since when", DEAD + "SET p.deceasedSince = $later", ("death (since when)",), "twin", part="death"),
    Tampered(
        "a death taken away",
        DEAD + "REMOVE p.deceasedOn, p.deceasedRecordedAt, p.deceasedSince",
        ("person (deceasedOn)", "death: 2 times instead of 3"),
        "twin",
        part="death",
    ),
    Tampered(
        "a death invented",
        "MATCH (p:Person {id: $person}) SET p.deceasedOn = '2020-01-01', p.deceasedRecordedAt = p.createdAt, "
        "p.deceasedSince = p.createdAt",
        ("person (deceasedOn)", "death: 1 times instead of 0"),
        "person",
        part="death",
    ),
    Tampered(
        "a death of before changed",
        DEATHS + "SET f.deceasedOn = '2020-01-01'",
        ("death (deceasedOn)",) * 2,
        "twin",
        part="death",
    ),
    Tampered(
        "how long a death was so",
        DEATHS + "SET f.validTo = $later",
        ("death (until when)",) * 2,
        "twin",
        part="death",
    ),
    Tampered("deaths of before deleted", DEATHS + "DELETE f", ("death: 1 times instead of 3",), "twin", part="death"),
    Tampered(
        "a verdict taken back",
        "MATCH (p:Person {id: $twin})-[v:NOT_DUPLICATE_OF]->(q:Person {id: $client}) DELETE v",
        ("verdict that they are not person_",),
        "twin",
        part="verdict",
    ),
    Tampered(
        "who gave a verdict",
        "MATCH (p:Person {id: $twin})-[v:NOT_DUPLICATE_OF]->(q:Person {id: $client}) SET v.by = 'somebody'",
        ("(by)",),
        "twin",
        part="verdict",
    ),
    Tampered(
        "a verdict invented",
        "MATCH (p:Person {id: $client}) MATCH (q:Person {id: $twin}) "
        "CREATE (p)-[:NOT_DUPLICATE_OF {by: 'staff-1', at: $later}]->(q)",
        ("verdict that they are not person_",),
        part="verdict",
    ),
)
