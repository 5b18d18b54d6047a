"""Contact networks, as fields of people."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import INSIDE, INSIDE_AND_OWN
from graph_api.network.api.inputs import FILTER
from graph_api.network.api.pages import network_page
from graph_api.network.api.past_loaders import HistoryLoaders
from graph_api.network.history import HistoryService
from graph_api.network.requests import Side
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, BEFORE, FIRST, LAST
from graph_api.shapes.selection import selects


@extends(Person)
class PersonNetworks:
    @strawberry.field(
        description="Contacts in this client's network. For the other direction see contactOf",
        graphql_type=Annotated["ContactConnection", strawberry.lazy("graph_api.network.api.types")] | None,  # noqa: F821
        metadata=readable(INSIDE),
    )
    async def contact_network(
        root: strawberry.Parent[Any],
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
        filter: FILTER = None,  # noqa: A002 - the contract's name
    ) -> Any:
        return await network_page(info, root, Side.CONTACT_NETWORK, PageArguments(first, after, last, before), filter)

    @strawberry.field(
        description="Networks in which this person is a contact",
        graphql_type=Annotated["ContactConnection", strawberry.lazy("graph_api.network.api.types")] | None,  # noqa: F821
        metadata=readable(INSIDE_AND_OWN),
    )
    async def contact_of(
        root: strawberry.Parent[Any],
        info: Info,
        first: FIRST = None,
        after: AFTER = None,
        last: LAST = None,
        before: BEFORE = None,
        filter: FILTER = None,  # noqa: A002 - the contract's name
    ) -> Any:
        return await network_page(info, root, Side.CONTACT_OF, PageArguments(first, after, last, before), filter)

    @strawberry.field(
        description="This client's contact network as it was at some time, in the order of contactNetwork. For a "
        "time in the future, the network as it is now",
        graphql_type=Annotated["ContactVersionConnection", strawberry.lazy("graph_api.network.api.history")] | None,  # noqa: F821
        metadata=readable(INSIDE),
    )
    async def contact_network_as_of(
        root: strawberry.Parent[Any],
        info: Info,
        at: Annotated[datetime, strawberry.argument(description="The time to ask about")],
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        with_total = selects(info, "totalCount")
        query = info.context[HistoryService].as_of_query(at, PageArguments(first, after), with_total=with_total)
        return await info.context[HistoryLoaders].network_as_of(query, root)
