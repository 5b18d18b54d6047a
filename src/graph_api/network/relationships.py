"""The relationships a contact may have to a client (S2, D2, D12).

Codes are HL7 v3 RoleCode where it has one; a code that begins with `x-` is local. The relationship says what the
contact is to the client: PARENT means that the contact is the client's parent.
"""

from dataclasses import dataclass
from enum import Enum


class Relationship(Enum):
    """What the contact is to the client; the value is the name the API shows."""

    PARENT = "PARENT"
    CHILD = "CHILD"
    NATURAL_PARENT = "NATURAL_PARENT"
    NATURAL_CHILD = "NATURAL_CHILD"
    ADOPTIVE_PARENT = "ADOPTIVE_PARENT"
    ADOPTED_CHILD = "ADOPTED_CHILD"
    FOSTER_PARENT = "FOSTER_PARENT"
    FOSTER_CHILD = "FOSTER_CHILD"
    STEP_PARENT = "STEP_PARENT"
    STEP_CHILD = "STEP_CHILD"
    SPOUSE = "SPOUSE"
    DOMESTIC_PARTNER = "DOMESTIC_PARTNER"
    SIGNIFICANT_OTHER = "SIGNIFICANT_OTHER"
    FORMER_SPOUSE = "FORMER_SPOUSE"
    SIBLING = "SIBLING"
    HALF_SIBLING = "HALF_SIBLING"
    STEP_SIBLING = "STEP_SIBLING"
    GRANDPARENT = "GRANDPARENT"
    GRANDCHILD = "GRANDCHILD"
    AUNT = "AUNT"
    UNCLE = "UNCLE"
    NIECE_OR_NEPHEW = "NIECE_OR_NEPHEW"
    COUSIN = "COUSIN"
    PARENT_IN_LAW = "PARENT_IN_LAW"
    CHILD_IN_LAW = "CHILD_IN_LAW"
    SIBLING_IN_LAW = "SIBLING_IN_LAW"
    EXTENDED_FAMILY_MEMBER = "EXTENDED_FAMILY_MEMBER"
    FAMILY_MEMBER = "FAMILY_MEMBER"
    FRIEND = "FRIEND"
    NEIGHBOR = "NEIGHBOR"
    ROOMMATE = "ROOMMATE"
    GUARDIAN = "GUARDIAN"
    WARD = "WARD"
    GUARDIAN_AD_LITEM = "GUARDIAN_AD_LITEM"
    HEALTHCARE_POWER_OF_ATTORNEY = "HEALTHCARE_POWER_OF_ATTORNEY"
    DURABLE_POWER_OF_ATTORNEY = "DURABLE_POWER_OF_ATTORNEY"
    GRANTOR = "GRANTOR"
    RESPONSIBLE_PARTY = "RESPONSIBLE_PARTY"
    RESPONSIBILITY_OF = "RESPONSIBILITY_OF"
    GUARANTOR = "GUARANTOR"
    GUARANTEED_PERSON = "GUARANTEED_PERSON"
    CAREGIVER = "CAREGIVER"
    CARED_FOR = "CARED_FOR"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """One row of the table: its code, its words, and the code of what the client is to the contact."""

    code: str
    relationship: Relationship
    display: str
    inverse_code: str | None
    end_date_expected: bool = False
    review_access: bool = False

    @property
    def name(self) -> Relationship:
        """The enum value front ends send back."""
        return self.relationship

    @property
    def needs_label(self) -> bool:
        """Whether the relationship only means something with a label in the user's words."""
        return self.relationship is Relationship.OTHER

    @property
    def inverse(self) -> "RelationshipType | None":
        """What the client is to the contact (D11: proposed, never written); None where it is ambiguous."""
        return None if self.inverse_code is None else BY_CODE[self.inverse_code]


RELATIONSHIP_TYPES: tuple[RelationshipType, ...] = (
    RelationshipType("PRN", Relationship.PARENT, "parent", "CHILD"),
    RelationshipType("CHILD", Relationship.CHILD, "child", "PRN"),
    RelationshipType("NPRN", Relationship.NATURAL_PARENT, "natural parent", "NCHILD"),
    RelationshipType("NCHILD", Relationship.NATURAL_CHILD, "natural child", "NPRN"),
    RelationshipType("ADOPTP", Relationship.ADOPTIVE_PARENT, "adoptive parent", "CHLDADOPT"),
    RelationshipType("CHLDADOPT", Relationship.ADOPTED_CHILD, "adopted child", "ADOPTP"),
    RelationshipType("PRNFOST", Relationship.FOSTER_PARENT, "foster parent", "CHLDFOST", end_date_expected=True),
    RelationshipType("CHLDFOST", Relationship.FOSTER_CHILD, "foster child", "PRNFOST"),
    RelationshipType("STPPRN", Relationship.STEP_PARENT, "step parent", "STPCHLD"),
    RelationshipType("STPCHLD", Relationship.STEP_CHILD, "step child", "STPPRN"),
    RelationshipType("SPS", Relationship.SPOUSE, "spouse", "SPS"),
    RelationshipType("DOMPART", Relationship.DOMESTIC_PARTNER, "domestic partner", "DOMPART"),
    RelationshipType("SIGOTHR", Relationship.SIGNIFICANT_OTHER, "significant other", "SIGOTHR"),
    RelationshipType("FMRSPS", Relationship.FORMER_SPOUSE, "former spouse", "FMRSPS", review_access=True),
    RelationshipType("SIB", Relationship.SIBLING, "sibling", "SIB"),
    RelationshipType("HSIB", Relationship.HALF_SIBLING, "half-sibling", "HSIB"),
    RelationshipType("STPSIB", Relationship.STEP_SIBLING, "step sibling", "STPSIB"),
    RelationshipType("GRPRN", Relationship.GRANDPARENT, "grandparent", "GRNDCHILD"),
    RelationshipType("GRNDCHILD", Relationship.GRANDCHILD, "grandchild", "GRPRN"),
    RelationshipType("AUNT", Relationship.AUNT, "aunt", "NIENEPH"),
    RelationshipType("UNCLE", Relationship.UNCLE, "uncle", "NIENEPH"),
    RelationshipType("NIENEPH", Relationship.NIECE_OR_NEPHEW, "niece/nephew", None),
    RelationshipType("COUSN", Relationship.COUSIN, "cousin", "COUSN"),
    RelationshipType("PRNINLAW", Relationship.PARENT_IN_LAW, "parent in-law", "CHLDINLAW"),
    RelationshipType("CHLDINLAW", Relationship.CHILD_IN_LAW, "child in-law", "PRNINLAW"),
    RelationshipType("SIBINLAW", Relationship.SIBLING_IN_LAW, "sibling in-law", "SIBINLAW"),
    RelationshipType("EXT", Relationship.EXTENDED_FAMILY_MEMBER, "extended family member", "EXT"),
    RelationshipType("FAMMEMB", Relationship.FAMILY_MEMBER, "family member", "FAMMEMB"),
    RelationshipType("FRND", Relationship.FRIEND, "unrelated friend", "FRND"),
    RelationshipType("NBOR", Relationship.NEIGHBOR, "neighbor", "NBOR"),
    RelationshipType("ROOM", Relationship.ROOMMATE, "roommate", "ROOM"),
    RelationshipType("GUARD", Relationship.GUARDIAN, "guardian", "x-WARD_OF"),
    RelationshipType("x-WARD_OF", Relationship.WARD, "ward of", "GUARD"),
    RelationshipType(
        "GUADLTM", Relationship.GUARDIAN_AD_LITEM, "guardian ad litem", "x-WARD_OF", end_date_expected=True
    ),
    RelationshipType("HPOWATT", Relationship.HEALTHCARE_POWER_OF_ATTORNEY, "healthcare power of attorney", "GRANTOR"),
    RelationshipType("DPOWATT", Relationship.DURABLE_POWER_OF_ATTORNEY, "durable power of attorney", "GRANTOR"),
    RelationshipType("GRANTOR", Relationship.GRANTOR, "grantor", None),
    RelationshipType("RESPRSN", Relationship.RESPONSIBLE_PARTY, "responsible party", "x-RESP_OF"),
    RelationshipType("x-RESP_OF", Relationship.RESPONSIBILITY_OF, "person they are responsible for", "RESPRSN"),
    RelationshipType("GT", Relationship.GUARANTOR, "guarantor", "x-GUARANTEED"),
    RelationshipType("x-GUARANTEED", Relationship.GUARANTEED_PERSON, "person they guarantee", "GT"),
    RelationshipType("CGV", Relationship.CAREGIVER, "caregiver", "x-CARED_FOR"),
    RelationshipType("x-CARED_FOR", Relationship.CARED_FOR, "person they care for", "CGV"),
    RelationshipType("x-OTHER", Relationship.OTHER, "other", None),
)

BY_CODE = {row.code: row for row in RELATIONSHIP_TYPES}
BY_RELATIONSHIP = {row.relationship: row for row in RELATIONSHIP_TYPES}

ENDS_AT_MAJORITY = frozenset(
    {
        Relationship.PARENT,
        Relationship.NATURAL_PARENT,
        Relationship.ADOPTIVE_PARENT,
        Relationship.FOSTER_PARENT,
        Relationship.STEP_PARENT,
        Relationship.GUARDIAN,
        Relationship.GUARDIAN_AD_LITEM,
    }
)
"""Whose portal access ends on the client's birthday of majority (D13)."""
