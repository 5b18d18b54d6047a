"""Questions about access."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from graph_api.access.api.types import AccessDecision, AccessGrantConnection
from graph_api.access.model import PortalAction
from graph_api.access.questions import AccessService
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.rules import EVERYONE, INSIDE
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable
from graph_api.shapes.pages import AFTER, FIRST
from graph_api.shapes.selection import selects

ACTION = Annotated[PortalAction, strawberry.argument(description="The action to take for the client")]
AT = Annotated[
    datetime | None,
    strawberry.argument(
        description="The time to ask about, from 1900 through 2199; now by default. In the past, the answer is "
        "what the system would have said then. In the future, it is what the system will say if nothing "
        "changes"
    ),
]


@strawberry.type(description="Questions about access")
class AccessQueries:
    @strawberry.field(
        description="Whether a person may act for a client. An unknown id gets the same answer as a stranger. A "
        "portal account may ask about its own person only, and gets null for others",
        graphql_type=AccessDecision | None,
        metadata=readable(EVERYONE),
    )
    async def can_act(
        self,
        info: Info,
        person_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the person who would act")],
        client_id: Annotated[
            strawberry.ID, strawberry.argument(description="Id of the client; it may be that of the same person")
        ],
        action: ACTION,
        at: AT = None,
    ) -> Any:
        return await info.context[AccessService].can_act(str(person_id), str(client_id), action, at)

    @strawberry.field(
        description="Everybody who may act for a client, including the client; empty for an unknown id",
        graphql_type=AccessGrantConnection | None,
        metadata=readable(INSIDE),
    )
    async def who_can_act(
        self,
        info: Info,
        client_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the client")],
        action: ACTION,
        at: AT = None,
        first: FIRST = None,
        after: AFTER = None,
    ) -> Any:
        return await info.context[AccessService].who_can_act(
            str(client_id), action, at, PageArguments(first, after), with_total=selects(info, "totalCount")
        )
