"""The decision whether somebody may act for a client; all questions use it (D4, D5, D7, D8, D13, D14; docs/access.md).

Its words are for the front desk: plain, and without anybody's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from graph_api.access.facts import AccessFacts, AccountFacts, ClientFacts, EdgeFacts
from graph_api.access.model import ACTIONS, AccessRule, AccountStatus, PortalAction
from graph_api.network.deaths import represents
from graph_api.network.model import TOGGLES, AuthorityKind, ContactAuthority, ContactStatus, ContactTerms
from graph_api.network.relationships import ENDS_AT_MAJORITY
from graph_api.network.terms import age_on
from graph_api.people.birthdays import birthday
from graph_api.people.model import ClientStatus
from graph_api.practices.model import FEATURES, PracticeFeature

REMINDERS = PortalAction.RECEIVE_APPOINTMENT_REMINDERS
"""The one action that needs neither portal access nor an account."""
FEATURE_OF = {action: ACTIONS[action].feature for action in PortalAction}
_ONE_OF = {feature: action for action, feature in FEATURE_OF.items()}
"""An action of each feature."""
_TOGGLES = tuple(toggle for toggle in TOGGLES if toggle.name != "portal_access")
"""Those that an action of their feature needs. Scheduling has none (S13), and portal access is a rule of its own."""
_AUTHORITY_WORDS = {
    AuthorityKind.LEGAL_GUARDIAN: "legal guardianship",
    AuthorityKind.HEALTHCARE_PROXY: "healthcare proxy",
    AuthorityKind.POWER_OF_ATTORNEY: "power of attorney",
    AuthorityKind.COURT_ORDER: "court order",
    AuthorityKind.PERSONAL_REPRESENTATIVE: "personal representation",
}
_NEEDED = "Record the client's consent, or an authority such as a guardianship."


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """One rule, and what came of it in words."""

    rule: AccessRule
    passed: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the action is allowed at the moment, with every check that applied, in the order of `AccessRule`."""

    action: PortalAction
    at: datetime
    checks: tuple[AccessCheck, ...]

    @property
    def allowed(self) -> bool:
        """Every check passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def nearest_denial(self) -> AccessCheck | None:
        """The first check that failed."""
        return next((check for check in self.checks if not check.passed), None)


def decide(facts: AccessFacts, action: PortalAction, at: datetime) -> Decision:
    """Whether the person may do `action` for the client at the moment `at`, which must know its offset."""
    return Decision(action, at, tuple(_checks(facts, action, _local_day(facts, at))))


def allowed_actions(facts: AccessFacts, at: datetime) -> tuple[PortalAction, ...]:
    """All that the person may do for the client at the moment.

    Actions of one feature are checked alike. What keeps somebody out of the portal keeps them from all that is in it.
    """
    day = _local_day(facts, at)
    is_in = _all_pass(facts, PortalAction.VIEW_PORTAL, day)
    features = {
        feature
        for feature, action in _ONE_OF.items()
        if (is_in or action is REMINDERS) and _all_pass(facts, action, day)
    }
    return tuple(action for action in PortalAction if FEATURE_OF[action] in features)


def _all_pass(facts: AccessFacts, action: PortalAction, day: date) -> bool:
    return all(check.passed for check in _checks(facts, action, day))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local_day(facts: AccessFacts, at: datetime) -> date:
    if at.tzinfo is None:
        raise ValueError("a moment without an offset")
    return at.astimezone(_zone(facts.practice.time_zone)).date()


def _checks(facts: AccessFacts, action: PortalAction, day: date) -> Iterator[AccessCheck]:
    """Every check that applies; without an edge, only checks that reveal nothing about the client."""
    feature = FEATURE_OF[action]
    alone = feature in (PracticeFeature.PORTAL, PracticeFeature.REMINDERS)
    needed = (feature,) if alone else (PracticeFeature.PORTAL, feature)
    yield _practice_feature(facts, needed)
    client, edge = facts.client, facts.edge
    acts_for_self = facts.is_self and client is not None and client.status is not None
    if client is None or (edge is None and not acts_for_self):
        yield AccessCheck(AccessRule.CONTACT, False, "This person is not in the client's contact network.")
        return
    yield _client_feature(client, needed)
    yield _client_status(client)
    if acts_for_self:
        yield AccessCheck(AccessRule.CONTACT, True, "The client acts for themselves.")
    elif edge is not None:
        yield AccessCheck(AccessRule.CONTACT, True, "This person is in the client's contact network.")
        yield from _edge_checks(facts, client, edge, action, day)
        yield _confidentiality(client, facts.account)
    if action is not REMINDERS:
        yield _account(facts.account)
    yield from _deceased(facts, client, edge)


def _practice_feature(facts: AccessFacts, needed: tuple[PracticeFeature, ...]) -> AccessCheck:
    for feature in needed:
        if feature not in facts.practice.features:
            text = f"The practice has switched off {FEATURES[feature].inside}."
            return AccessCheck(AccessRule.PRACTICE_FEATURE, False, text)
    return AccessCheck(AccessRule.PRACTICE_FEATURE, True, f"The practice offers {FEATURES[needed[-1]].inside}.")


def _client_feature(client: ClientFacts, needed: tuple[PracticeFeature, ...]) -> AccessCheck:
    for feature in needed:
        if feature in client.features_off:
            text = f"For this client, {FEATURES[feature].inside} are switched off."
            if feature is PracticeFeature.PORTAL:
                text = "For this client, the client portal is switched off."
            return AccessCheck(AccessRule.CLIENT_FEATURE, False, text)
    return AccessCheck(AccessRule.CLIENT_FEATURE, True, "Nothing that this needs is switched off for this client.")


def _client_status(client: ClientFacts) -> AccessCheck:
    words = {
        ClientStatus.ACTIVE: "The client is active.",
        ClientStatus.INACTIVE: "The client is inactive. Contacts keep the access they had.",
        ClientStatus.ARCHIVED: "The client is archived, so nobody can act for them.",
        None: "This person is not a client.",
    }
    passed = client.status in (ClientStatus.ACTIVE, ClientStatus.INACTIVE)
    return AccessCheck(AccessRule.CLIENT_STATUS, passed, words[client.status])


def _edge_checks(
    facts: AccessFacts, client: ClientFacts, edge: EdgeFacts, action: PortalAction, day: date
) -> Iterator[AccessCheck]:
    terms = edge.terms
    if action is not REMINDERS:
        word = "on" if terms.portal_access else "off"
        text = f"Access to the client portal is switched {word} for this contact."
        yield AccessCheck(AccessRule.PORTAL_ACCESS, terms.portal_access, text)
    for toggle in _TOGGLES:
        if toggle.feature is FEATURE_OF[action]:
            is_on: bool = getattr(terms, toggle.name)
            text = f"{toggle.words} are switched {'on' if is_on else 'off'} for this contact."
            yield AccessCheck(AccessRule.TOGGLE, is_on, text)
    yield _dates(terms, day)
    if client.death is not None:
        if represents(terms.authority, client.death):
            yield _authority(terms.authority, day)
    elif action is not REMINDERS and terms.relationship in ENDS_AT_MAJORITY:
        yield from _age(facts, client, edge, day)


def _dates(terms: ContactTerms, day: date) -> AccessCheck:
    words = {
        ContactStatus.UPCOMING: f"This contact starts on {terms.starts_on}.",
        ContactStatus.EXPIRED: f"This contact's last day was {terms.ends_on}.",
        ContactStatus.IN_FORCE: f"This contact is in force on {day}.",
    }
    status = terms.status_on(day)
    return AccessCheck(AccessRule.DATES, status is ContactStatus.IN_FORCE, words[status])


def _age(facts: AccessFacts, client: ClientFacts, edge: EdgeFacts, day: date) -> Iterator[AccessCheck]:
    """A parent's or guardian's access: as long as the client is a minor, then by consent or an authority (D13)."""
    age, birth_date = facts.practice.age_of_majority, client.birth_date
    authority = edge.terms.authority
    if age is None:
        reason = "The practice has not set its age of majority"
    elif birth_date is None:
        reason = "The client's birth date is not known"
    elif age_on(birth_date, day) < age:
        yield AccessCheck(AccessRule.AGE, True, f"The client is under {age} on {day}.")
        return
    else:
        reason = f"The client turned {age} on {birthday(birth_date, age)}"
    if _has_consent(facts, client, edge):
        yield AccessCheck(AccessRule.AGE, True, "The client's consent as an adult is recorded.")
    elif authority is not None and not authority.is_for_the_dead:
        yield AccessCheck(AccessRule.AGE, True, f"{reason}, so the recorded authority decides.")
        yield _authority(authority, day)
    elif edge.adult_consent_at is not None and age is not None:
        text = f"{reason}. Consent recorded before that day does not count. {_NEEDED}"
        yield AccessCheck(AccessRule.AGE, False, text)
    else:
        yield AccessCheck(AccessRule.AGE, False, f"{reason}. {_NEEDED}")


def _has_consent(facts: AccessFacts, client: ClientFacts, edge: EdgeFacts) -> bool:
    """Consent counts that was recorded when the client was an adult, or by staff who could not tell from a date."""
    age = facts.practice.age_of_majority
    if edge.adult_consent_at is None or age is None:
        return False
    return client.birth_date is None or age_on(client.birth_date, _local_day(facts, edge.adult_consent_at)) >= age


def _authority(authority: ContactAuthority | None, day: date) -> AccessCheck:
    if authority is None:
        raise ValueError("no authority")
    words, ends_on = _AUTHORITY_WORDS[authority.kind], authority.ends_on
    if not authority.is_in_force(day):
        text = f"The last day of the {words} was {ends_on}."
        return AccessCheck(AccessRule.AUTHORITY, False, text)
    text = f"A {words} is in force" + (f" through {ends_on}." if ends_on else ".")
    return AccessCheck(AccessRule.AUTHORITY, True, text)


def _confidentiality(client: ClientFacts, account: AccountFacts | None) -> AccessCheck:
    """Whoever reads the client's confidential mailbox could be the client or the contact."""
    confidential, address = client.confidential_email, account.address if account else None
    if confidential is not None and address is not None and confidential.casefold() == address.casefold():
        text = "This contact's portal account uses the client's confidential e-mail address."
        return AccessCheck(AccessRule.CONFIDENTIALITY, False, text)
    text = "This contact's portal account does not use the client's confidential e-mail address."
    return AccessCheck(AccessRule.CONFIDENTIALITY, True, text)


def _account(account: AccountFacts | None) -> AccessCheck:
    if account is None:
        return AccessCheck(AccessRule.ACCOUNT, False, "This person has no portal account.")
    if account.status is not AccountStatus.ACTIVE:
        return AccessCheck(AccessRule.ACCOUNT, False, "This person's portal account is disabled.")
    return AccessCheck(AccessRule.ACCOUNT, True, "This person's portal account is active.")


def _deceased(facts: AccessFacts, client: ClientFacts, edge: EdgeFacts | None) -> Iterator[AccessCheck]:
    """Checks only where somebody has died: a death ends all access but that of a personal representative (D14)."""
    if facts.death is not None:
        text = "The client has died." if facts.is_self else "This person has died."
        yield AccessCheck(AccessRule.DECEASED, False, text)
    elif client.death is not None:
        authority = None if edge is None else edge.terms.authority
        if represents(authority, client.death):
            text = "The client has died, and this contact was recorded afterwards as their personal representative."
            yield AccessCheck(AccessRule.DECEASED, True, text)
        elif authority is not None and authority.is_for_the_dead:
            text = "The client has died. A personal representative's authority must be recorded afterwards."
            yield AccessCheck(AccessRule.DECEASED, False, text)
        else:
            text = "The client has died. Only a personal representative recorded afterwards may act for them."
            yield AccessCheck(AccessRule.DECEASED, False, text)
