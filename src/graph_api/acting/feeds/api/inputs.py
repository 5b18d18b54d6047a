"""Inputs about calendar feeds."""

import strawberry

from graph_api.shapes.inputs import KEY, needed, taken


@strawberry.input(description="Input of createCalendarFeed")
class CreateCalendarFeedInput:
    name: str = needed("What to call it, such as the device that reads it, at most 60 characters")
    shows_first_names: bool = taken(
        "Whether its events name the client by their first name. Anyone who sees the calendar reads it", default=False
    )
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of revokeCalendarFeed")
class RevokeCalendarFeedInput:
    feed_id: strawberry.ID = needed("Id of the calendar feed")
    idempotency_key: str | None = taken(KEY)
