"""One client and one who would act for them, set up and changed by mutations where they exist."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from graph_api.access.model import AccountStatus, PortalAction
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.network.audit import TERMS_FIELDS
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.relationships import ENDS_AT_MAJORITY, Relationship
from graph_api.network.terms import age_on
from graph_api.people.duplicates import match_keys
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from graph_api.practices.graph import Practices
from tests.access.access_cases import BEFORE, State, authority_of, moment
from tests.accounts import give_account
from tests.api import Api, Installation, Now

ANSWER = "allowed nearestDenial { rule explanation } contact { id }"


async def new_practice(installation: Installation, time_zone: str, created_at: datetime) -> Practice:
    """A practice made at a moment of the test's choice."""
    practice_id = new_id("practice")
    practice = Practice(practice_id, f"t-{practice_id[-12:]}", "Test practice", time_zone, "GB")
    assert await Practices(installation.database).create(practice, created_at)
    installation.made.append(practice)
    return practice


async def create_people(people: Sequence[Person], tx: Transaction) -> None:
    """People without a mutation, with their keys."""
    tx[PersonWrites].lock_match_keys({key for person in people for key in match_keys(person)})
    await tx[PersonWrites].create(people)


def shown_terms(edge: State) -> dict[str, Any]:
    """An edge's terms as an input has them."""
    terms: dict[str, Any] = {name: edge[name] for name in TERMS_FIELDS if edge.get(name) is not None}
    found = authority_of(edge)
    if found is not None:
        terms["authority"] = {"kind": found.kind.name, "endsOn": found.ends_on and found.ends_on.isoformat()}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in terms.items()}


@dataclass
class Scene:
    """What is in the graph now, and how to change it. The clock is the installation's."""

    installation: Installation
    now: Now
    practice: Practice
    staff: Api
    admin: Api
    client_id: str = ""
    person_id: str = ""
    state: State = field(default_factory=dict)
    contact: dict[str, Any] | None = None
    account: Account | None = None
    versions: dict[str, int] = field(default_factory=dict)
    died: dict[str, date | None] = field(default_factory=dict)

    @classmethod
    async def open(
        cls, installation: Installation, now: Now, state: State, start: datetime, *, is_self: bool
    ) -> "Scene":
        """Set a state up, at the moment `start`."""
        now.moment = start
        practice = await new_practice(installation, state["practice"]["timeZone"], start)
        staff = installation.api(practice)
        scene = cls(installation, now, practice, staff, installation.api(practice, ViewerRole.ADMIN, "admin-1"))
        people = [Person(new_id("person"), "Ana"), Person(new_id("person"), "Sam", emails=("sam@example.org",))]
        await scene._write_people([replace(person, created_at=start, updated_at=start) for person in people])
        scene.client_id, scene.person_id = people[0].id, people[0].id if is_self else people[1].id
        scene.versions = {person.id: 1 for person in people}
        nothing: State = {
            "practice": {"without": [], "ageOfMajority": 18},
            "client": {"status": None, "birthDate": None, "without": []},
            "edge": None,
            "account": None,
        }
        scene.state = nothing
        # An archived client's network takes nobody in: they are archived at the end.
        archived = state["client"]["status"] == "ARCHIVED"
        if archived:
            await scene.change(state | {"client": state["client"] | {"status": "ACTIVE"}})
        await scene.change(state)
        return scene

    async def _write_people(self, people: Sequence[Person]) -> None:
        assert self.now.moment is not None
        graph = Graph(GraphSession(self.installation.database), self.practice.id, self.now.moment.date())
        await graph.write(partial(create_people, people))

    async def change(self, state: State) -> None:
        """Make the graph be in another state, now."""
        await self._practice(state["practice"])
        await self._client(state["client"])
        recorded = ((state["edge"] or {}).get("authority") or {}).get("recorded")
        if recorded != BEFORE:
            await self._die(self.client_id, "client", state)
        await self._edge(state["edge"], state["client"]["birthDate"])
        await self._die(self.client_id, "client", state)
        await self._account(state["account"])
        if self.person_id != self.client_id:
            await self._die(self.person_id, "edge", state)
        self.state = state

    async def _practice(self, wanted: State) -> None:
        before = self.state["practice"]
        for name in set(before["without"]) ^ set(wanted["without"]):
            await self.admin.done("setPracticeFeature", feature=name, enabled=name not in wanted["without"])
        if wanted["ageOfMajority"] != before["ageOfMajority"]:
            await self.admin.done("setAgeOfMajority", age=wanted["ageOfMajority"])

    async def _changed_client(self, mutation: str, id_name: str = "clientId", **values: Any) -> None:
        if mutation != "setClientFeature":
            values["expectedVersion"] = self.versions[self.client_id]
        found = await self.staff.done(mutation, **{id_name: self.client_id}, **values)
        self.versions[self.client_id] = found["version"]

    async def _client(self, wanted: State) -> None:
        before = self.state["client"]
        if wanted["status"] != before["status"]:
            await self._changed_client("setClientStatus", "personId", status=wanted["status"])
        if wanted["birthDate"] != before["birthDate"]:
            birth_date = wanted["birthDate"] and wanted["birthDate"].isoformat()
            await self._changed_client("updatePerson", "personId", changes={"birthDate": birth_date})
        for name in set(before["without"]) ^ set(wanted["without"]):
            await self._changed_client("setClientFeature", feature=name, enabled=name not in wanted["without"])
        if wanted.get("confidentialEmail") != before.get("confidentialEmail"):
            await self._changed_client("setConfidentialChannel", email=wanted.get("confidentialEmail"))

    async def _die(self, person_id: str, part: str, state: State) -> None:
        """Record a death, or take it back, if that is not done yet."""
        day = (state[part] or {}).get("deceasedOn")
        if day != self.died.get(person_id):
            sent = {"personId": person_id, "expectedVersion": self.versions[person_id]}
            found = await self.staff.done("setDeceased", **sent, deceasedOn=day and day.isoformat())
            self.versions[person_id], self.died[person_id] = found["version"], day

    async def _edge(self, wanted: State | None, born: date | None) -> None:
        if wanted is None:
            if self.contact is not None:
                sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"]}
                await self.staff.done("removeContact", **sent)
            self.contact = None
            return
        terms = shown_terms(wanted)
        if self.contact is None:
            pair = {"clientId": self.client_id, "personId": self.person_id}
            self.contact = await self.staff.done("addExistingContact", **pair, **terms)
        else:
            sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"]}
            changes = {name: terms.get(name) for name in TERMS_FIELDS}
            self.contact = await self.staff.done("updateContact", **sent, changes=changes)
        if wanted.get("adultConsentAt") is not None:
            await self._consent(moment(wanted["adultConsentAt"]), wanted, born)

    async def _consent(self, at: datetime, edge: State, born: date | None) -> None:
        """Record the client's consent at a moment; what no mutation would take, as of a minor, is written as it is."""
        assert self.contact is not None
        assert self.now.moment is not None
        back, self.now.moment = self.now.moment, at
        today = at.astimezone(ZoneInfo(self.practice.time_zone)).date()
        ends = Relationship[edge["relationship"]] in ENDS_AT_MAJORITY
        if ends and edge["portalAccess"] and (born is None or age_on(born, today) >= 18):
            sent = {"contactId": self.contact["id"], "expectedVersion": self.contact["version"]}
            self.contact = await self.staff.done("recordAdultConsent", **sent)
        else:
            contact_id = self.contact["id"]

            async def work(tx: Transaction) -> None:
                await tx[PersonWrites].lock(self.client_id)
                before = await tx[ContactWrites].by_id(contact_id)
                assert before is not None
                after = replace(before, adult_consent_at=at, version=before.version + 1, updated_at=at)
                await tx[ContactWrites].replace(before, after)

            await self._write(work)
            self.contact["version"] += 1
        self.now.moment = max(at, back)

    async def _write(self, work: Any) -> None:
        graph = Graph(GraphSession(self.installation.database), self.practice.id, date(2026, 6, 10))
        await graph.write(work)

    async def _account(self, wanted: State | None) -> None:
        """There is no way from an account to none."""
        if wanted is None:
            assert self.account is None
            return
        status = AccountStatus[wanted["status"]]
        if self.account is None:
            self.account = await give_account(
                self.installation,
                self.practice,
                self.person_id,
                wanted["address"],
                status=status,
                since=self.now.moment,
            )
        elif self.account.status is not status:
            before = self.account
            assert self.now.moment is not None
            after = before.changed(self.now.moment, status=status)

            async def work(tx: Transaction) -> None:
                await tx[AccountWrites].lock(self.person_id)
                await tx[AccountWrites].replace(before, after)

            await self._write(work)
            self.account = after

    async def ask(self, actions: Sequence[PortalAction], at: datetime | None) -> list[dict[str, Any]]:
        """What canAct answers for each action; without `at`, about now."""
        fields = [
            f"a{number}: canAct(personId: $person, clientId: $client, action: {action.name}, at: $at) {{ {ANSWER} }}"
            for number, action in enumerate(actions)
        ]
        query = f"query ($person: ID!, $client: ID!, $at: DateTime) {{ {' '.join(fields)} }}"
        variables = {"person": self.person_id, "client": self.client_id, "at": at and at.isoformat()}
        return list((await self.staff.query(query, **variables)).values())
