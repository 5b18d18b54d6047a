"""Enums of the portal, as the contract names and describes them."""

from graph_api.access.model import AccountStatus
from graph_api.shapes.enums import show

show(
    AccountStatus,
    "AccountStatus",
    "Whether a portal account may be signed in to",
    ACTIVE="It may be signed in to",
    DISABLED="It is closed; a new invitation opens it again",
)
