"""Parameters of the statements about access, for tests/contract/statement_cases.py."""

from datetime import timedelta
from typing import TYPE_CHECKING

from graph_api.access.graph.decisions import gate_key, gate_of, pair_params
from graph_api.access.graph.names import CONTACTS, GRANTS, GRANTS_THEN, PAIR, PAIR_THEN
from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.rows import stamp

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

SOME = 5


def access_statements(sample: "Sample") -> dict[str, Row]:
    """Of a current edge, of one that was removed, and of what was a moment ago."""
    practice, contact, removed = sample.practice.id, sample.part.contacts[0], sample.part.removed[0]
    client, then = contact.client.id, {"at": stamp(sample.now - timedelta(milliseconds=1))}
    key = {"accountKey": account_key(practice, client)}
    return {
        "access/pair": pair_params(practice, contact.person.id, client) | PAIR,
        "access/pair_at": pair_params(practice, removed.person.id, removed.client.id) | then | PAIR_THEN,
        "access/contacts": {"ids": [found.id for found in sample.part.contacts[:SOME]]} | CONTACTS,
        "access/of_client": {"clientId": client} | GRANTS,
        "access/of_client_at": {"clientId": client} | key | then | GRANTS_THEN,
        "access/of_person": {"personId": contact.person.id} | GRANTS,
        "access/lock": {"clientId": client, "gate": gate_of(practice, client), "stamp": "x"} | key,
        "access/lock_gates": {"keys": [gate_key(practice, 0)], "stamp": "x"},
    }
