"""A practice in which every field has something to show, seen by each role."""

from dataclasses import dataclass
from typing import Any

from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.services import Services
from tests.accounts import give_account
from tests.api import Api, Installation, born
from tests.contract.household import exception_of, on_the_hour

SCHEMA = build_schema()
PERSON = {
    "preferredName": "Annie",
    "birthDate": born(11),
    "gender": "FEMALE",
    "phones": ["020 7946 0958"],
    "address": {"lines": ["1 High Street"], "city": "Leeds", "countryCode": "GB"},
}
OLDER = {"preferredName": "Di", "birthDate": "1985-03-01", "phones": ["020 7946 0959"]}

PRACTITIONER = {
    "displayName": "Ada Okafor",
    "title": "Psychologist",
    "timeZone": "Europe/Dublin",
    "subject": "staff-ada",
    "noticeEmail": "ada@practice.example",
}


@dataclass
class Seen:
    """The practice's people and edges by name, and who asks."""

    installation: Installation
    api: Api
    ids: dict[str, str]
    services: Services

    async def ask(self, role: ViewerRole, query: str, **variables: Any) -> dict[str, Any]:
        """The answer to a viewer of the role; the portal account is Dee's."""
        person = self.ids["dee"] if role is ViewerRole.PORTAL else None
        caller = Caller("someone", self.api.practice, role, person_id=person)
        context = self.services.scope(caller)
        return (await Executor(SCHEMA).execute(Operation(query, variables), context)).body

    async def data(self, role: ViewerRole, query: str, **variables: Any) -> dict[str, Any]:
        """The data; there must be no errors."""
        body = await self.ask(role, query, **variables)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data


async def fill(installation: Installation) -> Seen:
    """Ann is a child; Dee, her parent, has an account and is a client too. Fay is her other contact.

    Bob is a stranger, and Eve is dead.
    """
    api = installation.api(await installation.practice())
    ann = await api.client("Ann", "Ray", emails=["ann@example.org"], externalId="ann", **PERSON)
    dee = await api.client("Dee", "Ray", emails=["dee@example.org"], externalId="dee", **PERSON | OLDER)
    bob = await api.client("Bob", "Ray")
    eve = await api.client("Eve", "Ray")
    await api.done("setDeceased", personId=eve["id"], expectedVersion=eve["version"], deceasedOn=born(1))
    terms = {
        "relationship": "PARENT",
        "relationshipLabel": "Mum",
        "roles": ["NEXT_OF_KIN"],
        "authority": {"kind": "COURT_ORDER", "documentReference": "F-7"},
        "portalAccess": True,
        "secureMessaging": True,
        "payments": True,
        "startsOn": "2020-01-01",
        "endsOn": "2999-01-01",
        "note": "Calls back",
    }
    await give_account(installation, api.practice, dee["id"], "dee@example.org")
    parent = await api.done("addExistingContact", clientId=ann["id"], personId=dee["id"], **terms)
    back = await api.done("addExistingContact", clientId=dee["id"], personId=ann["id"], relationship="CHILD")
    other = await api.contact(ann["id"], "Fay", relationship="FRIEND")
    ended = await api.done("addExistingContact", clientId=bob["id"], personId=dee["id"], relationship="FRIEND")
    await api.done("removeContact", contactId=ended["id"], expectedVersion=1, reason="Moved away")
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    practitioner = await admin.done("addPractitioner", **PRACTITIONER)
    await admin.done("setMessaging", staffNoticeEmail="desk@example.org", messagingNotice="Not for emergencies.")
    thread = await api.done("startThread", clientId=ann["id"], subject="Visit", body="Hello.", audience="SHARED")
    message = await api.done("sendMessage", threadId=thread["id"], body="See you.")
    location = await admin.done(
        "addLocation",
        name="Online",
        isTelehealth=True,
        link="https://meet.example/1",
        address={"lines": ["1 High Street"]},
    )
    kind = await admin.done(
        "addAppointmentType",
        name="First",
        publicName="Visit",
        minutes=30,
        portal="BOOK",
        price=9_000,
        lateFee=2_500,
        practitionerIds=[practitioner["id"]],
        locationIds=[location["id"]],
    )
    appointment = await api.done(
        "bookAppointment",
        clientId=ann["id"],
        typeId=kind["id"],
        practitionerId=practitioner["id"],
        locationId=location["id"],
        startsAt=on_the_hour(days=2),
        note="Calls first",
    )
    exception = await exception_of(admin, practitioner["id"], note="Holiday")
    await admin.done("setCurrency", currency="GBP")
    owed = {"clientId": ann["id"], "amount": 5_000, "description": "Visit", "serviceDate": "2026-01-05"}
    charge = await api.done("addCharge", **owed, appointmentId=appointment["id"])
    paid = {"clientId": ann["id"], "amount": 2_000, "method": "CHECK", "reference": "Check 17"}
    payment = await api.done("recordPayment", **paid, payerPersonId=dee["id"])
    refund = await api.done("refundPayment", paymentId=payment["id"], amount=500, reason="Came late")
    ids = {
        "location": location["id"],
        "type": kind["id"],
        "appointment": appointment["id"],
        "exception": exception["id"],
        "charge": charge["id"],
        "payment": payment["id"],
        "refund": refund["id"],
        "ann": ann["id"],
        "dee": dee["id"],
        "bob": bob["id"],
        "eve": eve["id"],
        "fay": other["person"]["id"],
        "parent": parent["id"],
        "back": back["id"],
        "other": other["id"],
        "ended": ended["id"],
        "practice": api.practice.id,
        "practitioner": practitioner["id"],
        "thread": thread["id"],
        "message": message["id"],
    }
    return Seen(installation, api, ids, installation.server.services)
