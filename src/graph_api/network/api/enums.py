"""Enums of edges, as the contract names and describes them."""

from graph_api.network.model import AuthorityKind, ContactRole, ContactStatus
from graph_api.network.relationships import BY_RELATIONSHIP, Relationship
from graph_api.shapes.enums import show

show(
    Relationship,
    "ContactRelationship",
    "What the contact is to the client",
    **{kind.name: f"The contact is the client's: {row.display}" for kind, row in BY_RELATIONSHIP.items()},
)


show(
    ContactStatus,
    "ContactStatus",
    "Where a contact stands today, in the practice's time zone",
    UPCOMING="startsOn is still to come",
    IN_FORCE="Counts today",
    EXPIRED="endsOn has passed",
    REMOVED="Ended by staff, for good",
)
show(
    ContactRole,
    "ContactRole",
    "Roles a contact may have beside the relationship",
    EMERGENCY_CONTACT="To be called in an emergency",
    NEXT_OF_KIN="Next of kin",
    BILLING_CONTACT="Receives bills",
    PRIMARY_CONTACT="To be asked first",
)
show(
    AuthorityKind,
    "AuthorityKind",
    "By what a contact acts for a client whatever the client's age, or after the client's death",
    LEGAL_GUARDIAN="Guardianship",
    HEALTHCARE_PROXY="Healthcare proxy",
    POWER_OF_ATTORNEY="Power of attorney",
    COURT_ORDER="An order of a court",
    PERSONAL_REPRESENTATIVE="Executor or administrator of the estate: counts once the client has died, if recorded "
    "after the death was; over the living it is none",
)
