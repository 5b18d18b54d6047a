"""What has to do with appointments by its id, as far as the caller may see it.

Portal accounts find locations and types too, as they find practitioners: they are shown them at their appointments.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.acting.appointments.graph.settings import LocationReads, TypeReads
from graph_api.acting.appointments.questions import SettingQuestions
from graph_api.acting.appointments.reading import AppointmentReading
from graph_api.kernel.scope import Scope
from graph_api.shapes.nodes import register_node


async def _locations(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope.graph[LocationReads].by_ids(ids)


async def _types(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope.graph[TypeReads].by_ids(ids)


async def _exceptions(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[SettingQuestions].exceptions(ids)


async def _appointments(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[AppointmentReading].by_ids(ids)


register_node("location", _locations)
register_node("type", _types)
register_node("exception", _exceptions)
register_node("appointment", _appointments)
