"""The past as a front end reads it: contacts' histories, and networks as they were."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api import Api

START = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
VERSION = """id version relationship relationshipLabel roles portalAccess secureMessaging payments appointmentReminders
  startsOn endsOn validFrom validTo authority { kind documentReference endsOn } adultConsentAt
  contact { id status } client { id displayName } person { id displayName }"""
HISTORY = f"""query ($id: ID!, $first: Int, $after: String) {{ node(id: $id) {{ ... on Contact {{ status
  history(first: $first, after: $after) {{ totalCount nodes {{ {VERSION} }} edges {{ cursor node {{ id }} }}
  pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"""
AS_OF = f"""query ($id: ID!, $at: DateTime!, $first: Int, $after: String) {{ person(id: $id) {{
  contactNetworkAsOf(at: $at, first: $first, after: $after) {{ totalCount nodes {{ {VERSION} }}
  pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }} }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ __typename id ... on ContactVersion {{ {VERSION} }} }} }}"


@dataclass(frozen=True)
class Told:
    """Asks the API about a contact or a network."""

    api: Api

    async def history(self, contact_id: str, **page: Any) -> dict[str, Any]:
        """A contact's history."""
        found: dict[str, Any] = (await self.api.query(HISTORY, id=contact_id, **page))["node"]["history"]
        assert found["nodes"] == [] or [node["id"] for node in found["nodes"]] == [
            edge["node"]["id"] for edge in found["edges"]
        ]
        return found

    async def as_of(self, client_id: str, at: datetime, **page: Any) -> dict[str, Any]:
        """A network as it was."""
        data = await self.api.query(AS_OF, id=client_id, at=at.isoformat(), **page)
        found: dict[str, Any] = data["person"]["contactNetworkAsOf"]
        return found
