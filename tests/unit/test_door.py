"""One door for records: what is read of people is sealed, and whoever opens it accounts for whom it shows."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graph_api
from graph_api import bootstrap
from graph_api.kernel.door import Door, Sealed, nobody
from graph_api.kernel.graph import Reads

SOURCES = Path(graph_api.__file__).parent
TELL_OF_NOBODY = {
    "AccessReads.pair": "facts of a decision; the decision says whom it is about",
    "AccessReads.pair_at": "facts of a decision; the decision says whom it is about",
    "AccessReads.contacts": "facts of decisions about contacts who were read before",
    "AccountReads.asked": "times, by keys that name nobody",
    "AppointmentReads.offered": "a type, who offers it, and whether there is such a client",
    "PaymentReads.currency": "the practice's",
    "AuditReads.after": "chains are verified, and shown to nobody",
    "AuditReads.chains": "chains are verified, and shown to nobody",
    "AuditReads.changed_since": "chains are verified, and shown to nobody",
    "AuditReads.heads": "chains are verified, and shown to nobody",
    "AuditReads.in_order": "the command that writes events to a file",
    "AuditReads.total": "a number",
    "ComingReads.born_total": "a number",
    "FeedReads.by_token": "whose feed it is, who then reads it and is told of nobody else",
    "HoursReads.exceptions": "hours of those who work at the practice",
    "HoursReads.of": "hours of those who work at the practice",
    "HistoryReads.version": "makes a version of a record that the door has handed over",
    "MessageReads.first_since": "a number",
    "PersonReads.clients_total": "a number",
    **dict.fromkeys(
        ("PractitionerReads.by_ids", "PractitionerReads.by_subject", "PractitionerReads.list"),
        "who works at the practice; the account of reads is about clients and contacts",
    ),
    "SettingReads.by_ids": "locations and types of appointments",
    "SettingReads.list": "locations and types of appointments",
    "SettingsReads.read": "the practice's own",
    "ReminderReads.settings": "the practice's own",
    "ReminderReads.rules": "the practice's own",
    "ReminderReads.preferences": "of people whose records were handed over before",
    "AccountReads.addresses_of_contacts": "addresses that are compared with others and shown to nobody",
    "ReminderReads.opted_out": "hashes of addresses",
    "ThreadsWithKeys.has_person": "the command that erases threads; it shows nobody",
    "ThreadsWithKeys.client_of": "the command that erases threads; it shows nobody",
    "ThreadsWithKeys.of_client": "the command that erases threads; it shows nobody",
    "ThreadReads.settings": "the practice's own",
    "ThreadReads.unread": "numbers",
    "ThreadReads.unread_threads": "a number",
}
"""Reads that are not sealed, and why they need not be."""


WRITE = {
    "kernel/unit.py": "mutations: whom an outcome shows is noted there",
    "mail/sending.py": "the sender of mail, which answers nobody",
    "exchange/commands.py": "the command that imports",
    "acting/reminders/sending.py": "the worker, which answers nobody",
    "acting/reminders/planning_again.py": "the worker",
    "acting/reminders/answers.py": "what a gateway posts; it is answered with nothing",
    "acting/payments/checking.py": "the command that checks ledgers, which tells ids and amounts",
    "acting/messages/erasing.py": "the command that erases threads",
    "cli/reminding.py": "a command",
    "demo/portal_account.py": "the demo",
}
"""Modules that run transactions of their own, and to whom they answer: inside a transaction records are open."""
SESSIONS = {
    "cli/doctor.py": "versions and clocks",
    "custody": "check values of keys",
    "demo/marks.py": "marks of the demo",
    "engine/migrate.py": "migrations",
    "evidence": "chains and account of reads, for commands",
    "http/entrance.py": "whether a caller's bookmark can be shown",
    "kernel": "makes the graph of a caller",
    "mail/queues.py": "mails that wait",
    "practices/graph.py": "practices",
    "readiness.py": "whether the database answers",
    "services.py": "makes the graph of a caller",
}
"""Who makes sessions of their own besides a concern's graph, and for what: none of it is about people."""


def reads() -> Iterator[tuple[str, Any]]:
    """Each public method of each class of reads, by class and name."""
    assert bootstrap  # it knows every concern
    for kind in classes_below(Reads):
        for name, method in vars(kind).items():
            if not name.startswith("_") and callable(method):
                yield f"{kind.__name__}.{name}", method


def classes_below(kind: type) -> Iterator[type]:
    """Subclasses, and theirs."""
    below: type
    for below in kind.__subclasses__():
        yield below
        yield from classes_below(below)


def modules_with(pattern: str) -> set[str]:
    """Where the code does something."""
    found = [path for path in SOURCES.rglob("*.py") if re.search(pattern, path.read_text(encoding="utf-8"))]
    return {path.relative_to(SOURCES).as_posix() for path in found}


def is_sealed(method: Any) -> bool:
    return str(inspect.signature(method, eval_str=True).return_annotation).startswith(f"{Sealed.__module__}.Sealed[")


def test_what_is_read_of_people_is_sealed() -> None:
    open_ones = {name for name, method in reads() if not (inspect.iscoroutinefunction(method) and is_sealed(method))}
    assert open_ones == TELL_OF_NOBODY.keys()


def test_records_are_open_in_transactions_alone_and_few_run_one() -> None:
    assert modules_with(r"[gG]raph(\([^)]*\))?\.write\(|\.again\(tx") == WRITE.keys()


def test_few_read_without_the_graph_of_a_caller() -> None:
    makers = modules_with(r"GraphSession\(") - modules_with(r"^class GraphSession")
    of_graphs = {name for name in makers if "/graph/" in name or name.endswith("/graph.py")} - SESSIONS.keys()
    others = {name for name in makers - of_graphs if name not in SESSIONS and name.split("/")[0] not in SESSIONS}
    assert others == {"engine/session.py"}


def test_the_session_of_a_caller_is_the_kernels_own() -> None:
    assert modules_with(r"(scope|graph)\._session") == {"kernel/graph.py"}


def test_nothing_but_the_door_looks_into_what_is_sealed() -> None:
    inside = re.compile(r"\._(content|shows)\b")
    found = [str(path) for path in SOURCES.rglob("*.py") if inside.search(path.read_text(encoding="utf-8"))]
    assert [Path(path).relative_to(SOURCES).as_posix() for path in found] == ["kernel/door.py"]


def test_a_request_has_one_door() -> None:
    made = [str(path) for path in SOURCES.rglob("*.py") if "Door()" in path.read_text(encoding="utf-8")]
    assert [Path(path).relative_to(SOURCES).as_posix() for path in made] == ["kernel/graph.py"]


def test_whom_an_opened_record_shows_is_noted() -> None:
    door = Door()
    assert door.open(Sealed(["ana", "ben"], ["a", "b"])) == ["ana", "ben"]
    assert door.shown == {"a", "b"}


def test_of_what_is_withheld_nobody_is_noted() -> None:
    door = Door()
    sealed = Sealed(["a", "b"], ["a", "b"])
    assert door.keep(sealed, lambda found: found[:1], lambda kept: kept) == ["a"]
    assert door.shown == {"a"}
    assert door.keep(sealed, len, nobody) == 2
    assert door.shown == {"a"}
