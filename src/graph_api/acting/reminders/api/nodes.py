"""Rules of reminders by their ids."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_api.acting.reminders.reading import ReminderReading
from graph_api.kernel.scope import Scope
from graph_api.shapes.nodes import register_node


async def _rules(scope: Scope, ids: Sequence[str]) -> Mapping[str, Any]:
    return await scope[ReminderReading].rules(ids)


register_node("reminder", _rules)
