"""What a file under cypher/ must be: declared, bounded, one statement, scoped to a practice; else nothing starts."""

from pathlib import Path
from typing import Any

import pytest

from graph_api.engine import statements
from graph_api.engine.statements import (
    WITHOUT_PRACTICE,
    Dialect,
    Statement,
    StatementError,
    cypher_root,
    load_statements,
    parse_statement,
)

GOOD = """// purpose: a person
// params: practice: STRING, id: STRING
// returns: person
// access: read
MATCH (p:Person {id: $id})
WHERE p.practice = $practice
RETURN p{.*} AS person
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of statements of the test's own."""
    monkeypatch.setattr(statements, "cypher_root", lambda: tmp_path)
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "one.cypher").write_text(GOOD)
    return tmp_path


def load(dialect: Dialect = Dialect.NEO4J) -> dict[str, Statement]:
    """Loaded anew."""
    return load_statements.__wrapped__(dialect)


def test_a_file_is_loaded_by_its_concern_and_name(root: Path) -> None:
    statement = load()["people/one"]
    assert statement.params == {"practice": "STRING", "id": "STRING"}
    assert statement.returns == ("person",)
    assert not statement.writes
    assert statement.text.startswith("MATCH")
    assert "//" not in statement.text


@pytest.mark.parametrize("line", ["purpose", "params", "returns", "access"])
def test_a_missing_header_line_is_refused(root: Path, line: str) -> None:
    kept = [text for text in GOOD.splitlines() if not text.startswith(f"// {line}")]
    (root / "people" / "one.cypher").write_text("\n".join(kept))
    with pytest.raises(StatementError, match=rf"people/one: the header lacks \['{line}'\]"):
        load()


@pytest.mark.parametrize(("old", "new", "message"), [
    ("$id}", "$id, name: $name}", r"differ from the header: \['name'\]"),
    (", id: STRING", "", r"differ from the header: \['id'\]"),
    ("id: STRING", "id: STRING, more: STRING", r"differ from the header: \['more'\]"),
    ("id: STRING", "id: TEXT", r"\$id has no known type"),
    ("id: STRING", "id", r"\$id has no known type"),
    ("practice: STRING, ", "", "differ from the header"),
    ("RETURN", "MATCH (p)-[:HAS_CONTACT*]->() RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)-[:HAS_CONTACT*2..]->() RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)-[r*..]->() RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)-[* {a: 1}]->() RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)((a)-->(b))+(q) RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)((a)-->(b))*(q) RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)((a)-->(b)){2,}(q) RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)-[:HAS_CONTACT]->+(q) RETURN", "without an upper bound"),
    ("RETURN", "MATCH (p)-[:HAS_CONTACT]-*(q) RETURN", "without an upper bound"),
    ("AS person", "AS person; MATCH (n) DETACH DELETE n", "one statement a file"),
    ("AS person", "AS person;", "one statement a file"),
])  # fmt: skip
def test_what_breaks_a_rule_is_refused(root: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    (root / "people" / "one.cypher").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(StatementError, match=f"people/one: .*{message}"):
        load()


@pytest.mark.parametrize("path", ["[:HAS_CONTACT*1..3]", "[:HAS_CONTACT*2]", "[:HAS_CONTACT*..3]"])
def test_a_path_with_an_upper_bound_is_allowed(root: Path, path: str) -> None:
    (root / "people" / "one.cypher").write_text(GOOD.replace("RETURN", f"MATCH (p)-{path}->() RETURN", 1))
    assert path in load()["people/one"].text


def test_a_statement_about_people_without_a_practice_is_refused(root: Path) -> None:
    unscoped = GOOD.replace("practice: STRING, ", "").replace("WHERE p.practice = $practice\n", "")
    (root / "people" / "one.cypher").write_text(unscoped)
    with pytest.raises(StatementError, match="people/one: not scoped to a practice"):
        load()
    for concern in WITHOUT_PRACTICE:
        assert parse_statement(f"{concern}/one", unscoped).params == {"id": "STRING"}


def test_an_overlay_wins_on_its_own_engine_alone(root: Path) -> None:
    (root / "people" / "one.arcadedb.cypher").write_text(GOOD.replace("a person", "an overlay") + "LIMIT 1\n")
    assert load(Dialect.ARCADEDB)["people/one"].text.endswith("LIMIT 1")
    assert not load(Dialect.NEO4J)["people/one"].text.endswith("LIMIT 1")
    (root / "people" / "two.neo4j.cypher").write_text(GOOD)
    assert set(load(Dialect.ARCADEDB)) == {"people/one"}
    assert set(load(Dialect.NEO4J)) == {"people/one", "people/two"}


@pytest.mark.parametrize("given", [
    {"practice": "p"}, {"practice": "p", "id": "i", "more": 1}, {"practice": "p", "id": 1},
    {"practice": "p", "id": None}, {"practice": "p", "id": ["i"]}, {},
])  # fmt: skip
def test_a_call_with_other_parameters_is_refused_without_their_values(given: dict[str, Any]) -> None:
    with pytest.raises(StatementError, match="people/one") as refused:
        parse_statement("people/one", GOOD).check(given)
    assert "'p'" not in str(refused.value)


def test_only_what_may_be_null_may_be_null() -> None:
    statement = parse_statement("people/one", GOOD.replace("id: STRING", "id: STRING|NULL"))
    statement.check({"practice": "p", "id": None})
    with pytest.raises(StatementError, match=r"\$practice is not STRING"):
        statement.check({"practice": None, "id": None})


@pytest.mark.parametrize("dialect", Dialect)
def test_our_own_files_keep_the_rules_and_say_whether_they_write(dialect: Dialect) -> None:
    found = load_statements(dialect)
    assert len(found) >= len({path.name.partition(".")[0] for path in cypher_root().glob("people/*.cypher")})
    for statement in found.values():
        changes = any(word in statement.text for word in ("CREATE", "MERGE", "SET ", "DELETE"))
        assert statement.writes == changes, statement.name
