"""What is kept of a mutation under its idempotency key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredSuccess:
    """What is kept of a mutation under its idempotency key: its input as a MAC, what it changed, its warnings."""

    input_hash: str
    entity_id: str
    warnings: str
