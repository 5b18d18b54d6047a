"""Parameters of the statements about access, for tests/contract/statement_cases.py."""

from datetime import timedelta
from typing import TYPE_CHECKING

from graph_api.access.graph.decisions import gate_key, gate_of, pair_params
from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.rows import stamp
from graph_api.network.records import CONTACT_PROPERTIES
from graph_api.people.records import PERSON_PROPERTIES

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

SOME = 5


def access_statements(sample: "Sample") -> dict[str, Row]:
    """Of a current edge, of one that was removed, and of what was a moment ago."""
    practice, contact, removed = sample.practice.id, sample.part.contacts[0], sample.part.removed[0]
    client, then = contact.client.id, {"at": stamp(sample.now - timedelta(milliseconds=1))}
    person, edge = {"person": list(PERSON_PROPERTIES)}, {"contact": list(CONTACT_PROPERTIES)}
    key = {"accountKey": account_key(practice, client)}
    return {
        "access/pair": pair_params(practice, contact.person.id, client),
        "access/pair_at": pair_params(practice, removed.person.id, removed.client.id) | then,
        "access/contacts": {"ids": [found.id for found in sample.part.contacts[:SOME]]},
        "access/of_client": {"clientId": client} | person | edge,
        "access/of_client_at": {"clientId": client} | key | then | person,
        "access/of_person": {"personId": contact.person.id} | person | edge,
        "access/lock": {"clientId": client, "gate": gate_of(practice, client), "stamp": "x"} | key,
        "access/lock_gates": {"keys": [gate_key(practice, 0)], "stamp": "x"},
    }
