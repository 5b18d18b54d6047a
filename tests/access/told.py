"""Writers change all that decisions about one client rest on, while askers note what they are told, and when."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from graph_api.access.model import AccountStatus
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from tests.accounts import give_account
from tests.api import Api, Installation

CONTACTS = 5
LONGEST = 600
REST = 0.25
"""Seconds; else nobody may ever do anything."""
ACTION = "MAKE_PAYMENT"
DECISION = "allowed at checks { rule passed }"
NOW = f"""query ($person: ID!, $client: ID!) {{
  canAct(personId: $person, clientId: $client, action: {ACTION}) {{ {DECISION} }} }}"""
THEN = f"""query ($person: ID!, $client: ID!, $at: DateTime!) {{
  canAct(personId: $person, clientId: $client, action: {ACTION}, at: $at) {{ {DECISION} }}
  whoCanAct(clientId: $client, action: {ACTION}, at: $at, first: 50) {{ nodes {{ person {{ id }} }} }}
  person(id: $client) {{ contactNetworkAsOf(at: $at, first: 50) {{ nodes {{ person {{ id }} payments }} }} }} }}"""


@dataclass(frozen=True)
class Told:
    """What somebody was told about now."""

    person: str
    at: str
    allowed: bool
    checks: dict[str, bool]


def _told(person: str, decision: dict[str, Any]) -> Told:
    checks = {check["rule"]: check["passed"] for check in decision["checks"]}
    return Told(person, decision["at"], decision["allowed"], checks)


@dataclass
class Household:
    """A client whose contacts may pay; each has an account."""

    installation: Installation
    staff: Api
    admin: Api
    client: str
    contacts: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Contact ids and versions by person."""
    changes: int = 0
    wanted: int = 0
    told: list[Told] = field(default_factory=list)

    @classmethod
    async def make(cls, installation: Installation) -> "Household":
        """A new one, in a practice of its own."""
        practice = await installation.practice()
        staff = installation.api(practice)
        client = (await staff.client())["id"]
        home = cls(installation, staff, installation.api(practice, ViewerRole.ADMIN, "admin-1"), client)
        for number in range(CONTACTS):
            made = await staff.contact(client, f"C{number}", relationship="SPOUSE", portalAccess=True, payments=True)
            home.contacts[made["person"]["id"]] = (made["id"], made["version"])
            await give_account(installation, practice, made["person"]["id"])
        return home

    @property
    def people(self) -> list[str]:
        """Who is asked about."""
        return sorted(self.contacts)

    @property
    def over(self) -> bool:
        """Whether as much was changed as is wanted, and both answers were given."""
        return self.changes >= self.wanted and len({one.allowed for one in self.told}) == 2

    async def race(self, wanted: int, askers: list[Api]) -> list[Told]:
        """Writers and askers side by side, until so much was changed."""
        self.wanted = wanted
        first, second, *others = self.people
        writers = [
            self._toggling(first),
            self._leaving(second),
            *(self._toggling(person) for person in others[:-1]),
            self._closing(others[-1]),
            self._client(),
            self._settings(),
        ]
        async with asyncio.timeout(LONGEST), asyncio.TaskGroup() as group:
            for side in (*writers, *map(self._asking, askers)):
                group.create_task(side)
        return self.told

    async def _asking(self, api: Api) -> None:
        while not self.over:
            person = random.choice(self.people)  # noqa: S311 - not a secret
            answer = (await api.post({"query": NOW, "variables": {"person": person, "client": self.client}})).json()
            if "errors" not in answer:
                self.told.append(_told(person, answer["data"]["canAct"]))

    async def _again(self, step: Callable[[bool], Awaitable[object]], rest: float = 0.0) -> None:
        """One after the other, now this way, now that; what concerns everybody rests while it is on."""
        on = False
        while not self.over:
            try:
                await step(on)
                self.changes += 1
            except AssertionError:
                # Who lost too many races, or waited too long, is told to try again; then it may have been done.
                await self._refresh()
            await asyncio.sleep(random.random() * 0.02 + rest * on)  # noqa: S311 - not a secret
            on = not on

    async def _refresh(self) -> None:
        """The versions of the contacts as they are."""
        for node in await self.staff.network(self.client):
            self.contacts[node["person"]["id"]] = node["id"], node["version"]

    async def _toggling(self, person: str) -> None:
        async def step(on: bool) -> None:
            contact, version = self.contacts[person]
            about = {"contactId": contact, "expectedVersion": version}
            made = await self.staff.done("updateContact", **about, changes={"payments": on})
            self.contacts[person] = contact, made["version"]

        await self._again(step)

    async def _leaving(self, person: str) -> None:
        async def step(on: bool) -> None:
            contact, version = self.contacts[person]
            if on:
                terms = {"relationship": "SPOUSE", "portalAccess": True, "payments": True}
                made = await self.staff.done("addExistingContact", clientId=self.client, personId=person, **terms)
                self.contacts[person] = made["id"], made["version"]
            else:
                await self.staff.done("removeContact", contactId=contact, expectedVersion=version)

        await self._again(step)

    async def _closing(self, person: str) -> None:
        practice = self.staff.practice

        async def step(on: bool) -> None:
            async def work(tx: Transaction) -> None:
                await tx[PersonWrites].lock(person)
                account = await tx[AccountWrites].lock(person)
                assert account is not None
                await tx[AccountWrites].replace(account, _opened(account, tx.stamp()))

            if on:
                today = datetime.now(UTC).date()
                graph = Graph(GraphSession(self.installation.database), practice.id, today)
                await graph.write(work)
            else:
                await self.staff.done("disableAccount", personId=person)

        await self._again(step)

    async def _client(self) -> None:
        async def step(on: bool) -> None:
            await self.staff.done("setClientFeature", clientId=self.client, feature="PAYMENTS", enabled=on)

        await self._again(step, REST)

    async def _settings(self) -> None:
        async def step(on: bool) -> None:
            await self.admin.done("setPracticeFeature", feature="PAYMENTS", enabled=on)

        await self._again(step, REST)

    async def contradicted(self, told: list[Told]) -> list[str]:
        """What is said now of the moments at which somebody was told something, where it differs."""
        found = []
        for one in told:
            data = await self.staff.query(THEN, person=one.person, client=self.client, at=one.at)
            if (then := _told(one.person, data["canAct"])) != one:
                found.append(f"{one} but later {then}")
            if one.allowed != (one.person in {row["person"]["id"] for row in data["whoCanAct"]["nodes"]}):
                found.append(f"{one} but not so in whoCanAct")
            network = {row["person"]["id"]: row for row in data["person"]["contactNetworkAsOf"]["nodes"]}
            if one.checks["CONTACT"] != (one.person in network):
                found.append(f"{one} but not so in the network")
            elif one.person in network and one.checks["TOGGLE"] != network[one.person]["payments"]:
                found.append(f"{one} but not so in the version")
        return found


def _opened(account: Account, at: datetime) -> Account:
    return account.changed(at, status=AccountStatus.ACTIVE)
