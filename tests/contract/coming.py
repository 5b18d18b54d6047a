"""A practice on a day, and its lists of what is coming, as a front end reads them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.accounts import give_account
from tests.api import Api, Installation

TODAY = date(2026, 2, 20)
NOON = datetime(2026, 2, 20, 12, tzinfo=UTC)
ENDING = """query ($days: Int!, $first: Int, $after: String) { accessEndingWithin(days: $days, first: $first,
  after: $after) { totalCount nodes { id } edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@dataclass
class Coming:
    """One practice; contacts are named by the test."""

    installation: Installation
    api: Api
    names: dict[str, str] = field(default_factory=dict)
    count: int = 0

    async def client(self, born: date | None = None, status: str = "ACTIVE") -> str:
        """A client's id."""
        self.count += 1
        birth_date = None if born is None else born.isoformat()
        made = await self.api.client(f"Client {self.count}", birthDate=birth_date)
        if status != "ACTIVE":
            await self.api.done("setClientStatus", personId=made["id"], expectedVersion=1, status=status)
        client_id: str = made["id"]
        return client_id

    async def contact(self, name: str, client_id: str, *, account: bool = True, **values: Any) -> str:
        """A contact's id; they have an account if nothing else is said."""
        self.count += 1
        person = {"emails": [f"contact{self.count}@example.org"]}
        terms = {"relationship": "FRIEND", "portalAccess": True, **values}
        made = await self.api.contact(client_id, f"Contact {self.count}", person=person, **terms)
        if account:
            await give_account(self.installation, self.api.practice, made["person"]["id"])
        self.names[made["id"]] = name
        contact_id: str = made["id"]
        return contact_id

    @classmethod
    async def open(cls, installation: Installation, zone: str = "Europe/London") -> "Coming":
        """A fresh practice."""
        return cls(installation, installation.api(await installation.practice(zone)))

    async def page(self, days: int, **page: Any) -> dict[str, Any]:
        """A page as it is."""
        found: dict[str, Any] = (await self.api.query(ENDING, days=days, **page))["accessEndingWithin"]
        assert [edge["node"]["id"] for edge in found["edges"]] == [node["id"] for node in found["nodes"]]
        return found

    async def within(self, days: int) -> list[str]:
        """Names, in order."""
        found = await self.page(days, first=100)
        assert found["totalCount"] == len(found["nodes"])
        assert found["pageInfo"]["hasNextPage"] is False
        return [self.names[node["id"]] for node in found["nodes"]]
