"""Enums of access, as the contract names and describes them."""

from graph_api.access.model import ACTIONS, AccessRule, PortalAction
from graph_api.shapes.enums import show

show(
    PortalAction,
    "PortalAction",
    "An action that somebody may take for a client",
    **{action.name: needed.described for action, needed in ACTIONS.items()},
)
show(
    AccessRule,
    "AccessRule",
    "A rule that a decision checks, in this order",
    PRACTICE_FEATURE="The practice offers what the action needs",
    CLIENT_FEATURE="What the action needs is not switched off for this client",
    CLIENT_STATUS="The client is not archived",
    CONTACT="The person is in the client's contact network, or is the client",
    PORTAL_ACCESS="Portal access is switched on for the contact",
    TOGGLE="The contact's toggle for the action is on",
    DATES="The contact is in force on that day",
    AGE="A parent or guardian acts for a minor, or with the adult client's consent",
    AUTHORITY="The authority that keeps a parent's or guardian's access, or a personal representative's, is in force",
    CONFIDENTIALITY="The contact's account is not at the client's confidential address",
    ACCOUNT="The person has an active portal account",
    DECEASED="Neither the person nor the client has died, or the client has and the contact is their personal "
    "representative. Only shown if one of them has died",
)
