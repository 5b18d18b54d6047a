"""Inviting a client themselves: an account of their own, for who is nobody's contact (S12, S13)."""

from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.kernel.caller import ViewerRole
from tests.access.test_access import ACTS_FOR, EVERYTHING, can_act
from tests.accounts import account_of, give_account
from tests.api import Api, Installation
from tests.contract.practice_graph import unchanged
from tests.letters import Mail, mail_of
from tests.portal.test_invitations import ANA, LUCIA, invitation_of
from tests.stranger import ask, refusal

BORN, OTHER_DAY = "1980-02-29", "1980-02-28"
ALONE, OWN = "ana.alone@example.org", "own@accounts.example"
TOKEN = ["token"]


@pytest.fixture
def mail(installation: Installation, api: Api) -> Mail:
    """The practice's."""
    return mail_of(installation, api.practice)


async def invited(api: Api, mail: Mail, **values: Any) -> dict[str, Any]:
    """A client to whom an invitation was sent."""
    client = await api.client("Ana", **{"emails": [ANA], **values})
    await api.done("inviteClient", clientId=client["id"])
    await mail.send()
    return client


async def refused(installation: Installation, api: Api, client: dict[str, Any]) -> tuple[str, list[str]]:
    """Why they can't be invited; nothing changed."""
    async with unchanged(installation.database, api.practice):
        error = await api.refused("inviteClient", clientId=client["id"])
    assert error["__typename"] == "InvalidInput"
    return error["reason"], error["path"]


async def accepted(installation: Installation, token: str, **answer: str) -> str:
    """The access token of who accepts."""
    payload = await ask(installation, "acceptInvitation", token=token, **answer)
    assert payload["errors"] == []
    return str(payload["session"]["accessToken"])


@pytest.mark.parametrize("role", [ViewerRole.ADMIN, ViewerRole.STAFF])
async def test_who_is_nobodys_contact_acts_for_themselves(
    installation: Installation, api: Api, mail: Mail, role: ViewerRole
) -> None:
    client = await api.client("Ana", emails=[ANA, "second@example.org"])
    inviting = installation.api(api.practice, role, "inviter-1")
    inviting.bookmark = api.bookmark
    payload = await inviting.mutate("inviteClient", clientId=client["id"])
    assert (payload["client"]["id"], payload["errors"], payload["warnings"]) == (client["id"], [], [])
    assert not (await can_act(inviting, client["id"], client["id"]))["allowed"]
    assert (await mail.send()).sent == 1
    [letter] = mail.box.to(ANA)
    assert "act for yourself" in letter.text
    assert "Ana" not in letter.text
    portal = Api(installation.server.app, await accepted(installation, mail.box.token(ANA)), api.practice)
    viewer = (await portal.query(ACTS_FOR))["viewer"]
    assert viewer["person"] == {"id": client["id"]}
    [grant] = viewer["actsFor"]["nodes"]
    assert (grant["person"]["id"], grant["client"]["id"], grant["contact"]) == (client["id"], client["id"], None)
    assert grant["actions"] == EVERYTHING
    assert (await can_act(portal, client["id"], client["id"]))["allowed"]
    assert (await can_act(api, client["id"], client["id"]))["allowed"]
    assert (await mail.send()).sent == 0


async def test_their_own_birth_date_is_asked_for(installation: Installation, api: Api, mail: Mail) -> None:
    client = await invited(api, mail, birthDate=BORN)
    token = mail.box.token(ANA)
    missing = await ask(installation, "acceptInvitation", token=token)
    assert [error["message"] for error in missing["errors"]] == ["Give your date of birth."]
    wrong = await refusal(installation, "acceptInvitation", token=token, clientBirthDate=OTHER_DAY)
    assert wrong == ("clientBirthDate.wrong", ["clientBirthDate"])
    await accepted(installation, token, clientBirthDate=BORN)
    account = await account_of(installation, api.practice, client["id"])
    assert account is not None
    assert (account.address, account.status) == (ANA, AccountStatus.ACTIVE)
    again = await refusal(installation, "acceptInvitation", token=token, clientBirthDate=BORN)
    assert again == ("invitation.accepted", TOKEN)


async def test_the_third_wrong_answer_locks_it_until_it_is_sent_anew(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client = await invited(api, mail, birthDate=BORN)
    token = mail.box.token(ANA)
    tries = [await refusal(installation, "acceptInvitation", token=token, clientBirthDate=OTHER_DAY) for _ in range(3)]
    assert tries[2] == ("invitation.locked", TOKEN)
    assert await refusal(installation, "acceptInvitation", token=token, clientBirthDate=BORN) == tries[2]
    await api.done("inviteClient", clientId=client["id"])
    await mail.send()
    await accepted(installation, mail.box.token(ANA), clientBirthDate=BORN)


async def test_the_confidential_address_comes_before_the_open_ones(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client = await api.client("Ana", emails=[ANA])
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email=ALONE)
    await api.done("inviteClient", clientId=client["id"])
    await mail.send()
    assert mail.box.addresses == {ALONE}
    await accepted(installation, mail.box.token(ALONE))
    assert (await can_act(api, client["id"], client["id"]))["allowed"]


async def test_inviting_again_voids_the_earlier_link(installation: Installation, api: Api, mail: Mail) -> None:
    client = await invited(api, mail)
    first = mail.box.token(ANA)
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email=ALONE)
    await api.done("inviteClient", clientId=client["id"])
    assert await refusal(installation, "acceptInvitation", token=first) == ("invitation.unknown", TOKEN)
    await mail.send()
    await accepted(installation, mail.box.token(ALONE))


@pytest.mark.parametrize("email", [None, "another@example.org"])
async def test_a_confidential_address_that_is_gone_takes_its_invitation_with_it(
    installation: Installation, api: Api, mail: Mail, email: str | None
) -> None:
    client = await api.client("Ana", emails=[ANA])
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email=ALONE)
    await api.done("inviteClient", clientId=client["id"])
    await mail.send()
    changed = await api.mutate("setConfidentialChannel", clientId=client["id"], expectedVersion=2, email=email)
    assert [(warning["code"], warning["path"]) for warning in changed["warnings"]] == [("REVIEW_ACCESS", ["email"])]
    token = mail.box.token(ALONE)
    assert await refusal(installation, "acceptInvitation", token=token) == ("invitation.revoked", TOKEN)


async def test_wrong_answers_count_together_with_those_to_a_contacts_invitation(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client, other = await invited(api, mail, birthDate=BORN), await api.client("Bea", emails=["bea@example.org"])
    named = {"clientId": other["id"], "personId": client["id"], "relationship": "SPOUSE", "portalAccess": True}
    await api.done("addExistingContact", **named)
    own = mail.box.token(ANA)
    await mail.send()
    for _ in range(3):
        await refusal(installation, "acceptInvitation", token=own, clientBirthDate=OTHER_DAY)
    theirs = await refusal(installation, "acceptInvitation", token=mail.box.token(ANA))
    assert theirs == ("invitation.locked", TOKEN)


async def test_archiving_the_client_revokes_it(installation: Installation, api: Api, mail: Mail) -> None:
    client = await invited(api, mail)
    archived = await api.done("setClientStatus", personId=client["id"], expectedVersion=1, status="ARCHIVED")
    token = mail.box.token(ANA)
    assert await refusal(installation, "acceptInvitation", token=token) == ("invitation.revoked", TOKEN)
    assert await refused(installation, api, client) == ("client.archived", ["clientId"])
    version = archived["version"]
    await api.done("setClientStatus", personId=client["id"], expectedVersion=version, status="ACTIVE")
    assert await refusal(installation, "acceptInvitation", token=token) == ("invitation.revoked", TOKEN)


async def test_without_any_address_the_error_says_so(installation: Installation, api: Api) -> None:
    client = await api.client("Ana", emails=[])
    assert await refused(installation, api, client) == ("email.missing", ["clientId"])


async def test_an_account_in_use_is_not_invited(installation: Installation, api: Api) -> None:
    client = await api.client("Ana", emails=[ANA])
    await give_account(installation, api.practice, client["id"])
    assert await refused(installation, api, client) == ("account.exists", ["clientId"])


async def test_an_address_opens_one_account_only(installation: Installation, api: Api, mail: Mail) -> None:
    taken, client = await api.client("Eva"), await api.client("Bea", emails=[LUCIA.upper()])
    await give_account(installation, api.practice, taken["id"], LUCIA)
    assert await refused(installation, api, client) == ("account.addressTaken", ["clientId"])
    first, second = await invited(api, mail), await api.client("Max", emails=[ANA])
    assert await refused(installation, api, second) == ("account.addressTaken", ["clientId"])
    parent = {"givenName": "Iria", "familyName": "Vidal", "emails": [ANA]}
    async with unchanged(installation.database, api.practice):
        error = await api.refused(
            "addNewContact", clientId=first["id"], person=parent, relationship="PARENT", portalAccess=True
        )
    assert (error["reason"], error["path"]) == ("account.addressTaken", ["portalAccess"])
    await api.done("setClientStatus", personId=first["id"], expectedVersion=1, status="ARCHIVED")
    await api.done("inviteClient", clientId=second["id"])


async def test_accepting_any_invitation_settles_the_persons_others(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client, other = await invited(api, mail), await api.client("Bea", emails=["bea@example.org"])
    named = {"clientId": other["id"], "personId": client["id"], "relationship": "SPOUSE", "portalAccess": True}
    contact = await api.done("addExistingContact", **named)
    own = mail.box.token(ANA)
    await mail.send()
    theirs = mail.box.token(ANA)
    assert own != theirs
    assert (await invitation_of(api, contact["id"]))["status"] == "PENDING"
    portal = Api(installation.server.app, await accepted(installation, theirs), api.practice)
    assert await refusal(installation, "acceptInvitation", token=own) == ("invitation.accepted", TOKEN)
    grants = (await portal.query(ACTS_FOR))["viewer"]["actsFor"]["nodes"]
    assert {grant["client"]["id"]: grant["contact"] for grant in grants} == {
        client["id"]: None,
        other["id"]: {"id": contact["id"]},
    }


@pytest.mark.parametrize("confidential", [None, ALONE])
async def test_a_disabled_account_is_opened_again(
    installation: Installation, api: Api, mail: Mail, confidential: str | None
) -> None:
    """At its own address, which open e-mails never move; a confidential one moves it, and the old one is told."""
    client = await api.client("Ana", emails=[ANA])
    before = await give_account(installation, api.practice, client["id"], OWN, status=AccountStatus.DISABLED)
    if confidential is not None:
        await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email=confidential)
    await api.done("inviteClient", clientId=client["id"])
    await mail.send()
    address = confidential or OWN
    assert mail.box.addresses == {address}
    await accepted(installation, mail.box.token(address))
    account = await account_of(installation, api.practice, client["id"])
    assert account is not None
    assert (account.id, account.address, account.status) == (before.id, address, AccountStatus.ACTIVE)
    await mail.send()
    told = [letter.address for letter in mail.box.letters if "address of your portal account" in letter.subject]
    assert told == ([] if address == OWN else [OWN])


async def test_it_is_no_contacts_invitation(installation: Installation, api: Api, mail: Mail) -> None:
    client = await invited(api, mail)
    async with unchanged(installation.database, api.practice):
        for mutation in ("resendInvitation", "revokeInvitation"):
            assert (await api.refused(mutation, contactId=client["id"]))["code"] == "NOT_FOUND"
    await accepted(installation, mail.box.token(ANA))


async def test_what_happened_is_audited_for_the_client_and_names_no_contact(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client = await invited(api, mail)
    await accepted(installation, mail.box.token(ANA))
    admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
    query = "query ($id: ID!) { auditLog(clientId: $id) { nodes { action contact { id } } } }"
    events = (await admin.query(query, id=client["id"]))["auditLog"]["nodes"]
    assert {event["action"] for event in events} >= {"invitation.made", "invitation.accepted", "account.opened"}
    assert [event["contact"] for event in events] == [None] * len(events)
