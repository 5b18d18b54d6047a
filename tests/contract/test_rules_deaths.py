"""A person can die (D14): what ends with it, what is left, and what comes back when it was a mistake."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graph_api.access.model import AccountStatus
from graph_api.kernel.caller import ViewerRole
from tests.access.test_access import ALL_ON, EVERYTHING
from tests.access.test_access_preview import allowed
from tests.accounts import account_of, give_account
from tests.api import Api, Installation, own_address
from tests.contract.household import Household, new_household
from tests.contract.practice_graph import unchanged
from tests.letters import mail_of
from tests.portal_users import signed_in

REPRESENTATIVE = {"kind": "PERSONAL_REPRESENTATIVE", "documentReference": "Grant of probate"}
REHEARSE = """query ($input: ContactChangeInput!) { rehearseContactChange(input: $input) {
  access { person { id } client { id } gained lost gainedOnceAccepted }
  errors { message path ... on InvalidInput { reason } } warnings { code path persons { id } } } }"""


@pytest.fixture
async def home(installation: Installation) -> Household:
    return await new_household(installation)


def today() -> date:
    """A day of death that has come wherever the test runs."""
    return datetime.now(UTC).date() - timedelta(days=1)


async def die(api: Api, person_id: str, version: int = 1, day: date | None = None) -> dict[str, Any]:
    """The whole payload."""
    payload = await api.mutate(
        "setDeceased", personId=person_id, expectedVersion=version, deceasedOn=(day or today()).isoformat()
    )
    assert payload["errors"] == []
    return payload


async def live(api: Api, person_id: str, version: int) -> dict[str, Any]:
    """Take it back; the whole payload."""
    payload = await api.mutate("setDeceased", personId=person_id, expectedVersion=version, deceasedOn=None)
    assert payload["errors"] == []
    return payload


async def spouse(installation: Installation, home: Household, **terms: Any) -> dict[str, Any]:
    """With an account, who may do everything."""
    contact = await home.api.contact(home.client["id"], "Sam", **{"relationship": "SPOUSE", **ALL_ON, **terms})
    await give_account(installation, home.practice, contact["person"]["id"])
    return contact


def warned(payload: dict[str, Any], code: str) -> list[set[str]]:
    """Whom warnings of a code are about."""
    return [
        {person["id"] for person in warning["persons"]} for warning in payload["warnings"] if warning["code"] == code
    ]


async def test_d14_nobody_acts_for_the_dead_and_the_dead_for_nobody(
    installation: Installation, home: Household
) -> None:
    client = home.client["id"]
    contact = await spouse(installation, home)
    await give_account(installation, home.practice, client)
    before = await allowed(home.api, client)
    assert (before[client], before[contact["person"]["id"]]) == (EVERYTHING, EVERYTHING)
    payload = await die(home.api, client)
    assert payload["person"]["deceasedOn"] == today().isoformat()
    assert set().union(*(await allowed(home.api, client)).values()) == set()
    who = await home.api.query(
        "query ($id: ID!) { whoCanAct(clientId: $id, action: VIEW_PORTAL) { totalCount } }", id=client
    )
    assert who["whoCanAct"]["totalCount"] == 0
    assert warned(payload, "ACCESS_LOST") == [{contact["person"]["id"]}]
    account = await account_of(installation, home.practice, client)
    assert account is not None
    assert account.status is AccountStatus.DISABLED


async def test_d14_a_dead_contact_may_do_nothing_for_anybody(installation: Installation, home: Household) -> None:
    contact = await spouse(installation, home)
    person = contact["person"]["id"]
    account = await account_of(installation, home.practice, person)
    assert account is not None
    user = await signed_in(installation, home.practice, account)
    assert await user.is_signed_in()
    payload = await die(home.api, person)
    assert (await allowed(home.api, home.client["id"]))[person] == []
    actions = "query ($id: ID!) { node(id: $id) { ... on Contact { allowedActions } } }"
    assert (await home.api.query(actions, id=contact["id"]))["node"]["allowedActions"] == []
    assert not await user.is_signed_in()
    assert warned(payload, "LEFT_OPEN") == [{person}, {home.client["id"]}]  # their own invitation, and their client
    assert warned(payload, "ACCESS_LOST") == []


@pytest.mark.parametrize("kind", ["LEGAL_GUARDIAN", "HEALTHCARE_PROXY", "POWER_OF_ATTORNEY", "COURT_ORDER"])
async def test_d14_every_other_authority_ends(installation: Installation, home: Household, kind: str) -> None:
    contact = await spouse(installation, home, authority={"kind": kind})
    await die(home.api, home.client["id"])
    assert (await allowed(home.api, home.client["id"]))[contact["person"]["id"]] == []


async def test_d14_a_personal_representative_recorded_after_the_death_acts(
    installation: Installation, home: Household
) -> None:
    client, contact = home.client["id"], await spouse(installation, home)
    person = contact["person"]["id"]
    await die(home.api, client)
    sent = {"contactId": contact["id"], "expectedVersion": 1, "changes": {"authority": REPRESENTATIVE}}
    rehearsal = (await home.api.query(REHEARSE, input={"update": sent}))["rehearseContactChange"]
    assert [row["gained"] for row in rehearsal["access"]] == [EVERYTHING]
    await home.api.done("updateContact", **sent)
    assert (await allowed(home.api, client))[person] == EVERYTHING
    # correcting the day to an earlier one is no other death
    await die(home.api, client, 2, today() - timedelta(days=3))
    assert (await allowed(home.api, client))[person] == EVERYTHING
    # a later day is: the authority may be older than that death
    payload = await die(home.api, client, 3, today() - timedelta(days=1))
    assert (await allowed(home.api, client))[person] == []
    assert warned(payload, "ACCESS_LOST") == [{person}]


async def test_d14_one_recorded_before_the_death_must_be_recorded_again(
    installation: Installation, home: Household
) -> None:
    client, contact = home.client["id"], await spouse(installation, home, authority=REPRESENTATIVE)
    person = contact["person"]["id"]
    await die(home.api, client)
    assert (await allowed(home.api, client))[person] == []
    again = {"authority": REPRESENTATIVE}
    changed = await home.api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes=again)
    assert (await allowed(home.api, client))[person] == EVERYTHING
    same = await home.api.done("updateContact", contactId=contact["id"], expectedVersion=2, changes=again)
    assert (changed["version"], same["version"]) == (2, 2)


async def test_d14_a_personal_representative_has_no_authority_over_the_living(
    installation: Installation, home: Household
) -> None:
    client = home.client["id"]
    await home.api.done("updatePerson", personId=client, expectedVersion=1, changes={"birthDate": "1980-01-01"})
    terms = {"relationship": "PARENT", **ALL_ON, "authority": REPRESENTATIVE}
    payload = await home.api.mutate("addExistingContact", clientId=client, personId=home.other["id"], **terms)
    assert payload["errors"] == []
    assert warned(payload, "REVIEW_ACCESS") == [{home.other["id"]}]
    await give_account(installation, home.practice, home.other["id"])
    assert (await allowed(home.api, client))[home.other["id"]] == ["RECEIVE_APPOINTMENT_REMINDERS"]


async def test_d14_an_executor_is_added_after_the_death_and_invited(
    installation: Installation, home: Household
) -> None:
    client = home.client["id"]
    await die(home.api, client)
    sent = {"clientId": client, "relationship": "OTHER", "relationshipLabel": "Executor", "portalAccess": True}
    person = {"givenName": "Eva", "emails": [own_address()]}
    payload = await home.api.mutate("addNewContact", **sent, person=person, authority=REPRESENTATIVE)
    assert (payload["errors"], payload["warnings"]) == ([], [])
    invited = "query ($id: ID!) { node(id: $id) { ... on Contact { invitation { status } authority { recordedAt } } } }"
    found = (await home.api.query(invited, id=payload["contact"]["id"]))["node"]
    assert found["invitation"]["status"] == "PENDING"
    assert found["authority"]["recordedAt"] is not None
    # somebody else gets nothing: no invitation, and staff are told why
    friend = {"givenName": "Zoe", "familyName": "Otero", "emails": [own_address()]}
    payload = await home.api.mutate("addNewContact", **sent, person=friend)
    assert payload["errors"] == []
    assert warned(payload, "REVIEW_ACCESS") == [{payload["contact"]["person"]["id"]}]
    assert (await home.api.query(invited, id=payload["contact"]["id"]))["node"]["invitation"] is None
    refused = await home.api.refused("resendInvitation", contactId=payload["contact"]["id"])
    assert (refused["reason"], refused["path"]) == ("client.deceased", ["contactId"])


async def test_d14_invitations_are_void_and_nobody_who_died_is_invited(
    installation: Installation, home: Household
) -> None:
    client = home.client["id"]
    guardian = home.guardian["person"]["id"]
    await home.api.done("inviteClient", clientId=client)
    payload = await die(home.api, client)
    assert warned(payload, "LEFT_OPEN")[0] == {client, guardian}
    status = "query ($id: ID!) { node(id: $id) { ... on Contact { invitation { status } } } }"
    found = await home.api.query(status, id=home.guardian["id"])
    assert found["node"]["invitation"]["status"] == "REVOKED"
    refused = await home.api.refused("inviteClient", clientId=client)
    assert (refused["reason"], refused["path"]) == ("person.deceased", ["clientId"])
    await die(home.api, guardian)
    refused = await home.api.refused("resendInvitation", contactId=home.guardian["id"])
    assert refused["reason"] == "person.deceased"
    refused = await home.api.refused("recordAdultConsent", contactId=home.guardian["id"], expectedVersion=1)
    assert refused["reason"] == "client.deceased"


async def test_d14_nothing_is_mailed_to_the_dead(installation: Installation, home: Household) -> None:
    """What waited when they died is dropped: invitations, notices, codes, the word that an address was left."""
    contact = await spouse(installation, home)
    friend = await home.api.contact(home.client["id"], "Max", relationship="FRIEND", portalAccess=True)
    account = await account_of(installation, home.practice, contact["person"]["id"])
    assert account is not None
    user = await signed_in(installation, home.practice, account)
    user.address = account.address
    await user.ask_for_code()
    await user.done("changeAccountAddress", signed_in=True, email=own_address())
    for person in (home.client["id"], contact["person"]["id"], friend["person"]["id"], home.guardian["person"]["id"]):
        await die(home.api, person)
    mail = mail_of(installation, home.practice)
    report = await mail.send()
    assert (mail.box.letters, report.sent, report.postponed) == ([], 0, 0)
    assert report.dropped > 4


async def test_d14_taking_it_back_opens_nothing_by_itself(installation: Installation, home: Household) -> None:
    client, contact = home.client["id"], await spouse(installation, home)
    person = contact["person"]["id"]
    await give_account(installation, home.practice, client)
    await die(home.api, client)
    await die(home.api, person)
    payload = await live(home.api, client, 2)
    assert payload["person"]["deceasedOn"] is None
    assert (await allowed(home.api, client))[client] == ["RECEIVE_APPOINTMENT_REMINDERS"]
    payload = await live(home.api, person, 2)
    assert warned(payload, "REVIEW_ACCESS") == [{client}]
    assert (await allowed(home.api, client))[person] == ["RECEIVE_APPOINTMENT_REMINDERS"]
    for one in (client, person):
        account = await account_of(installation, home.practice, one)
        assert account is not None
        assert not account.is_active
    await home.api.done("inviteClient", clientId=client)
    await home.api.done("resendInvitation", contactId=contact["id"])


async def test_d14_staff_are_told_whose_toggles_count_again(installation: Installation, home: Household) -> None:
    client, contact = home.client["id"], await spouse(installation, home)
    await die(home.api, client)
    sent = {"personId": client, "expectedVersion": 2, "deceasedOn": None}
    rehearsal = (await home.api.query(REHEARSE, input={"deceased": sent}))["rehearseContactChange"]
    assert {row["person"]["id"]: row["gained"] for row in rehearsal["access"]}[contact["person"]["id"]] == EVERYTHING
    payload = await live(home.api, client, 2)
    assert warned(payload, "REVIEW_ACCESS") == [{contact["person"]["id"], home.guardian["person"]["id"]}]
    assert (await allowed(home.api, client))[contact["person"]["id"]] == EVERYTHING


async def test_d14_the_preview_says_what_a_death_takes(installation: Installation, home: Household) -> None:
    """Of who acts for the person, and of whom the person acts for."""
    client, contact = home.client["id"], await spouse(installation, home)
    await home.api.done(
        "addExistingContact", clientId=home.other["id"], personId=client, relationship="SIBLING", **ALL_ON
    )
    await give_account(installation, home.practice, client)
    sent = {"personId": client, "expectedVersion": 1, "deceasedOn": today().isoformat()}
    async with unchanged(installation.database, home.practice):
        rehearsal = (await home.api.query(REHEARSE, input={"deceased": sent}))["rehearseContactChange"]
    lost = {(row["person"]["id"], row["client"]["id"]): row["lost"] for row in rehearsal["access"]}
    assert lost == dict.fromkeys(
        [(client, client), (contact["person"]["id"], client), (client, home.other["id"])], EVERYTHING
    )
    payload = await home.api.mutate("setDeceased", **sent)
    assert [(w["code"], {p["id"] for p in w["persons"]}) for w in payload["warnings"]] == [
        (w["code"], {p["id"] for p in w["persons"]}) for w in rehearsal["warnings"]
    ]
    assert await allowed(home.api, client) == {one: [] for one in await allowed(home.api, client)}


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"deceasedOn": (datetime.now(UTC).date() + timedelta(days=2)).isoformat()}, "deceasedOn.future"),
        ({"deceasedOn": "1979-12-31"}, "deceasedOn.beforeBirth"),
        ({}, "deceasedOn.missing"),
    ],
)
async def test_d14_days_that_can_not_be_are_refused(home: Household, sent: dict[str, Any], reason: str) -> None:
    client = home.client["id"]
    await home.api.done("updatePerson", personId=client, expectedVersion=1, changes={"birthDate": "1980-01-01"})
    refused = await home.api.refused("setDeceased", personId=client, expectedVersion=2, **sent)
    assert (refused["reason"], refused["path"]) == (reason, ["deceasedOn"])
    long_ago = {"personId": home.person, "expectedVersion": 1, "deceasedOn": "0021-03-01"}
    assert (await home.api.refused("setDeceased", **long_ago))["reason"] == "deceasedOn.tooEarly"


async def test_d14_the_practices_own_day_decides_what_is_to_come(installation: Installation) -> None:
    """On Kiritimati tomorrow has begun when it is today in Honolulu; a death there may be of today."""
    for zone, offset in (("Pacific/Kiritimati", 14), ("Pacific/Honolulu", -10)):
        api = installation.api(await installation.practice(zone))
        here = (datetime.now(UTC) + timedelta(hours=offset)).date()
        person = (await api.client())["id"]
        late = (here + timedelta(days=1)).isoformat()
        refused = await api.refused("setDeceased", personId=person, expectedVersion=1, deceasedOn=late)
        assert refused["reason"] == "deceasedOn.future"
        await die(api, person, day=here)


async def test_d14_a_birth_date_after_the_death_is_refused(home: Household) -> None:
    person = home.person
    await die(home.api, person, day=date(2019, 5, 5))
    refused = await home.api.refused(
        "updatePerson", personId=person, expectedVersion=2, changes={"birthDate": "2019-05-06"}
    )
    assert (refused["reason"], refused["path"]) == ("birthDate.afterDeath", ["changes", "birthDate"])
    await home.api.done("updatePerson", personId=person, expectedVersion=2, changes={"birthDate": "2019-05-05"})


async def test_d14_adding_the_dead_or_the_archived_warns(home: Household) -> None:
    client, friend = home.client["id"], {"relationship": "FRIEND"}
    await die(home.api, home.other["id"])
    payload = await home.api.mutate(
        "addExistingContact", clientId=client, personId=home.other["id"], **friend, **ALL_ON
    )
    assert payload["errors"] == []
    assert warned(payload, "PERSON_DECEASED") == [{home.other["id"]}]
    invitation = "query ($id: ID!) { node(id: $id) { ... on Contact { invitation { status } } } }"
    assert (await home.api.query(invitation, id=payload["contact"]["id"]))["node"]["invitation"] is None
    archived = (await home.api.client("Max"))["id"]
    await home.api.done("setClientStatus", personId=archived, expectedVersion=1, status="ARCHIVED")
    payload = await home.api.mutate("addExistingContact", clientId=client, personId=archived, **friend)
    assert warned(payload, "PERSON_ARCHIVED") == [{archived}]


async def test_d14_the_preview_of_adding_the_dead_promises_nothing(home: Household) -> None:
    """Nothing is read of whom an edge will lead to while there is none; reminders take no account."""
    await die(home.api, home.other["id"])
    terms = {"relationship": "FRIEND", "appointmentReminders": True, "portalAccess": True}
    sent = {"clientId": home.client["id"], "personId": home.other["id"], **terms}
    rehearsal = (await home.api.query(REHEARSE, input={"addExisting": sent}))["rehearseContactChange"]
    assert (rehearsal["access"], rehearsal["errors"]) == ([], [])
    await home.api.done("addExistingContact", **sent)
    assert (await allowed(home.api, home.client["id"]))[home.other["id"]] == []


async def test_d14_what_was_answered_before_stays_answered(installation: Installation, home: Household) -> None:
    """The past knew nothing of a death that was recorded later, and all of one that was taken back."""
    client, contact = home.client["id"], await spouse(installation, home)
    query = """query ($person: ID!, $client: ID!, $at: DateTime) { canAct(personId: $person, clientId: $client,
      action: MAKE_PAYMENT, at: $at) { allowed at nearestDenial { rule } }
      whoCanAct(clientId: $client, action: MAKE_PAYMENT, at: $at) { totalCount } }"""
    moments, asked = {}, {"person": contact["person"]["id"], "client": client}
    for step, change in (("alive", None), ("dead", die(home.api, client)), ("back", live(home.api, client, 2))):
        if change is not None:
            await change
        moments[step] = (await home.api.query(query, **asked))["canAct"]["at"]
    for step, expected in (("alive", True), ("dead", False), ("back", True)):
        answer = await home.api.query(query, **asked, at=moments[step])
        assert answer["canAct"]["allowed"] is expected, step
        assert answer["canAct"]["nearestDenial"] == (None if expected else {"rule": "DECEASED"})
        assert answer["whoCanAct"]["totalCount"] == expected


async def test_d14_lists_of_what_is_coming_leave_the_dead_out(installation: Installation, home: Household) -> None:
    client, born = home.client["id"], today().replace(day=1)
    soon = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    await home.api.done(
        "updatePerson",
        personId=client,
        expectedVersion=1,
        changes={"birthDate": born.replace(year=born.year - 20).isoformat()},
    )
    contact = await spouse(installation, home, endsOn=soon)
    turning = "{ clientsTurning(age: 21, withinDays: 366) { nodes { id } } }"
    ending = "{ accessEndingWithin(days: 9) { nodes { id } } }"
    assert {"id": client} in (await home.api.query(turning))["clientsTurning"]["nodes"]
    assert (await home.api.query(ending))["accessEndingWithin"]["nodes"] == [{"id": contact["id"]}]
    await die(home.api, client, 2)
    assert (await home.api.query(turning))["clientsTurning"]["nodes"] == []
    assert (await home.api.query(ending))["accessEndingWithin"]["nodes"] == []
    authority = {**REPRESENTATIVE, "endsOn": (datetime.now(UTC).date() + timedelta(days=2)).isoformat()}
    changes = {"authority": authority, "endsOn": None}
    await home.api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes=changes)
    assert (await home.api.query(ending))["accessEndingWithin"]["nodes"] == [{"id": contact["id"]}]


async def test_d14_a_death_is_in_the_audit_log_and_done_once_with_its_key(
    installation: Installation, home: Household
) -> None:
    client = home.client["id"]
    await give_account(installation, home.practice, client)
    sent = {"personId": client, "expectedVersion": 1, "deceasedOn": today().isoformat(), "idempotencyKey": "once"}
    first = await home.api.mutate("setDeceased", **sent)
    again = await home.api.mutate("setDeceased", **sent)
    assert (first["errors"], again["errors"]) == ([], [])
    assert first["person"]["version"] == again["person"]["version"] == 2
    assert first["warnings"] == again["warnings"]
    admin = installation.api(home.practice, ViewerRole.ADMIN, "admin-1")
    log = "query ($id: ID!) { auditLog(clientId: $id, first: 50) { nodes { action changes { field before after } } } }"
    nodes = (await admin.query(log, id=client))["auditLog"]["nodes"]
    (event,) = [node for node in nodes if node["action"] == "setDeceased"]
    assert event["changes"] == [{"field": "deceasedOn", "before": None, "after": today().isoformat()}]
    assert [node["action"] for node in nodes].count("account.closed") == 1


async def test_d14_only_staff_see_and_record_it(installation: Installation, home: Household) -> None:
    client, contact = home.client["id"], await spouse(installation, home)
    await die(home.api, client)
    sent = {"contactId": contact["id"], "expectedVersion": 1, "changes": {"authority": REPRESENTATIVE}}
    await home.api.done("updateContact", **sent)
    query = "query ($id: ID!) { person(id: $id) { displayName deceasedOn } }"
    analyst = installation.api(home.practice, ViewerRole.ANALYST, "analyst-1")
    assert (await analyst.query(query, id=client))["person"]["deceasedOn"] == today().isoformat()
    refused = await analyst.refused("setDeceased", personId=home.person, expectedVersion=1, deceasedOn=None)
    assert refused["code"] == "FORBIDDEN"
    account = await account_of(installation, home.practice, contact["person"]["id"])
    assert account is not None
    user = await signed_in(installation, home.practice, account)
    answer = (await user.post(query, {"id": client}, token=user.access_token)).json()
    assert answer["data"]["person"] == {"displayName": home.client["displayName"], "deceasedOn": None}
    search = """{ findContacts(search: "ana", first: 5) { nodes { person { id deceasedOn } } } }"""
    found = {
        row["person"]["id"]: row["person"]["deceasedOn"]
        for row in (await home.api.query(search))["findContacts"]["nodes"]
    }
    assert found[client] == today().isoformat()
