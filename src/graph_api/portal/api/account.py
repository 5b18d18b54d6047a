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
    status: AccountStatus = strawberry.field(description="Status of the account")
    address: str = strawberry.field(description="The e-mail address to sign in with; codes are mailed to it")

    @strawberry.field(
        description="How often anybody asked for a sign-in code within the last hour, at most 100. A high number "
        "suggests that mails do not arrive, or that a stranger knows the address. It does not keep the owner "
        "from signing in"
    )
    def codes_asked_for(root: strawberry.Parent[Any], info: strawberry.Info[Any, None]) -> int:
        return len(recent(root.codes_asked_at, info.context.now))


PORTAL_ACCOUNT = Annotated["PortalAccount", strawberry.lazy("graph_api.portal.api.account")] | None
