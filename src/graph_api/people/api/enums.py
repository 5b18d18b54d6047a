"""Enums of people, as the contract names and describes them."""

from graph_api.people.duplicates import DuplicateGrade, MatchField
from graph_api.people.model import ClientStatus, Gender
from graph_api.shapes.enums import show

show(
    Gender,
    "AdministrativeGender",
    "FHIR administrative gender",
    MALE="Male",
    FEMALE="Female",
    OTHER="Other",
    UNKNOWN="Not known",
)
show(
    ClientStatus,
    "ClientStatus",
    "What kind of client a person is",
    ACTIVE="In care",
    INACTIVE="Not in care now; contacts keep what they had",
    ARCHIVED="Closed; contacts can't act and none can be added",
)


show(
    MatchField,
    "MatchField",
    "What two records, or a record and a search, have in common",
    NAME="Given or family name",
    PREFERRED_NAME="Preferred name",
    BIRTH_DATE="Birth date",
    EMAIL="E-mail address",
    PHONE="Phone number",
    ADDRESS="Postal address",
)
show(
    DuplicateGrade,
    "DuplicateGrade",
    "How sure a match is; both refuse unless named in notDuplicateOf",
    MATCH="The same phone or e-mail and a compatible name, or the same full name and birth date",
    POSSIBLE="As MATCH, but the birth dates are known and differ",
)
