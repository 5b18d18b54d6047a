"""A client, contacts of every kind, and everybody who may ask about their messages."""

from dataclasses import dataclass, field
from typing import Any

from graph_api.kernel.caller import Practice, ViewerRole
from tests.accounts import give_account
from tests.api import Api, Installation, born
from tests.portal_users import PortalUser, signed_in

WITH_ACCOUNTS = ("ben", "anna", "carl", "nora", "fay", "dora")
STAFF = {"staff": ViewerRole.STAFF, "admin": ViewerRole.ADMIN, "analyst": ViewerRole.ANALYST}
REFUSALS = """errors { __typename code path ... on InvalidInput { reason } }
  warnings { code persons { id } }"""


class Nobody(Exception):
    """The reader has no token that holds."""


@dataclass
class Cast:
    """Ben is the client. Anna and Carl read messages, Nora has the portal alone, Fay's account is disabled, and Dora
    was removed. `elsewhere` is staff of another practice."""

    installation: Installation
    practice: Practice
    api: Api
    ids: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, PortalUser] = field(default_factory=dict)
    others: dict[str, Api] = field(default_factory=dict)

    async def ask(self, who: str, query: str, **variables: Any) -> dict[str, Any]:
        """The data of somebody's question.

        Raises:
            Nobody: their token does not hold.
        """
        body = {"query": query, "variables": variables}
        if who in self.users:
            response = await self.users[who].post(query, variables, token=self.users[who].access_token)
        else:
            response = await self.others[who].post(body)
        if response.status_code == 401:
            raise Nobody
        assert response.status_code == 200, response.text
        answer = response.json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def does(self, who: str, mutation: str, shown: str = "", **values: Any) -> dict[str, Any]:
        """A mutation's payload."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {shown} {REFUSALS} }} }}"
        found: dict[str, Any] = (await self.ask(who, query, input=values))[mutation]
        return found

    async def done(self, who: str, mutation: str, shown: str, **values: Any) -> dict[str, Any]:
        """What a mutation that must succeed shows."""
        payload = await self.does(who, mutation, shown, **values)
        assert payload["errors"] == [], payload
        return next(payload[name] for name in payload if name not in ("errors", "warnings"))

    async def refused(self, who: str, mutation: str, **values: Any) -> str:
        """Why a mutation is refused: a reason, or a code."""
        [error] = (await self.does(who, mutation, **values))["errors"]
        return str(error.get("reason") or error["code"])

    async def start(self, who: str, body: str = "Hello", subject: str = "Question", **values: Any) -> str:
        """A new thread's id."""
        values.setdefault("clientId", self.ids["ben"])
        found = await self.done(who, "startThread", "thread { id }", subject=subject, body=body, **values)
        return str(found["id"])

    async def send(self, who: str, thread: str, body: str = "More") -> str:
        """A new message's id."""
        return str((await self.done(who, "sendMessage", "message { id }", threadId=thread, body=body))["id"])

    async def version(self, thread: str) -> int:
        """A thread's, as staff read it."""
        found = await self.ask(
            "staff", "query ($id: ID!) { node(id: $id) { ... on MessageThread { version } } }", id=thread
        )
        return int(found["node"]["version"])

    async def widen(self, thread: str, audience: str, with_: str | None = None) -> dict[str, Any]:
        """Set a thread's audience; the payload."""
        values: dict[str, Any] = {
            "threadId": thread,
            "expectedVersion": await self.version(thread),
            "audience": audience,
        }
        if with_ is not None:
            values["contactId"] = self.contacts[with_]["id"]
        payload = await self.does("staff", "setThreadAudience", "thread { version }", **values)
        assert payload["errors"] == [], payload
        return payload

    async def change(self, who: str, **changes: Any) -> None:
        """Change the terms of somebody's edge."""
        contact = self.contacts[who]
        self.contacts[who] = await self.api.done(
            "updateContact", contactId=contact["id"], expectedVersion=contact["version"], changes=changes
        )

    async def remove(self, who: str) -> None:
        """Remove somebody from the network."""
        contact = self.contacts[who]
        await self.api.done("removeContact", contactId=contact["id"], expectedVersion=contact["version"])

    async def add_again(self, who: str) -> None:
        """Put somebody back, who reads messages."""
        self.contacts[who] = await self.api.done(
            "addExistingContact",
            clientId=self.ids["ben"],
            personId=self.ids[who],
            relationship="FRIEND",
            portalAccess=True,
            secureMessaging=True,
        )


async def new_cast(installation: Installation, age: int = 30) -> Cast:
    """Everybody, in a fresh practice."""
    practice = await installation.practice()
    cast = Cast(installation, practice, installation.api(practice))
    ben = await cast.api.client("Ben", "Moreno", birthDate=born(age))
    cast.ids["ben"] = ben["id"]
    for who in WITH_ACCOUNTS[1:]:
        contact = await cast.api.contact(
            ben["id"], who.capitalize(), person={"familyName": "Moreno"}, relationship="FRIEND"
        )
        cast.ids[who] = contact["person"]["id"]
        cast.contacts[who] = contact
    for who in WITH_ACCOUNTS:
        account = await give_account(installation, practice, cast.ids[who])
        cast.users[who] = await signed_in(installation, practice, account)
    for who in cast.contacts:
        await cast.change(who, portalAccess=True, secureMessaging=who != "nora")
    await cast.remove("dora")
    await cast.api.done("disableAccount", personId=cast.ids["fay"])
    for name, role in STAFF.items():
        cast.others[name] = installation.api(practice, role, f"{name}-1")
    cast.others["colleague"] = installation.api(practice, ViewerRole.STAFF, "staff-2")
    cast.others["elsewhere"] = installation.api(await installation.practice())
    return cast
