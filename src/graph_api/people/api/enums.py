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
    "Status of a client",
    ACTIVE="The client is in care",
    INACTIVE="The client is not in care now. Contacts keep the access they had",
    ARCHIVED="The client's record is closed. Contacts can't act, and none can be added",
)


show(
    MatchField,
    "MatchField",
    "A field that two people, or a person and a search, have in common",
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
    "How certain a match is. Either grade leads to a refusal unless the person is named in notDuplicateOf",
    MATCH="The same phone number or e-mail address and a compatible name, or the same full name and birth date",
    POSSIBLE="As MATCH, but the birth dates are known and differ",
)
