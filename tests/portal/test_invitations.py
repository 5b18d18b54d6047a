"""Switching portal access on: who is invited, who is told, who can't be (S12, S13)."""

from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from tests.accounts import give_account
from tests.api import Api, Installation
from tests.contract.practice_graph import unchanged
from tests.letters import Mail, mail_of

LUCIA, ANA = "lucia@example.org", "ana@example.org"
INVITATION = (
    "query ($id: ID!) { node(id: $id) { ... on Contact { invitation { status sentTo createdAt expiresAt } } } }"
)


@pytest.fixture
def mail(installation: Installation, api: Api) -> Mail:
    """The practice's."""
    return mail_of(installation, api.practice)


async def invited(api: Api, **values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A client, and a contact of theirs with access to the portal."""
    client = await api.client("Ana", emails=[ANA])
    person = {"emails": [LUCIA], **values.pop("person", {})}
    return client, await api.contact(client["id"], "Lucía", portalAccess=True, person=person, **values)


async def invitation_of(api: Api, contact_id: str) -> Any:
    """As staff see it."""
    return (await api.query(INVITATION, id=contact_id))["node"]["invitation"]


def codes(payload: dict[str, Any]) -> list[str]:
    """Of a payload's warnings that are about being told."""
    told = ("CLIENT_NOT_TOLD", "ACCOUNT_DISABLED")
    return [warning["code"] for warning in payload["warnings"] if warning["code"] in told]


async def test_s12_a_contact_without_an_account_is_invited_at_the_first_address(api: Api, mail: Mail) -> None:
    _, contact = await invited(api, person={"emails": [LUCIA, "second@example.org"]})
    shown = await invitation_of(api, contact["id"])
    assert (shown["status"], shown["sentTo"]) == ("PENDING", LUCIA)
    report = await mail.send()
    assert (report.sent, report.dropped, report.postponed) == (2, 0, 0)
    assert mail.box.addresses == {LUCIA, ANA}
    assert mail.box.token(LUCIA).startswith(f"{api.practice.slug}.")
    assert f"https://{api.practice.slug}.portal.example/invitation#" in mail.box.to(LUCIA)[0].text
    assert (await mail.send()).sent == 0


async def test_without_portal_access_nobody_is_invited_nor_told(api: Api, mail: Mail) -> None:
    client = await api.client("Ana", emails=[ANA])
    contact = await api.contact(client["id"], "Lucía", person={"emails": [LUCIA]}, payments=True)
    assert await invitation_of(api, contact["id"]) is None
    assert (await mail.send()).sent == 0


@pytest.mark.parametrize("flow", ["addNewContact", "addExistingContact", "addReciprocalContact", "updateContact"])
async def test_without_an_email_the_error_says_so_and_nothing_changes(
    installation: Installation, api: Api, flow: str
) -> None:
    client, other = await api.client("Ana", emails=[]), await api.client("Bea", emails=[])
    sent: dict[str, Any] = {"clientId": client["id"], "relationship": "PARENT", "portalAccess": True}
    path = ["portalAccess"]
    if flow == "addNewContact":
        sent["person"] = {"givenName": "Lucía"}
    elif flow == "addExistingContact":
        sent["personId"] = other["id"]
    elif flow == "addReciprocalContact":
        forward = {"clientId": other["id"], "personId": client["id"], "relationship": "CHILD"}
        sent = {"relationship": "PARENT", "portalAccess": True}
        sent["contactId"] = (await api.done("addExistingContact", **forward))["id"]
    else:
        contact = await api.contact(client["id"], "Lucía", person={"emails": []})
        sent = {"contactId": contact["id"], "expectedVersion": 1, "changes": {"portalAccess": True}}
        path = ["changes", "portalAccess"]
    async with unchanged(installation.database, api.practice):
        error = await api.refused(flow, **sent)
    assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", "email.missing", path)


async def test_a_contact_with_an_account_gets_a_notice_at_its_address(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client, other = await api.client("Ana", emails=[ANA]), await api.client("Bea")
    await give_account(installation, api.practice, other["id"], "bea@accounts.example")
    added = await api.mutate(
        "addExistingContact", clientId=client["id"], personId=other["id"], relationship="SPOUSE", portalAccess=True
    )
    assert (added["errors"], codes(added)) == ([], [])
    assert await invitation_of(api, added["contact"]["id"]) is None
    await mail.send()
    assert mail.box.addresses == {"bea@accounts.example", ANA}
    assert "invitation" not in mail.box.to("bea@accounts.example")[0].text


async def test_a_disabled_account_stays_disabled_and_staff_are_told(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client, other = await api.client("Ana", emails=[ANA]), await api.client("Bea")
    status = AccountStatus.DISABLED
    await give_account(installation, api.practice, other["id"], "bea@accounts.example", status=status)
    added = await api.mutate(
        "addExistingContact", clientId=client["id"], personId=other["id"], relationship="SPOUSE", portalAccess=True
    )
    assert (added["contact"]["portalAccess"], codes(added)) == (True, ["ACCOUNT_DISABLED"])
    await mail.send()
    assert mail.box.addresses == {ANA}


@pytest.mark.parametrize(("client_emails", "contact_emails", "told_at"), [
    ([ANA], [LUCIA], ANA),
    ([LUCIA, ANA], [LUCIA], ANA),
    (["Lucia@Example.org", ANA], [LUCIA], ANA),
    ([LUCIA], [LUCIA], None),
    ([ANA], [LUCIA, ANA], None),
    ([], [LUCIA], None),
])  # fmt: skip
async def test_the_client_is_told_at_an_address_the_contact_does_not_have(
    api: Api, mail: Mail, client_emails: list[str], contact_emails: list[str], told_at: str | None
) -> None:
    client = await api.client("Ana", emails=client_emails)
    added = await api.mutate(
        "addNewContact",
        clientId=client["id"],
        person={"givenName": "Lucía", "familyName": "Ortiz", "emails": contact_emails},
        relationship="SPOUSE",
        portalAccess=True,
    )
    assert added["errors"] == []
    assert codes(added) == ([] if told_at else ["CLIENT_NOT_TOLD"])
    await mail.send()
    assert mail.box.addresses == {LUCIA, *([told_at] if told_at else [])}


async def test_the_clients_own_account_address_comes_before_their_emails(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client = await api.client("Ana", emails=[ANA])
    await give_account(installation, api.practice, client["id"], "own@accounts.example")
    await api.contact(client["id"], portalAccess=True, person={"emails": [LUCIA]})
    await mail.send()
    assert mail.box.addresses == {LUCIA, "own@accounts.example"}
