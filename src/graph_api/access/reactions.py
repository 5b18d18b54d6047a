"""Warnings that staff get when an edge gets new terms (D7, D13, D14)."""

from datetime import datetime

from graph_api.access.decision import decide
from graph_api.access.facts import AccessFacts, PracticeFacts, facts_of_client, facts_of_edge
from graph_api.access.graph.decisions import AccessWrites
from graph_api.access.model import AccessRule, PortalAction
from graph_api.kernel.clock import Clock
from graph_api.kernel.errors import MutationWarning, WarningCode
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction
from graph_api.network.changes import EdgeChanged
from graph_api.network.deaths import is_ended_by_death
from graph_api.network.model import Contact
from graph_api.network.relationships import BY_RELATIONSHIP
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ClientStatus
from graph_api.practices.changes import SettingsChanging

_BIRTH_DATE_UNKNOWN = (
    "The client's birth date is unknown, so a parent's or guardian's portal access can't be confirmed."
)
_OF_AGE = "The client is an adult. A parent's or guardian's portal access needs the client's consent."
_CLIENT_DECEASED = "The client has died. Only a personal representative recorded afterwards keeps access."
_AUTHORITY_ENDED = "The authority behind this contact's portal access has ended."


def _uncovered_access(contact: Contact, practice: PracticeFacts, at: datetime) -> str | None:
    """Why portal access that is switched on does not reach as far, by D13; None where it does.

    The words hold no date: warnings are kept beside the idempotency key.
    """
    client, terms = contact.client, contact.terms
    if contact.person.death is None and is_ended_by_death(contact) and terms.grants_anything:
        return _CLIENT_DECEASED
    if not terms.portal_access:
        return None
    facts = AccessFacts(practice, facts_of_client(client), facts_of_edge(contact))
    checks = decide(facts, PortalAction.VIEW_PORTAL, at).checks
    failed = {check.rule for check in checks if not check.passed}
    if AccessRule.AUTHORITY in failed:
        return _AUTHORITY_ENDED
    if AccessRule.AGE in failed:
        return _BIRTH_DATE_UNKNOWN if client.birth_date is None else _OF_AGE
    return None


def edge_warnings(
    contact: Contact, practice: PracticeFacts, at: datetime, *path: str, is_new: bool = False
) -> tuple[MutationWarning, ...]:
    """What staff should see when an edge gets its terms, which stand below `path` in the input; or when it is added."""
    terms, person = contact.terms, contact.person
    row = BY_RELATIONSHIP[terms.relationship]
    warnings = []
    if row.end_date_expected and terms.ends_on is None:
        message = f"A {row.display}'s role usually ends on a certain date. Add the date when it is known."
        warnings.append(MutationWarning(code=WarningCode.END_DATE_EXPECTED, message=message, path=(*path, "endsOn")))
    if row.review_access and terms.grants_anything:
        message = f"A {row.display} has the access that the toggles allow. Check that this is intended."
        warnings.append(_review(message, contact, *path, "relationship"))
    if (uncovered := _uncovered_access(contact, practice, at)) is not None:
        warnings.append(_review(uncovered, contact, *path, "portalAccess"))
    if person.death is not None and (is_new or terms.grants_anything):
        message = "This person has died. They can do nothing and are sent nothing."
        warnings.append(MutationWarning(code=WarningCode.PERSON_DECEASED, message=message, persons=(person,)))
    elif is_new and person.client_status is ClientStatus.ARCHIVED:
        message = "This person is an archived client of the practice. Check that this is the right person."
        warnings.append(MutationWarning(code=WarningCode.PERSON_ARCHIVED, message=message, persons=(person,)))
    if contact.client.client_status is ClientStatus.INACTIVE and terms.grants_anything:
        message = "The client is inactive. The contact keeps the access that the toggles allow."
        warnings.append(MutationWarning(code=WarningCode.CLIENT_INACTIVE, message=message, persons=(person,)))
    return tuple(warnings)


def _review(message: str, contact: Contact, *path: str) -> MutationWarning:
    return MutationWarning(code=WarningCode.REVIEW_ACCESS, message=message, path=path, persons=(contact.person,))


async def warn_of_edge(tx: Transaction, change: EdgeChanged, clock: Clock, now: datetime) -> Told:
    """What staff should see about an edge whose people are locked."""
    practice = PracticeFacts(clock.time_zone, age_of_majority=tx[PersonWrites].age_of_majority)
    return Told(edge_warnings(change.contact, practice, now, *change.path, is_new=change.before is None))


async def lock_out_checked_writes(tx: Transaction, _change: SettingsChanging, _clock: Clock, _now: datetime) -> Told:
    """When the settings are read next, no checked write that read earlier ones is still running."""
    tx[AccessWrites].lock_gates()
    return Told()


REACTIONS = (On(EdgeChanged, warn_of_edge), On(SettingsChanging, lock_out_checked_writes))
