"""A practice with a family in it, and for each mutation an input that is accepted there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.kernel.caller import Practice, ViewerRole
from tests.api import Api, Installation
from tests.declared import OF_STAFF, input_of, place_of, place_of_terms

Input = dict[str, Any]


@dataclass(frozen=True)
class Household:
    """`contact` is no client, `sibling` is a contact and a client, `other` is a client outside the network.

    `guardian` has access to the portal, for which the client's consent can be recorded. `thread` is about the client.
    """

    api: Api
    practice: Practice
    client: dict[str, Any]
    other: dict[str, Any]
    contact: dict[str, Any]
    sibling: dict[str, Any]
    guardian: dict[str, Any]
    practitioner: dict[str, Any]
    thread: dict[str, Any]
    message: dict[str, Any]
    """The thread's second; `api` wrote both."""
    location: dict[str, Any]
    type: dict[str, Any]
    appointment: dict[str, Any]
    """The client's, an hour ago."""
    exception: dict[str, Any]
    """To the practitioner's hours."""
    charge: dict[str, Any]
    """Of which nothing is paid."""
    payment: dict[str, Any]
    """For another charge."""

    @property
    def person(self) -> str:
        """Whom `contact` is about."""
        return str(self.contact["person"]["id"])

    def inputs(self) -> dict[str, Input]:
        """One accepted input for each mutation of `MUTATIONS`."""
        contact, client = self.contact["id"], self.client["id"]
        return {
            "addClient": {"person": {"givenName": "Eva"}},
            "addNewContact": {"clientId": client, "person": {"givenName": "Eva"}, "relationship": "FRIEND"},
            "addExistingContact": {"clientId": client, "personId": self.other["id"], "relationship": "FRIEND"},
            "addReciprocalContact": {"contactId": self.sibling["id"], "relationship": "SIBLING"},
            "updateContact": {"contactId": contact, "expectedVersion": 1, "changes": {"payments": True}},
            "removeContact": {"contactId": contact, "expectedVersion": 1},
            "updatePerson": {"personId": self.person, "expectedVersion": 1, "changes": {"preferredName": "Luchi"}},
            "setClientStatus": {"personId": client, "expectedVersion": 1, "status": "INACTIVE"},
            "setDeceased": {"personId": self.person, "expectedVersion": 1, "deceasedOn": "2020-02-29"},
            "setPracticeFeature": {"feature": "PAYMENTS", "enabled": False},
            "setClientFeature": {"clientId": client, "feature": "MESSAGING", "enabled": False},
            "setConfidentialChannel": {"clientId": client, "expectedVersion": 1, "email": "ana.alone@example.org"},
            "inviteClient": {"clientId": client},
            "startThread": {
                "clientId": client,
                "subject": "Results",
                "body": "They are here.",
                "audience": "CONTACT_ONLY",
                "contactId": contact,
            },
            "sendMessage": {"threadId": self.thread["id"], "body": "Please call us."},
            "markThreadRead": {"threadId": self.thread["id"], "through": 1},
            "setThreadAudience": {
                "threadId": self.thread["id"],
                "expectedVersion": 1,
                "audience": "CONTACT_ONLY",
                "contactId": contact,
            },
            "assignThread": {
                "threadId": self.thread["id"],
                "expectedVersion": 1,
                "practitionerId": self.practitioner["id"],
            },
            "retractMessage": {"messageId": self.message["id"]},
            "setThreadStatus": {"threadId": self.thread["id"], "expectedVersion": 1, "status": "DONE"},
            **self._appointments(),
            **self._payments(),
            "setReminderPreferences": {"personId": self.person, "sms": False},
            "recordAdultConsent": {"contactId": self.guardian["id"], "expectedVersion": 1},
        }

    def _appointments(self) -> dict[str, Input]:
        practitioner, location = self.practitioner["id"], self.location["id"]
        appointment: Input = {"appointmentId": self.appointment["id"], "expectedVersion": 1}
        rule = {"weekday": "MONDAY", "from": "09:00", "to": "12:00", "startsOn": "2026-01-05"}
        return {
            "setOpeningHours": {
                "practitionerId": practitioner,
                "expectedVersion": 1,
                "rules": [rule | {"locationId": location}],
            },
            "addOpeningException": {"practitionerId": practitioner, "day": "2026-12-24", "isOpen": False},
            "removeOpeningException": {"exceptionId": self.exception["id"]},
            "bookAppointment": {
                "clientId": self.client["id"],
                "typeId": self.type["id"],
                "practitionerId": practitioner,
                "locationId": location,
                "startsAt": on_the_hour(days=2),
            },
            "rescheduleAppointment": appointment | {"startsAt": on_the_hour(days=3)},
            "cancelAppointment": dict(appointment),
            "setAppointmentOutcome": appointment | {"outcome": "COMPLETED"},
            "setAppointmentAudience": appointment | {"audience": "CLIENT_ONLY"},
        }

    def _payments(self) -> dict[str, Input]:
        client = {"clientId": self.client["id"]}
        return {
            "addCharge": client | {"amount": 5_000, "description": "Visit", "serviceDate": "2026-01-05"},
            "voidCharge": {"chargeId": self.charge["id"], "expectedVersion": 1},
            "recordPayment": client | {"amount": 1_000, "method": "CASH"},
            "refundPayment": {"paymentId": self.payment["id"], "amount": 500},
        }


def on_the_hour(**since: int) -> str:
    """A moment that can be booked, that far from now."""
    return (datetime.now(UTC) + timedelta(**since)).replace(minute=0, second=0, microsecond=0).isoformat()


OTHERWISE = {
    "confirmAppointment": "needs a request of an account: tests/acting/test_booking.py",
    "declineAppointment": "needs a request of an account: tests/acting/test_booking.py",
    "resendInvitation": "needs an invitation that is open: tests/portal/test_invitations.py",
    "revokeInvitation": "needs an invitation that is open: tests/portal/test_invitations.py",
    "disableAccount": "needs an account: tests/portal/test_account_changes.py",
}
"""What staff may do and is accepted in no household, and where it is tried. Any other has to have an input above."""
MUTATIONS = tuple(name for name in OF_STAFF if name not in OTHERWISE)
"""Those that staff may do in a household."""
PERSON_AT = {name: place for name in MUTATIONS if (place := place_of(name, "PersonInput"))}
"""Where a mutation takes a person's fields."""
TERMS_AT = {name: place for name in MUTATIONS for place in place_of_terms(name)}
"""Where a mutation takes an edge's terms; None: in the input itself."""


_OF_MORE = {
    *("threadId", "messageId", "practitionerId", "locationId", "typeId", "appointmentId", "exceptionId"),
    *("chargeId", "paymentId", "amount"),
}
OF_THE_WHOLE = frozenset(name for name in MUTATIONS if _OF_MORE & input_of(name).keys())
"""Those that need a conversation, an appointment, what can be booked, or what is to be paid."""
NOT_MADE = {"id": "nothing"}


def needs_whole(request: pytest.FixtureRequest) -> bool:
    """Whether the test that asks is about such a mutation."""
    return request.node.callspec.params.get("mutation") in OF_THE_WHOLE


async def new_household(installation: Installation, *, whole: bool = False) -> Household:
    """A household in a fresh practice; with conversations and appointments for those who need the whole of it."""
    practice = await installation.practice()
    api = installation.api(practice)
    client, other, twin = await api.client("Ana"), await api.client("Bea"), await api.client("Alba")
    contact = await api.contact(client["id"], "Lucía", person={"emails": ["lucia@example.org"]})
    sibling = await api.done("addExistingContact", clientId=client["id"], personId=twin["id"], relationship="SIBLING")
    guardian = await api.contact(
        client["id"],
        "Rosa",
        person={"familyName": "Vidal", "emails": ["rosa@example.org"]},
        relationship="GUARDIAN",
        portalAccess=True,
    )
    if not whole:
        return Household(api, practice, client, other, contact, sibling, guardian, *[NOT_MADE] * 9)
    admin = installation.api(practice, ViewerRole.ADMIN, "admin-1")
    practitioner = await admin.done("addPractitioner", displayName="Ada Okafor")
    thread = await api.done("startThread", clientId=client["id"], subject="Visit", body="Hello.", audience="SHARED")
    message = await api.done("sendMessage", threadId=thread["id"], body="How are you?")
    location = await admin.done("addLocation", name="Room 1", isExclusive=True)
    offering = {"practitionerIds": [practitioner["id"]], "locationIds": [location["id"]]}
    kind = await admin.done("addAppointmentType", name="Visit", publicName="Visit", minutes=30, **offering)
    appointment = await api.done(
        "bookAppointment",
        clientId=client["id"],
        typeId=kind["id"],
        practitionerId=practitioner["id"],
        locationId=location["id"],
        startsAt=on_the_hour(hours=-1),
    )
    exception = await exception_of(api, practitioner["id"])
    await admin.done("setCurrency", currency="USD")
    charge, paid = [
        await api.done("addCharge", clientId=client["id"], amount=5_000, description="Visit", serviceDate=day)
        for day in ("2026-01-05", "2026-01-06")
    ]
    payment = await api.done(
        "recordPayment",
        clientId=client["id"],
        amount=2_000,
        method="CASH",
        chargeIds=[paid["id"]],
    )
    made = (thread, message, location, kind, appointment, exception, charge, payment)
    return Household(api, practice, client, other, contact, sibling, guardian, practitioner, *made)


async def exception_of(api: Api, practitioner_id: str, **values: Any) -> dict[str, Any]:
    """A day on which a practitioner is closed."""
    await api.done("addOpeningException", practitionerId=practitioner_id, day="2026-12-25", isOpen=False, **values)
    query = """query ($id: ID!) { node(id: $id) { ... on Practitioner {
      exceptions(from: "2026-12-25", to: "2026-12-25") { id } } } }"""
    (found,) = (await api.query(query, id=practitioner_id))["node"]["exceptions"]
    return dict(found)
