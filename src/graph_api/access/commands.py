"""Mutations of one client's access: features, consent as an adult, a confidential channel (D5, D13)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from graph_api.access.facts import PracticeFacts
from graph_api.access.reactions import edge_warnings
from graph_api.kernel.errors import InvalidInput, Refused, invalid, not_found, refuse_stale
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.network.audit import audited_contact
from graph_api.network.checks import refuse_removed
from graph_api.network.commands import locked_contact, reload_contact
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import Contact
from graph_api.network.relationships import ENDS_AT_MAJORITY
from graph_api.network.terms import age_on
from graph_api.people.audit import audited_person
from graph_api.people.changes import ContactPointsChanged
from graph_api.people.commands import refuse_archived, reload_person, supersede_client
from graph_api.people.confidential import ChannelFields, apply_channel
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.practices.model import PracticeFeature


class ClientAccessService:
    """Mutations of what decisions about one client rest on."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def set_feature(
        self, request: Request, client_id: str, feature: PracticeFeature, enabled: bool
    ) -> Outcome[Person]:
        """Switch a feature off for one client, or on again; the practice must have it too."""

        def changed(client: Person) -> Person:
            others = client.features_off - {feature}
            return replace(client, features_off=others if enabled else others | {feature})

        return await self._change_client(request, client_id, None, changed)

    async def set_confidential_channel(
        self, request: Request, client_id: str, expected_version: int, fields: ChannelFields
    ) -> Outcome[Person]:
        """An e-mail or phone that only staff and the client's own account see."""
        region = self._unit.caller.practice.region

        def changed(client: Person) -> Person:
            problems = Problems()
            after = apply_channel(client, fields, region, problems)
            problems.refuse()
            return after

        return await self._change_client(request, client_id, expected_version, changed)

    async def _change_client(
        self, request: Request, client_id: str, expected_version: int | None, changed: Callable[[Person], Person]
    ) -> Outcome[Person]:
        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Person]:
            before = await _locked_client(tx, client_id, expected_version)
            after = changed(before)
            if after == before:
                return Outcome(before)
            at = tx.stamp()
            after = await supersede_client(tx, before, replace(after, version=before.version + 1, updated_at=at))
            await tx[PersonWrites].update(before, after)
            told = await self._unit.tell(tx, ContactPointsChanged(before, after, ("email",)), now)
            events = (audited_person(EventKind(request.mutation), before, after), *told.events)
            return Outcome(after, warnings=told.warnings, events=events)

        return await self._unit.run(request, unchecked, change, reload_person)

    async def record_adult_consent(self, request: Request, contact_id: str, expected_version: int) -> Outcome[Contact]:
        """The adult client agrees that a parent or guardian keeps or gets portal access (D13).

        The client is known to be of age, or their birth date is unknown and staff vouch for it.
        """

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Contact]:
            before = await locked_contact(tx, contact_id, expected_version)
            refuse_removed(before)
            refuse_archived(before.client.client_status, "contactId")
            if before.client.death is not None:
                raise Refused([invalid("client.deceased", "The client has died, so they can't consent.", "contactId")])
            _refuse_consent(before, tx[PersonWrites].age_of_majority)
            at = tx.stamp()
            after = replace(before, adult_consent_at=at, version=before.version + 1, updated_at=at)
            await tx[ContactWrites].replace(before, after)
            events = (audited_contact(EventKind(request.mutation), before, after),)
            practice = PracticeFacts(self._unit.clock.time_zone, age_of_majority=tx[PersonWrites].age_of_majority)
            return Outcome(after, warnings=edge_warnings(after, practice, at), events=events)

        return await self._unit.run(request, unchecked, change, reload_contact)


async def _locked_client(tx: Transaction, client_id: str, expected_version: int | None) -> Person:
    """The client, whatever their status: what is said of an archived one counts when they come back."""
    if not is_id("person", client_id):
        raise not_found("clientId")
    await tx[PersonWrites].lock(client_id)
    client = (await tx[PersonWrites].by_ids(client_id)).get(client_id)
    if client is None or not client.is_client:
        raise not_found("clientId")
    if expected_version is not None:
        refuse_stale(client, expected_version)
    return client


def _refuse_consent(contact: Contact, age_of_majority: int | None) -> None:
    """Consent is only recorded where it decides something, and never for a minor (D13)."""
    refusal = _refused_consent(contact, age_of_majority)
    if refusal is not None:
        raise Refused([refusal])


def _refused_consent(contact: Contact, age_of_majority: int | None) -> InvalidInput | None:
    if contact.terms.relationship not in ENDS_AT_MAJORITY:
        message = "Only a parent's or a guardian's access needs the consent of an adult client."
        return invalid("consent.notNeeded", message, "contactId")
    if not contact.terms.portal_access:
        message = "This contact has no portal access. Switch it on first, then record the client's consent."
        return invalid("portalAccess.off", message, "contactId")
    if age_of_majority is None:
        message = "The practice has no age of majority yet. An administrator must set it first."
        return invalid("ageOfMajority.missing", message, "contactId")
    born = contact.client.birth_date
    if born is not None and age_on(born, contact.today) < age_of_majority:
        message = "The client is a minor. A parent or guardian needs no consent, and a minor can't give it."
        return invalid("client.minor", message, "contactId")
    return None
