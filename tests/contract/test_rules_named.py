"""Every rule has a test named by it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = re.findall(r"^\| ([SDAMX]\d+) \|", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tests/*/test_*.py")))


def test_the_rules_are_all_there() -> None:
    numbers = {
        "S": range(1, 19),
        "D": range(1, 15),
        "X": [*range(1, 7), 8, 9],
        "M": [*range(1, 11), 12, 13],
        "A": range(1, 14),
    }
    assert sorted(RULES) == sorted(f"{letter}{number}" for letter, some in numbers.items() for number in some)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_test(rule: str) -> None:
    assert re.search(
        rf"^(?:async )?def test_{rule.lower()}_\w+\(.*(?:api|installation|home|site)\b", TESTS, re.MULTILINE | re.DOTALL
    )
