"""Parameters of the statements about what is coming."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from graph_api.engine.session import Row
from graph_api.network.graph.edges import edge_params
from graph_api.network.keys import end_keys
from graph_api.network.records import WHOLE_EDGE
from graph_api.network.relationships import ENDS_AT_MAJORITY
from graph_api.people.names import FIELD_END
from graph_api.people.records import PERSON_PROPERTIES

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

PAGE = 11
COMING_MAY_GROW = {"access/coming/turning_total": "it counts all clients who have a birthday in the window, when asked"}


def coming_cases(sample: "Sample") -> dict[str, Row]:
    """A page of the days on which terms end, and of the clients born in one year, of whom there are many."""
    practice, today = sample.practice.id, sample.now.date()
    year = today.year - 30
    born = {
        "after": f"{practice}{FIELD_END}{date(year, 1, 1)}",
        "before": f"{practice}{FIELD_END}{date(year, 12, 31)}~",
    }
    ends = {
        "after": f"{practice}|{today - timedelta(days=3_650)}|",
        "before": f"{practice}|{today + timedelta(days=3_650)}|~",
    }
    contact = sample.part.contacts[0]
    terms = replace(contact.terms, portal_access=True, ends_on=today)
    keys = sorted(end_keys(practice, replace(contact, terms=terms)))
    relationships = sorted(kind.value for kind in ENDS_AT_MAJORITY)
    return {
        "access/coming/ends": ends | {"size": PAGE},
        "access/coming/of_age": born | {"relationships": relationships, "size": PAGE} | edge_params(WHOLE_EDGE),
        "access/coming/turning": born | {"person": list(PERSON_PROPERTIES), "size": PAGE},
        "access/coming/turning_total": born,
        "network/contacts/add_ends": {"rows": [{"key": key, "contactId": contact.id} for key in keys]},
        "network/contacts/drop_ends": {"keys": keys},
    }
