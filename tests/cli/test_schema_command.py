"""`graph-api schema` and the program itself."""

import subprocess
import sys
from pathlib import Path

from tests.cli.command import Command

ROOT = Path(__file__).parents[2]


def test_the_schema_is_alone_on_stdout_and_needs_no_database(tmp_path: Path) -> None:
    command = Command(tmp_path / "data")
    assert command.done("schema") == (ROOT / "schema.graphql").read_text(encoding="utf-8")
    assert not command.data_dir.exists()


def test_what_compiled_code_answers_is_listed(tmp_path: Path) -> None:
    lines = Command(tmp_path / "data").done("schema", "--compiled").splitlines()
    assert {"Person.birthDate", "Contact.status", "Query.canAct", "PostalAddress.city"} <= set(lines)
    assert not {"Person.account", "Query.auditLog"} & set(lines)


def test_the_program_and_the_module_are_the_same() -> None:
    texts = [
        subprocess.run([*line, "--help"], capture_output=True, text=True, check=True).stdout
        for line in ([str(Path(sys.executable).with_name("graph-api"))], [sys.executable, "-m", "graph_api"])
    ]
    assert texts[0] == texts[1]
    for name in ("serve", "demo", "practice", "migrate", "token", "schema", "import", "doctor"):
        assert f" {name} " in texts[0]
