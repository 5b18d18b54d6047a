"""Parameters of the statements about sessions and one-time codes, and what a growing practice has of both."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.people.model import Person
from graph_api.portal.codes import KeptCodes, StoredCode
from graph_api.portal.graph.codes import KEPT_PROPERTIES, attempt_key, code_key, expiry_key, gate_key, kept_row
from graph_api.portal.graph.sessions import SESSION_PROPERTIES, session_row
from graph_api.portal.session_model import SESSION_LASTS, PortalSession

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

SESSIONS = """
UNWIND $rows AS row
MATCH (a:Account {key: row.accountKey})
CREATE (a)-[:HAS_SESSION]->(:Session {
  id: row.id, practice: row.practice, accountId: row.accountId, personId: row.personId, refreshHash: row.refreshHash,
  createdAt: row.createdAt, refreshedAt: row.refreshedAt, expiresAt: row.expiresAt, expiryKey: row.expiryKey})
"""
CODES = """
UNWIND $rows AS row
CREATE (:OneTimeCode {
  key: row.key, practice: row.practice, askedAt: row.askedAt, mailedAt: row.mailedAt, mailedFor: row.mailedFor,
  codes: row.codes, expiryKey: row.expiryKey, tries: 0})
"""
EXPIRED, SOME = 20, 5
"""What is past its time is few, as it is swept."""


def _session_of(person: Person, now: datetime) -> PortalSession:
    number = person.id.removeprefix("person_")
    times = (now, now, now + SESSION_LASTS)
    return PortalSession(f"session_{number}", f"account_{number}", person.id, "x" * 64, *times)


def session_rows(practice: Practice, people: Iterable[Person], now: datetime) -> list[Row]:
    """A session of each; the first few are past their time."""
    found = []
    for place, person in enumerate(people):
        then = now - SESSION_LASTS - timedelta(hours=1) if place < EXPIRED else now
        row = session_row(practice.id, _session_of(person, then + timedelta(milliseconds=place)))
        found.append(row | {"practice": practice.id, "accountKey": account_key(practice.id, person.id)})
    return found


def code_rows(practice: Practice, people: Iterable[Person], now: datetime) -> list[Row]:
    """A code of each; the first few are past their time."""
    found = []
    for place, person in enumerate(people):
        until = now + timedelta(hours=-1 if place < EXPIRED else 1, milliseconds=place)
        known = {
            "practice": practice.id,
            "key": _code_key(practice, person),
            "expiryKey": expiry_key(practice.id, until),
        }
        found.append(kept_row(_kept(person, now)) | known)
    return found


def _kept(person: Person, now: datetime) -> KeptCodes:
    return KeptCodes((now,), (now,), "x" * 32, codes=(StoredCode("x" * 64, "x" * 32, now, person.id, now),))


def _code_key(practice: Practice, person: Person) -> str:
    return code_key(practice.id, f"sign-in|{person.id}")


def session_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    practice, person, now = sample.practice.id, sample.part.marked[-1], sample.now
    session = _session_of(person, now)
    account, one = {"accountKey": account_key(practice, person.id)}, {"id": session.id}
    read = {"session": SESSION_PROPERTIES}
    past = {"after": f"{practice}|", "before": f"{practice}|{stamp(now)}", "limit": 11}
    new = session_row(practice, PortalSession(new_id("session"), session.account_id, person.id, "y", now, now, now))
    return {
        "portal/sessions/holder": one | read,
        "portal/sessions/create": account | {"session": new},
        "portal/sessions/lock": one | read | {"stamp": "x"},
        "portal/sessions/refresh": one | {"refreshHash": "y" * 64, "refreshedAt": stamp(now)},
        "portal/sessions/end": one | {"at": stamp(now), "reason": "signed-out"},
        "portal/sessions/end_all": account | {"at": stamp(now), "reason": "signed-out"},
        "portal/sessions/expired": past,
        "portal/sessions/sweep": {"ids": [_session_of(gone, now).id for gone in sample.part.marked[:SOME]]},
    }


def code_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    practice, person, now = sample.practice.id, sample.part.marked[-1], sample.now
    key = {"key": _code_key(sample.practice, person)}
    gate, expiry = gate_key(practice, person.id), expiry_key(practice, now)
    past = {"after": f"{practice}|", "before": expiry, "limit": 11}
    gone = [_code_key(sample.practice, found) for found in sample.part.marked[:SOME]]
    return {
        "portal/codes/lock": key | {"stamp": "x", "kept": KEPT_PROPERTIES},
        "portal/codes/keep": key | {"kept": kept_row(_kept(person, now)), "fresh": True, "expiryKey": expiry},
        "portal/codes/read": key,
        "portal/codes/asked": {"keys": gone},
        "portal/codes/try_as": {"key": attempt_key(practice, person.id), "stamp": "x", "expiryKey": expiry},
        "portal/codes/gate": {"key": gate},
        "portal/codes/try_one": {"keys": [key["key"], gate], "stamp": "x"},
        "portal/codes/expired": past,
        "portal/codes/sweep": {"keys": gone, "before": expiry, "stamp": "x"},
    }
