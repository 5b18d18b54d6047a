"""For every connection of the schema: a list with at least five rows, and what moves one of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from graph_api.custody.masters_in_use import message_texts
from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.kernel.rows import stamp
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor
from graph_api.services import Services
from tests.accounts import give_account
from tests.api import Api, Installation

SCHEMA = build_schema()
FAMILY = "Qq1"
NAMES = ("Aa", "Bb", "Cc", "Dd", "Ee", "Ff")
Moving = Callable[[str], Awaitable[Any]]
Asking = Callable[..., Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Case:
    """A list; `query` has PAGE where the arguments of a page stand."""

    ask: Asking
    query: str
    row: Callable[[dict[str, Any]], str]
    to_the_end: Moving
    to_the_start: Moving
    variables: Mapping[str, Any] = field(default_factory=dict)

    async def page(self, arguments: str, **other: Any) -> dict[str, Any]:
        """A page of it, by the arguments as they stand in the query."""
        data = await self.ask(self.query.replace("PAGE", arguments), **{**self.variables, **other})
        found: dict[str, Any] = next(iter(data.values()))
        return found if "pageInfo" in found else found["list"]

    async def rows(self, arguments: str = "first: 100") -> list[str]:
        """What a page shows."""
        return [self.row(node) for node in (await self.page(arguments))["nodes"]]


INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def _id(node: dict[str, Any]) -> str:
    return str(node["id"])


def _end(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda node: str(node[name]["id"])


def _renaming(api: Api, family: str) -> Moving:
    async def rename(person_id: str) -> None:
        found = await api.query("query ($id: ID!) { person(id: $id) { version } }", id=person_id)
        changes = {"familyName": family}
        version = found["person"]["version"]
        await api.done("updatePerson", personId=person_id, expectedVersion=version, changes=changes)

    return rename


def _named(api: Api, query: str, row: Callable[[dict[str, Any]], str], **variables: Any) -> Case:
    """A list in the order of names."""
    first, last = _renaming(api, "0Qq1"), _renaming(api, "\u4e00Qq1")
    return Case(api.query, query, row, last, first, variables)


async def clients(api: Api, _installation: Installation) -> Case:
    """Query.clients."""
    for name in NAMES:
        await api.client(name, FAMILY)
    return _named(api, f"{{ clients(PAGE) {{ nodes {{ id }} {INFO} }} }}", _id)


async def _family(api: Api, **terms: Any) -> str:
    """A client with contacts."""
    client = await api.client("Zoe", FAMILY)
    for name in NAMES:
        await api.contact(client["id"], name, person={"familyName": FAMILY}, relationship="FRIEND", **terms)
    return str(client["id"])


async def contact_network(api: Api, _installation: Installation) -> Case:
    """Person.contactNetwork."""
    query = "query ($id: ID!) { person(id: $id) { list: contactNetwork(PAGE) { nodes { person { id } } INFO } } }"
    return _named(api, query.replace("INFO", INFO), _end("person"), id=await _family(api))


async def contact_network_as_of(api: Api, _installation: Installation) -> Case:
    """Person.contactNetworkAsOf."""
    query = """query ($id: ID!, $at: DateTime!) { person(id: $id) {
      list: contactNetworkAsOf(at: $at, PAGE) { nodes { person { id } } INFO } } }"""
    client = await _family(api)
    at = datetime.now(UTC) + timedelta(seconds=2)  # changes are dated a little ahead of the clock
    return _named(api, query.replace("INFO", INFO), _end("person"), id=client, at=at.isoformat())


async def _clients_of_one(api: Api, **terms: Any) -> str:
    """Somebody who is a contact of several clients."""
    person_id = None
    for name in NAMES:
        client = await api.client(name, FAMILY)
        if person_id is None:
            made = await api.contact(client["id"], "Zoe", relationship="SPOUSE", **terms)
            person_id = str(made["person"]["id"])
        else:
            values = {"clientId": client["id"], "personId": person_id, "relationship": "SPOUSE"}
            await api.done("addExistingContact", **values, **terms)
    return str(person_id)


async def contact_of(api: Api, _installation: Installation) -> Case:
    """Person.contactOf."""
    query = "query ($id: ID!) { person(id: $id) { list: contactOf(PAGE) { nodes { client { id } } INFO } } }"
    return _named(api, query.replace("INFO", INFO), _end("client"), id=await _clients_of_one(api))


async def who_can_act(api: Api, _installation: Installation) -> Case:
    """Query.whoCanAct."""
    query = """query ($id: ID!, $at: DateTime) { whoCanAct(clientId: $id, action: RECEIVE_APPOINTMENT_REMINDERS,
      at: $at, PAGE) { nodes { person { id } } INFO } }"""
    client = await _family(api, appointmentReminders=True)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return _named(api, query.replace("INFO", INFO), _end("person"), id=client, at=later)


def _asking(installation: Installation, caller: Caller) -> Asking:
    """Asks as somebody without a token."""
    settings = installation.settings
    secret = installation_secret(settings.data_dir, settings.secret_file)
    services = Services(installation.database, secret, make_auditor(settings), texts=message_texts(settings))

    async def ask(query: str, **variables: Any) -> dict[str, Any]:
        body = (await Executor(SCHEMA).execute(Operation(query, variables), services.scope(caller))).body
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    return ask


async def acts_for(api: Api, installation: Installation) -> Case:
    """Viewer.actsFor."""
    person_id = await _clients_of_one(api, portalAccess=True)
    await give_account(installation, api.practice, person_id)
    caller = Caller("account-1", api.practice, ViewerRole.PORTAL, person_id=person_id)
    query = f"{{ viewer {{ list: actsFor(PAGE) {{ nodes {{ client {{ id }} }} {INFO} }} }} }}"
    first, last = _renaming(api, "0Qq1"), _renaming(api, "\u4e00Qq1")
    return Case(_asking(installation, caller), query, _end("client"), last, first)


async def clients_turning(api: Api, _installation: Installation) -> Case:
    """Query.clientsTurning: of one birthday."""
    coming = datetime.now(UTC).date() + timedelta(days=3)
    born = coming.replace(year=coming.year - 18, day=min(coming.day, 28))
    for name in NAMES:
        await api.client(name, FAMILY, birthDate=born.isoformat())
    query = f"{{ clientsTurning(age: {18 + (born.replace(year=coming.year) < coming - timedelta(days=3))}, "
    return _named(api, query + f"withinDays: 366, PAGE) {{ nodes {{ id }} {INFO} }} }}", _id)


async def access_ending(api: Api, _installation: Installation) -> Case:
    """Query.accessEndingWithin: in the order of days."""
    today = datetime.now(UTC).date()
    client = await api.client()
    for number, name in enumerate(NAMES):
        day = today + timedelta(days=10 + number)
        await api.contact(client["id"], name, relationship="FRIEND", appointmentReminders=True, endsOn=day.isoformat())

    def ending(days: int) -> Moving:
        async def move(contact_id: str) -> None:
            document = "query ($id: ID!) { node(id: $id) { ... on Contact { version } } }"
            version = (await api.query(document, id=contact_id))["node"]["version"]
            changes = {"endsOn": (today + timedelta(days=days)).isoformat()}
            await api.done("updateContact", contactId=contact_id, expectedVersion=version, changes=changes)

        return move

    query = f"{{ accessEndingWithin(days: 300, PAGE) {{ nodes {{ id }} {INFO} }} }}"
    return Case(api.query, query, _id, ending(200), ending(2))


async def find_contacts(api: Api, _installation: Installation) -> Case:
    """Query.findContacts: whoever is renamed is found no more."""
    for name in (*NAMES, "Gg"):
        await api.client(name, FAMILY)
    query = f'{{ findContacts(search: "{FAMILY}", PAGE) {{ nodes {{ person {{ id }} }} {INFO} }} }}'
    gone = _renaming(api, "Zz")
    return Case(api.query, query, _end("person"), gone, gone)


async def _changing(api: Api) -> tuple[str, Moving]:
    """A contact that was changed often, and what changes it once more."""
    contact = (await api.contact((await api.client())["id"]))["id"]

    async def change(_row: str = "") -> None:
        document = "query ($id: ID!) { node(id: $id) { ... on Contact { version } } }"
        version = (await api.query(document, id=contact))["node"]["version"]
        await api.done("updateContact", contactId=contact, expectedVersion=version, changes={"note": str(version)})

    for _ in NAMES:
        await change()
    return contact, change


async def history(api: Api, _installation: Installation) -> Case:
    """Contact.history: newest first, so that every change comes before."""
    contact, change = await _changing(api)
    query = "query ($id: ID!) { node(id: $id) { ... on Contact { list: history(PAGE) { nodes { id } INFO } } } }"
    return Case(api.query, query.replace("INFO", INFO), _id, change, change, {"id": contact})


async def audit_log(api: Api, installation: Installation) -> Case:
    """Query.auditLog: newest first, so that every change comes before."""
    _, change = await _changing(api)
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")

    async def ask(query: str, **variables: Any) -> dict[str, Any]:
        admin.bookmark = api.bookmark or admin.bookmark
        return await admin.query(query, **variables)

    query = f"""query ($from: DateTime, $to: DateTime) {{
      auditLog(from: $from, to: $to, PAGE) {{ nodes {{ id }} {INFO} }} }}"""
    now = datetime.now(UTC)
    times = {"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(days=1)).isoformat()}
    return Case(ask, query, _id, change, change, times)


async def _threads(api: Api) -> tuple[str, Moving]:
    """A client with threads, and what brings one of them to the front."""
    client = await api.client()
    for name in NAMES:
        await api.done("startThread", clientId=client["id"], subject=name, body=name, audience="SHARED")

    async def write(thread_id: str) -> None:
        await api.done("sendMessage", threadId=thread_id, body="More")

    return str(client["id"]), write


async def message_threads(api: Api, _installation: Installation) -> Case:
    """Person.messageThreads: newest message first."""
    client, write = await _threads(api)
    query = "query ($id: ID!) { person(id: $id) { list: messageThreads(PAGE) { nodes { id } INFO } } }"
    return Case(api.query, query.replace("INFO", INFO), _id, write, write, {"id": client})


async def message_inbox(api: Api, _installation: Installation) -> Case:
    """Query.messageInbox: newest message first."""
    _, write = await _threads(api)
    return Case(api.query, f"{{ messageInbox(PAGE) {{ nodes {{ id }} {INFO} }} }}", _id, write, write)


async def messages(api: Api, _installation: Installation) -> Case:
    """MessageThread.messages: what is sent meanwhile comes last."""
    client = await api.client()
    thread = await api.done("startThread", clientId=client["id"], subject="S", body="B", audience="SHARED")

    async def write(_row: str = "") -> None:
        await api.done("sendMessage", threadId=thread["id"], body="More")

    for _ in NAMES:
        await write()
    query = "query ($id: ID!) { node(id: $id) { ... on MessageThread { list: messages(PAGE) { nodes { id } INFO } } } }"
    return Case(api.query, query.replace("INFO", INFO), _id, write, write, {"id": thread["id"]})


async def acting_history(api: Api, installation: Installation) -> Case:
    """Person.actingHistory: newest first, so that what is done meanwhile comes before."""
    client = await api.client()
    contact = await api.contact(client["id"], portalAccess=True, secureMessaging=True, relationship="FRIEND")
    account = await give_account(installation, api.practice, contact["person"]["id"])
    ask = _asking(installation, Caller(account.id, api.practice, ViewerRole.PORTAL, account.person_id))
    start = """mutation ($input: StartThreadInput!) { startThread(input: $input) { thread { id } errors { code } } }"""

    async def act(_row: str = "") -> None:
        found = await ask(start, input={"clientId": client["id"], "subject": "S", "body": "B"})
        assert found["startThread"]["errors"] == []

    for _ in NAMES:
        await act()
    query = """query ($id: ID!) { person(id: $id) { list: actingHistory(PAGE) { nodes { at } INFO } } }"""
    return Case(api.query, query.replace("INFO", INFO), lambda node: str(node["at"]), act, act, {"id": client["id"]})


async def _bookable(api: Api, installation: Installation) -> dict[str, Any]:
    """A client, and with whom, where and what can be booked for them."""
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    client = await api.client()
    practitioner = await admin.done("addPractitioner", displayName="Kim Lee")
    location = await admin.done("addLocation", name="Room 1", timeZone="UTC")
    ids = {"practitionerIds": [practitioner["id"]], "locationIds": [location["id"]]}
    kind = await admin.done("addAppointmentType", name="Visit", publicName="Visit", minutes=30, gridMinutes=30, **ids)
    return {
        "clientId": client["id"],
        "typeId": kind["id"],
        "practitionerId": practitioner["id"],
        "locationId": location["id"],
    }


def _at(hour: int) -> str:
    """A time of a day to come."""
    day = datetime.now(UTC) + timedelta(days=5)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0).isoformat()


async def _appointments(api: Api, installation: Installation) -> tuple[dict[str, Any], Moving, Moving]:
    """Appointments of a day, and what moves one of them to its end, or to its start."""
    place = await _bookable(api, installation)
    for hour in range(8, 8 + len(NAMES)):
        await api.done("bookAppointment", **place, startsAt=_at(hour))

    def moving(hour: int) -> Moving:
        async def move(appointment_id: str) -> None:
            query = "query ($id: ID!) { node(id: $id) { ... on Appointment { version } } }"
            version = (await api.query(query, id=appointment_id))["node"]["version"]
            values = {"appointmentId": appointment_id, "expectedVersion": version, "startsAt": _at(hour)}
            await api.done("rescheduleAppointment", **values, overbook=True)

        return move

    return place, moving(20), moving(2)


async def appointments(api: Api, installation: Installation) -> Case:
    """Person.appointments: by their start."""
    place, later, sooner = await _appointments(api, installation)
    query = """query ($id: ID!, $from: DateTime, $to: DateTime) { person(id: $id) {
      list: appointments(from: $from, to: $to, PAGE) { nodes { id } INFO } } }"""
    times = {"from": _at(0), "to": _at(23)}
    return Case(api.query, query.replace("INFO", INFO), _id, later, sooner, {"id": place["clientId"], **times})


async def agenda(api: Api, installation: Installation) -> Case:
    """Query.agenda: by their start."""
    _, later, sooner = await _appointments(api, installation)
    query = f"query ($d: Date!) {{ agenda(from: $d, PAGE) {{ nodes {{ id }} {INFO} }} }}"
    return Case(api.query, query, _id, later, sooner, {"d": _at(0)[:10]})


async def appointment_requests(api: Api, installation: Installation) -> Case:
    """Query.appointmentRequests: soonest to expire first. Accounts make them, so here the graph is changed."""
    place = await _bookable(api, installation)
    for hour in range(8, 8 + len(NAMES)):
        await api.done("bookAppointment", **place, startsAt=_at(hour))
    asked = """MATCH (a:Appointment) WHERE a.practice = $practice AND a.clientId = $client
      SET a.status = 'REQUESTED', a.heldUntil = a.startsAt,
        a.requestKey = $practice + '|' + a.startsAt + '|' + a.id"""
    moved = """MATCH (a:Appointment) WHERE a.practice = $practice AND a.id = $id
      SET a.heldUntil = $at, a.requestKey = $practice + '|' + $at + '|' + a.id"""

    async def run(text: str, **values: Any) -> None:
        async with installation.database.session(write=True) as session:
            await (await session.run(text, practice=api.practice.id, **values)).consume()

    def to(hour: int) -> Moving:
        async def move(appointment_id: str) -> None:
            await run(moved, id=appointment_id, at=stamp(datetime.fromisoformat(_at(hour))))

        return move

    await run(asked, client=place["clientId"])
    query = f"{{ appointmentRequests(PAGE) {{ nodes {{ id }} {INFO} }} }}"
    return Case(api.query, query, _id, to(20), to(2))


async def openings(api: Api, installation: Installation) -> Case:
    """Query.openings: what is booked is open no more."""
    place = await _bookable(api, installation)
    day = _at(0)[:10]
    open_then = {"day": day, "isOpen": True, "from": "08:00", "to": "12:00", "locationId": place["locationId"]}
    await api.done("addOpeningException", practitionerId=place["practitionerId"], **open_then)

    async def book(starts_at: str) -> None:
        await api.done("bookAppointment", **place, startsAt=starts_at)

    query = f"""query ($c: ID!, $t: ID!, $d: Date!) {{
      openings(clientId: $c, typeId: $t, from: $d, PAGE) {{ nodes {{ startsAt }} {INFO} }} }}"""
    variables = {"c": place["clientId"], "t": place["typeId"], "d": day}
    return Case(api.query, query, lambda node: str(node["startsAt"]), book, book, variables)


async def _owing(api: Api, installation: Installation) -> tuple[dict[str, Any], Moving, Moving]:
    """A client with charges of several days, and what adds one of a later day, or of an earlier one."""
    await installation.api(api.practice, ViewerRole.ADMIN, "admin-1").done("setCurrency", currency="USD")
    client = await api.client()
    owed = {"clientId": client["id"], "amount": 500, "description": "Visit"}
    for day in range(10, 10 + len(NAMES)):
        await api.done("addCharge", **owed, serviceDate=f"2026-01-{day}")

    def charging(day: str) -> Moving:
        async def charge(_row: str = "") -> None:
            await api.done("addCharge", **owed, serviceDate=day)

        return charge

    return client, charging("2026-02-01"), charging("2026-01-01")


async def charges(api: Api, installation: Installation) -> Case:
    """Person.charges: the newest service date first."""
    client, later, earlier = await _owing(api, installation)
    query = f"query ($id: ID!) {{ person(id: $id) {{ list: charges(PAGE) {{ nodes {{ id }} {INFO} }} }} }}"
    return Case(api.query, query, _id, earlier, later, {"id": client["id"]})


async def payments(api: Api, installation: Installation) -> Case:
    """Person.payments: the newest first."""
    client, _, _ = await _owing(api, installation)

    async def pay(_row: str = "") -> None:
        await api.done("recordPayment", clientId=client["id"], amount=10, method="CASH")

    for _ in NAMES:
        await pay()
    query = f"query ($id: ID!) {{ person(id: $id) {{ list: payments(PAGE) {{ nodes {{ id }} {INFO} }} }} }}"
    return Case(api.query, query, _id, pay, pay, {"id": client["id"]})


async def entries(api: Api, installation: Installation) -> Case:
    """Statement.entries: what happens meanwhile comes last."""
    client, later, _ = await _owing(api, installation)
    query = f"""query ($id: ID!) {{ person(id: $id) {{ statement(from: "2026-01-01", to: "2200-01-01") {{
      list: entries(PAGE) {{ nodes {{ node {{ id }} }} {INFO} }} }} }} }}"""

    async def ask(text: str, **variables: Any) -> dict[str, Any]:
        return dict((await api.query(text, **variables))["person"])

    return Case(ask, query, lambda node: str(node["node"]["id"]), later, later, {"id": client["id"]})


CASES: Mapping[tuple[str, str], Callable[[Api, Installation], Awaitable[Case]]] = {
    ("Contact", "history"): history,
    ("Person", "appointments"): appointments,
    ("Person", "charges"): charges,
    ("Person", "payments"): payments,
    ("Statement", "entries"): entries,
    ("Query", "agenda"): agenda,
    ("Query", "appointmentRequests"): appointment_requests,
    ("Query", "openings"): openings,
    ("MessageThread", "messages"): messages,
    ("Person", "actingHistory"): acting_history,
    ("Person", "messageThreads"): message_threads,
    ("Query", "messageInbox"): message_inbox,
    ("Person", "contactNetwork"): contact_network,
    ("Person", "contactNetworkAsOf"): contact_network_as_of,
    ("Person", "contactOf"): contact_of,
    ("Query", "accessEndingWithin"): access_ending,
    ("Query", "auditLog"): audit_log,
    ("Query", "clients"): clients,
    ("Query", "clientsTurning"): clients_turning,
    ("Query", "findContacts"): find_contacts,
    ("Query", "whoCanAct"): who_can_act,
    ("Viewer", "actsFor"): acts_for,
}
