"""docs/design.md says which files a change takes. What it says is done here in a copy of the package, and works."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Edits = Mapping[str, tuple[str, str]]
"""In each file, a text and what takes its place."""

FIELD: Edits = {
    "people/model.py": ("    birth_date: date | None = None\n", "    nickname: str | None = None\n"),
    "people/fields.py": (
        '        "gender": lambda v: {"gender": v},\n',
        '        "nickname": lambda v: {"nickname": clean_text(v, problems, "nickname", *path, "nickname")},\n',
    ),
    "people/api/types.py": (
        '    preferred_name: str | None = shown("What the person likes to be called", EVERYONE)\n',
        '    nickname: str | None = shown("What friends call them", INSIDE)\n',
    ),
}
SENT = {
    "people/fields.py": ("    gender: Gender | None\n", "    nickname: str | None\n"),
    "people/api/types.py": (
        '    preferred_name: str | None = taken("What the person likes to be called")\n',
        '    nickname: str | None = taken("What friends call them")\n',
    ),
}
MUTATION: Edits = {
    "people/commands.py": (
        "async def reload_person(",
        'async def greet(request: Request) -> Outcome[Person]:\n    """Does nothing."""\n    return Outcome()\n\n\n',
    ),
    "people/api/mutations.py": (
        "@mutation(",
        "from graph_api.people.commands import greet as greet_them\n\n\n"
        '@mutation(WRITERS, "Greet a person", shows=("person", Person))\n'
        "async def greet(scope: Scope, request: Request, source: SetClientStatusInput) -> Any:\n"
        "    return await greet_them(request)\n\n\n",
    ),
}


def files_for(change: str) -> list[str]:
    """What the page lists for a change."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    page = text[text.index("## Where things live") :].split("\n## ")[0]
    (part,) = re.findall(rf"^- \*\*{re.escape(change)}\*\*(.*?)(?=^- \*\*|\Z)", page, re.MULTILINE | re.DOTALL)
    return re.findall(r"`([\w/]+\.py)`", part)


def copy_with(folder: Path, *edits: Edits) -> Path:
    """The package's sources, changed."""
    sources = folder / "src"
    shutil.copytree(ROOT / "src", sources, ignore=shutil.ignore_patterns("assets", "__pycache__"))
    shutil.copytree(ROOT / "cypher", folder / "cypher")
    for some in edits:
        for name, (before, added) in some.items():
            path = sources / "graph_api" / name
            text = path.read_text(encoding="utf-8")
            assert before in text, name
            path.write_text(text.replace(before, added + before, 1), encoding="utf-8")
    return sources


def said_by(sources: Path, program: str) -> str:
    """What a program prints that uses these sources."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env={"PYTHONPATH": str(sources)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_plain_field_of_a_person_takes_the_files_that_are_listed(tmp_path: Path) -> None:
    assert files_for("A plain field of a person") == list(FIELD)
    sources = copy_with(tmp_path, FIELD, SENT)
    found = json.loads(
        said_by(
            sources,
            """
import json
from datetime import date
from graph_api.graphql.build import print_schema
from graph_api.graphql.compile.readers import READERS
from graph_api.kernel.problems import Problems
from graph_api.people.audit import PERSON_FIELDS
from graph_api.people.fields import PersonRules, apply_person_fields
from graph_api.people.graph.rows import person_row
from graph_api.people.model import Person
from graph_api.people.records import PERSON, PERSON_PROPERTIES
problems = Problems()
rules = PersonRules(date(2026, 1, 1), "GB")
person = apply_person_fields(Person("person_1", "Ana"), {"nickname": " Anita "}, rules, problems, ())
row = person_row("practice_1", person)
print(json.dumps({
    "kept": row["nickname"],
    "read": PERSON.read(row).nickname,
    "brought": "nickname" in PERSON_PROPERTIES,
    "logged": PERSON_FIELDS["nickname"],
    "compiled": "nickname" in READERS["Person"],
    "schema": print_schema().count("  nickname: String"),
}))
""",
        )
    )
    shown = {"kept": "Anita", "read": "Anita", "brought": True, "logged": "nickname", "compiled": True, "schema": 2}
    assert found == shown


def test_a_mutation_takes_the_files_that_are_listed(tmp_path: Path) -> None:
    assert files_for("A mutation in a concern that exists") == list(MUTATION)
    sources = copy_with(tmp_path, MUTATION)
    schema = said_by(sources, "from graph_api.graphql.build import print_schema; print(print_schema())")
    assert "  greet(" in schema
    assert "type GreetPayload" in schema
    access = said_by(sources, "from graph_api.graphql.build import print_access; print(print_access())")
    (line,) = [line for line in access.splitlines() if line.startswith("Mutation.greet ")]
    assert line.split()[1:] == ["call", "call", "-", "-", "-"]


def test_a_field_that_says_nothing_of_who_may_read_it_is_refused(tmp_path: Path) -> None:
    careless = {
        "people/api/types.py": (FIELD["people/api/types.py"][0], '    nickname: str | None = shown("Friends")\n')
    }
    sources = copy_with(tmp_path, {"people/model.py": FIELD["people/model.py"]}, careless)
    command = [sys.executable, "-c", "from graph_api.graphql.build import print_schema; print_schema()"]
    done = subprocess.run(command, env={"PYTHONPATH": str(sources)}, capture_output=True, text=True, check=False)
    assert "UnlistedField" in done.stderr
    assert "Person.nickname" in done.stderr
