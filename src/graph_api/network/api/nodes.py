"""People, edges and their versions by their ids, as far as the caller may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.kernel.scope import Scope
from graph_api.network.history import HistoryService
from graph_api.network.reading import Reading
from graph_api.network.records import WHOLE_EDGE
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.shapes.nodes import register_node


async def _people(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    reading = scope[Reading]
    found = await reading.people(ids, PERSON_PROPERTIES)
    return {person_id: reading.person_model(record) for person_id, record in found.items()}


async def _contacts(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    reading = scope[Reading]
    found = await reading.contacts(ids, WHOLE_EDGE)
    return {contact_id: reading.contact_model(edge) for contact_id, edge in found.items()}


async def _versions(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[HistoryService].versions(ids)


register_node("person", _people)
register_node("contact", _contacts)
register_node("version", _versions)
