"""Records that a person has died, or that this was a mistake (D14)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from graph_api.access.decision import allowed_actions
from graph_api.access.facts import AccessFacts
from graph_api.access.grants import PossibleGrant
from graph_api.access.graph.decisions import AccessWrites
from graph_api.access.model import AccountStatus
from graph_api.kernel.errors import MutationWarning, Refused, WarningCode, invalid, not_found
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.network.deaths import is_ended_by_death
from graph_api.network.model import Contact, ContactStatus
from graph_api.network.terms import keeps_access
from graph_api.people.audit import audited_person
from graph_api.people.changes import PersonDied
from graph_api.people.commands import locked_person, reload_person
from graph_api.people.deaths import DeathFields, recorded_death
from graph_api.people.fields import EARLIEST_BIRTH
from graph_api.people.graph.facts import keep_death
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Death, Person
from graph_api.portal.account_commands import close_account
from graph_api.portal.changes import AccountClosed
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.invitations import InvitationWrites
from graph_api.portal.invitation_model import Invitation
from graph_api.portal.invitations import withdraw_of_client, withdraw_of_person

PATH = "deceasedOn"


class DeathService:
    """Mutations of a person's death."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def set_deceased(
        self, request: Request, person_id: str, expected_version: int, fields: DeathFields
    ) -> Outcome[Person]:
        """Record the day on which a person died, correct it, or with None take it back.

        A death closes the person's account and voids their invitations and those of their contacts. Taking it back
        opens nothing: the account stays closed until they are invited anew.
        """

        def check() -> date | None:
            return _asked_day(person_id, fields, self._unit.clock.today())

        async def change(tx: Transaction, deceased_on: date | None, now: datetime) -> Outcome[Person]:
            before = await locked_person(tx, person_id, expected_version)
            if before.deceased_on == deceased_on:
                return Outcome(before)
            _refuse_unborn(before, deceased_on)
            at = tx.stamp()
            death = None if deceased_on is None else recorded_death(before.death, deceased_on, at)
            after = replace(before, death=death, version=before.version + 1, updated_at=at)
            reach = await _reach(tx, before, at)
            await keep_death(tx, before, at)
            if before.is_client and before.access_since is None:
                after = replace(after, access_since=before.updated_at)  # known since then, as before this change
            await tx[PersonWrites].update(before, after)
            event = audited_person(EventKind(request.mutation), before, after)
            if death is None:
                return Outcome(after, warnings=reach.given_back(after), events=(event,))
            closed = await _close_account(tx, after, now)
            told = await self._unit.tell(tx, PersonDied(after), now)
            ended = await self._unit.tell(tx, AccountClosed(after.id), now)
            withdrawn = await _withdraw(tx, after, before.death, now)
            warnings = (*reach.taken(after, withdrawn.invited), *told.warnings, *ended.warnings)
            events = (event, *closed, *told.events, *ended.events, *withdrawn.events)
            return Outcome(after, warnings=warnings, events=events)

        return await self._unit.run(request, check, change, reload_person)


def _asked_day(person_id: str, fields: DeathFields, today: date) -> date | None:
    if not is_id("person", person_id):
        raise not_found("personId")
    problems = Problems()
    if "deceased_on" not in fields:
        problems.add("deceasedOn.missing", "Give the day of death, or null to undo a recorded death.", PATH)
    day = fields.get("deceased_on")
    if day is not None and day > today:
        problems.add("deceasedOn.future", "A day of death can't be in the future.", PATH)
    problems.refuse()
    return day


def _refuse_unborn(person: Person, deceased_on: date | None) -> None:
    """Whoever has an old birth date may have died long ago; of whom none is known that is a slip of the hand."""
    if deceased_on is None:
        return
    if person.birth_date is not None and deceased_on < person.birth_date:
        message = "A day of death can't be before the birth date."
        raise Refused([invalid("deceasedOn.beforeBirth", message, PATH)])
    if person.birth_date is None and deceased_on < EARLIEST_BIRTH:
        message = f"A day of death can't be before {EARLIEST_BIRTH.isoformat()}."
        raise Refused([invalid("deceasedOn.tooEarly", message, PATH)])


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    events: tuple[Happened, ...]
    invited: tuple[Person, ...]
    """Whose invitations were still open."""


async def _close_account(tx: Transaction, person: Person, now: datetime) -> tuple[Happened, ...]:
    """End the person's account with its sessions and codes."""
    account = await tx[AccountWrites].lock(person.id)
    if account is None or not account.is_active:
        return ()
    await close_account(tx, account, now)
    change = FieldChange("status", account.status.value, AccountStatus.DISABLED.value)
    return (Happened(EventKind.ACCOUNT_CLOSED, person.id, changes=(change,), account_id=account.id),)


async def _withdraw(tx: Transaction, person: Person, before: Death | None, now: datetime) -> _Withdrawn:
    """Void invitations. Where only the day is corrected, what the personal representative was given since stays."""
    open_before: tuple[Invitation, ...] = await tx[InvitationWrites].pending_of_person(person.id)
    events = await withdraw_of_person(tx, person.id)
    if before is None or (person.death is not None and person.death.recorded_at != before.recorded_at):
        open_before = (*open_before, *await tx[InvitationWrites].pending_of_client(person.id))
        events = (*events, *await withdraw_of_client(tx, person.id))
    wanted = dict.fromkeys(one.person_id for one in open_before if one.status_at(now) is one.status)
    people = await tx[PersonWrites].by_ids(*wanted) if wanted else {}
    return _Withdrawn(events, tuple(people[one] for one in wanted if one in people))


@dataclass(frozen=True, slots=True)
class _Reach:
    """Who may act for a person, and for whom the person may, before anything is changed."""

    at: datetime
    grants: Sequence[PossibleGrant]

    def taken(self, after: Person, invited: Sequence[Person]) -> tuple[MutationWarning, ...]:
        """What a death takes, and what it leaves open."""
        lost, left, upcoming = [], [], []
        for grant in self.grants:
            contact = grant.contact
            if contact is None:
                continue
            may = allowed_actions(grant.facts, self.at)
            may_still = allowed_actions(facts_after(grant, after), self.at)
            if grant.person.id == after.id:
                left += [contact.client] if keeps_access(contact) else []
            elif set(may) - set(may_still):
                lost.append(contact.person)
            elif contact.status is ContactStatus.UPCOMING and is_ended_by_death(_with(contact, after)):
                upcoming.append(contact.person)
        return tuple(
            _warning(code, message, persons)
            for code, message, persons in (
                (WarningCode.ACCESS_LOST, "These people can no longer do anything for the client.", lost),
                (WarningCode.LEFT_OPEN, "Open invitations to the portal were revoked.", invited),
                (WarningCode.LEFT_OPEN, "These contacts had not started yet. They will get no access.", upcoming),
                (WarningCode.LEFT_OPEN, "These clients have this person as a contact who acts for them.", left),
            )
            if persons
        )

    def given_back(self, after: Person) -> tuple[MutationWarning, ...]:
        """Whose toggles count again."""
        back = [
            grant.person if grant.client.id == after.id else grant.client
            for grant in self.grants
            if grant.contact is not None and keeps_access(_with(grant.contact, after))
        ]
        if not back:
            return ()
        message = "Between these people the toggles count again. Anyone without an open account needs a new invitation."
        return (_warning(WarningCode.REVIEW_ACCESS, message, back),)


async def _reach(tx: Transaction, person: Person, now: datetime) -> _Reach:
    return _Reach(now, [*await tx[AccessWrites].of_client(person.id), *await tx[AccessWrites].of_person(person.id)])


def facts_after(grant: PossibleGrant, person: Person) -> AccessFacts:
    """What decides about a grant once one of its two is as `person` says."""
    facts = grant.facts
    if grant.client.id == person.id and facts.client is not None:
        facts = replace(facts, client=replace(facts.client, death=person.death))
    return replace(facts, death=person.death) if grant.person.id == person.id else facts


def _with(contact: Contact, person: Person) -> Contact:
    client = person if contact.client.id == person.id else contact.client
    return replace(contact, client=client, person=person if contact.person.id == person.id else contact.person)


def _warning(code: WarningCode, message: str, persons: Iterable[Person]) -> MutationWarning:
    found = {person.id: person for person in persons}
    return MutationWarning(code=code, message=message, path=(PATH,), persons=tuple(found.values()))
