"""What a database says of itself when it is out of order, as the driver tells it: none of it is a fault of ours."""

import pytest
from neo4j.exceptions import Neo4jError

from graph_api.engine.bolt import Database, Locator
from graph_api.engine.clients import Address
from graph_api.engine.errors import OutcomeUnknown, Unavailable
from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect

COMMIT_FAILED = "Neo.DatabaseError.Transaction.TransactionCommitFailed"
GAVE_UP = "Neo.DatabaseError.Transaction.TransactionStartFailed"

FENCED = "Database 'neo4j' is fenced after a failure past the WAL commit point: close and reopen it (a reason)"


def told(code: str, message: str = "") -> Neo4jError:
    """An error as the driver makes it."""
    return Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.fixture
def database() -> Database:
    return Database(Locator(Address("bolt://127.0.0.1:1", None, None, None, Dialect.NEO4J)))


@pytest.mark.parametrize(
    "code", [GAVE_UP, "Neo.ClientError.Security.Unauthorized", "Neo.ClientError.Database.DatabaseNotFound"]
)
def test_one_that_gave_up_or_lets_nobody_in_is_unavailable(database: Database, code: str) -> None:
    with pytest.raises(Unavailable, match="Its operator must"):
        database.after_refusal(told(code))
    with pytest.raises(Unavailable, match="Its operator must"):
        GraphSession(database)._explain(told(code))


def test_a_commit_that_failed_after_it_was_logged_may_come_true(database: Database) -> None:
    session = GraphSession(database)
    session._committing = True
    with pytest.raises(OutcomeUnknown):
        session._explain(told(COMMIT_FAILED))


@pytest.mark.parametrize(("was_saving", "error"), [(True, OutcomeUnknown), (False, Unavailable)])
def test_a_commit_that_an_engine_can_not_show_may_come_true(
    database: Database, was_saving: bool, error: type[Exception]
) -> None:
    session = GraphSession(database)
    session._was_saving = was_saving
    with pytest.raises(error):
        session._explain(told("Neo.ClientError.Transaction.TransactionNotFound", FENCED))


@pytest.mark.parametrize("message", ["java.io.IOException: No space left on device", "Disk quota exceeded"])
def test_a_full_disk_in_the_databases_words_is_remembered_until_a_write_goes_through(
    database: Database, message: str
) -> None:
    assert not database.is_full
    with pytest.raises(Unavailable, match="disk is full"):
        database.after_not_saving(told("Neo.DatabaseError.General.UnknownError", message))
    assert database.is_full
    database.saved()
    assert not database.is_full


@pytest.mark.parametrize("code", ["Neo.ClientError.Statement.SyntaxError", "Neo.DatabaseError.General.UnknownError"])
def test_a_statement_of_ours_that_is_wrong_stays_a_fault_of_ours(database: Database, code: str) -> None:
    database.after_refusal(told(code))
    database.after_not_saving(told(code))
    GraphSession(database)._explain(told(code))
