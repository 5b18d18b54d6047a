"""Who works at the practice: made by admins, tied to the subject of a token or not (A1)."""

from typing import Any

import pytest

from graph_api.graphql.build import build_schema
from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import MAX_SUBJECT, Caller, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.practitioners import commands
from tests.api import PRACTITIONER, Api, Installation
from tests.contract.practice_graph import unchanged

ADA = {
    "displayName": "Ada Okafor",
    "title": "Psychologist",
    "timeZone": "America/New_York",
    "subject": "staff-ada",
    "noticeEmail": "Ada@PRACTICE.example",
}
SHOWN = ADA | {"noticeEmail": "Ada@practice.example", "isActive": True, "version": 1}
VIEWER = f"{{ viewer {{ practitioner {{ {PRACTITIONER} }} }} }}"


@pytest.fixture
def admin(installation: Installation, api: Api) -> Api:
    return installation.api(api.practice, ViewerRole.ADMIN, "admin-1")


async def listed(api: Api, arguments: str = "") -> list[str]:
    found = (await api.query(f"{{ practitioners{arguments} {{ displayName }} }}"))["practitioners"]
    return [one["displayName"] for one in found]


async def test_a1_an_admin_adds_a_practitioner(api: Api, admin: Api) -> None:
    added = await admin.done("addPractitioner", **ADA)
    assert added == SHOWN | {"id": added["id"]}
    assert added["id"].startswith("practitioner_")
    plain = await admin.done("addPractitioner", displayName="  Bo  ")
    assert (plain["displayName"], plain["timeZone"]) == ("Bo", "Europe/London"), "the practice's zone"
    assert [plain[name] for name in ("title", "subject", "noticeEmail")] == [None] * 3
    await admin.done("addPractitioner", displayName="Cy")  # any number of them have no subject


async def test_a1_who_reads_what_of_a_practitioner(installation: Installation, api: Api, admin: Api) -> None:
    added = await admin.done("addPractitioner", **ADA)
    hidden = {
        ViewerRole.ADMIN: (),
        ViewerRole.STAFF: ("subject",),
        ViewerRole.ANALYST: ("subject", "noticeEmail", "version"),
    }
    for role, names in hidden.items():
        asked = installation.api(api.practice, role, "somebody")
        expected = added | dict.fromkeys(names)
        assert (await asked.query(f"{{ practitioners {{ {PRACTITIONER} }} }}"))["practitioners"] == [expected]
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Practitioner {{ {PRACTITIONER} }} }} }}"
        assert (await asked.query(query, id=added["id"]))["node"] == expected


async def test_a1_the_viewers_practitioner_is_the_one_of_their_tokens_subject(
    installation: Installation, api: Api, admin: Api
) -> None:
    added = await admin.done("addPractitioner", **ADA)
    ada = installation.api(api.practice, ViewerRole.STAFF, "staff-ada")
    assert (await ada.query(VIEWER))["viewer"]["practitioner"] == added | {"subject": None}
    assert (await api.query(VIEWER))["viewer"] == {"practitioner": None}
    away = installation.api(await installation.practice(), ViewerRole.STAFF, "staff-ada")
    assert (await away.query(VIEWER))["viewer"] == {"practitioner": None}


async def test_a1_a_portal_account_is_no_practitioner(installation: Installation, api: Api, admin: Api) -> None:
    """Not even if an admin enters its id as a subject. Whom it was shown, it may ask for again, by name alone."""
    account, client = new_id("account"), await api.client()
    added = await admin.done("addPractitioner", **ADA | {"subject": account})
    caller = Caller(account, api.practice, ViewerRole.PORTAL, person_id=client["id"])
    query = f"""query ($id: ID!) {{ viewer {{ practitioner {{ id }} }} practitioners {{ id }}
      node(id: $id) {{ ... on Practitioner {{ {PRACTITIONER} }} }} }}"""
    scope = installation.server.services.scope(caller)
    answer = await Executor(build_schema()).execute(Operation(query, {"id": added["id"]}), scope)
    hidden = dict.fromkeys(("subject", "noticeEmail", "version"))
    assert answer.body == {"data": {"viewer": {"practitioner": None}, "practitioners": None, "node": added | hidden}}


async def test_a1_practitioners_are_listed_by_name(api: Api, admin: Api) -> None:
    for name in ("zoe Adler", "Örn Berg", "olga Berg", "Zoë Adler", "Al"):
        await admin.done("addPractitioner", displayName=name)
    left = await admin.done("addPractitioner", displayName="Ed")
    await admin.done("updatePractitioner", practitionerId=left["id"], expectedVersion=1, isActive=False)
    names = await listed(api)
    assert [name.casefold().replace("ë", "e") for name in names] == [
        "al",
        "olga berg",
        "örn berg",
        "zoe adler",
        "zoe adler",
    ]
    assert await listed(api, "(includeInactive: true)") == [names[0], "Ed", *names[1:]]


async def test_a1_an_update_keeps_what_is_left_out_and_clears_what_is_null(admin: Api) -> None:
    added = await admin.done("addPractitioner", **ADA)
    one = {"practitionerId": added["id"]}
    renamed = await admin.done("updatePractitioner", **one, expectedVersion=1, displayName="Ada Obi", isActive=False)
    assert renamed == added | {"displayName": "Ada Obi", "isActive": False, "version": 2}
    cleared = dict.fromkeys(("title", "timeZone", "subject", "noticeEmail"))
    bare = await admin.done("updatePractitioner", **one, expectedVersion=2, **cleared)
    assert bare == renamed | cleared | {"timeZone": "Europe/London", "version": 3}


async def test_a1_no_change_is_no_new_version_and_no_event(installation: Installation, admin: Api) -> None:
    added = await admin.done("addPractitioner", **ADA)
    with installation.statements() as names:
        sent = {**ADA, "displayName": " Ada Okafor "}
        same = await admin.done("updatePractitioner", practitionerId=added["id"], expectedVersion=1, **sent)
    assert same == added
    assert [name for name in names if name.startswith("audit/append")] == []


async def test_a1_the_practices_chain_is_locked_before_the_practitioner(installation: Installation, admin: Api) -> None:
    with installation.statements() as names:
        added = await admin.done("addPractitioner", **ADA)
    assert names[-5:] == [
        "audit/lock_practice",
        "practitioners/total",
        "practitioners/by_subject",
        "practitioners/create",
        "audit/append_practice",
    ]
    with installation.statements() as names:
        await admin.done("updatePractitioner", practitionerId=added["id"], expectedVersion=1, title=None)
    assert names[-5:] == [
        "audit/lock_practice",
        "practitioners/lock",
        "practitioners/by_subject",
        "practitioners/replace",
        "audit/append_practice",
    ]


BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"displayName": ""}, "displayName.missing"),
    ({"displayName": " \u00a0\u200b"}, "displayName.missing"),
    ({"displayName": "x" * 201}, "displayName.tooLong"),
    ({"displayName": "Ada\u202e"}, "displayName.forbiddenCharacter"),
    ({"displayName": "\u0000"}, "displayName.forbiddenCharacter"),
    ({"title": " "}, "title.empty"),
    ({"title": "x" * 101}, "title.tooLong"),
    ({"title": "Dr\n"}, "title.forbiddenCharacter"),
    ({"timeZone": ""}, "timeZone.unknown"),
    ({"timeZone": "europe/london"}, "timeZone.unknown"),
    ({"timeZone": "../etc/passwd"}, "timeZone.unknown"),
    ({"timeZone": "x" * 10_000}, "timeZone.unknown"),
    ({"subject": " "}, "subject.empty"),
    ({"subject": "x" * (MAX_SUBJECT + 1)}, "subject.tooLong"),
    ({"subject": "staff\u0000"}, "subject.forbiddenCharacter"),
    ({"noticeEmail": ""}, "noticeEmail.invalid"),
    ({"noticeEmail": "ada.practice.example"}, "noticeEmail.invalid"),
    ({"noticeEmail": f"{'x' * 10_000}@practice.example"}, "noticeEmail.invalid"),
)
NULLS = (({"displayName": None}, "displayName.missing"), ({"isActive": None}, "isActive.null"))


@pytest.mark.parametrize(("fields", "reason"), [*BAD, *NULLS], ids=lambda part: part if isinstance(part, str) else "")
async def test_a1_values_that_are_refused(
    installation: Installation, admin: Api, fields: dict[str, Any], reason: str
) -> None:
    added = await admin.done("addPractitioner", **ADA)
    update = {"practitionerId": added["id"], "expectedVersion": 1}
    async with unchanged(installation.database, admin.practice):
        errors = [await admin.refused("updatePractitioner", **update, **fields)]
        if None not in fields.values():
            errors.append(await admin.refused("addPractitioner", **ADA | {"subject": "staff-bo"} | fields))
    for error in errors:
        assert (error["__typename"], error["reason"], error["path"]) == ("InvalidInput", reason, [*fields])


async def test_a1_a_form_sees_everything_that_is_wrong(admin: Api) -> None:
    payload = await admin.mutate("addPractitioner", displayName="", timeZone="Mars", noticeEmail="nope")
    assert [error["reason"] for error in payload["errors"]] == [
        "displayName.missing",
        "timeZone.unknown",
        "noticeEmail.invalid",
    ]


async def test_a1_a_subject_names_one_practitioner(installation: Installation, admin: Api) -> None:
    added = await admin.done("addPractitioner", **ADA)
    other = await admin.done("addPractitioner", displayName="Bo", subject="staff-bo")
    left = {"practitionerId": added["id"], "expectedVersion": 1, "isActive": False}
    await admin.done("updatePractitioner", **left)
    moved = {"practitionerId": other["id"], "expectedVersion": 1, "subject": "staff-ada"}
    async with unchanged(installation.database, admin.practice):
        errors = [
            await admin.refused("addPractitioner", displayName="Cy", subject=" staff-ada "),
            await admin.refused("updatePractitioner", **moved),
        ]
    for error in errors:
        assert (error["reason"], error["path"]) == ("subject.taken", ["subject"])
    await admin.done("updatePractitioner", practitionerId=added["id"], expectedVersion=2, subject=None)
    assert (await admin.done("updatePractitioner", **moved))["subject"] == "staff-ada"
    away = installation.api(await installation.practice(), ViewerRole.ADMIN, "admin-1")
    assert (await away.done("addPractitioner", **ADA))["subject"] == "staff-ada"


async def test_a1_a_practice_has_a_thousand_practitioners_at_most(
    installation: Installation, admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = await admin.done("addPractitioner", **ADA)
    await admin.done("updatePractitioner", practitionerId=added["id"], expectedVersion=1, isActive=False)
    monkeypatch.setattr(commands, "MAX_PRACTITIONERS", 1)
    async with unchanged(installation.database, admin.practice):
        error = await admin.refused("addPractitioner", displayName="Bo")
    assert (error["reason"], error["path"]) == ("practitioners.tooMany", [])


@pytest.mark.parametrize("version", [0, 2, -1, 2_147_483_647])
async def test_a1_a_stale_version_shows_the_practitioner_as_they_are(
    installation: Installation, admin: Api, version: int
) -> None:
    added = await admin.done("addPractitioner", **ADA)
    stale = {"practitionerId": added["id"], "expectedVersion": version, "displayName": ""}
    async with unchanged(installation.database, admin.practice):
        error = await admin.refused("updatePractitioner", **stale)
    assert (error["__typename"], error["path"]) == ("VersionConflict", ["expectedVersion"])
    assert (error["currentVersion"], error["current"]) == (1, {"id": added["id"]})


async def test_a1_an_id_that_names_nobody_here(installation: Installation, api: Api, admin: Api) -> None:
    away = installation.api(await installation.practice(), ViewerRole.ADMIN, "admin-1")
    foreign = (await away.done("addPractitioner", **ADA))["id"]
    person, own = (await api.client())["id"], (await admin.done("addPractitioner", **ADA))["id"]
    unknown = [foreign, new_id("practitioner"), person, "", "nobody", own[:-1], own.upper(), own + "\n", "x" * 10_000]
    async with unchanged(installation.database, api.practice, away.practice):
        for bad in unknown:
            error = await admin.refused("updatePractitioner", practitionerId=bad, expectedVersion=1, title="Dr")
            assert (error["__typename"], error["path"]) == ("NotFound", ["practitionerId"])
    nodes = await api.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[foreign, own])
    assert nodes["nodes"] == [None, {"id": own}]
    assert await listed(away) == [ADA["displayName"]]


@pytest.mark.parametrize("role", [ViewerRole.STAFF, ViewerRole.ANALYST])
async def test_a1_admins_alone_make_practitioners(
    installation: Installation, api: Api, admin: Api, role: ViewerRole
) -> None:
    added = await admin.done("addPractitioner", **ADA)
    other = installation.api(api.practice, role, "staff-2")
    async with unchanged(installation.database, api.practice):
        for error in (
            await other.refused("addPractitioner", displayName=""),
            await other.refused("updatePractitioner", practitionerId=added["id"], expectedVersion=9, title="Dr"),
        ):
            assert (error["__typename"], error["path"]) == ("Forbidden", [])


async def test_a1_a_replay_answers_with_the_practitioner_as_they_are_now(
    installation: Installation, admin: Api
) -> None:
    sent = ADA | {"idempotencyKey": "once"}
    first = await admin.done("addPractitioner", **sent)
    update = {"practitionerId": first["id"], "expectedVersion": 1, "title": "Director", "idempotencyKey": "once"}
    changed = await admin.done("updatePractitioner", **update)
    assert await admin.done("addPractitioner", **sent) == await admin.done("updatePractitioner", **update) == changed
    async with unchanged(installation.database, admin.practice):
        for name, other in (("addPractitioner", sent), ("updatePractitioner", update)):
            error = await admin.refused(name, **other | {"title": "Dr"})
            assert error["__typename"] == "IdempotencyKeyReused"


async def test_a1_what_was_changed_is_in_the_practices_audit_log(admin: Api) -> None:
    added = await admin.done("addPractitioner", **ADA)
    await admin.done("updatePractitioner", practitionerId=added["id"], expectedVersion=1, title=None, isActive=False)
    document = "{ auditLog { nodes { action reason client { id } changes { field before after } } } }"
    update, add = (await admin.query(document))["auditLog"]["nodes"]
    assert (add["action"], add["reason"], add["client"]) == ("addPractitioner", "role", None)
    whom = added["id"]
    assert [tuple(change.values()) for change in add["changes"]] == [
        ("practitionerId", None, whom),
        ("displayName", None, "Ada Okafor"),
        ("title", None, "Psychologist"),
        ("timeZone", None, "America/New_York"),
        ("subject", None, "staff-ada"),
        ("noticeEmail", None, "Ada@practice.example"),
        ("isActive", None, "true"),
    ]
    assert (update["action"], [tuple(change.values()) for change in update["changes"]]) == (
        "updatePractitioner",
        [("practitionerId", whom, whom), ("title", "Psychologist", None), ("isActive", "true", "false")],
    )
