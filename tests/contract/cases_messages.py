"""Parameters of the statements about threads and messages, and what a growing practice has of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from graph_api.acting.bylines import Author
from graph_api.acting.messages.graph.rows import (
    MESSAGE,
    SETTINGS,
    THREAD,
    client_scope,
    inbox_scope,
    message_key,
    message_row,
    notice_key,
    read_key,
    thread_row,
)
from graph_api.acting.messages.model import Message, MessageAudience, Thread, ThreadStatus
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.mail.graph import mail_key, mail_row
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.people.model import Person
from graph_api.people.records import NAME_PROPERTIES
from tests.contract.growth import Case

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

THREADS = """
UNWIND $rows AS row
MATCH (p:Person {id: row.clientId})
CREATE (p)-[:HAS_THREAD]->(:Thread {
  id: row.id, practice: row.practice, clientId: row.clientId, wrappedKey: row.wrappedKey, wrappedWith: row.wrappedWith,
  audience: row.audience, status: row.status, createdAt: row.createdAt, starter: row.starter, lastAt: row.lastAt,
  lastSequence: row.lastSequence, lastSide: row.lastSide, otherSequence: row.otherSequence, clientFrom: row.clientFrom,
  othersFrom: row.othersFrom, subject: row.subject, version: row.version, clientKey: row.clientKey,
  inboxKey: row.inboxKey, awaitsKey: row.awaitsKey})
"""
MESSAGES = """
UNWIND $rows AS row
CREATE (:Message {
  id: row.id, practice: row.practice, threadId: row.threadId, sequence: row.sequence, sentAt: row.sentAt,
  authorSubject: row.authorSubject, authorRole: row.authorRole, personId: row.personId, body: row.body, key: row.key})
CREATE (:MessageSender {key: row.id, practice: row.practice, sentAt: [row.sentAt]})
"""
READ = """
UNWIND $rows AS row
CREATE (:ThreadRead {key: row.readKey, practice: row.practice, through: 1})
CREATE (:MessageNotice {key: row.noticeKey, practice: row.practice, noticedAt: row.lastAt})
"""
MESSAGES_MAY_GROW = {
    "practices/master_threads": "it counts all threads of a key, for the command line alone",
    "practices/masters_used": "a start asks which keys are used, and engines may order all threads to find the next",
}
MASTER, SOME = "m20260101-growth", 5


def _thread_id(person: Person) -> str:
    return f"thread_{person.id.removeprefix('person_')}"


def _thread_of(person: Person, now: datetime) -> Thread:
    """A shared one with two messages, of staff and of the client."""
    return Thread(
        _thread_id(person),
        person.id,
        MessageAudience.SHARED,
        ThreadStatus.OPEN,
        now,
        "staff-1",
        now,
        2,
        person.id,
        1,
        now,
        now,
        now,
        subject="x" * 80,
        wrapped_key=f"{MASTER}:{person.id}",
        wrapped_with=MASTER,
    )


def _messages_of(person: Person, now: datetime) -> tuple[Message, Message]:
    thread, account = _thread_id(person), f"account_{person.id.removeprefix('person_')}"
    number = person.id.removeprefix("person_")
    return (
        Message(f"message_0{number[1:]}", thread, 1, now, Author("staff-1", ViewerRole.STAFF), "x" * 80),
        Message(f"message_1{number[1:]}", thread, 2, now, Author(account, ViewerRole.PORTAL, person.id), "x" * 80),
    )


def thread_rows(practice: Practice, people: Iterable[Person], now: datetime) -> list[Row]:
    """A thread of each."""
    return [
        thread_row(practice.id, _thread_of(person, now + timedelta(milliseconds=place)))
        | {
            "practice": practice.id,
            "readKey": read_key(_thread_id(person), "staff"),
            "noticeKey": notice_key(practice.id, person.id),
        }
        for place, person in enumerate(people)
    ]


def message_rows(practice: Practice, people: Iterable[Person], now: datetime) -> list[Row]:
    """Their messages."""
    return [
        message_row(message) | {"practice": practice.id}
        for place, person in enumerate(people)
        for message in _messages_of(person, now + timedelta(milliseconds=place))
    ]


def message_cases(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    people = sample.part.marked[:SOME]
    ids = [_thread_id(person) for person in people]
    rows = [
        {"id": _thread_id(person), "before": f"{MASTER}:{person.id}", "after": "m2:x", "master": "m2"}
        for person in people
    ]
    return {
        "acting/threads/rewrap": {"rows": rows, "stamp": "x"},
        "acting/threads/erase": {"ids": ids, "at": stamp(sample.now), "stamp": "x"},
        "acting/threads/any_awaits": {"clientId": people[0].id},
        "acting/threads/client_of": {"id": ids[0]},
        "acting/threads/wrapped_of_client": {"clientId": people[0].id, "size": 100},
        **_thread_cases(sample, people),
        **_text_cases(sample, people),
        **_notice_cases(sample, people),
    }


def _thread_cases(sample: "Sample", people: Sequence[Person]) -> dict[str, Row]:
    practice, now, person = sample.practice.id, sample.now, people[-1]
    thread, names = _thread_of(person, now), {"thread": list(THREAD.names)}
    author = {
        "settings": list(SETTINGS.names),
        "subjectKey": f"{practice}|staff-1",
    }
    senders = [{"key": f"{practice}|account_0", "sentAt": [stamp(now)], "startedAt": []}]
    new = replace(thread, id=new_id("thread"))
    first = replace(_messages_of(person, now)[0], id=new_id("message"), thread_id=new.id)
    inbox, client = inbox_scope(practice, "OPEN"), client_scope(practice, person.id)
    page = {"above": inbox, "below": after_scope(inbox), "size": 11, "awaitsReply": None} | names
    seen = {"seat": "CONTACT", "personId": people[0].id, "messagesFrom": stamp(now), "size": 11}
    views = [{"clientId": one.id, "seat": "CLIENT", "messagesFrom": None} for one in people]
    found: dict[str, Row] = {
        "acting/threads/create": {
            "clientId": person.id,
            "thread": thread_row(practice, new),
            "message": message_row(first),
            "senders": senders,
        },
        "acting/threads/lock": {"id": thread.id, "stamp": "x"} | author | names,
        "acting/threads/starting": author,
        "acting/threads/by_ids": {"ids": [_thread_id(one) for one in people]} | names,
        "acting/threads/update": {"id": thread.id, "thread": {"status": "DONE"}},
        "acting/threads/unread": {"side": people[0].id, "views": views, "limit": 100},
    }
    for way in ("", "_backward"):
        found[f"acting/threads/inbox{way}"] = page
        found[f"acting/threads/assigned{way}"] = page
        found[f"acting/threads/awaiting{way}"] = page | {"above": f"{practice}|", "below": after_scope(f"{practice}|")}
        found[f"acting/threads/of_client{way}"] = {"above": client, "below": after_scope(client)} | seen | names
    return found


def _text_cases(sample: "Sample", people: Sequence[Person]) -> dict[str, Row]:
    now, person = sample.now, people[-1]
    thread, (first, _) = _thread_of(person, now), _messages_of(person, now)
    third = replace(first, id=new_id("message"), sequence=3)
    names = {"message": list(MESSAGE.names)}
    unread = [{"threadId": _thread_id(one), "last": 2, "since": stamp(now)} for one in people]
    return {
        "acting/messages/append": {
            "threadId": thread.id,
            "thread": {"lastSequence": 3},
            "message": message_row(third),
            "senders": [],
        },
        "acting/messages/page": {
            "keys": [message_key(thread.id, number) for number in (1, 2)],
            "since": stamp(now - timedelta(days=1)),
            "clientId": person.id,
            "person": list(NAME_PROPERTIES),
        }
        | names,
        "acting/messages/by_ids": {"ids": [first.id], "thread": list(THREAD.names)} | names,
        "acting/messages/first_since": {
            "above": message_key(thread.id, 0),
            "below": f"{thread.id}|~",
            "since": stamp(now - timedelta(days=1)),
        },
        "acting/messages/unread": {"side": "staff", "rows": unread, "most": 200},
        "acting/messages/retract": {"id": first.id, "retracted": {"retractedBy": "staff-1"}},
    }


def _notice_cases(sample: "Sample", people: Sequence[Person]) -> dict[str, Row]:
    practice, now, person = sample.practice.id, stamp(sample.now), people[-1]
    mail = QueuedMail(MailKind.MESSAGE_NOTICE, person.id, "who@example.org")
    told = {
        "key": notice_key(practice, person.id),
        "mailKey": mail_key(practice, mail),
        "mail": mail_row(mail, sample.now),
    }
    return {
        "acting/messages/mark_read": {
            "key": read_key(_thread_id(person), "staff"),
            "through": 2,
            "by": "staff-1",
            "at": now,
            "noticeKeys": [notice_key(practice, person.id)],
        },
        "acting/messages/notify": {"rows": [told], "toldBefore": now, "stamp": "x"},
        "acting/messages/noticed": {"key": notice_key(practice, person.id), "at": now},
        "acting/messages/settings": {"settings": list(SETTINGS.names)},
        "acting/messages/set_settings": {"settings": {"messagePrivacyAge": 14}},
    }


def master_cases(sample: "Sample") -> dict[str, Case]:
    """Of all practices, by statement."""
    return {
        "practices/masters_used": Case({"above": ""}),
        "practices/master_threads": Case({"master": MASTER}),
        "practices/wrapped_page": Case(
            {"master": MASTER, "without": [_thread_id(person) for person in sample.part.marked[:SOME]], "size": 11}
        ),
    }
