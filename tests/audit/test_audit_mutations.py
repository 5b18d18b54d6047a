"""Every mutation of the schema writes an event, in the transaction that changed something."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.kernel.clock import Clock
from graph_api.kernel.graph import Graph
from graph_api.kernel.happened import Unreported
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, Unit
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor
from graph_api.people.graph.reads import PersonReads
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.portal.account_commands import address_code_key, bound_to
from graph_api.portal.codes import sign_in_key, store_code
from graph_api.portal.graph.codes import CodeWrites
from graph_api.services import wiring
from tests.accounts import account_of
from tests.api import Api, Installation
from tests.contract.auditing import AuditOf
from tests.contract.household import MUTATIONS, OF_THE_WHOLE, Household, new_household
from tests.declared import ALL, OF_STAFF, OF_THE_PRACTICE
from tests.letters import Mail, mail_of
from tests.portal_users import PortalUser, portal_user

LUCIA = "lucia@example.org"

OF_ADMINS: dict[str, dict[str, Any]] = {
    "setAgeOfMajority": {"age": 21},
    "setMessaging": {"messagePrivacyAge": 16},
    "setReminderRules": {"rules": [{"minutesBefore": 120, "channels": ["EMAIL"]}]},
    "setQuietHours": {"from": "22:00", "to": "07:00"},
    "addPractitioner": {"displayName": "Ada Okafor"},
    "updatePractitioner": {"practitionerId": "one who was added before", "expectedVersion": 1, "title": "Psychologist"},
    "addLocation": {"name": "Room 2", "address": {"lines": ["1 High Street"]}},
    "updateLocation": {"locationId": "the household's", "expectedVersion": 1, "isExclusive": False},
    "addAppointmentType": {
        "name": "Long visit",
        "publicName": "Visit",
        "minutes": 50,
        "practitionerIds": [],
        "locationIds": [],
    },
    "updateAppointmentType": {"typeId": "the household's", "expectedVersion": 1, "minutes": 45},
}
"""What staff may not do, with an input that is accepted."""
AT_THE_PORTAL = {
    "resendInvitation": ("client",),
    "revokeInvitation": ("client",),
    "acceptInvitation": ("client", "contact"),
    "requestSignInCode": (),
    "signIn": ("contact",),
    "refreshSession": ("contact",),
    "createCalendarFeed": ("contact",),
    "revokeCalendarFeed": ("contact",),
    "changeAccountAddress": ("contact",),
    "signOut": ("contact",),
    "disableAccount": ("contact",),
}
"""What needs more than an input, and whose chains it goes on with. Asking for a code concerns nobody: who asks is not
known, nor whether anybody has the address."""
SUBJECTS = {
    "addClient": ("the new person",),
    "addNewContact": ("client", "the new person"),
    "addExistingContact": ("client",),
    "addReciprocalContact": ("sibling",),
    "updateContact": ("client",),
    "removeContact": ("client",),
    "updatePerson": ("person",),
    "setClientStatus": ("client",),
    "setDeceased": ("person",),
    "setClientFeature": ("client",),
    "setConfidentialChannel": ("client",),
    "inviteClient": ("client",),
    "recordAdultConsent": ("client",),
    "setPracticeFeature": ("practice",),
    "setAgeOfMajority": ("practice",),
    "setMessaging": ("practice",),
    "setReminderRules": ("practice",),
    "setQuietHours": ("practice",),
    "setReminderPreferences": ("person",),
    "startThread": ("client",),
    "sendMessage": ("client",),
    "markThreadRead": (),
    "setThreadAudience": ("client",),
    "assignThread": ("client",),
    "setThreadStatus": ("client",),
    "retractMessage": ("client",),
    "addPractitioner": ("practice",),
    "updatePractitioner": ("practice",),
    "addLocation": ("practice",),
    "updateLocation": ("practice",),
    "addAppointmentType": ("practice",),
    "updateAppointmentType": ("practice",),
    "setOpeningHours": ("practice",),
    "addOpeningException": ("practice",),
    "removeOpeningException": ("practice",),
    "bookAppointment": ("client",),
    "rescheduleAppointment": ("client",),
    "cancelAppointment": ("client",),
    "setAppointmentOutcome": ("client",),
    "setAppointmentAudience": ("client",),
    "addCharge": ("client",),
    "voidCharge": ("client",),
    "recordPayment": ("client",),
    "refundPayment": ("client",),
}
"""Whose chains a mutation goes on with: what is checked here, so each mutation's are written out."""
NAMED_OTHERWISE = {"inviteClient": "invitation.made"}
"""Events that are not called as their mutation."""
DONE_AGAIN = (
    "addClient",
    "addNewContact",
    "inviteClient",
    "addPractitioner",
    "startThread",
    "sendMessage",
    "addLocation",
    "addAppointmentType",
    "addOpeningException",
    "addCharge",
    "recordPayment",
    "refundPayment",
)
"""What a second time does once more."""


OF_REQUESTS = ("confirmAppointment", "declineAppointment")
"""What needs a request of an account: tests/acting/test_booking.py."""
BEFORE_CHARGES = ("setCurrency",)
"""What needs a practice that has charged nothing: tests/acting/test_ledger_checks.py."""


def test_every_mutation_of_the_schema_is_in_the_table() -> None:
    assert {*OF_ADMINS, *BEFORE_CHARGES} == set(OF_THE_PRACTICE) - set(OF_STAFF)
    assert set(ALL) == {*MUTATIONS, *OF_ADMINS, *BEFORE_CHARGES, *AT_THE_PORTAL, *OF_REQUESTS}
    assert SUBJECTS.keys() == {*MUTATIONS, *OF_ADMINS}


async def _events(installation: Installation, practice_id: str) -> dict[str, dict[str, Any]]:
    statement = "MATCH (e:AuditEvent) WHERE e.practice = $practice RETURN e{.*} AS event"
    async with installation.database.session(write=False) as session:
        result = await session.run(statement, {"practice": practice_id})
        return {record["event"]["id"]: record["event"] async for record in result}


def _named(home: Household, subject: str, known: set[str]) -> str:
    """A subject, as the table names it."""
    names = {
        home.practice.id: "practice",
        home.client["id"]: "client",
        home.person: "person",
        home.sibling["person"]["id"]: "sibling",
    }
    return names.get(subject, "somebody else" if subject in known else "the new person")


@pytest.mark.parametrize("name", [*MUTATIONS, *OF_ADMINS])
async def test_a_mutation_writes_its_events(installation: Installation, name: str) -> None:
    home = await new_household(installation, whole=name in OF_THE_WHOLE or name in OF_ADMINS)
    api = home.api
    values = {**home.inputs(), **OF_ADMINS}[name]
    if name in OF_ADMINS:
        api = installation.api(home.practice, ViewerRole.ADMIN, "admin-1")
        api.bookmark = home.api.bookmark
    if name in OF_ADMINS and "practitionerId" in values:
        known_one = await api.done("addPractitioner", **OF_ADMINS["addPractitioner"])
        values = values | {"practitionerId": known_one["id"]}
    if name in OF_ADMINS:
        own = {"locationId": home.location["id"], "typeId": home.type["id"]}
        values = {field: own.get(field, value) for field, value in values.items()}
    before = await _events(installation, home.practice.id)
    payload = await api.mutate(name, **values, idempotencyKey="once")
    assert payload["errors"] == []
    after = await _events(installation, home.practice.id)
    added = [event for event_id, event in after.items() if event_id not in before]
    known = {event["subjectId"] for event in before.values()}
    assert sorted(_named(home, event["subjectId"], known) for event in added) == sorted(SUBJECTS[name])
    for event in added:
        assert event["action"] == NAMED_OTHERWISE.get(name, name)
        assert event["actor"] == ("admin-1" if name in OF_ADMINS else "staff-1")
        assert event["requestId"]
        assert event["fields"], "what changed from what to what"
    assert await AuditOf(installation, api).places() == []
    replay = await api.mutate(name, **values, idempotencyKey="once")
    assert replay["errors"] == []
    await api.mutate(name, **values, idempotencyKey="twice")  # refused, or changes nothing, but for some
    if name not in DONE_AGAIN:
        assert (await _events(installation, home.practice.id)).keys() == after.keys()


@dataclass
class Portal:
    """A client, and a contact who is invited to the portal."""

    installation: Installation
    api: Api
    mail: Mail
    user: PortalUser
    client_id: str
    person_id: str
    contact_id: str

    async def events_of(self, act: Awaitable[Any]) -> tuple[str, ...]:
        """Whose chains something goes on with."""
        before = await _events(self.installation, self.api.practice.id)
        await act
        after = await _events(self.installation, self.api.practice.id)
        names = {self.client_id: "client", self.person_id: "contact"}
        added = [event for event_id, event in after.items() if event_id not in before]
        assert all(event["reason"] in ("role", "code", "account", "invitation") for event in added)
        return tuple(sorted(names[event["subjectId"]] for event in added))

    async def code(self, key: str, bound: str | None = None) -> str:
        """One for the account, as if it had been mailed."""
        now = datetime.now(UTC)
        settings = self.installation.settings
        secret = installation_secret(settings.data_dir, settings.secret_file)
        account = await account_of(self.installation, self.api.practice, self.person_id)
        assert account is not None
        stored = store_code(secret, bound or key, "1234 5678", account, now)
        graph = Graph(GraphSession(self.installation.database), self.api.practice.id, now.date())

        async def mailed(tx: Transaction) -> None:
            await tx[CodeWrites].keep(key, replace(await tx[CodeWrites].lock(key), codes=(stored,)), now, fresh=True)

        await graph.write(mailed)
        return "1234 5678"

    async def sign_in_code(self, address: str) -> str:
        """One to sign in with."""
        settings = self.installation.settings
        return await self.code(sign_in_key(installation_secret(settings.data_dir, settings.secret_file), address))


@pytest.fixture
async def portal(installation: Installation, api: Api) -> Portal:
    client = await api.client("Ana", emails=["ana@example.org"])
    contact = await api.contact(client["id"], "Lucía", portalAccess=True, person={"emails": [LUCIA]})
    mail = mail_of(installation, api.practice)
    user = portal_user(installation, api.practice, LUCIA)
    return Portal(installation, api, mail, user, client["id"], contact["person"]["id"], contact["id"])


async def test_what_is_done_at_the_portal_writes_its_events(portal: Portal) -> None:
    user, api, seen = portal.user, portal.api, dict[str, tuple[str, ...]]()
    admin = portal.installation.api(api.practice, ViewerRole.ADMIN, "admin-1")

    async def staff(name: str, **values: Any) -> None:
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ errors {{ code message }} }} }}"
        admin.bookmark = api.bookmark
        assert (await admin.query(query, input=values))[name]["errors"] == []
        api.bookmark = admin.bookmark

    seen["resendInvitation"] = await portal.events_of(staff("resendInvitation", contactId=portal.contact_id))
    await portal.mail.send()
    accepting = user.done("acceptInvitation", token=portal.mail.box.token(LUCIA))
    seen["acceptInvitation"] = await portal.events_of(accepting)
    seen["requestSignInCode"] = await portal.events_of(user.ask_for_code())
    seen["signIn"] = await portal.events_of(user.sign_in(await portal.sign_in_code(LUCIA)))
    seen["refreshSession"] = await portal.events_of(user.refresh())
    making = user.done("createCalendarFeed", signed_in=True, name="Phone")
    seen["createCalendarFeed"] = await portal.events_of(making)
    query = "{ viewer { calendarFeeds { id } } }"
    answer = (await user.post(query, {}, token=user.access_token)).json()
    assert "errors" not in answer, answer
    feeds = answer["data"]["viewer"]["calendarFeeds"]
    revoking = user.done("revokeCalendarFeed", signed_in=True, feedId=feeds[0]["id"])
    seen["revokeCalendarFeed"] = await portal.events_of(revoking)
    moved = "lucia.new@example.org"
    asked = await portal.events_of(user.done("changeAccountAddress", signed_in=True, email=moved))
    assert asked == ("contact",)
    key = address_code_key(portal.person_id)
    code = await portal.code(key, bound_to(key, moved))
    changing = user.done("changeAccountAddress", signed_in=True, email=moved, code=code)
    seen["changeAccountAddress"] = await portal.events_of(changing)
    user.address = moved
    await user.ask_for_code()
    assert (await user.sign_in(await portal.sign_in_code(moved)))["errors"] == []
    seen["signOut"] = await portal.events_of(user.done("signOut", signed_in=True))
    seen["disableAccount"] = await portal.events_of(staff("disableAccount", personId=portal.person_id))
    other = await api.contact(portal.client_id, "Rosa", portalAccess=True, person={"emails": ["rosa@example.org"]})
    seen["revokeInvitation"] = await portal.events_of(staff("revokeInvitation", contactId=other["id"]))
    assert seen == AT_THE_PORTAL
    assert await AuditOf(portal.installation, api).places() == []


async def test_a_mutation_that_says_nothing_of_a_change_is_undone(installation: Installation) -> None:
    practice = await installation.practice()
    settings = installation.settings
    graph = Graph(GraphSession(installation.database), practice.id, datetime.now(UTC).date())
    caller = Caller("staff-1", practice, ViewerRole.STAFF)
    clock = Clock(lambda: datetime.now(UTC), practice.time_zone)
    secret = installation_secret(settings.data_dir, settings.secret_file)
    person = Person(f"person_{'0' * 20}{practice.id[-12:]}", given_name="Ana")

    async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Person]:
        await tx[PersonWrites].create([person])
        return Outcome(person)

    async def reload(tx: Transaction, person_id: str) -> Person | None:
        return (await tx[PersonWrites].by_ids(person_id)).get(person_id)

    unit = Unit(caller, graph, clock, secret, wiring(make_auditor(settings)))
    with pytest.raises(Unreported, match="addClient"):
        await unit.run(Request("addClient", {}), lambda: None, change, reload)
    assert graph.door.open(await graph[PersonReads].records([person.id], ["id"])) == {}
