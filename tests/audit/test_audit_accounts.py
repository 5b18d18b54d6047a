"""What is done with portal accounts is in the audit log: in the chain of whose account it is."""

from typing import Any

from tests.accounts import open_account
from tests.api import Api, Installation
from tests.contract.auditing import AuditOf
from tests.letters import mail_of
from tests.portal_users import code_in, portal_user, signed_in

Event = dict[str, Any]


async def events(installation: Installation, api: Api, person_id: str) -> list[Event]:
    """A person's chain, in order."""
    statement = "MATCH (e:AuditEvent {subjectId: $id}) RETURN e{.*} AS event ORDER BY e.sequence"
    async with installation.database.session(write=False) as session:
        return [record["event"] async for record in await session.run(statement, {"id": person_id})]


def told(event: Event) -> tuple[str, str, str, str]:
    """What was done, by whom, in which role and why it was allowed."""
    assert event["requestId"]
    return event["action"], event["actor"], event["actorRole"], event["reason"]


async def test_signing_in_and_out_is_told(installation: Installation, api: Api) -> None:
    person = (await api.client("Lucía"))["id"]
    account = await open_account(installation, api.practice, person)
    user, mail = portal_user(installation, api.practice, account.address), mail_of(installation, api.practice)
    before = len(await events(installation, api, person))
    await user.ask_for_code()
    await mail.send()
    code = code_in(mail.box.to(account.address)[-1])
    await user.reason("signIn", practice=api.practice.slug, email=account.address, code="0000 0000")
    assert len(await events(installation, api, person)) == before, "asking for a code and a wrong one change nothing"
    await user.sign_in(code)
    used = user.refresh_token
    await user.refresh()
    await user.done("signOut", signed_in=True)
    again = await signed_in(installation, api.practice, account)
    used, _ = again.refresh_token, await again.refresh()
    await again.refresh(used)
    found = (await events(installation, api, person))[before:]
    assert [told(event) for event in found] == [
        ("signIn", account.id, "portal", "code"),
        ("refreshSession", account.id, "portal", "account"),
        ("signOut", account.id, "portal", "account"),
        ("refreshSession", account.id, "portal", "account"),
        ("session.refreshTokenReused", "anonymous", "portal", "account"),
    ]
    secrets = [code, code.replace(" ", ""), user.refresh_token, user.access_token, used]
    assert not [secret for secret in secrets if secret and secret in str(found)]
    assert await AuditOf(installation, api).places() == []


async def test_another_address_and_closing_an_account_are_told(installation: Installation, api: Api) -> None:
    person = (await api.client("Lucía"))["id"]
    account = await open_account(installation, api.practice, person)
    user, mail = await signed_in(installation, api.practice, account), mail_of(installation, api.practice)
    before, new = len(await events(installation, api, person)), f"new-{account.address}"
    await user.done("changeAccountAddress", signed_in=True, email=new)
    await mail.send()
    await user.done("changeAccountAddress", signed_in=True, email=new, code=code_in(mail.box.to(new)[-1]))
    await api.done("disableAccount", personId=person, reason="asked by phone")
    found = (await events(installation, api, person))[before:]
    assert [told(event) for event in found] == [
        ("changeAccountAddress.codeAsked", account.id, "portal", "account"),
        ("changeAccountAddress", account.id, "portal", "code"),
        ("disableAccount", "staff-1", "staff", "role"),
    ]
    assert [event["fields"] for event in found] == [[], ["address"], ["status", "reason"]]
    assert await AuditOf(installation, api).places() == []


async def test_what_is_refused_is_not_told(installation: Installation, api: Api) -> None:
    person = (await api.client("Lucía"))["id"]
    account = await open_account(installation, api.practice, person)
    user, before = await signed_in(installation, api.practice, account), await events(installation, api, person)
    await user.reason("changeAccountAddress", signed_in=True, email=account.address)
    await user.reason("changeAccountAddress", signed_in=True, email="x@people.example", code="1")
    await user.reason("refreshSession", refreshToken="x")
    await user.reason("disableAccount", signed_in=True, personId=person)
    assert await events(installation, api, person) == before
