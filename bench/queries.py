"""The two questions that are measured, and what they are asked about."""

import random
from dataclasses import dataclass
from typing import Any

from bench.population import SEED
from bench.practice import Measured
from bench.server import ask

CONTACTS = """contactNetwork(first: 10) {
      nodes {
        id relationship roles portalAccess secureMessaging payments appointmentReminders startsOn endsOn status
        person { id displayName birthDate emails phones }
      }
      pageInfo { hasNextPage endCursor }
    }"""
ONE_CLIENT = f"""query OneClient($id: ID!) {{
  client(id: $id) {{
    id displayName birthDate emails phones clientStatus
    {CONTACTS}
  }}
}}"""
PAGE_OF_50 = f"""query PageOf50($after: String) {{
  clients(first: 50, after: $after) {{
    nodes {{
      id displayName birthDate emails phones clientStatus
      {CONTACTS}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
CURSORS = "query Cursors($after: String) { clients(first: 100, after: $after) { pageInfo { hasNextPage endCursor } } }"
CLIENTS_ASKED = 1_000
PAGES_ASKED = 40


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and the variables it is asked with in turn."""

    name: str
    query: str
    variables: list[dict[str, Any]]


def questions(port: int, token: str, measured: Measured) -> list[Question]:
    """One client with contacts; a page of 50 clients with theirs. Any client, any page."""
    chance = random.Random(SEED)
    asked = chance.sample(measured.client_ids, min(CLIENTS_ASKED, len(measured.client_ids)))
    return [
        Question("one client", ONE_CLIENT, [{"id": client_id} for client_id in asked]),
        Question("page of 50", PAGE_OF_50, [{"after": after} for after in _cursors(port, token)]),
    ]


def _cursors(port: int, token: str) -> list[str | None]:
    """Where pages start: the first, and after each hundred clients."""
    found: list[str | None] = [None]
    while len(found) < PAGES_ASKED:
        page = ask(port, token, CURSORS, {"after": found[-1]})["clients"]["pageInfo"]
        if not page["hasNextPage"]:
            break
        found.append(page["endCursor"])
    return found[:-1] if len(found) > 1 else found
