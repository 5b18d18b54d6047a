"""Enums of edges, as the contract names and describes them."""

from graph_api.network.model import AuthorityKind, ContactRole, ContactStatus
from graph_api.network.relationships import BY_RELATIONSHIP, Relationship
from graph_api.shapes.enums import show

_IN_OTHER_WORDS = {
    Relationship.EXTENDED_FAMILY_MEMBER: "The contact belongs to the client's extended family",
    Relationship.FAMILY_MEMBER: "The contact belongs to the client's family",
    Relationship.FRIEND: "The contact is the client's friend, and not related to them",
    Relationship.NIECE_OR_NEPHEW: "The contact is the client's niece or nephew",
    Relationship.WARD: "The contact is the client's ward",
    Relationship.HEALTHCARE_POWER_OF_ATTORNEY: "The contact has healthcare power of attorney for the client",
    Relationship.DURABLE_POWER_OF_ATTORNEY: "The contact has durable power of attorney for the client",
    Relationship.GRANTOR: "The contact has given the client a power of attorney",
    Relationship.RESPONSIBILITY_OF: "The client is responsible for the contact",
    Relationship.GUARANTEED_PERSON: "The client is the contact's guarantor",
    Relationship.CARED_FOR: "The client is the contact's caregiver",
    Relationship.OTHER: "Another relationship, which relationshipLabel puts into words",
}
"""Where "The contact is the client's ..." would be no sentence."""
show(
    Relationship,
    "ContactRelationship",
    "What the contact is to the client",
    **{
        kind.name: _IN_OTHER_WORDS.get(kind, f"The contact is the client's {row.display}")
        for kind, row in BY_RELATIONSHIP.items()
    },
)


show(
    ContactStatus,
    "ContactStatus",
    "Status of a contact today, in the practice's time zone",
    UPCOMING="startsOn is in the future",
    IN_FORCE="The contact is in force today",
    EXPIRED="endsOn has passed",
    REMOVED="Staff removed the contact; this is final",
)
show(
    ContactRole,
    "ContactRole",
    "A role that a contact may have in addition to the relationship",
    EMERGENCY_CONTACT="Call this contact in an emergency",
    NEXT_OF_KIN="Next of kin",
    BILLING_CONTACT="Receives bills",
    PRIMARY_CONTACT="Ask this contact first",
)
show(
    AuthorityKind,
    "AuthorityKind",
    "The kind of document by which a contact may act for a client whatever the client's age, or after the "
    "client's death",
    LEGAL_GUARDIAN="Guardianship",
    HEALTHCARE_PROXY="Healthcare proxy",
    POWER_OF_ATTORNEY="Power of attorney",
    COURT_ORDER="Court order",
    PERSONAL_REPRESENTATIVE="Executor or administrator of the estate. It counts once the client has died, if it "
    "was recorded after the death was recorded. It gives no authority over the living",
)
