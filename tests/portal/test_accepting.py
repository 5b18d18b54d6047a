"""Accepting an invitation: what is asked for, what is told, and what is left as it was (S12, S13)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.engine.lead import LONGEST
from tests.accounts import account_of, give_account
from tests.api import Api, Installation, Now
from tests.contract.practice_graph import run, unchanged
from tests.letters import Mail, mail_of, token_of
from tests.portal.test_invitations import ANA, LUCIA, invitation_of, invited
from tests.stranger import ask, refusal

BORN, OTHER_DAY = "2014-09-03", "2014-09-04"
TOKEN, BIRTH_DATE = ["token"], ["clientBirthDate"]


@pytest.fixture
def mail(installation: Installation, api: Api, now: Now) -> Mail:
    """The practice's, by the services' clock."""
    return mail_of(installation, api.practice, now)


@pytest.fixture
def clock(now: Now) -> Iterator[Now]:
    """The services' clock, set back afterwards."""
    yield now
    now.moment = None


async def with_birth_date(api: Api) -> dict[str, Any]:
    """An invited contact of a client whose birth date is known."""
    client = await api.client("Ben", birthDate=BORN, emails=[ANA])
    return await api.contact(client["id"], "Lucía", portalAccess=True, person={"emails": [LUCIA]})


async def accepted(installation: Installation, mail: Mail, **answer: str) -> dict[str, Any]:
    """The session of an invitation that is accepted."""
    await mail.send()
    payload = await ask(installation, "acceptInvitation", token=mail.box.token(LUCIA), **answer)
    assert payload["errors"] == []
    session: dict[str, Any] = payload["session"]
    return session


async def test_s13_who_accepts_has_an_account_of_their_own_and_is_signed_in(
    installation: Installation, api: Api, mail: Mail
) -> None:
    contact = await with_birth_date(api)
    before = datetime.now(UTC)
    session = await accepted(installation, mail, clientBirthDate=BORN)
    account = await account_of(installation, api.practice, contact["person"]["id"])
    assert account is not None
    assert (account.address, account.status, account.version) == (LUCIA, AccountStatus.ACTIVE, 1)
    assert before <= account.since == account.verified_at <= datetime.now(UTC) + timedelta(seconds=LONGEST)
    portal = Api(installation.server.app, session["accessToken"], api.practice)
    viewer = await portal.query("{ viewer { role person { id } } }")
    assert viewer == {"viewer": {"role": "PORTAL", "person": {"id": contact["person"]["id"]}}}
    assert (await invitation_of(api, contact["id"]))["status"] == "ACCEPTED"


@pytest.mark.parametrize("as_pasted", ["{token}\n", "<{link}>", "{escaped}", "enter this:\n\n{token}\n"])
async def test_the_token_is_taken_as_it_was_pasted(
    installation: Installation, api: Api, mail: Mail, as_pasted: str
) -> None:
    """The mail says it twice: behind the # of the link, and on a line of its own."""
    await invited(api)
    await mail.send()
    token = mail.box.token(LUCIA)
    [letter] = mail.box.to(LUCIA)
    assert token in letter.text.splitlines()
    [link] = [line for line in letter.text.splitlines() if line.endswith(f"/invitation#{token}")]
    pasted = as_pasted.format(token=token, link=link, escaped=link.replace("#", "%23"))
    payload = await ask(installation, "acceptInvitation", token=pasted)
    assert payload["errors"] == []


async def test_an_invitation_is_good_once(installation: Installation, api: Api, mail: Mail) -> None:
    await invited(api)
    await accepted(installation, mail)
    async with unchanged(installation.database, api.practice):
        again = await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA))
    assert again == ("invitation.accepted", TOKEN)


async def test_without_a_known_birth_date_none_is_asked_for(installation: Installation, api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    await accepted(installation, mail, clientBirthDate=OTHER_DAY)
    assert await account_of(installation, api.practice, contact["person"]["id"]) is not None


async def test_a_known_birth_date_is_asked_for(installation: Installation, api: Api, mail: Mail) -> None:
    await with_birth_date(api)
    await mail.send()
    async with unchanged(installation.database, api.practice):
        missing = await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA))
    assert missing == ("clientBirthDate.missing", BIRTH_DATE)


async def test_the_third_wrong_birth_date_locks_it(installation: Installation, api: Api, mail: Mail) -> None:
    contact = await with_birth_date(api)
    await mail.send()
    token = mail.box.token(LUCIA)
    wrong = {"token": token, "clientBirthDate": OTHER_DAY}
    for _ in range(2):
        assert await refusal(installation, "acceptInvitation", **wrong) == ("clientBirthDate.wrong", BIRTH_DATE)
    assert await refusal(installation, "acceptInvitation", **wrong) == ("invitation.locked", TOKEN)
    async with unchanged(installation.database, api.practice):
        right = await refusal(installation, "acceptInvitation", token=token, clientBirthDate=BORN)
    assert right == ("invitation.locked", TOKEN)
    assert (await invitation_of(api, contact["id"]))["status"] == "LOCKED"
    assert await account_of(installation, api.practice, contact["person"]["id"]) is None


async def test_one_wrong_answer_is_forgiven_and_resending_starts_anew(
    installation: Installation, api: Api, mail: Mail
) -> None:
    contact = await with_birth_date(api)
    await mail.send()
    for _ in range(3):
        await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA), clientBirthDate=OTHER_DAY)
    await api.done("resendInvitation", contactId=contact["id"])
    await mail.send()
    await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA), clientBirthDate=OTHER_DAY)
    await accepted(installation, mail, clientBirthDate=BORN)


async def test_it_expires_after_seven_days(installation: Installation, api: Api, mail: Mail, clock: Now) -> None:
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    clock.moment = start
    _, contact = await invited(api)
    await mail.send()
    clock.moment = start + timedelta(days=7)
    async with unchanged(installation.database, api.practice):
        late = await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA))
    assert late == ("invitation.expired", TOKEN)
    assert (await invitation_of(api, contact["id"]))["status"] == "EXPIRED"
    clock.moment = start + timedelta(days=7) - timedelta(seconds=1)
    payload = await ask(installation, "acceptInvitation", token=mail.box.token(LUCIA))
    assert payload["errors"] == []


async def test_a_mail_that_is_late_brings_no_expired_invitation(api: Api, mail: Mail, clock: Now) -> None:
    clock.moment = datetime(2026, 6, 1, 12, tzinfo=UTC)
    await invited(api)
    clock.moment += timedelta(days=7)
    report = await mail.send()
    assert (report.sent, report.dropped) == (1, 1)
    assert mail.box.addresses == {ANA}


@pytest.mark.parametrize("what", ["nonsense", "", ".", "x.y", "practice", "unknown secret", "other practice", "long"])
async def test_what_opens_nothing_is_answered_alike(
    installation: Installation, api: Api, mail: Mail, what: str
) -> None:
    await invited(api)
    await mail.send()
    slug, _, secret = mail.box.token(LUCIA).partition(".")
    other = await installation.practice()
    token = {
        "practice": f"no-such-practice.{secret}",
        "unknown secret": f"{slug}.{secret[:-2]}{'AA' if secret[-2:] != 'AA' else 'BB'}",
        "other practice": f"{other.slug}.{secret}",
        "long": f"{slug}.{secret * 20}",
    }.get(what, what)
    async with unchanged(installation.database, api.practice, other):
        assert await refusal(installation, "acceptInvitation", token=token) == ("invitation.unknown", TOKEN)


async def test_resending_voids_the_link_before(installation: Installation, api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    await mail.send()
    first = mail.box.token(LUCIA)
    again = await api.done("resendInvitation", contactId=contact["id"])
    assert again["id"] == contact["id"]
    assert await refusal(installation, "acceptInvitation", token=first) == ("invitation.unknown", TOKEN)
    await mail.send()
    assert mail.box.token(LUCIA) != first
    assert await refusal(installation, "acceptInvitation", token=first) == ("invitation.unknown", TOKEN)
    await accepted(installation, mail)


async def test_revoking_voids_the_link(installation: Installation, api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    await mail.send()
    await api.done("revokeInvitation", contactId=contact["id"])
    async with unchanged(installation.database, api.practice):
        revoked = await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA))
    assert revoked == ("invitation.revoked", TOKEN)
    assert (await invitation_of(api, contact["id"]))["status"] == "REVOKED"
    async with unchanged(installation.database, api.practice):
        error = await api.refused("revokeInvitation", contactId=contact["id"])
    assert error["reason"] == "invitation.notPending"


async def test_access_that_is_withdrawn_before_the_mail_is_sent_is_not_told(api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    await api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes={"portalAccess": False})
    report = await mail.send()
    assert (report.sent, report.dropped) == (0, 2)


async def test_revoking_before_the_mail_is_sent_drops_it(api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    await api.done("revokeInvitation", contactId=contact["id"])
    assert (await mail.send()).dropped == 1
    assert mail.box.addresses == {ANA}


ENDINGS = ["removed", "switched off", "archived", "ended"]


@pytest.mark.parametrize("how", ENDINGS)
async def test_what_ends_the_access_revokes_the_invitation(
    installation: Installation, api: Api, mail: Mail, how: str
) -> None:
    client, contact = await invited(api)
    other = await api.client("Bea", emails=["bea@example.org"])
    stays = await api.done(
        "addExistingContact",
        clientId=other["id"],
        personId=contact["person"]["id"],
        relationship="AUNT",
        portalAccess=True,
    )
    await mail.send()
    tokens = [letter.text.partition("#")[2].split()[0] for letter in mail.box.to(LUCIA)]
    sent = {"contactId": contact["id"], "expectedVersion": 1}
    if how == "removed":
        await api.done("removeContact", **sent)
    elif how == "switched off":
        await api.done("updateContact", **sent, changes={"portalAccess": False})
    elif how == "ended":
        await api.done("updateContact", **sent, changes={"endsOn": "2020-01-01"})
    else:
        await api.done("setClientStatus", personId=client["id"], expectedVersion=1, status="ARCHIVED")
    assert (await invitation_of(api, contact["id"]))["status"] == "REVOKED"
    assert (await invitation_of(api, stays["id"]))["status"] == "PENDING"
    answers = [await ask(installation, "acceptInvitation", token=token) for token in tokens]
    assert sorted(answer["session"] is not None for answer in answers) == [False, True]
    assert (await account_of(installation, api.practice, contact["person"]["id"])) is not None


async def test_one_account_serves_for_every_client(installation: Installation, api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    other = await api.client("Bea", emails=["bea@example.org"])
    second = await api.done(
        "addExistingContact",
        clientId=other["id"],
        personId=contact["person"]["id"],
        relationship="AUNT",
        portalAccess=True,
    )
    await accepted(installation, mail)
    for invitation in (await invitation_of(api, contact["id"]), await invitation_of(api, second["id"])):
        assert invitation["status"] == "ACCEPTED"
    one, two = mail.box.to(LUCIA)
    assert one.text != two.text
    for letter in (one, two):
        token = letter.text.partition("#")[2].split()[0]
        assert await refusal(installation, "acceptInvitation", token=token) == ("invitation.accepted", TOKEN)


async def test_an_address_of_another_account_is_refused(installation: Installation, api: Api) -> None:
    client, other = await api.client("Ana"), await api.client("Bea", emails=["Family@Example.org"])
    await give_account(installation, api.practice, (await api.client("Eva"))["id"], "family@example.org")
    async with unchanged(installation.database, api.practice):
        error = await api.refused(
            "addExistingContact", clientId=client["id"], personId=other["id"], relationship="AUNT", portalAccess=True
        )
    assert (error["reason"], error["path"]) == ("account.addressTaken", ["portalAccess"])


async def test_an_address_of_another_pending_invitation_is_refused_until_that_ends(
    installation: Installation, api: Api
) -> None:
    client, contact = await invited(api)
    second = {
        "clientId": client["id"],
        "person": {"givenName": "Óscar", "familyName": "Vidal", "emails": [LUCIA.upper()]},
        "relationship": "PARENT",
        "portalAccess": True,
    }
    async with unchanged(installation.database, api.practice):
        error = await api.refused("addNewContact", **second)
    assert (error["reason"], error["path"]) == ("account.addressTaken", ["portalAccess"])
    await api.done("revokeInvitation", contactId=contact["id"])
    await api.done("addNewContact", **second)
    async with unchanged(installation.database, api.practice):
        error = await api.refused("resendInvitation", contactId=contact["id"])
    assert (error["reason"], error["path"]) == ("account.addressTaken", ["contactId"])


async def test_a_disabled_account_is_opened_again_by_an_invitation(
    installation: Installation, api: Api, mail: Mail
) -> None:
    _, contact = await invited(api)
    await accepted(installation, mail)
    person = contact["person"]["id"]
    async with unchanged(installation.database, api.practice):
        error = await api.refused("resendInvitation", contactId=contact["id"])
    assert error["reason"] == "account.exists"
    await api.done("disableAccount", personId=person)
    await api.done("updatePerson", personId=person, expectedVersion=1, changes={"emails": ["moved@example.org"]})
    await api.done("resendInvitation", contactId=contact["id"])
    before = await account_of(installation, api.practice, person)
    await accepted(installation, mail)
    after = await account_of(installation, api.practice, person)
    assert before is not None
    assert after is not None
    assert (before.status, after.status) == (AccountStatus.DISABLED, AccountStatus.ACTIVE)
    assert (after.id, after.address, after.version) == (before.id, LUCIA, before.version + 1)


async def test_disabling_an_account_revokes_what_could_open_it_again(
    installation: Installation, api: Api, mail: Mail
) -> None:
    _, contact = await invited(api)
    person = contact["person"]["id"]
    await accepted(installation, mail)
    await api.done("disableAccount", personId=person)
    await api.done("resendInvitation", contactId=contact["id"])
    await mail.send()
    await accepted(installation, mail)
    await api.done("disableAccount", personId=person)
    assert await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA)) == (
        "invitation.accepted",
        TOKEN,
    )


async def test_who_has_no_access_is_not_invited(installation: Installation, api: Api) -> None:
    client = await api.client("Ana")
    off = await api.contact(client["id"], "Lucía")
    ended = await api.contact(client["id"], "Eva", portalAccess=True, endsOn="2020-01-01")
    gone = await api.contact(client["id"], "Iria", portalAccess=True)
    await api.done("removeContact", contactId=gone["id"], expectedVersion=1)
    for contact, reason in ((off, "noPortalAccess"), (ended, "expired"), (gone, "removed")):
        async with unchanged(installation.database, api.practice):
            error = await api.refused("resendInvitation", contactId=contact["id"])
        assert (error["reason"], error["path"]) == (f"contact.{reason}", ["contactId"])
    person = await api.client("Olga", emails=[])
    hidden = await api.contact(person["id"], "Xana", portalAccess=True)
    await api.done("setClientStatus", personId=person["id"], expectedVersion=1, status="ARCHIVED")
    assert (await api.refused("resendInvitation", contactId=hidden["id"]))["reason"] == "client.archived"


async def test_what_is_no_contact_is_not_found(api: Api) -> None:
    client = await api.client()
    for unknown in (client["id"], "contact_" + "0" * 32, "", "nonsense"):
        for mutation in ("resendInvitation", "revokeInvitation"):
            assert (await api.refused(mutation, contactId=unknown))["code"] == "NOT_FOUND"


async def test_a_retry_with_the_same_key_sends_one_mail(api: Api, mail: Mail) -> None:
    _, contact = await invited(api)
    await mail.send()
    for _ in range(2):
        await api.done("resendInvitation", contactId=contact["id"], idempotencyKey="again")
        await mail.send()
    assert len(mail.box.to(LUCIA)) == 2


async def test_what_happened_is_audited_and_holds_no_secret(installation: Installation, api: Api, mail: Mail) -> None:
    contact = await with_birth_date(api)
    await mail.send()
    await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA), clientBirthDate=OTHER_DAY)
    await accepted(installation, mail, clientBirthDate=BORN)
    found = await run(
        installation.database,
        "MATCH (e:AuditEvent) WHERE e.practice = $practice RETURN e.action AS action, properties(e) AS event",
        practice=api.practice.id,
    )
    actions = [record["action"] for record in found]
    for action in ("invitation.made", "invitation.answeredWrong", "invitation.accepted", "account.opened"):
        assert actions.count(action) == 1, actions
    secret = mail.box.token(LUCIA).partition(".")[2]
    everything = await run(
        installation.database,
        "MATCH (n) WHERE n.practice = $practice RETURN properties(n) AS n",
        practice=api.practice.id,
    )
    assert contact["id"] in str(everything)
    assert secret not in str(everything)


async def test_anothers_invitation_is_no_way_around_a_locked_one(
    installation: Installation, api: Api, mail: Mail
) -> None:
    """One account serves for every client, so wrong answers count together, and what they locked stays locked."""
    contact = await with_birth_date(api)
    other = await api.client("Bea", emails=[])
    terms = {"personId": contact["person"]["id"], "relationship": "PARENT", "portalAccess": True}
    await api.done("addExistingContact", clientId=other["id"], **terms)
    await mail.send()
    first, second = mail.box.to(LUCIA)
    locked, open_one = (token_of(first), token_of(second))
    for _ in range(3):
        await refusal(installation, "acceptInvitation", token=locked, clientBirthDate=OTHER_DAY)
    for token in (locked, open_one):
        async with unchanged(installation.database, api.practice):
            found = await refusal(installation, "acceptInvitation", token=token, clientBirthDate=BORN)
        assert found == ("invitation.locked", TOKEN)
    assert await account_of(installation, api.practice, contact["person"]["id"]) is None
    await api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    payload = await ask(installation, "acceptInvitation", token=open_one)
    assert payload["errors"] == [], "what was locked is gone with its contact"


async def test_an_invitation_ends_when_its_address_is_taken_from_the_person(
    installation: Installation, api: Api, mail: Mail
) -> None:
    contact = await with_birth_date(api)
    await mail.send()
    person = contact["person"]["id"]
    changes = {"emails": ["lucia.garcia@example.org"]}
    payload = await api.mutate("updatePerson", personId=person, expectedVersion=1, changes=changes)
    assert [warning["code"] for warning in payload["warnings"]] == ["REVIEW_ACCESS"]
    refused = await refusal(installation, "acceptInvitation", token=mail.box.token(LUCIA), clientBirthDate=BORN)
    assert refused == ("invitation.revoked", TOKEN)
    assert (await invitation_of(api, contact["id"]))["status"] == "REVOKED"


async def test_nobody_is_invited_at_the_clients_confidential_address(
    installation: Installation, api: Api, mail: Mail
) -> None:
    client = await api.client("Ben", emails=[])
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email=LUCIA)
    async with unchanged(installation.database, api.practice):
        person = {"givenName": "Lucía", "emails": [LUCIA]}
        terms = {"clientId": client["id"], "relationship": "PARENT", "portalAccess": True}
        error = await api.refused("addNewContact", person=person, **terms)
    assert (error["reason"], error["path"]) == ("email.confidential", ["portalAccess"])
