"""Parameters of the statements that read what edges were."""

from typing import TYPE_CHECKING

from graph_api.engine.session import Row
from graph_api.kernel.ids import version_id
from graph_api.kernel.rows import stamp
from graph_api.network.graph.past import NEWEST
from graph_api.network.records import VERSION_PROPERTIES
from graph_api.people.records import PERSON_PROPERTIES

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

SOME, PAGE = 5, 11


def history_cases(sample: "Sample") -> dict[str, Row]:
    """Of a few edges that were removed, of a few that are current, and of the networks of a few people."""
    removed, current = sample.part.removed[:SOME], sample.part.contacts[:SOME]
    version, people = {"version": list(VERSION_PROPERTIES)}, list(PERSON_PROPERTIES)
    ends = version | {"client": people, "person": people}
    return {
        "network/history/of_contacts": version | {"ids": [gone.id for gone in removed], "below": NEWEST, "limit": PAGE},
        "network/contacts/versions_by_ids": ends | {"ids": [version_id(gone.id, gone.version) for gone in removed]},
        "network/history/current_by_ids": ends | {"ids": [version_id(here.id, here.version) for here in current]},
        "network/history/network_as_of": version
        | {
            "ids": [person.id for person in sample.clients],
            "at": stamp(sample.now),
            "other": people,
            "cursorKey": None,
            "cursorId": "",
            "limit": PAGE,
            "withTotal": True,
        },
    }
