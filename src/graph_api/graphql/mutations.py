"""All mutations that were declared: each takes one input and answers with the entity, or errors and nothing changed."""

from typing import Any

import strawberry

from graph_api.access.api import mutations as _access  # noqa: F401 - each declares its own
from graph_api.acting.appointments.api import mutations as _appointments  # noqa: F401
from graph_api.acting.appointments.api.settings import mutations as _settings  # noqa: F401
from graph_api.acting.feeds.api import mutations as _feeds  # noqa: F401
from graph_api.acting.messages.api import mutations as _messages  # noqa: F401
from graph_api.acting.payments.api import mutations as _payments  # noqa: F401
from graph_api.acting.reminders.api import mutations as _reminders  # noqa: F401
from graph_api.network.api import mutations as _network  # noqa: F401
from graph_api.people.api import mutations as _people  # noqa: F401
from graph_api.portal.api import mutations as _portal  # noqa: F401
from graph_api.practices.api import mutations as _practices  # noqa: F401
from graph_api.practitioners.api import mutations as _practitioners  # noqa: F401
from graph_api.shapes.mutations import MUTATIONS


def _mutation() -> type:
    fields: dict[str, Any] = {name: declared.field() for name, declared in MUTATIONS.items()}
    made = type("Mutation", (), {**fields, "__annotations__": {}, "__module__": __name__})
    return strawberry.type(
        made,
        description="The mutations. Each can be null, so that a failure in one does not hide what an earlier one "
        "changed",
    )


Mutation = _mutation()
