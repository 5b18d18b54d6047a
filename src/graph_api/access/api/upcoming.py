"""Questions about what is coming (D8, D13)."""

from typing import Annotated, Any

import strawberry

from graph_api.access.upcoming_questions import MOST_DAYS, MOST_YEARS, ComingService
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import INSIDE
from graph_api.network.api.types import ContactConnection
from graph_api.people.api.types import PersonConnection
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, FIRST
from graph_api.shapes.selection import selects

_DAYS = f"How many days to look ahead from today, 0 to {MOST_DAYS}, in the practice's time zone"


@strawberry.type
class ComingQueries:
    """A part of Query."""

    @strawberry.field(
        description="Contacts who may do something today and no longer after one of the next days, because of "
        "their own last day, because of the last day of the authority that their portal access rests on, or "
        "because the client comes of age. Ordered by that day, then by id",
        graphql_type=ContactConnection | None,
        metadata=readable(INSIDE),
    )
    async def access_ending_within(
        self,
        info: Info,
        days: Annotated[int, strawberry.argument(description=_DAYS)],
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        with_total = selects(info, "totalCount")
        return await info.context[ComingService].access_ending(days, PageArguments(first, after), with_total=with_total)

    @strawberry.field(
        description="Clients who turn a given age within the next days; ARCHIVED clients are left out. A 29 "
        "February birthday falls on 1 March in a common year. Ordered by birthday, then in the order of "
        "`clients`",
        graphql_type=PersonConnection | None,
        metadata=readable(INSIDE),
    )
    async def clients_turning(
        self,
        info: Info,
        age: Annotated[int, strawberry.argument(description=f"The age that the clients turn, 0 to {MOST_YEARS}")],
        within_days: Annotated[int, strawberry.argument(description=_DAYS)],
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        with_total = selects(info, "totalCount")
        arguments = PageArguments(first, after)
        return await info.context[ComingService].clients_turning(age, within_days, arguments, with_total=with_total)
