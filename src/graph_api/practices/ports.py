"""The reads of the graph for practices and for the past facts of decisions."""

from collections.abc import Sequence
from enum import Enum

Fact = str | int | bool | Sequence[str] | None


class FactKind(Enum):
    """Whose facts; the value is what the graph keeps."""

    PRACTICE = "practice"
    CLIENT = "client"
    ACCOUNT = "account"
    PERSON = "person"
