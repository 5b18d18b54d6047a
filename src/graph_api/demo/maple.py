"""Maple Street Family Practice: invented families, few enough to know by name, who between them show every rule.

Phone numbers are of the range kept for fiction, addresses of the domain kept for examples. Days are counted from the
day the practice is made, so that what is upcoming then is upcoming; and whoever is a child is one in any year.
"""

from dataclasses import dataclass, field
from datetime import date

from graph_api.network.model import ContactRole
from graph_api.network.relationships import Relationship
from graph_api.network.terms import TermsFields
from graph_api.people.fields import PersonFields
from graph_api.people.model import ClientStatus, Gender

HOUSEHOLD_PHONE = "+1 617-555-0114"
HALE_PHONE = "+1 617-555-0146"
ALL_TOGGLES: TermsFields = {
    "portal_access": True,
    "secure_messaging": True,
    "payments": True,
    "appointment_reminders": True,
}


WRITTEN_IN = 2026
"""The year in which these people are as old as their birth dates say."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person by external id; `unlike` are people staff looked at and said are others (D9)."""

    key: str
    fields: PersonFields
    status: ClientStatus | None = None
    unlike: tuple[str, ...] = ()

    def fields_on(self, today: date) -> PersonFields:
        """Where the practice is made in a later year, its people were born as many years later."""
        born = self.fields.get("birth_date")
        if born is None:
            return self.fields
        return {**self.fields, "birth_date": born.replace(year=born.year + today.year - WRITTEN_IN)}


@dataclass(frozen=True, slots=True)
class DemoContact:
    """An edge from client to contact; days are counted from the practice's first day."""

    client: str
    person: str
    relationship: Relationship
    terms: TermsFields = field(default_factory=TermsFields)
    starts_in: int | None = None
    ends_in: int | None = None
    removed_for: str | None = None


def _person(
    key: str,
    given: str,
    family: str | None,
    born: str | None,
    gender: Gender | None = None,
    status: ClientStatus | None = None,
    unlike: tuple[str, ...] = (),
    **more: list[str],
) -> DemoPerson:
    fields: PersonFields = {"given_name": given, "gender": gender, "external_id": key}
    if family is not None:
        fields["family_name"] = family
    if born is not None:
        fields["birth_date"] = date.fromisoformat(born)
    fields["emails"] = more.get("emails", [])
    fields["phones"] = more.get("phones", [])
    return DemoPerson(key, fields, status, unlike)


_ACTIVE, _INACTIVE, _ARCHIVED = ClientStatus.ACTIVE, ClientStatus.INACTIVE, ClientStatus.ARCHIVED
_F, _M = Gender.FEMALE, Gender.MALE

PEOPLE: tuple[DemoPerson, ...] = (
    # A mother who is a client and the contact of two children (D1, S6); a household's phone (D9: only a warning).
    _person("maple-anna", "Anna", "Moreno", "1985-04-12", _F, _ACTIVE,
            emails=["anna.moreno@example.com"], phones=[HOUSEHOLD_PHONE]),
    _person("maple-ben", "Ben", "Moreno", "2014-09-03", _M, _ACTIVE, phones=[HOUSEHOLD_PHONE]),
    _person("maple-clara", "Clara", "Moreno", "2017-01-21", _F, _ACTIVE),
    _person("maple-tom", "Tom", "Fischer", "1983-11-30", _M, phones=[HOUSEHOLD_PHONE]),
    _person("maple-david", "David", "Ruiz", "1984-06-17", _M,
            emails=["david.ruiz@example.com"], phones=["+1 617-555-0121"]),
    _person("maple-joan", "Joan", "Whitfield", None, _F, phones=["+1 617-555-0133"]),
    _person("maple-coach", "Malik", "Freeman", None, _M, emails=["coach.freeman@example.com"]),
    # Spouses in each other's networks (D11), and a friend in one direction only (S7).
    _person("maple-liang", "Liang", "Chen", "1979-02-08", _M, _ACTIVE, emails=["liang.chen@example.com"]),
    _person("maple-mei", "Mei", "Chen", "1981-10-25", _F, _ACTIVE, emails=["mei.chen@example.com"]),
    _person("maple-sukarni", "Sukarni", None, "1990-05-05", _F, _ACTIVE, phones=["+1 617-555-0158"]),
    # Father and son: one name, one phone, two birth dates (D9: POSSIBLE, refused until staff say that they differ).
    _person("maple-robert-sr", "Robert", "Hale", "1958-02-11", _M, _ACTIVE, phones=[HALE_PHONE]),
    _person("maple-robert-jr", "Robert", "Hale", "1986-07-30", _M, None, ("maple-robert-sr",), phones=[HALE_PHONE]),
    # A foster child: contacts that end, ended, and are yet to begin (D8).
    _person("maple-eli", "Eli", "Brooks", "2015-12-01", _M, _ACTIVE),
    _person("maple-grace", "Grace", "Adeyemi", "1976-03-19", _F, emails=["grace.adeyemi@example.com"]),
    _person("maple-noor", "Noor", "Haddad", None, _F, emails=["n.haddad@example.com"]),
    _person("maple-hana", "Hana", "Kobayashi", "1982-08-14", _F,
            emails=["hana.kobayashi@example.com"], phones=["+1 617-555-0162"]),
    _person("maple-ines", "Inês", "Sørensen", "1971-07-07", _F,
            emails=["ines.sorensen@example.com"], phones=["+1 617-555-0167"]),
    # An adult client whose mother still has portal access (D13), an inactive and an archived client (D7).
    _person("maple-zoe", "Zoe", "Abbott", "2004-04-30", _F, _ACTIVE, emails=["zoe.abbott@example.com"]),
    _person("maple-ruth", "Ruth", "Abbott", "1974-09-09", _F, emails=["ruth.abbott@example.com"]),
    _person("maple-olga", "Olga", "Petrova", "1949-01-15", _F, _INACTIVE),
    _person("maple-irina", "Irina", "Petrova", "1975-06-02", _F, emails=["irina.petrova@example.com"]),
    _person("maple-walter", "Walter", "Kim", "1940-12-24", _M, _ARCHIVED),
    _person("maple-sora", "Sora", "Kim", "1944-03-03", _F),
)  # fmt: skip

CONTACTS: tuple[DemoContact, ...] = (
    DemoContact("maple-ben", "maple-anna", Relationship.PARENT,
                {**ALL_TOGGLES, "roles": [ContactRole.PRIMARY_CONTACT, ContactRole.BILLING_CONTACT]}),
    DemoContact("maple-clara", "maple-anna", Relationship.PARENT,
                {**ALL_TOGGLES, "roles": [ContactRole.PRIMARY_CONTACT, ContactRole.NEXT_OF_KIN]}),
    DemoContact("maple-anna", "maple-tom", Relationship.SPOUSE,
                {"roles": [ContactRole.EMERGENCY_CONTACT, ContactRole.NEXT_OF_KIN], "appointment_reminders": True}),
    DemoContact("maple-ben", "maple-tom", Relationship.STEP_PARENT,
                {"roles": [ContactRole.EMERGENCY_CONTACT], "secure_messaging": True}),
    DemoContact("maple-anna", "maple-david", Relationship.FORMER_SPOUSE, {"note": "Shares custody of Ben and Clara."}),
    DemoContact("maple-ben", "maple-david", Relationship.NATURAL_PARENT, {"portal_access": True}),
    DemoContact("maple-ben", "maple-joan", Relationship.CAREGIVER, removed_for="No longer looks after Ben."),
    DemoContact("maple-ben", "maple-coach", Relationship.OTHER, {"relationship_label": "Swimming coach"}),
    DemoContact("maple-liang", "maple-mei", Relationship.SPOUSE, {"roles": [ContactRole.EMERGENCY_CONTACT]}),
    DemoContact("maple-mei", "maple-liang", Relationship.SPOUSE,
                {"roles": [ContactRole.NEXT_OF_KIN], "payments": True, "portal_access": True}),
    DemoContact("maple-mei", "maple-sukarni", Relationship.FRIEND),
    DemoContact("maple-robert-sr", "maple-robert-jr", Relationship.CHILD, {"roles": [ContactRole.EMERGENCY_CONTACT]}),
    DemoContact("maple-eli", "maple-grace", Relationship.FOSTER_PARENT, ALL_TOGGLES, starts_in=-200, ends_in=165),
    DemoContact("maple-eli", "maple-noor", Relationship.GUARDIAN_AD_LITEM),
    DemoContact("maple-eli", "maple-hana", Relationship.ADOPTIVE_PARENT, {"portal_access": True}, starts_in=166),
    DemoContact("maple-eli", "maple-ines", Relationship.FOSTER_PARENT,
                {"portal_access": True, "appointment_reminders": True}, -700, -201),
    DemoContact("maple-zoe", "maple-ruth", Relationship.PARENT, {"portal_access": True, "payments": True}),
    DemoContact("maple-olga", "maple-irina", Relationship.CHILD, ALL_TOGGLES),
    DemoContact("maple-walter", "maple-sora", Relationship.SPOUSE, {"roles": [ContactRole.NEXT_OF_KIN]}),
)  # fmt: skip
