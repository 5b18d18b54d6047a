"""A practice with a family in it, and for each mutation an input that is accepted there."""

from dataclasses import dataclass
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
            "recordAdultConsent": {"contactId": self.guardian["id"], "expectedVersion": 1},
        }


OTHERWISE = {
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


OF_THREADS = frozenset(name for name in MUTATIONS if {"threadId", "messageId"} & input_of(name).keys())
"""Those that need a conversation that is there."""
NOT_MADE = {"id": "nothing"}


def needs_threads(request: pytest.FixtureRequest) -> bool:
    """Whether the test that asks is about such a mutation."""
    return request.node.callspec.params.get("mutation") in OF_THREADS


async def new_household(installation: Installation, *, threads: bool = False) -> Household:
    """A household in a fresh practice; a conversation and whoever is to answer it are made for those who need them."""
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
    if not threads:
        return Household(api, practice, client, other, contact, sibling, guardian, NOT_MADE, NOT_MADE, NOT_MADE)
    admin = installation.api(practice, ViewerRole.ADMIN, "admin-1")
    practitioner = await admin.done("addPractitioner", displayName="Ada Okafor")
    thread = await api.done("startThread", clientId=client["id"], subject="Visit", body="Hello.", audience="SHARED")
    message = await api.done("sendMessage", threadId=thread["id"], body="How are you?")
    return Household(api, practice, client, other, contact, sibling, guardian, practitioner, thread, message)
