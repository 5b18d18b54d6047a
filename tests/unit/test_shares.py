"""The suite is shared out whole: what is left out on an engine is named, and is there."""

from pathlib import Path

from tests import shares
from tests.shares import EVERY_NEO4J, LONG, ONE_ENGINE, share_of

ROOT = Path(shares.__file__).parent


def test_what_is_listed_is_there_and_says_why() -> None:
    listed = {**ONE_ENGINE, **EVERY_NEO4J}
    assert [name for name, why in listed.items() if not why or not _is_there(name)] == []
    assert not ONE_ENGINE.keys() & EVERY_NEO4J.keys()
    assert [path for path in LONG if not (ROOT.parent / path).exists()] == []


def _is_there(name: str) -> bool:
    file, _, test = name.partition("::")
    found = [path for path in ROOT.glob(f"*/{file}") if path.parent.name != "unit"]
    return len(found) == 1 and (not test or f"def {test}(" in found[0].read_text(encoding="utf-8"))


def test_a_share_is_a_file_on_one_engine() -> None:
    on_one = {share_of(f"tests/contract/test_a.py::test_{name}[embedded]") for name in "xy"}
    assert on_one == {"tests/contract/test_a.py@embedded"}
    assert share_of("tests/unit/test_b.py::test_embedded") == "tests/unit/test_b.py"
