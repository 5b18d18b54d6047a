"""Questions about practitioners."""

from typing import Annotated, Any

import strawberry

from graph_api.kernel.rules import INSIDE
from graph_api.practitioners.api.types import Practitioner
from graph_api.practitioners.graph import PractitionerReads
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable


@strawberry.type
class PractitionerQueries:
    @strawberry.field(
        description="The practice's practitioners, ordered by name without regard to case and accents, then by id; at "
        "most 1,000",
        graphql_type=list[Practitioner] | None,
        metadata=readable(INSIDE),
    )
    async def practitioners(
        self,
        info: Info,
        include_inactive: Annotated[
            bool, strawberry.argument(description="Whether to list those who no longer work at the practice, too")
        ] = False,
    ) -> Any:
        return await info.context.graph[PractitionerReads].list(include_inactive=include_inactive)
