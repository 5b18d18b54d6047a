"""Parameters of the statements about access, for tests/contract/statement_cases.py."""

from typing import TYPE_CHECKING

from graph_api.engine.session import Row
from graph_api.repositories.access import gate_key

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample


def access_statements(sample: "Sample") -> dict[str, Row]:
    """By statement."""
    return {"access/lock_gates": {"keys": [gate_key(sample.practice.id, 0)], "stamp": "x"}}
