"""What `audit verify` can't see: the command and the document say the same, and leave out nothing that is stored."""

import re
from pathlib import Path

from graph_api.engine.statements import Dialect, load_statements
from graph_api.evidence.unseen import UNSEEN

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
SECTION = DOCUMENT.partition("\n## What it can't see\n")[2].partition("\n## ")[0]
LEAD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
NODE = re.compile(r"\(\w*:([A-Z]\w+)")
COMPARED = re.compile(r"audit/(present_\w+|chains|witness)|practices/(everybody|stray_accounts)")
"""The statements by which verifying sees what is stored."""


def labels(names: re.Pattern[str]) -> set[str]:
    """Kinds of nodes in statements of these names, whatever the engine."""
    statements = [found for dialect in Dialect for found in load_statements(dialect).items()]
    return {label for name, one in statements if names.fullmatch(name) for label in NODE.findall(one.text)}


def test_the_command_says_what_the_document_says() -> None:
    items = [" ".join(item.split()) for item in re.split(r"^- ", SECTION, flags=re.MULTILINE)[1:]]
    leads = [found.group(1) if (found := LEAD.match(item)) else item for item in items]
    assert leads == list(UNSEEN)


def test_whatever_is_stored_is_looked_at_or_stands_in_the_document() -> None:
    everything, compared = labels(re.compile(".+")), labels(COMPARED)
    assert compared >= {"Person", "Practice", "Account", "AccessFact", "AuditEvent", "AuditWitness"}
    assert {label for label in everything - compared if not re.search(rf"\b{label}\b", SECTION)} == set()
