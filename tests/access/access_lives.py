"""Random lives of one client and one contact, beside a plain model of what is decided about them."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
)

from graph_api.access.model import AccountStatus
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.people.model import Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from tests.access.access_model import ACTIONS, FEATURES, PARENTS, Edge, Model, comes_of_age
from tests.access.access_scene import create_people, new_practice
from tests.accounts import account_of, give_account
from tests.api import Api, Installation, Now
from tests.declared import never_null
from tests.lives import BesideLoop

START = datetime(2026, 2, 26, 0, tzinfo=UTC)
ZONES = ("Europe/London", "America/New_York", "Pacific/Kiritimati")
TOGGLES = tuple(name for name in never_null() if name != "relationship")
RELATIONSHIPS = ("PARENT", "GUARDIAN", "STEP_PARENT", "SPOUSE")
BIRTHDAYS = (date(2008, 2, 27), date(2008, 2, 29), date(2008, 3, 1), date(2008, 3, 5), date(1990, 5, 5), None)
"""Somebody comes of age within days of the start."""
OWN = "sam@example.org"
Days = tuple[int | None, int | None]
"""First and last day, so many days from today."""
EDGE = ("switch", "terms", "authority", "consent", "consent before the birth date is known", "anew", "remove")
PASSES = [timedelta(seconds=1), timedelta(hours=1), timedelta(hours=9), timedelta(hours=20)]
ASK = f"""query ($person: ID!, $client: ID!, $at: DateTime) {{ {
    " ".join(
        f"{action}: canAct(personId: $person, clientId: $client, action: {action}, at: $at) {{ allowed }}"
        for action in ACTIONS
    )
} }}"""


class Lives(BesideLoop):
    """Each step is a mutation; after each, what is allowed is asked for now, for a moment in the past and one to come.

    Few rules with many kinds each: a rule is left out of whole lives, a kind is not.
    """

    installation: Installation
    clock: Now

    @initialize(
        seed=st.integers(0, 2**32),
        zone=st.sampled_from(ZONES),
        born=st.sampled_from(BIRTHDAYS),
        relationship=st.sampled_from(RELATIONSHIPS),
    )
    def begin(self, seed: int, zone: str, born: date | None, relationship: str) -> None:
        """A client, and a contact with an account who may do everything."""
        self.chance = random.Random(seed)  # noqa: S311 - so that a life can be lived again
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
        self.person_version = 1
        self.died: dict[str, date | None] = {}
        self.model.change(born=born)
        self.grant(relationship, set(TOGGLES), (None, None))
        self.change_account(AccountStatus.ACTIVE)

    def graph(self) -> Graph:
        """For what no mutation does."""
        return Graph(GraphSession(self.installation.database), self.practice.id, START.date())

    def picked_toggles(self) -> set[str]:
        """Mostly all: behind a closed door nothing can be seen to go wrong."""
        return set(TOGGLES) if self.chance.random() < 0.6 else {name for name in TOGGLES if self.chance.random() < 0.6}

    def picked_days(self) -> Days:
        """First and last day, so many days from today; mostly none."""
        first, last = (self.chance.choice([None, None, None, -1, 0, 1, 3]) for _ in range(2))
        return first, last

    @rule(kind=st.sampled_from(EDGE))
    def the_edge_changes(self, kind: str) -> None:
        """Added, changed, removed, or added again; whatever is impossible now is left out."""
        is_open = self.model.world.status != "ARCHIVED"
        if self.contact is None:
            if is_open:
                self.grant(self.chance.choice(RELATIONSHIPS), self.picked_toggles(), self.picked_days())
            return
        if kind == "remove":
            self.remove()
        elif kind == "terms":
            self.change_terms(self.chance.choice(RELATIONSHIPS), self.picked_days())
        elif kind == "authority":
            is_there, represents = self.chance.random() < 0.7, self.chance.random() < 0.5
            self.record_authority(self.picked_days()[1], is_there=is_there, represents=represents)
        elif is_open:
            self.access_changes(kind)

    def access_changes(self, kind: str) -> None:
        """What an archived client's contacts are not given."""
        if kind == "anew":
            self.switch(set())
            self.switch(set(TOGGLES))
        elif kind == "switch":
            self.switch(self.picked_toggles())
        else:
            is_known_later = kind != "consent"
            if is_known_later:
                self.correct_birth_date(None)
            if self.may_consent():
                self.record_consent()
            if is_known_later:
                self.correct_birth_date(self.chance.choice(BIRTHDAYS))

    @rule(kind=st.sampled_from(["status", "birth date", "feature", "address", "own account"]))
    def the_client_changes(self, kind: str) -> None:
        """What decides about this client alone."""
        if kind == "status":
            status = self.chance.choice(["ACTIVE", "ACTIVE", "INACTIVE", "ARCHIVED"])
            self.change_client("setClientStatus", "personId", status=status)
            self.model.change(status=status)
        elif kind == "birth date":
            self.correct_birth_date(self.chance.choice(BIRTHDAYS))
        elif kind == "feature":
            off = self.model.world.client_off
            feature, is_on = self.switched(off)
            self.change_client("setClientFeature", feature=feature, enabled=is_on)
            self.model.change(client_off=off - {feature} if is_on else off | {feature})
        elif kind == "address":
            address = self.chance.choice([None, None, "ana@example.org", OWN])
            self.change_client("setConfidentialChannel", email=address)
            self.model.change(confidential=address)
        elif self.model.world.own_account is None:
            self.tick()
            account = give_account(self.installation, self.practice, self.client, "a@example.org", since=self.model.now)
            self.wait(account)
            self.model.change(own_account="ACTIVE")

    def switched(self, off: frozenset[str]) -> tuple[str, bool]:
        """A feature, and whether it is on from now: what is off mostly comes back first."""
        if off and self.chance.random() < 0.7:
            return self.chance.choice(sorted(off)), True
        return self.chance.choice(FEATURES), False

    @rule(kind=st.sampled_from(["client", "client", "contact", "alive again", "alive again"]))
    def somebody_dies(self, kind: str) -> None:
        """A death that is recorded, corrected or taken back; an executor is mostly recorded."""
        world = self.model.world
        if kind == "alive again":
            if world.died:
                self.say_died(self.client, None)
            elif world.contact_died:
                self.say_died(self.person, None)
            return
        whom = self.client if kind == "client" else self.person
        self.say_died(whom, self.chance.randrange(20))
        edge = self.model.world.edge
        if whom == self.client and self.contact is not None and edge is not None and self.chance.random() < 0.6:
            self.record_authority(None, is_there=True, represents=True)

    def say_died(self, whom: str, days_ago: int | None) -> None:
        """Staff say it; their account is closed, and what was recorded before a later day counts no more."""
        self.tick()
        before, today = self.died.get(whom), self.model.day(self.model.now)
        day = None if days_ago is None else today - timedelta(days=days_ago)
        sent = {"personId": whom, "expectedVersion": self.version if whom == self.client else self.person_version}
        found = self.wait(self.staff.done("setDeceased", **sent, deceasedOn=day and day.isoformat()))
        if day == before:
            return
        self.died[whom] = day
        is_another = day is not None and (before is None or day > before)
        if whom == self.client:
            self.version = found["version"]
            own = "DISABLED" if day and self.model.world.own_account else self.model.world.own_account
            self.model.change(died=day is not None, own_account=own)
            if is_another and self.model.world.edge is not None:
                self.model.world = replace(self.model.world, edge=replace(self.model.world.edge, since_death=False))
                self.model.past[-1] = (self.model.now, self.model.world)
        else:
            self.person_version = found["version"]
            account = "DISABLED" if day and self.model.world.account else self.model.world.account
            self.model.change(contact_died=day is not None, account=account)

    @rule(kind=st.sampled_from(["feature", "feature", "age", "account"]))
    def the_practice_or_the_account_changes(self, kind: str) -> None:
        """A setting for everybody, or the contact's account."""
        if kind == "account":
            self.change_account(
                self.chance.choice([AccountStatus.ACTIVE, AccountStatus.ACTIVE, AccountStatus.DISABLED])
            )
            return
        self.tick()
        if kind == "age":
            age = self.chance.choice([16, 18, 19])
            self.wait(self.admin.done("setAgeOfMajority", age=age))
            self.model.change(majority=age)
            return
        features = self.model.world.features
        feature, is_on = self.switched(frozenset(FEATURES) - features)
        self.wait(self.admin.done("setPracticeFeature", feature=feature, enabled=is_on))
        self.model.change(features=features | {feature} if is_on else features - {feature})

    def tick(self) -> None:
        """Time passes; two changes never share a moment: which of them was first is another test's."""
        self.model.now += self.chance.choice(PASSES)
        self.clock.moment = self.model.now

    def days(self, near: Days) -> tuple[date | None, date | None]:
        """Dates near today, in their order."""
        today = self.model.day(self.model.now)
        first, last = (None if days is None else today + timedelta(days=days) for days in near)
        return (last, first) if first and last and last < first else (first, last)

    def change_client(self, mutation: str, id_name: str = "clientId", **values: Any) -> None:
        """A mutation of the client; the version goes up."""
        self.tick()
        if mutation != "setClientFeature":
            values["expectedVersion"] = self.version
        self.version = self.wait(self.staff.done(mutation, **{id_name: self.client}, **values))["version"]

    def correct_birth_date(self, born: date | None) -> None:
        """It was wrong, or becomes known."""
        self.change_client("updatePerson", "personId", changes={"birthDate": born and born.isoformat()})
        self.model.change(born=born)

    def grant(self, relationship: str, toggles: set[str], near: Days) -> None:
        """Add them, or add them again."""
        self.tick()
        first, last = self.days(near)
        terms: dict[str, Any] = {"relationship": relationship, **{name: name in toggles for name in TOGGLES}}
        terms |= {"startsOn": first and first.isoformat(), "endsOn": last and last.isoformat()}
        pair = {"clientId": self.client, "personId": self.person}
        self.contact = self.wait(self.staff.done("addExistingContact", **pair, **terms))
        self.model.change(edge=Edge(relationship, frozenset(toggles), first, last))

    def change_contact(self, mutation: str, **values: Any) -> None:
        """A mutation of the edge."""
        assert self.contact is not None
        sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"]}
        self.contact = self.wait(self.staff.done(mutation, **sent, **values))

    def switch(self, toggles: set[str]) -> None:
        """Grant and revoke."""
        self.tick()
        self.change_contact("updateContact", changes={name: name in toggles for name in TOGGLES})
        self.model.change_edge(toggles=frozenset(toggles))

    def change_terms(self, relationship: str, near: Days) -> None:
        """Other dates, another relationship."""
        self.tick()
        first, last = self.days(near)
        dates = {"startsOn": first and first.isoformat(), "endsOn": last and last.isoformat()}
        self.change_contact("updateContact", changes={"relationship": relationship, **dates})
        self.model.change_edge(relationship=relationship, starts_on=first, ends_on=last)

    def record_authority(self, ends: int | None, *, is_there: bool, represents: bool) -> None:
        """A guardianship or a personal representation, or its end."""
        self.tick()
        last = self.days((None, ends))[1]
        kind = "PERSONAL_REPRESENTATIVE" if represents else "LEGAL_GUARDIAN"
        authority = {"kind": kind, "endsOn": last and last.isoformat()} if is_there else None
        self.change_contact("updateContact", changes={"authority": authority})
        self.model.change_edge(
            authority=(last,) if is_there else None, represents=represents, since_death=self.model.world.died
        )

    def may_consent(self) -> bool:
        """Whether staff may record it; for a minor they may not."""
        world = self.model.world
        if self.contact is None or world.edge is None or world.status == "ARCHIVED" or world.died:
            return False
        if "portalAccess" not in world.edge.toggles or world.edge.relationship not in PARENTS:
            return False
        return world.born is None or comes_of_age(world.born, world.majority) <= self.model.day(self.model.now)

    def record_consent(self) -> None:
        """The adult client agrees."""
        self.tick()
        self.change_contact("recordAdultConsent")
        self.model.change_edge(consent_on=self.model.day(self.model.now))

    def remove(self) -> None:
        """They leave the network."""
        self.tick()
        self.change_contact("removeContact")
        self.contact = None
        self.model.change(edge=None)

    def change_account(self, status: AccountStatus) -> None:
        """The invitation is accepted; later staff disable the account, or enable it again."""
        self.tick()
        before, after = self.wait(account_of(self.installation, self.practice, self.person)), None
        if before is None:
            self.wait(give_account(self.installation, self.practice, self.person, OWN, since=self.model.now))
        else:
            after = before.changed(self.model.now, status=status)
            self.wait(self.graph().write(partial(replace_account, before, after)))
        self.model.change(account=status.name)

    def asked(self, person: str, at: datetime | None) -> list[str]:
        """What the API allows."""
        variables = {"person": person, "client": self.client, "at": at and at.isoformat()}
        answer = self.wait(self.staff.query(ASK, **variables))
        return [action for action in ACTIONS if answer[action]["allowed"]]

    @invariant()
    def every_decision_agrees(self) -> None:
        """Now; on one side of a change; at any moment there was; and in some days, if nothing changes."""
        if not hasattr(self, "model"):
            return
        assert self.asked(self.person, None) == self.model.expected(self.model.now)
        changed = self.chance.choice([since for since, _ in self.model.past[-6:]])
        changed -= timedelta(microseconds=self.chance.choice([0, 1]))
        anywhere = START + (self.model.now - START) * self.chance.random()
        ahead = self.model.now + timedelta(hours=self.chance.randrange(240))
        for at in (changed, anywhere, ahead):
            if at >= START:
                assert self.asked(self.person, at) == self.model.expected(at), at
        if self.chance.random() < 0.3:
            assert self.asked(self.client, anywhere) == self.model.expected(anywhere, themselves=True), anywhere


async def replace_account(before: Account, after: Account, tx: Transaction) -> None:
    """As staff disable an account, or enable it again."""
    await tx[AccountWrites].lock(before.person_id)
    await tx[AccountWrites].replace(before, after)
