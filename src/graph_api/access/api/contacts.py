"""What a contact may do, as a field of contacts."""

from typing import Any

import strawberry

from graph_api.access.api import enums as _enums  # noqa: F401 - makes the actions part of the schema
from graph_api.access.api.loaders import AllowedLoader
from graph_api.access.model import PortalAction
from graph_api.kernel.rules import EVERYONE
from graph_api.network.api.types import Contact
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable


@extends(Contact)
class ContactAccess:
    @strawberry.field(
        description="All actions the contact may take for the client now. The toggles are only part of what decides",
        metadata=readable(EVERYONE),
    )
    async def allowed_actions(root: strawberry.Parent[Any], info: Info) -> list[PortalAction] | None:
        return list(await info.context[AllowedLoader].load(root.id))
