"""Statements that go as one say what each of them says, and each has its own parameters."""

from typing import Any

import pytest

from graph_api.engine.joined import AT_ONCE, joined
from graph_api.engine.statements import Dialect, Statement, StatementError, load_statements, parse_statement
from graph_api.engine.writing import WriteTransaction
from tests.api import Installation

PUT_OFF = 2


def statement(name: str, text: str) -> Statement:
    """One that changes something."""
    found = sorted({word.strip("$,)}") for word in text.replace("{", " ").split() if word.startswith("$")})
    params = ", ".join(f"{param}: STRING" for param in found)
    return parse_statement(name, f"// purpose: a\n// params: {params}\n// returns: id\n// access: write\n{text}")


ADD = statement("things/add", "CREATE (n:Thing {id: $id , practice: $practice })\nRETURN n.id AS id")
NAME = statement(
    "things/name", "MATCH (n:Thing {id: $id , practice: $practice })\nSET n.name = $name\nRETURN n.id AS id"
)


def test_parts_keep_their_order_and_their_parameters() -> None:
    text, params = joined([(ADD, {"id": "a", "practice": "p"}), (NAME, {"id": "b", "practice": "p", "name": "$id"})])
    assert text.split("\n") == [
        "CREATE (n:Thing {id: $id_0 , practice: $practice })",
        "WITH count(*) AS before",
        "MATCH (n:Thing {id: $id_1 , practice: $practice })",
        "SET n.name = $name_1",
        "RETURN n.id AS id",
    ]
    assert params == {"id_0": "a", "practice": "p", "id_1": "b", "name_1": "$id"}


def test_a_part_that_returns_nothing_is_followed_as_it_is() -> None:
    odd = statement("things/odd", "CREATE (n {p: $practice })\nDELETE n")
    text, _ = joined([(odd, {"practice": "p"}), (ADD, {"id": "a", "practice": "p"})])
    assert text.startswith("CREATE (n {p: $practice })\nDELETE n\nWITH count(*) AS before\nCREATE")


def test_a_part_that_goes_on_after_its_return_is_refused() -> None:
    odd = statement("things/odd", "CREATE (n {p: $practice })\nRETURN n\nLIMIT 1")
    with pytest.raises(StatementError):
        joined([(odd, {"practice": "p"}), (ADD, {"id": "a", "practice": "p"})])


@pytest.mark.parametrize("dialect", Dialect)
def test_every_statement_that_changes_something_can_be_followed(dialect: Dialect) -> None:
    for one in load_statements(dialect).values():
        if one.writes and not one.locks and "practice" in one.params:
            params: dict[str, Any] = dict.fromkeys(one.params)
            text, given = joined([(one, params), (one, params)])
            assert text.count("WITH count(*) AS before") == 1
            assert len(given) == 2 * len(params) - 1


class Sent:
    """A client's transaction that keeps what it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def later(self, text: str, *_: Any) -> None:
        self.texts.append(text)

    async def run(self, text: str, *_: Any) -> list[Any]:
        self.texts.append(text)
        return []

    async def flush(self) -> None:
        """Nothing waits here."""


async def test_what_is_put_off_is_joined_for_neo4j_alone(installation: Installation) -> None:
    sent = Sent()
    writing = WriteTransaction(installation.database, sent)
    for _ in range(AT_ONCE + PUT_OFF):
        writing.later("network/contacts/drop_ends", practice="p", keys=[])
    await writing.run("people/lock", practice="p", ids=[], stamp="s")
    joins = installation.database.dialect is Dialect.NEO4J
    assert [text.count("WITH count(*) AS before") for text in sent.texts] == (
        [AT_ONCE - 1, PUT_OFF - 1, 0] if joins else [0] * (AT_ONCE + PUT_OFF + 1)
    )
    assert writing.statements == AT_ONCE + PUT_OFF + 1
