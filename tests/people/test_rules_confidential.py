"""A client's confidential channel: for staff and the client's own account; it finds and matches nobody."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from graph_api.graphql.build import build_schema
from graph_api.kernel.caller import ViewerRole
from tests.api import Api, Installation
from tests.contract.practice_graph import run, unchanged
from tests.contract.seen_by import fill
from tests.people.test_rules_search import find

EMAIL, PHONE = "alone@example.org", "+442079460777"
PROFILE = "query ($id: ID!) { person(id: $id) { version clientProfile { confidentialEmail confidentialPhone } } }"
KEYS = "MATCH (k) WHERE k.practice = $practice AND (k:MatchKey OR k:NameKey) RETURN k.key AS key"


async def profile(api: Api, client_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.query(PROFILE, id=client_id))["person"]
    return found


async def secretive(api: Api) -> dict[str, Any]:
    """A client with a confidential e-mail and phone, at version 2."""
    client = await api.client("Ana", "García", emails=["home@example.org"], phones=["020 7946 0111"])
    about = {"clientId": client["id"]}
    return await api.done("setConfidentialChannel", **about, expectedVersion=1, email=EMAIL, phone=PHONE)


def every_field(name: str, depth: int = 3) -> str:
    """A selection of every field of a type that needs no arguments, without the channel itself."""
    kind = build_schema()._schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    parts = []
    for field, found in kind.fields.items():
        inner = get_named_type(found.type)
        needs = any(is_required_argument(argument) for argument in found.args.values())
        if needs or field in ("confidentialEmail", "confidentialPhone"):
            continue
        if is_leaf_type(inner):
            parts.append(field)
        elif depth and isinstance(inner, GraphQLObjectType):
            parts.append(f"{field} {{ __typename {every_field(inner.name, depth - 1)} }}")
    return " ".join(parts)


async def test_what_is_sent_is_normalised_as_a_persons_own_is(api: Api) -> None:
    client = await api.client(emails=[])
    sent = {"email": "  Alone@EXAMPLE.org ", "phone": "(020) 7946 0777"}
    shown = await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, **sent)
    assert (shown["version"], shown["emails"], shown["phones"]) == (2, [], [])
    profile = shown["clientProfile"]
    assert (profile["confidentialEmail"], profile["confidentialPhone"]) == ("Alone@example.org", PHONE)


async def test_what_is_left_out_is_kept_and_null_clears(api: Api) -> None:
    about = {"clientId": (await secretive(api))["id"]}
    steps: list[tuple[dict[str, str | None], tuple[str | None, str | None]]] = [
        ({"email": None}, (None, PHONE)),
        ({"email": "other@example.org"}, ("other@example.org", PHONE)),
        ({"phone": None}, ("other@example.org", None)),
        ({"email": None, "phone": None}, (None, None)),
    ]
    for version, (sent, kept) in enumerate(steps, 2):
        shown = await api.done("setConfidentialChannel", **about, expectedVersion=version, **sent)
        assert shown["version"] == version + 1
        profile = shown["clientProfile"]
        assert (profile["confidentialEmail"], profile["confidentialPhone"]) == kept


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"email": ""}, "email.invalid"),
        ({"email": "nobody"}, "email.invalid"),
        ({"email": "a" * 400 + "@example.org"}, "email.invalid"),
        ({"email": "a\u0000@example.org"}, "email.invalid"),
        ({"email": "a\u202e@example.org"}, "email.invalid"),
        ({"phone": ""}, "phone.impossible"),
        ({"phone": "12"}, "phone.impossible"),
        ({"phone": "0" * 400}, "phone.impossible"),
    ],
)
async def test_what_is_no_address_or_number_is_refused(
    installation: Installation, api: Api, sent: dict[str, str], reason: str
) -> None:
    client = await api.client()
    async with unchanged(installation.database, api.practice):
        error = await api.refused("setConfidentialChannel", clientId=client["id"], expectedVersion=1, **sent)
    assert (error["reason"], error["path"]) == (reason, [next(iter(sent))])


async def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    client = await api.client()
    sent = {"email": "nobody", "phone": "12"}
    payload = await api.mutate("setConfidentialChannel", clientId=client["id"], expectedVersion=1, **sent)
    assert [error["reason"] for error in payload["errors"]] == ["email.invalid", "phone.impossible"]


async def test_one_address_is_not_both_confidential_and_open(installation: Installation, api: Api) -> None:
    """Refused both ways: nothing is taken out of the client's e-mails and phones behind staff's back."""
    client = await api.client(emails=["first@example.org", "Home@example.org"], phones=["020 7946 0111"])
    for sent, reason in (
        ({"email": "home@Example.org"}, "email.listed"),
        ({"email": "HOME@example.org"}, "email.listed"),
        ({"phone": "+44 20 7946 0111"}, "phone.listed"),
    ):
        async with unchanged(installation.database, api.practice):
            error = await api.refused("setConfidentialChannel", clientId=client["id"], expectedVersion=1, **sent)
        assert (error["reason"], error["path"]) == (reason, [next(iter(sent))])
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email=EMAIL, phone=PHONE)
    for changes, reason, field in (
        ({"emails": ["first@example.org", EMAIL.upper()]}, "email.confidential", "emails"),
        ({"phones": ["020 7946 0777"]}, "phone.confidential", "phones"),
    ):
        async with unchanged(installation.database, api.practice):
            error = await api.refused("updatePerson", personId=client["id"], expectedVersion=2, changes=changes)
        assert (error["reason"], error["path"]) == (reason, ["changes", field])
    await api.done("updatePerson", personId=client["id"], expectedVersion=2, changes={"emails": ["new@example.org"]})
    cleared = {"email": None, "phone": None}
    await api.done("setConfidentialChannel", clientId=client["id"], expectedVersion=3, **cleared)
    await api.done("updatePerson", personId=client["id"], expectedVersion=4, changes={"emails": [EMAIL]})


async def test_it_finds_nobody(api: Api) -> None:
    client = await secretive(api)
    for search in (EMAIL, EMAIL.upper(), "alone", PHONE, "020 7946 0777", f"Ana {EMAIL}", f"Ana {PHONE}"):
        assert await find(api, search) == [], search
    assert [match["person"]["id"] for match in await find(api, "home@example.org")] == [client["id"]]


async def test_it_makes_nobody_a_duplicate(installation: Installation, api: Api) -> None:
    """Not even of somebody with the same name: that would tell whose it is."""
    client = await secretive(api)
    other = await api.client("Bea")
    same = {"givenName": "Ana", "familyName": "García", "emails": [EMAIL], "phones": [PHONE]}
    added = await api.mutate("addNewContact", clientId=other["id"], person=same, relationship="FRIEND")
    assert (added["errors"], added["warnings"]) == ([], [])
    changed = await api.mutate(
        "updatePerson", personId=other["id"], expectedVersion=1, changes={"emails": ["bea@example.org"]}
    )
    assert changed["warnings"] == []
    keys = [row["key"] for row in await run(installation.database, KEYS, practice=api.practice.id)]
    own = [key for key in keys if "alone" in key or "9460777" in key]
    assert len(own) == 2  # of the new contact, who has them openly
    document = "query ($id: ID!) { node(id: $id) { ... on Contact { person { id } } } }"
    friend = (await api.query(document, id=added["contact"]["id"]))["node"]["person"]["id"]
    for search in (EMAIL, PHONE):
        assert [match["person"]["id"] for match in await find(api, search)] == [friend] != [client["id"]]


async def test_setting_it_tells_nothing_of_others_who_have_it(api: Api) -> None:
    """Somebody else's e-mail may be it: staff are not told whose, nor are they refused."""
    await api.client("Otto", "Vega", emails=[EMAIL], phones=[PHONE])
    client = await api.client()
    sent = {"clientId": client["id"], "expectedVersion": 1, "email": EMAIL, "phone": PHONE}
    payload = await api.mutate("setConfidentialChannel", **sent)
    assert (payload["errors"], payload["warnings"]) == ([], [])


async def test_it_outlives_other_changes_of_the_client(api: Api) -> None:
    client = await secretive(api)
    about = {"personId": client["id"]}
    await api.done("updatePerson", **about, expectedVersion=2, changes={"preferredName": "Anita"})
    await api.done("setClientStatus", **about, expectedVersion=3, status="ARCHIVED")
    await api.done("setClientFeature", clientId=client["id"], feature="PORTAL", enabled=False)
    shown = {"confidentialEmail": EMAIL, "confidentialPhone": PHONE}
    assert await profile(api, client["id"]) == {"version": 5, "clientProfile": shown}


@pytest.mark.parametrize("role", [ViewerRole.ADMIN, ViewerRole.STAFF])
async def test_staff_see_it_in_the_profile_and_nowhere_else(
    installation: Installation, api: Api, role: ViewerRole
) -> None:
    client = await secretive(api)
    contact = await api.contact(client["id"])
    staff = installation.api(api.practice, role, "staff-2")
    shown = {"confidentialEmail": EMAIL, "confidentialPhone": PHONE}
    assert (await profile(staff, client["id"]))["clientProfile"] == shown
    for asked, kind in ((client["id"], "Person"), (contact["id"], "Contact")):
        body = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {every_field(kind, 2)} }} }} }}"
        answer = await staff.query(body, id=asked)
        assert "García" in str(answer)
        assert not any(secret in str(answer) for secret in (EMAIL, PHONE))


async def test_an_analyst_does_not_see_it(installation: Installation, api: Api) -> None:
    client = await secretive(api)
    await api.contact(client["id"])
    analyst = installation.api(api.practice, ViewerRole.ANALYST, "analyst-1")
    assert await profile(analyst, client["id"]) == {"version": None, "clientProfile": None}
    aliased = "query ($id: ID!) { client(id: $id) { a: clientProfile { x: confidentialEmail } ...F } }"
    fragment = " fragment F on Person { b: clientProfile { ... on ClientProfile { features confidentialPhone } } }"
    assert (await analyst.query(aliased + fragment, id=client["id"]))["client"] == {"a": None, "b": None}


async def test_errors_do_not_hold_it(api: Api) -> None:
    client = await secretive(api)
    answers = [
        await api.mutate("setConfidentialChannel", clientId=client["id"], expectedVersion=1, email="x@example.org"),
        await api.mutate("setConfidentialChannel", clientId=client["id"], expectedVersion=2, email="home@example.org"),
        await api.mutate("updatePerson", personId=client["id"], expectedVersion=2, changes={"emails": [EMAIL]}),
        await api.mutate("addClient", person={"givenName": "Ana", "familyName": "García", "emails": [EMAIL]}),
    ]
    assert [bool(answer["errors"]) for answer in answers] == [True, True, True, False]
    assert not any(secret in str(answer["errors"]) for answer in answers for secret in (EMAIL, PHONE))


async def test_the_clients_own_account_sees_it_and_a_contacts_does_not(installation: Installation) -> None:
    """Dee, a client herself, acts for Ann: her own channel is hers, Ann's is not."""
    seen = await fill(installation)
    for name in ("ann", "dee"):
        sent = {"clientId": seen.ids[name], "expectedVersion": 1, "email": f"{name}.alone@example.org", "phone": PHONE}
        assert (await seen.api.mutate("setConfidentialChannel", **sent))["errors"] == []
    own = await seen.data(ViewerRole.PORTAL, PROFILE, id=seen.ids["dee"])
    shown = {"confidentialEmail": "dee.alone@example.org", "confidentialPhone": PHONE}
    assert own["person"]["clientProfile"] == shown
    hers = "query ($id: ID!) { person(id: $id) { displayName clientProfile { features confidentialEmail } } }"
    assert (await seen.data(ViewerRole.PORTAL, hers, id=seen.ids["ann"]))["person"] == {
        "displayName": "Annie Ray",
        "clientProfile": None,
    }
    through = "contactOf { nodes { client { clientProfile { features } } } }"
    lists = f"{{ viewer {{ practice {{ features ageOfMajority }} person {{ {through} }} }} }}"
    viewer = (await seen.data(ViewerRole.PORTAL, lists))["viewer"]
    assert viewer["practice"] == {"features": None, "ageOfMajority": None}
    assert viewer["person"]["contactOf"]["nodes"] == [{"client": {"clientProfile": None}}]
