"""Nobody who uses the product has to know a rule's number: messages and descriptions say what the rule says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import parse
from graphql.language import FieldDefinitionNode, Node, Visitor, visit

ROOT = Path(__file__).resolve().parents[2]
RULE_NUMBER = re.compile(r"\b[SDAXMPR](?:[1-9]|1[0-8])\b")


def names_a_rule(text: str) -> bool:
    return RULE_NUMBER.search(text) is not None


def texts(source: str, *, is_command: bool = False) -> Iterator[tuple[int, str]]:
    """Every string of a module that somebody may be shown: all but docstrings, which only we read.

    A docstring of the command line is its help.
    """
    tree = ast.parse(source)
    unread = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and not is_command}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread:
            yield node.lineno, node.value


def named_rules(source: str, *, is_command: bool = False) -> list[tuple[int, str]]:
    return [(line, text) for line, text in texts(source, is_command=is_command) if names_a_rule(text)]


def test_no_text_names_a_rule() -> None:
    modules = [path for path in (ROOT / "src").rglob("*.py") if "assets" not in path.parts]
    assert len(modules) > 100
    found = {
        str(path): named
        for path in modules
        if (named := named_rules(path.read_text(encoding="utf-8"), is_command=path.parent.name == "cli"))
    }
    assert found == {}


def test_no_description_of_the_schema_names_a_rule() -> None:
    found: list[str] = []
    fields: list[FieldDefinitionNode] = []

    class Descriptions(Visitor):
        def enter(self, node: Node, *_: object) -> None:
            if isinstance(node, FieldDefinitionNode):
                fields.append(node)
            description = getattr(node, "description", None)
            if description is not None and names_a_rule(description.value):
                found.append(description.value)

    visit(parse((ROOT / "schema.graphql").read_text(encoding="utf-8")), Descriptions())
    assert len(fields) > 100
    assert found == []


@pytest.mark.parametrize(
    ("source", "is_named"),
    [
        ('invalid("a.b", "The client is archived (D7).", "x")', True),
        ('f"{name} ends at majority: D13"', True),
        ('"""A docstring (D7)."""', False),
        ('def f():\n    """A docstring (D7)."""', False),
        ('"The client is archived."', False),
        ('"UUID4 AD7 D19"', False),
    ],
)
def test_a_named_rule_is_found(source: str, is_named: bool) -> None:
    assert bool(named_rules(source)) is is_named


def test_a_docstring_of_the_command_line_is_its_help() -> None:
    assert named_rules('def verify():\n    """What it does (D7)."""', is_command=True)
