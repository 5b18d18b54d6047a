"""Portal accounts, as staff see them."""

from typing import Annotated, Any

import strawberry

from graph_api.access.api import enums as _enums  # noqa: F401 - makes the status part of the schema
from graph_api.access.model import AccountStatus
from graph_api.kernel.rules import WRITERS
from graph_api.portal.codes import recent
from graph_api.shapes.node import readable_by


@readable_by(WRITERS)
@strawberry.type(description="A person's portal account")
class PortalAccount:
    status: AccountStatus = strawberry.field(description="Whether it may be signed in to")
    address: str = strawberry.field(description="The e-mail address that opens it, and that codes are mailed to")

    @strawberry.field(
        description="How often a code to sign in was asked for within the hour, by anybody, 100 at most. Many say that "
        "mails do not arrive, or that a stranger knows the address: they keep nobody out"
    )
    def codes_asked_for(root: strawberry.Parent[Any], info: strawberry.Info[Any, None]) -> int:
        return len(recent(root.codes_asked_at, info.context.now))


PORTAL_ACCOUNT = Annotated["PortalAccount", strawberry.lazy("graph_api.portal.api.account")] | None
