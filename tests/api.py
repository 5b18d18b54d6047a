"""The API as a front end calls it: the whole application over ASGI, one practice, one role."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import signing_key
from graph_api.practices.graph import Practices
from tests.declared import OF_THE_PRACTICE, shown_by

PERSON = "id displayName givenName familyName version clientStatus isClient emails phones"
CLIENT = f"{PERSON} clientProfile {{ features confidentialEmail confidentialPhone }}"
THREAD = "id version audience threadStatus: status subject isErased"
MESSAGE = "id sequence body retractedAt"
PRACTICE = "id features ageOfMajority"
PRACTITIONER = "id displayName title isActive timeZone subject noticeEmail version"
CONTACT = """id version status isInForce relationship relationshipLabel roles portalAccess secureMessaging payments
  appointmentReminders startsOn endsOn removedAt removalReason note isReciprocated
  authority { kind documentReference endsOn }
  client { id displayName } person { id displayName }"""
ERRORS = f"""errors {{ __typename code message path
  ... on InvalidInput {{ reason }}
  ... on PaymentExceedsDue {{ due {{ amount currency text }} }}
  ... on VersionConflict {{ currentVersion current {{ id }} }}
  ... on AlreadyInNetwork {{ contact {{ {CONTACT} }} }}
  ... on ContactAlreadyExists {{ candidates {{ grade score person {{ id displayName }}
      evidence {{ field weight explanation }} existingContact {{ id }}
      addExisting {{ clientId personId relationship relationshipLabel roles portalAccess secureMessaging payments
        appointmentReminders startsOn endsOn note authority {{ kind documentReference endsOn }} }} }} }} }}
  warnings {{ code message path persons {{ id displayName }} }}"""
SHOWN = {"person": PERSON, "client": CLIENT, "contact": CONTACT, "practice": PRACTICE, "practitioner": PRACTITIONER}
LOCATION = "id name timeZone isExclusive version"
TYPE = "id name publicName minutes version"
APPOINTMENT = "id appointmentVersion: version appointmentStatus: status startsAt appointmentAudience: audience"
SHOWN |= {"thread": THREAD, "message": MESSAGE, "location": LOCATION, "type": TYPE}
SHOWN |= {"appointment": APPOINTMENT, "series": APPOINTMENT}
SHOWN |= {
    "charge": "id chargeVersion: version open { amount } voidedAt",
    "payment": "id paymentStatus: status paid: amount { amount } refunded { amount }",
    "refund": "id refundStatus: status givenBack: amount { amount }",
    "addCharge": "amount",
}
WITH_A_KEY = ("recordPayment", "refundPayment")
"""Mutations that are refused without an idempotency key: each call has one of its own, unless it says otherwise."""
BESIDES = {"setDeceased": "deceasedOn", "recordAdultConsent": "adultConsentAt"}


def _selected(mutation: str) -> str:
    """All that a payload shows of what was changed."""
    return " ".join(
        f"{name} {{ {SHOWN[name]} {BESIDES.get(mutation, '')} }}" if name in SHOWN else name
        for name in shown_by(mutation)
    )


ENTITY = {name: _selected(name) for name in OF_THE_PRACTICE}


def changed(payload: dict[str, Any]) -> dict[str, Any] | None:
    """A payload's entity, whatever it is called."""
    of_acting = ("thread", "message", "location", "type", "appointment", "charge", "payment", "refund")
    names = ("contact", "person", "client", "practice", "practitioner", *of_acting)
    found = [payload[name] for name in names if payload.get(name) is not None]
    return found[0] if found else None


def own_address() -> str:
    """An e-mail address that nobody else has."""
    return f"{secrets.token_hex(8)}@people.example"


def born(years_ago: int) -> str:
    """A birth date on which somebody is that old, and has been for half a year."""
    return (datetime.now(UTC) - timedelta(days=365.25 * years_ago + 183)).date().isoformat()


@dataclass
class Now:
    """The services' clock, which a test may set."""

    moment: datetime | None = None
    """At which it stands; None while it runs."""
    ahead: timedelta = timedelta(0)
    """Of this machine's clock, while it runs."""

    def __call__(self) -> datetime:
        return self.moment or datetime.now(UTC) + self.ahead


At = Callable[[str], None]
"""Sets the clock to a moment."""


@dataclass
class Api:
    """One practice's API in one role; `bookmark` is carried from answer to request, as clients do."""

    app: Starlette
    token: str
    practice: Practice
    bookmark: str | None = field(default=None, repr=False)

    async def post(self, body: dict[str, Any], **headers: str) -> httpx.Response:
        """One raw request."""
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        if self.bookmark:
            sent.setdefault("Graph-API-Bookmark", self.bookmark)
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            response = await client.post("/graphql", json=body, headers=sent)
        self.bookmark = response.headers.get("Graph-API-Bookmark", self.bookmark)
        return response

    async def execute(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer; the status must be 200."""
        response = await self.post({"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def query(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data; there must be no errors."""
        answer = await self.execute(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def mutate(self, name: str, /, **values: Any) -> dict[str, Any]:
        """A mutation's payload: entity, errors, warnings. `values` are the input's fields."""
        if name in WITH_A_KEY:
            values.setdefault("idempotencyKey", secrets.token_hex(8))
        type_name = name[0].upper() + name[1:] + "Input"
        document = f"mutation ($input: {type_name}!) {{ {name}(input: $input) {{ {ENTITY[name]} {ERRORS} }} }}"
        payload: dict[str, Any] = (await self.query(document, input=values))[name]
        return payload

    async def done(self, name: str, /, **values: Any) -> dict[str, Any]:
        """The entity of a mutation that must succeed."""
        payload = await self.mutate(name, **values)
        assert payload["errors"] == [], payload["errors"]
        entity = changed(payload)
        assert entity is not None, payload
        return entity

    async def refused(self, name: str, /, **values: Any) -> dict[str, Any]:
        """The one error of a mutation that must be refused."""
        payload = await self.mutate(name, **values)
        assert changed(payload) is None
        assert len(payload["errors"]) == 1, payload["errors"]
        error: dict[str, Any] = payload["errors"][0]
        return error

    async def client(self, given: str = "Ana", family: str = "García", **person: Any) -> dict[str, Any]:
        """A new client."""
        person.setdefault("emails", [own_address()])
        return await self.done("addClient", person={"givenName": given, "familyName": family, **person})

    async def contact(self, client_id: str, given: str = "Lucía", **values: Any) -> dict[str, Any]:
        """A new person in a client's network."""
        person = {"givenName": given, "familyName": "García", **values.pop("person", {})}
        person.setdefault("emails", [own_address()])  # which access to the portal needs
        values = {"relationship": "PARENT", **values}
        return await self.done("addNewContact", clientId=client_id, person=person, **values)

    async def network(self, client_id: str, arguments: str = "", side: str = "contactNetwork") -> list[dict[str, Any]]:
        """A network's contacts."""
        document = f"query ($id: ID!) {{ person(id: $id) {{ {side}{arguments} {{ nodes {{ {CONTACT} }} }} }} }}"
        nodes: list[dict[str, Any]] = (await self.query(document, id=client_id))["person"][side]["nodes"]
        return nodes


@dataclass
class Installation:
    """An engine, migrated, with the application on it; practices are made as needed, so tests do not meet."""

    name: str
    settings: Settings
    database: Database
    server: Server
    made: list[Practice] = field(default_factory=list, repr=False)
    """Every practice that was made here, in order."""

    async def practice(self, time_zone: str = "Europe/London", region: str = "GB") -> Practice:
        """A fresh practice."""
        practice_id = new_id("practice")
        practice = Practice(practice_id, f"t-{practice_id[-12:]}", "Test practice", time_zone, region)
        assert await Practices(self.database).create(practice, datetime.now(UTC))
        self.made.append(practice)
        return practice

    def token(self, practice: Practice, role: ViewerRole = ViewerRole.STAFF, subject: str = "staff-1") -> str:
        """A token of this installation's own."""
        key = signing_key(self.settings.data_dir)
        return mint_token(key, subject=subject, practice=practice.slug, role=role, lasts=timedelta(hours=12))

    def api(self, practice: Practice, role: ViewerRole = ViewerRole.STAFF, subject: str = "staff-1") -> Api:
        """The API of a practice in a role."""
        return Api(self.server.app, self.token(practice, role, subject), practice)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Gathers the names of the statements sent meanwhile."""
        names: list[str] = []

        def listener(name: str, _params: dict[str, Any]) -> None:
            names.append(name)

        self.database.listeners.append(listener)
        try:
            yield names
        finally:
            self.database.listeners.remove(listener)
