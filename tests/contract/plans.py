"""What a plan says of the work to come."""

from typing import Any

SCANS = ("LabelScan", "AllNodesScan", "RelationshipTypeScan", "AllRelationshipsScan", "LabelsScan")
READ_WHOLE = {"practices/list", "practices/mail_counts", "practices/migrations"}
"""There are few practices and fewer migrations, and both are asked for whole, as are the mails that wait."""


def scans_in(plan: Any) -> list[str]:
    """Operators that read all there is of a kind."""
    text = str(plan)
    return [scan for scan in SCANS if scan in text]
