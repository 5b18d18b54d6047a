"""What the documents name is there: files, packages, statements, links, commands and settings."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import DocumentNode, build_schema, parse, validate

from graph_api.acting.reminders.model import SuppressionReason
from graph_api.config import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/graph_api"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
SCHEMA = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
GRAPHQL = re.compile(r"^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
PATH = re.compile(r"[a-z_.]+(/[\w.<>-]+)+/?|[a-z_]+/|\w+\.(py|cypher|md|yaml|graphql)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"GRAPH_API_[A-Z_]*[A-Z]")
SETTINGS = {f"GRAPH_API_{name.upper()}" for name in Settings.model_fields if name != "on_loopback"}
"""All that an operator sets; where the server listens, the command line says."""
NOT_OURS = re.compile(r"application/|text/|npm's|name\.arcadedb\.cypher")
IN_THE_DATA_DIRECTORY = {"audit/<practice>.checkpoints", "audit/reads.ndjson", "engine/password"}


def prose(name: str) -> str:
    """The document without its blocks of code."""
    return FENCED.sub("", (ROOT / name).read_text(encoding="utf-8"))


def paths_in(text: str) -> Iterator[str]:
    """Every path of the tree that stands between backticks."""
    for code in CODE.findall(text):
        if PATH.fullmatch(code) and not NOT_OURS.match(code) and code not in IN_THE_DATA_DIRECTORY:
            yield code


def is_there(path: str) -> bool:
    """In the tree, in the package (with or without its ending), or a statement's name."""
    plain = path.replace("<concern>/", "")
    places = (ROOT / plain, PACKAGE / plain, PACKAGE / f"{plain}.py", ROOT / "cypher" / f"{plain}.cypher")
    return any(place.exists() for place in places)


def anchor(heading: str) -> str:
    """As the platforms that show Markdown make it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_every_path_is_there(name: str) -> None:
    assert [path for path in paths_in(prose(name)) if not is_there(path)] == []


def test_paths_are_named_at_all() -> None:
    assert sum(len(list(paths_in(prose(name)))) for name in NAMES) > 60


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("access/decision.py", True),
        ("access/decision", True),
        ("access/pair", True),
        ("cypher/<concern>/", True),
        ("src/graph_api/kernel/", True),
        ("services/changes.py", False),
        ("engine/conversions.py", False),
        ("access/no_such_statement", False),
    ],
)
def test_a_path_is_looked_for_where_it_may_be(path: str, there: bool) -> None:
    assert list(paths_in(f"see `{path}` there")) == [path]
    assert is_there(path) is there


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    for link in LINK.findall(prose(name)):
        if link.startswith("https://"):
            continue
        file, _, place = link.partition("#")
        target = (ROOT / name).parent / file if file else ROOT / name
        assert target.exists(), link
        if place:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in {anchor(heading) for heading in headings}, link


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_is_one_of_the_contract(name: str) -> None:
    blocks = GRAPHQL.findall((ROOT / name).read_text(encoding="utf-8"))
    operations = [one for block in blocks for one in parse(block).definitions]
    faults = [validate(SCHEMA, DocumentNode(definitions=(one,))) for one in operations]
    assert faults == [[]] * len(operations)


def test_there_are_operations() -> None:
    assert sum(len(GRAPHQL.findall((ROOT / name).read_text(encoding="utf-8"))) for name in NAMES) >= 10


def test_every_document_is_linked_from_the_readme() -> None:
    linked = set(LINK.findall(prose("README.md")))
    assert {name for name in NAMES if name.startswith("docs/")} <= linked


def test_every_setting_has_its_row() -> None:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`GRAPH_API_.*?) \|", text, re.MULTILINE)
    named = {setting for row in rows for setting in settings_in(row)}
    assert named == SETTINGS


def test_every_reason_why_nobody_is_reminded_has_its_row() -> None:
    """In the order in which they are shown where several hold."""
    section = prose("docs/reminders.md").partition("\n### Every reason\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z_]+) \| (.+?) \|", section, re.MULTILINE)
    assert [name for name, _ in rows] == [reason.value for reason in SuppressionReason]


def settings_in(row: str) -> Iterator[str]:
    """The settings that a row names; `..._REST` stands for the end of the one before it."""
    first, *others = CODE.findall(row)
    yield first
    for other in others:
        yield other if other.startswith("GRAPH_API_") else ends_alike(first, other.removeprefix("..."))


def ends_alike(first: str, rest: str) -> str:
    """The setting that begins as the first one and ends otherwise."""
    stems = [first[:end] for end in range(len(first), 0, -1)]
    return next((stem + rest for stem in stems if stem + rest in SETTINGS), rest)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "CHANGELOG.md"])
def test_every_setting_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(SETTING.findall(text)) <= SETTINGS | {"GRAPH_API_THOROUGH"}


@pytest.mark.parametrize("name", NAMES)
def test_every_command_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for module in re.findall(r"python -m ((?:bench|tests)[.\w]*)", text):
        place = ROOT / module.rstrip(".").replace(".", "/")
        assert place.is_dir() or place.with_suffix(".py").is_file(), module
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`|\]|/7687 )make ([a-z-]+)", text, re.MULTILINE))
    assert named <= targets


def test_the_readme_is_short() -> None:
    assert 850 <= len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1_000
