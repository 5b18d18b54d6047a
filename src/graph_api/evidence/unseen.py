"""What verifying can't see, as `audit verify` says it. docs/audit.md has the same sentences, and more about each."""

UNSEEN = (
    "Events cut off the end of a chain after the last checkpoint, if its node was set back too and all that they "
    "reported was undone.",
    "Checkpoints that were set back together with the database's note of them and the events since; copies on "
    "another machine show it.",
    "What was put in by hand at people older than the log, or before a practice's first checkpoint; it is only "
    "counted.",
    "A change by hand that was undone by hand before verify ran and before the next event of that chain.",
    "Access that a secret gives: sessions, one-time codes, invitations, waiting mail and idempotency keys.",
    "Values that only count or date a record and decide nothing.",
    "Values by which records are found and which decide nothing.",
    "What an erased copy said, and events whose key is lost.",
    "What was changed of a practice itself before a checkpoint held it, and a practice that was put in by hand.",
    "Who can read a conversation, and what is booked, if that was changed by hand.",
    "What the service keeps for itself: locks, applied migrations and the check values of keys.",
    "Anything done by somebody who has the audit key and the sealing key.",
)
"""One sentence for each kind."""
