"""Random lives of one client and one contact: every decision, present, past and to come, agrees with a plain model."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from graph_api.domain.access import AccountStatus
from graph_api.domain.accounts import Account
from graph_api.domain.ids import new_id
from graph_api.domain.model import Person, Practice, ViewerRole
from graph_api.engine.session import GraphSession
from graph_api.repositories.graph import GraphRepository
from graph_api.services.ports import Writes
from tests.accounts import give_account
from tests.api import Api, Installation, Now
from tests.contract.access_model import ACTIONS, FEATURES, PARENTS, Edge, Model, comes_of_age
from tests.contract.access_scene import create_people, new_practice

T = TypeVar("T")
EXAMPLES, STEPS = 20, 30
START = datetime(2026, 2, 26, 12, tzinfo=UTC)
ZONES = ("Europe/London", "America/New_York", "Pacific/Kiritimati")
TOGGLES = ("portalAccess", "secureMessaging", "payments", "appointmentReminders")
RELATIONSHIPS = ("PARENT", "GUARDIAN", "STEP_PARENT", "SPOUSE")
BIRTHDAYS = (date(2008, 2, 27), date(2008, 2, 28), date(2008, 2, 29), date(2008, 3, 1), date(1990, 5, 5), None)
"""Somebody comes of age within days of the start."""
OWN = "sam@example.org"
# What would deny everything is rarer than what allows: behind a closed door nothing can be seen to go wrong.
MOSTLY_ON = st.one_of(st.just(set(TOGGLES)), st.just(set(TOGGLES)), st.sets(st.sampled_from(TOGGLES)))
MOSTLY = st.sampled_from([True, True, True, False])
NEAR = st.one_of(st.none(), st.none(), st.integers(-1, 3))
"""A day, so many days from today."""
ASK = f"""query ($person: ID!, $client: ID!, $at: DateTime) {{ {
    " ".join(
        f"{action}: canAct(personId: $person, clientId: $client, action: {action}, at: $at) {{ allowed }}"
        for action in ACTIONS
    )
} }}"""


class Lives(RuleBasedStateMachine):
    """Each step is a mutation; after each, what is allowed is asked for now and for another moment."""

    installation: Installation
    clock: Now
    loop: asyncio.AbstractEventLoop

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The machine runs in a thread beside the event loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    @initialize(
        zone=st.sampled_from(ZONES), born=st.sampled_from(BIRTHDAYS), relationship=st.sampled_from(RELATIONSHIPS)
    )
    def begin(self, zone: str, born: date | None, relationship: str) -> None:
        """A client, and a contact with an account who may do everything."""
        self.model = Model(ZoneInfo(zone), START)
        self.clock.moment = START
        self.practice: Practice = self.wait(new_practice(self.installation, zone, START))
        self.staff: Api = self.installation.api(self.practice)
        self.admin: Api = self.installation.api(self.practice, ViewerRole.ADMIN, "admin-1")
        fields = {"givenName": "Ana", "birthDate": born and born.isoformat()}
        client = self.wait(self.staff.done("addClient", person={k: v for k, v in fields.items() if v}))
        self.client, self.version = client["id"], client["version"]
        self.person = new_id("person")
        person = Person(self.person, "Sam", emails=(OWN,), created_at=START, updated_at=START)
        self.wait(self.graph().write(partial(create_people, [person])))
        self.contact: dict[str, Any] | None = None
        self.account: Account | None = None
        self.model.change(born=born)
        self.grant(relationship, set(TOGGLES), None, None)
        self.accept_invitation()

    def graph(self) -> GraphRepository:
        """For what no mutation does."""
        return GraphRepository(GraphSession(self.installation.database), self.practice.id, START.date())

    def in_days(self, days: int | None) -> date | None:
        """A day near today."""
        return None if days is None else self.model.day(self.model.now) + timedelta(days=days)

    def change_client(self, mutation: str, id_name: str = "clientId", **values: Any) -> None:
        """A mutation of the client; the version goes up."""
        if mutation != "setClientFeature":
            values["expectedVersion"] = self.version
        self.version = self.wait(self.staff.done(mutation, **{id_name: self.client}, **values))["version"]

    @rule(hours=st.sampled_from([1, 11, 24, 36, 72]))
    def time_passes(self, hours: int) -> None:
        """The clock only moves on."""
        self.model.now += timedelta(hours=hours)
        self.clock.moment = self.model.now

    def _tick(self) -> None:
        """Two changes never share a moment here: which of them was first is another test's."""
        self.model.now += timedelta(seconds=1)
        self.clock.moment = self.model.now

    @precondition(lambda self: self.contact is None and self.model.world.status != "ARCHIVED")
    @rule(relationship=st.sampled_from(RELATIONSHIPS), toggles=MOSTLY_ON, starts=NEAR, ends=NEAR)
    def grant(self, relationship: str, toggles: set[str], starts: int | None, ends: int | None) -> None:
        """Add them, or add them again."""
        self._tick()
        first, last = self.in_days(starts), self.in_days(ends)
        if first and last and last < first:
            first, last = last, first
        terms: dict[str, Any] = {"relationship": relationship, **{name: name in toggles for name in TOGGLES}}
        terms |= {"startsOn": first and first.isoformat(), "endsOn": last and last.isoformat()}
        pair = {"clientId": self.client, "personId": self.person}
        self.contact = self.wait(self.staff.done("addExistingContact", **pair, **terms))
        self.model.change(edge=Edge(relationship, frozenset(toggles), first, last))

    def _update(self, **changes: Any) -> None:
        assert self.contact is not None
        sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"], "changes": changes}
        self.contact = self.wait(self.staff.done("updateContact", **sent))

    @precondition(lambda self: self.contact is not None and self.model.world.status != "ARCHIVED")
    @rule(toggles=MOSTLY_ON)
    def switch(self, toggles: set[str]) -> None:
        """Grant and revoke."""
        self._tick()
        self._update(**{name: name in toggles for name in TOGGLES})
        self.model.change_edge(toggles=frozenset(toggles))

    @precondition(lambda self: self.contact is not None)
    @rule(relationship=st.sampled_from(RELATIONSHIPS), starts=NEAR, ends=NEAR)
    def change_terms(self, relationship: str, starts: int | None, ends: int | None) -> None:
        """Other dates, another relationship."""
        self._tick()
        first, last = self.in_days(starts), self.in_days(ends)
        if first and last and last < first:
            first, last = last, first
        dates = {"startsOn": first and first.isoformat(), "endsOn": last and last.isoformat()}
        self._update(relationship=relationship, **dates)
        self.model.change_edge(relationship=relationship, starts_on=first, ends_on=last)

    @precondition(lambda self: self.contact is not None)
    @rule(ends=NEAR, is_there=st.booleans())
    def record_authority(self, ends: int | None, is_there: bool) -> None:
        """A guardianship, or its end."""
        self._tick()
        last = self.in_days(ends)
        authority = {"kind": "LEGAL_GUARDIAN", "endsOn": last and last.isoformat()} if is_there else None
        self._update(authority=authority)
        self.model.change_edge(authority=(last,) if is_there else None)

    def _may_consent(self) -> bool:
        world = self.model.world
        if self.contact is None or world.edge is None or world.status == "ARCHIVED":
            return False
        if "portalAccess" not in world.edge.toggles or world.edge.relationship not in PARENTS:
            return False
        today = self.model.day(self.model.now + timedelta(seconds=1))
        return world.born is None or comes_of_age(world.born, world.majority) <= today

    @precondition(lambda self: self._may_consent())
    @rule()
    def record_consent(self) -> None:
        """The adult client agrees."""
        assert self.contact is not None
        self._tick()
        sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"]}
        self.contact = self.wait(self.staff.done("recordAdultConsent", **sent))
        self.model.change_edge(consent_on=self.model.day(self.model.now))

    @precondition(lambda self: self.contact is not None)
    @rule()
    def remove(self) -> None:
        """They leave the network."""
        assert self.contact is not None
        self._tick()
        sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"]}
        self.wait(self.staff.done("removeContact", **sent))
        self.contact = None
        self.model.change(edge=None)

    @rule(status=st.sampled_from(["ACTIVE", "ACTIVE", "INACTIVE", "ARCHIVED"]))
    def change_status(self, status: str) -> None:
        """Archive, and take back."""
        self._tick()
        self.change_client("setClientStatus", "personId", status=status)
        self.model.change(status=status)

    @rule(born=st.sampled_from(BIRTHDAYS))
    def correct_birth_date(self, born: date | None) -> None:
        """A birth date was wrong, or becomes known."""
        self._tick()
        self.change_client("updatePerson", "personId", changes={"birthDate": born and born.isoformat()})
        self.model.change(born=born)

    @rule(feature=st.sampled_from(FEATURES), is_on=MOSTLY)
    def switch_practice_feature(self, feature: str, is_on: bool) -> None:
        """For everybody."""
        self._tick()
        self.wait(self.admin.done("setPracticeFeature", feature=feature, enabled=is_on))
        others = self.model.world.features - {feature}
        self.model.change(features=others | {feature} if is_on else others)

    @rule(feature=st.sampled_from(FEATURES), is_on=MOSTLY)
    def switch_client_feature(self, feature: str, is_on: bool) -> None:
        """For this client."""
        self._tick()
        self.change_client("setClientFeature", feature=feature, enabled=is_on)
        others = self.model.world.client_off - {feature}
        self.model.change(client_off=others if is_on else others | {feature})

    @rule(age=st.sampled_from([16, 18, 19]))
    def change_age_of_majority(self, age: int) -> None:
        """The practice's setting."""
        self._tick()
        self.wait(self.admin.done("setAgeOfMajority", age=age))
        self.model.change(majority=age)

    @rule(address=st.sampled_from([None, None, "ana@example.org", OWN]))
    def set_confidential_address(self, address: str | None) -> None:
        """An address that must stay the client's alone."""
        self._tick()
        self.change_client("setConfidentialChannel", email=address)
        self.model.change(confidential=address)

    @precondition(lambda self: self.account is None)
    @rule()
    def accept_invitation(self) -> None:
        """The contact gets an account."""
        self._tick()
        account = give_account(self.installation, self.practice, self.person, OWN, since=self.model.now)
        self.account = self.wait(account)
        self.model.change(account="ACTIVE")

    @precondition(lambda self: self.account is not None)
    @rule(is_active=MOSTLY)
    def change_account(self, is_active: bool) -> None:
        """Staff disable it, or enable it again."""
        status = AccountStatus.ACTIVE if is_active else AccountStatus.DISABLED
        before = self.account
        assert before is not None
        self._tick()
        after = before.changed(self.model.now, status=status)

        async def work(tx: Writes) -> None:
            await tx.accounts.lock(self.person)
            await tx.accounts.replace(before, after)

        self.wait(self.graph().write(work))
        self.account = after
        self.model.change(account=status.name)

    @precondition(lambda self: self.model.world.own_account is None)
    @rule()
    def client_gets_an_account(self) -> None:
        """Of their own."""
        self._tick()
        account = give_account(self.installation, self.practice, self.client, "a@example.org", since=self.model.now)
        self.wait(account)
        self.model.change(own_account="ACTIVE")

    def _asked(self, person: str, at: datetime | None) -> list[str]:
        variables = {"person": person, "client": self.client, "at": at and at.isoformat()}
        answer = self.wait(self.staff.query(ASK, **variables))
        return [action for action in ACTIONS if answer[action]["allowed"]]

    @rule(back=st.integers(0, 8), part=st.floats(0, 1))
    def ask_about_the_past(self, back: int, part: float) -> None:
        """Both sides of one of the last changes, and any moment there was."""
        changed = self.model.past[max(0, len(self.model.past) - 1 - back)][0]
        anywhere = START + (self.model.now - START) * part
        for at in (changed, changed - timedelta(microseconds=1), anywhere):
            if START <= at < self.model.now:
                assert self._asked(self.person, at) == self.model.expected(at), at
        assert self._asked(self.client, anywhere) == self.model.expected(anywhere, themselves=True), anywhere

    @rule(days=st.integers(0, 10))
    def ask_about_what_is_to_come(self, days: int) -> None:
        """As things are now."""
        at = self.model.now + timedelta(days=days)
        assert self._asked(self.person, at) == self.model.expected(at), at

    @invariant()
    def the_present_agrees(self) -> None:
        """After every step."""
        if hasattr(self, "model"):
            assert self._asked(self.person, None) == self.model.expected(self.model.now)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    yield now
    now.moment = None


async def test_d5_every_decision_agrees_with_a_plain_model(installation: Installation, clock: Now) -> None:
    class Machine(Lives):
        pass

    Machine.installation, Machine.clock, Machine.loop = installation, clock, asyncio.get_running_loop()
    found = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    await asyncio.to_thread(run_state_machine_as_test, Machine, settings=found)
