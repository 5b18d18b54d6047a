"""What a plan says of the work to come."""

from typing import Any

SCANS = ("LabelScan", "AllNodesScan", "RelationshipTypeScan", "AllRelationshipsScan", "LabelsScan")
READ_WHOLE = {
    "practices/code_counts",
    "practices/key_checks",
    "practices/list",
    "practices/mail_counts",
    "practices/migrations",
    "practices/stray_accounts",
}
"""There are few practices, keys and migrations, and they are asked for whole, as are the mails that wait and, for
doctor, the codes of the last hour; verifying looks at all accounts, as those put in by hand are found by no key."""

UNNAMED = {"practices/stray_accounts"}
"""Scans of which the embedded engine's plan says no more than of a search by index: growth is measured there."""


def scans_in(plan: Any) -> list[str]:
    """Operators that read all there is of a kind."""
    text = str(plan)
    return [scan for scan in SCANS if scan in text]
