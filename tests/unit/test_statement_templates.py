"""Statements made from one template: which there are, and what a template must say."""

from pathlib import Path

import pytest

from graph_api.engine import statements
from graph_api.engine.statements import Dialect, StatementError, load_statements
from graph_api.engine.templates import TemplateError, made_from
from tests.unit.templated import printed

HEADER = """// purpose: people, <<way>>
// params: practice: STRING
// returns: person
// access: read
"""
VARIANTS = """// variants: people, people_backward
//   people: way = forwards
//   people: order =
//   people_backward: way = backwards
//   people_backward: order = DESC
"""
BODY = """MATCH (p:Person)
WHERE p.practice = $practice
RETURN p.id AS person
ORDER BY p.id <<order>>
"""
GOOD = HEADER + VARIANTS + BODY


def test_what_templates_make_is_kept_so_that_a_change_of_it_is_seen() -> None:
    """`python -m tests.unit.templated > tests/unit/data/templated.cypher` writes it anew."""
    kept = Path(__file__).parent / "data" / "templated.cypher"
    assert printed() == kept.read_text(encoding="utf-8")


def test_a_file_without_variants_is_one_statement_as_it_is() -> None:
    text = HEADER.replace(", <<way>>", "") + BODY.replace(" <<order>>", "")
    assert made_from("people", text) == {"people": text}


def test_each_variant_is_a_statement() -> None:
    made = made_from("listed", GOOD)
    assert made.keys() == {"people", "people_backward"}
    assert made["people"] == HEADER.replace("<<way>>", "forwards") + BODY.replace(" <<order>>\n", "")
    assert made["people_backward"].endswith("ORDER BY p.id DESC")


def test_lists_of_variants_multiply_and_the_upper_ones_may_use_the_lower_ones() -> None:
    text = """// variants: a, b
//   a: what = 1 <<more>>
//   b: what = 2 <<more>>
// variants: -, _plus
//   -: more =
//   _plus: more = + 3
RETURN <<what>>, 0 <<more>>"""
    assert made_from("sums", text) == {
        "a": "RETURN 1, 0",
        "b": "RETURN 2, 0",
        "a_plus": "RETURN 1 + 3, 0 + 3",
        "b_plus": "RETURN 2 + 3, 0 + 3",
    }


@pytest.mark.parametrize(("old", "new", "message"), [
    ("//   people: order =\n", "", "people lacks order"),
    ("<<order>>", "", "nothing uses order"),
    ("<<order>>", "<<order>> <<limit>>", "nothing fills <<limit>>"),
    ("<<order>>", "<<order>> <<", "nothing fills <<"),
    ("= DESC", "= <<way>>", "nothing fills <<way>>"),
    ("//   people: order =", "//   persons: order =", "not a variant's constant: persons: order ="),
    ("//   people: order =", "//   people: order", "not a variant's constant: people: order"),
    ("//   people: order =", "//   people: way = twice", "not a variant's constant: people: way = twice"),
    ("// variants: people, people_backward\n", "", "not a variant's constant: people: way = forwards"),
    ("people, people_backward", "people, people", "variants are different names"),
    ("people, people_backward", "people, people backward", "variants are different names"),
    ("people, people_backward", "people,", "variants are different names"),
])  # fmt: skip
def test_a_template_that_does_not_fit_is_refused(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(TemplateError, match=message):
        made_from("listed", GOOD.replace(old, new, 1))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of statements of the test's own."""
    monkeypatch.setattr(statements, "cypher_root", lambda: tmp_path)
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "listed.cypher").write_text(GOOD)
    return tmp_path / "people"


def names(dialect: Dialect = Dialect.NEO4J) -> set[str]:
    """Of what is loaded anew."""
    return set(load_statements.__wrapped__(dialect))


def test_what_is_made_is_checked_like_a_file_of_its_own(root: Path) -> None:
    assert names() == {"people/people", "people/people_backward"}
    (root / "listed.cypher").write_text(GOOD.replace("= DESC", "= DESC LIMIT $size"))
    with pytest.raises(StatementError, match=r"people/people_backward: parameters differ from the header: \['size'\]"):
        names()


def test_a_template_that_does_not_fit_is_named_by_its_file(root: Path) -> None:
    (root / "listed.cypher").write_text(GOOD.replace("<<order>>", ""))
    with pytest.raises(StatementError, match=r"people/listed\.cypher: nothing uses order"):
        names()


def test_two_files_do_not_make_one_name(root: Path) -> None:
    plain = made_from("listed", GOOD)["people"]
    (root / "people.arcadedb.cypher").write_text(plain + " LIMIT 1")
    assert load_statements.__wrapped__(Dialect.ARCADEDB)["people/people"].text.endswith("LIMIT 1")
    assert not load_statements.__wrapped__(Dialect.NEO4J)["people/people"].text.endswith("LIMIT 1")
    (root / "people.cypher").write_text(plain)
    with pytest.raises(StatementError, match="people/people: two files make it"):
        names()
