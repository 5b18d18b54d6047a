"""A calendar feed in GraphQL."""

from datetime import date, datetime

import strawberry

from graph_api.acting.feeds import model as feeds_model
from graph_api.kernel.rules import EVERYONE
from graph_api.shapes.node import Node, is_a, shown


@strawberry.type(
    description="An address at which a calendar application reads the appointments that the viewer may see. It shows "
    "when they are and at which practice, not what kind they are or with whom. It ends with the viewer's account"
)
class CalendarFeed(Node):
    name: str = shown("What its owner calls it", EVERYONE)
    shows_first_names: bool = shown("Whether its events name the client by their first name", EVERYONE)
    created_at: datetime = shown("When it was made", EVERYONE)
    last_read_on: date | None = shown("The last day on which it was read; null if it never was", EVERYONE)
    is_type_of = is_a(feeds_model.CalendarFeed)
