"""Which engines there are, and how the suite is shared out among pytest-xdist's workers."""

import os
from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.budgets import THOROUGH

NEO4J_URIS = [uri.strip() for uri in os.environ.get("NEO4J_TEST_URI", "").split(",") if uri.strip()]
EMBEDDED = "embedded"
ENGINES = [EMBEDDED, *NEO4J_URIS]

LONG = (
    "tests/packaging/",
    "tests/contract/test_statement_growth.py",
    "tests/cli/",
    "tests/engine/",
    "tests/browser/",
    "tests/http/",
    "tests/contract/test_royal92.py",
)
"""What takes long for its number of tests, longest first: begun last, it would leave the other workers idle."""

ONE_ENGINE = {
    "test_audience.py": "the code decides who reads what; test_message_model.py asks every engine of random lives",
    "test_audit_mutations.py::test_a_mutation_writes_its_events": "one statement writes all events, on every engine",
    "test_access_cases.py": "the code decides, by facts that test_access_model.py writes and reads on every engine",
    "test_bad_input.py::test_a_persons_fields": "the code alone says what a field may hold",
    "test_bad_input.py::test_an_edges_terms": "the code alone says what a field may hold",
    "test_bad_input.py::test_the_inputs_are_accepted_without_the_bad_value": "test_bad_input_keys.py sends them all",
    "test_bad_input_ids.py::test_id_argument": "test_isolation.py asks every engine about ids of another practice",
    "test_bad_input_ids.py::test_malformed_id_argument": "no statement asks for what can't be an id",
    "test_bad_input_keys.py::test_a_bad_key": "a bad key is refused before a statement is sent",
    "test_bad_input_keys.py::test_a_key_with_another_input_is_refused": "the code compares what was sent",
    "test_bad_input_versions.py::test_a_stale_version_shows_the_current_entity": "the code compares versions",
    "test_bad_input_versions.py::test_a_version_that_never_was": "the code compares versions, whatever was read",
    "test_roles.py": "what a role may read or do is decided before a statement is sent",
    "test_royal92.py": "test_import.py and test_paging.py ask every engine the same of fewer people",
    "test_schema.py": "the schema is the code's",
    "test_bad_input_requests.py": "what no input can hold is refused before a statement is sent",
    "test_lock_order.py": "the code takes its locks in one order on every engine",
    **dict.fromkeys(
        (
            "test_appointment_notices.py::test_a12_whoever_was_told_before_hears_of_every_change",
            "test_appointment_notices.py::test_a12_a_request_is_told_and_what_became_of_it",
            "test_appointment_notices.py::test_a12_changes_before_the_letter_is_written_are_told_by_one",
            "test_appointment_notices.py::test_a12_of_what_has_passed_nobody_is_told",
            "test_appointment_notices.py::test_r2_a_confidential_channel_is_the_clients_only_one",
            "test_appointment_notices.py::test_r2_who_shares_an_address_gets_one_letter",
            "test_appointment_notices.py::test_r4_reminders_without_the_portal_tell_nothing_of_it",
        ),
        "the code decides who is told, of what the others ask every engine for",
    ),
    **dict.fromkeys(
        (
            "test_feeds.py::test_a11_the_address_is_shown_once",
            "test_feeds.py::test_a11_inputs_that_are_refused",
            "test_feeds.py::test_a11_nothing_changed_is_told_by_304",
            "test_feeds.py::test_a11_other_methods_and_too_many_reads",
            "test_feeds.py::test_a11_first_names_only_where_the_owner_chose_them",
        ),
        "the code answers, of what the others ask every engine for",
    ),
    "test_bad_input_roles.py": "who may not write is refused before a statement is sent",
}
"""Files and tests that are run on the embedded engine alone, and why; thorough runs spare none.

Here and below a file is named without its folder: no two files whose tests have an engine are called the same.
"""

EVERY_NEO4J = {
    "test_access_facts.py": "the facts of before are found by their own indexes",
    "test_access_model.py": "random lives meet statements in combinations that nobody thought of",
    "test_access_races.py": "locks",
    "test_access_statements.py": "plans",
    "test_bookmarks.py": "bookmarks",
    "test_clients.py": "Bolt",
    "test_compiled.py": "random queries meet statements in combinations that nobody thought of",
    "test_deadlines.py": "how a statement is ended",
    "test_gathered_loads.py": "statements at the same time",
    "test_history.py": "edges are replaced",
    "test_idempotency.py": "locks and unique keys",
    "test_isolation.py": "no index or plan may reach beyond a practice",
    "test_keys_of_before.py": "migrations",
    "test_paging.py": "order of text, and of pages",
    "test_paging_while_changing.py": "order while rows come and go",
    "test_past_whole.py": "torn reads",
    "test_races.py": "locks and unique keys",
    "test_races_of_changes.py": "locks",
    "test_practitioners_evidence.py": "what is found of what was done to the database",
    "test_practitioners_races.py": "locks and unique keys",
    "test_rules_search.py": "full text and order",
    "test_sort_keys.py": "order of text of every plane",
    "test_statement_counts.py": "plans",
    "test_statement_growth.py": "each statement's work, and that each runs at all",
    "test_told.py": "commits beside those who ask",
    "test_versions.py": "what edges were is found",
    "test_versions_pages.py": "order of pages of the past",
}
"""Files whose tests' outcome may depend on Neo4j's version, and how. Others are run on the first Neo4j alone.

A new test that rests on statements, migrations, plans, locks, races, recovery, order, bookmarks or torn reads comes
here.
"""


class ByFileAndEngine(LoadScopeScheduling):  # type: ignore[misc]  # xdist says nothing of its types
    """Whatever shares the costly fixtures goes to one worker: a file's tests on one engine."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # `in_order` knows better than the number of tests
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def share_of(nodeid: str) -> str:
    """A file, and the engine where its tests have one."""
    file, _, test = nodeid.partition("::")
    given = test.partition("[")[2]
    return "@".join([file, *(engine for engine in ENGINES if engine in given)][:2])


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Shares one after the other: those that take long, then the larger ones first. Within a share nothing moves."""
    sizes = Counter(share_of(item.nodeid) for item in items)

    def place(item: pytest.Item) -> tuple[int, int, str]:
        share = share_of(item.nodeid)
        rank = next((number for number, path in enumerate(LONG) if share.startswith(path)), len(LONG))
        return rank, -sizes[share] if rank == len(LONG) else 0, share

    return sorted(items, key=place)


def named(nodeid: str) -> str:
    """A test as the lists here name it: wherever its file is, and whatever its parameters are."""
    return nodeid.partition("[")[0].rpartition("/")[2]


def spared(item: pytest.Item) -> bool:
    """Whether it need not be run on its engine, as another engine's run says the same."""
    if THOROUGH:
        return False
    test = named(item.nodeid)
    file = test.partition("::")[0]
    given: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    engine = next((value for value in given.values() if value in ENGINES), EMBEDDED)
    one_is_enough = file in ONE_ENGINE or test in ONE_ENGINE
    return (engine != EMBEDDED and one_is_enough) or (engine in NEO4J_URIS[1:] and file not in EVERY_NEO4J)
