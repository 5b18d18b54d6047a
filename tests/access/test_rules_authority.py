"""What an edge says of authority and consent (D13): stored, changed, cleared, kept in its history."""

from typing import Any

from graph_api.kernel.text import MAX_REFERENCE
from tests.api import Api, Installation
from tests.contract.practice_graph import edges, unchanged

AUTHORITY = {"kind": "POWER_OF_ATTORNEY", "documentReference": "Folder 7, page 3", "endsOn": "2031-05-01"}
BARE = {"documentReference": None, "endsOn": None}
SHOWN = "authority { kind documentReference endsOn } adultConsentAt version"


async def shown(api: Api, contact_id: str) -> dict[str, Any]:
    """A contact's authority, answered both ways: the second selects what is never compiled."""
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on Contact {{ {SHOWN} }} }} }}"
    compiled: dict[str, Any] = (await api.query(text, id=contact_id))["node"]
    ordinary = await api.query(text.replace("{ node", "{ __schema { description } node"), id=contact_id)
    assert ordinary["node"] == compiled
    return compiled


async def test_d13_an_authority_is_stored_by_each_way_of_adding(api: Api) -> None:
    client, other = await api.client(), await api.client("Ben", "Osei")
    added = await api.contact(client["id"], authority=AUTHORITY)
    existing = await api.done(
        "addExistingContact",
        clientId=client["id"],
        personId=other["id"],
        relationship="GUARDIAN",
        authority={"kind": "COURT_ORDER"},
    )
    back = await api.done(
        "addReciprocalContact", contactId=existing["id"], relationship="WARD", authority={"kind": "LEGAL_GUARDIAN"}
    )
    assert (await shown(api, added["id"]))["authority"] == AUTHORITY
    assert (await shown(api, existing["id"]))["authority"] == {"kind": "COURT_ORDER", **BARE}
    assert (await shown(api, back["id"]))["authority"] == {"kind": "LEGAL_GUARDIAN", **BARE}


async def test_d13_a_change_replaces_an_authority_whole_and_null_clears_it(
    api: Api, installation: Installation
) -> None:
    contact = await api.contact((await api.client())["id"], authority=AUTHORITY)
    for version, (sent, kept) in enumerate(
        [
            ({"note": "left alone"}, AUTHORITY),
            ({"authority": {"kind": "COURT_ORDER"}}, {"kind": "COURT_ORDER", **BARE}),
            ({"authority": None}, None),
        ],
        1,
    ):
        await api.done("updateContact", contactId=contact["id"], expectedVersion=version, changes=sent)
        assert (await shown(api, contact["id"]))["authority"] == kept
    kinds = [
        (row["version"], row.get("authorityKind"), row.get("authorityReference"), row.get("authorityEndsOn"))
        for row in await edges(installation.database, api.practice, "HAD_CONTACT", contactId=contact["id"])
    ]
    assert sorted(kinds) == [
        (1, "POWER_OF_ATTORNEY", "Folder 7, page 3", "2031-05-01"),
        (2, "POWER_OF_ATTORNEY", "Folder 7, page 3", "2031-05-01"),
        (3, "COURT_ORDER", None, None),
    ]


async def test_d13_a_removed_contact_still_shows_its_authority(api: Api) -> None:
    contact = await api.contact((await api.client())["id"], authority=AUTHORITY)
    await api.done("removeContact", contactId=contact["id"], expectedVersion=1)
    assert (await shown(api, contact["id"]))["authority"] == AUTHORITY


async def test_d13_a_reference_is_bounded_text(api: Api, installation: Installation) -> None:
    client = await api.client()
    contact = await api.contact(client["id"])
    for reference, reason in (
        ("x" * (MAX_REFERENCE + 1), "documentReference.tooLong"),
        ("  ", "documentReference.empty"),
        ("a\u202eb", "documentReference.forbiddenCharacter"),
        ("a\nb", "documentReference.forbiddenCharacter"),
    ):
        authority = {"kind": "COURT_ORDER", "documentReference": reference}
        async with unchanged(installation.database, api.practice):
            added = await api.refused(
                "addNewContact",
                clientId=client["id"],
                person={"givenName": "Bea"},
                relationship="PARENT",
                authority=authority,
            )
            changed = await api.refused(
                "updateContact", contactId=contact["id"], expectedVersion=1, changes={"authority": authority}
            )
        assert (added["reason"], added["path"]) == (reason, ["authority", "documentReference"])
        assert (changed["reason"], changed["path"]) == (reason, ["changes", "authority", "documentReference"])
    longest = {"kind": "COURT_ORDER", "documentReference": "x" * MAX_REFERENCE, "endsOn": None}
    await api.done("updateContact", contactId=contact["id"], expectedVersion=1, changes={"authority": longest})
    assert (await shown(api, contact["id"]))["authority"] == longest
