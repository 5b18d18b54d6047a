"""Enums of the portal, as the contract names and describes them."""

from graph_api.access.model import AccountStatus
from graph_api.shapes.enums import show

show(
    AccountStatus,
    "AccountStatus",
    "Status of a portal account",
    ACTIVE="The owner can sign in",
    DISABLED="The account is closed. A new invitation can open it again",
)
