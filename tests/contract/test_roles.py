"""Who may read and do what: what each field and mutation says, one by one, as each role."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
)
from graphql.type.definition import is_required_argument

from graph_api.graphql.build import print_access
from graph_api.graphql.visibility import UnlistedField, hide, rule_of, rules
from graph_api.kernel.caller import NOWHERE, Caller, ViewerRole
from graph_api.kernel.rules import CALLED_BY, EVERYONE, Rule, may_call
from graph_api.shapes.node import readable, rule_of_class
from tests.api import Installation
from tests.contract.practice_graph import unchanged
from tests.contract.seen_by import SCHEMA, Seen, fill
from tests.declared import called

GRAPHQL = SCHEMA._schema
ROLES = tuple(ViewerRole)
ENTRIES = [(type_name, field_name) for type_name, field_name, _ in rules(GRAPHQL)]
HOLDERS = {
    "Person": ("query ($id: ID!) {{ node(id: $id) {{ ... on Person {{ x: {} }} }} }}", ("node",)),
    "Contact": ("query ($id: ID!) {{ node(id: $id) {{ ... on Contact {{ x: {} }} }} }}", ("node",)),
    "Practitioner": ("query ($id: ID!) {{ node(id: $id) {{ ... on Practitioner {{ x: {} }} }} }}", ("node",)),
    "MessageThread": ("query ($id: ID!) {{ node(id: $id) {{ ... on MessageThread {{ x: {} }} }} }}", ("node",)),
    "Message": ("query ($id: ID!) {{ node(id: $id) {{ ... on Message {{ x: {} }} }} }}", ("node",)),
    "Location": ("query ($id: ID!) {{ node(id: $id) {{ ... on Location {{ x: {} }} }} }}", ("node",)),
    "AppointmentType": ("query ($id: ID!) {{ node(id: $id) {{ ... on AppointmentType {{ x: {} }} }} }}", ("node",)),
    "Appointment": ("query ($id: ID!) {{ node(id: $id) {{ ... on Appointment {{ x: {} }} }} }}", ("node",)),
    "OpeningException": ("query ($id: ID!) {{ node(id: $id) {{ ... on OpeningException {{ x: {} }} }} }}", ("node",)),
    "Charge": ("query ($id: ID!) {{ node(id: $id) {{ ... on Charge {{ x: {} }} }} }}", ("node",)),
    "Payment": ("query ($id: ID!) {{ node(id: $id) {{ ... on Payment {{ x: {} }} }} }}", ("node",)),
    "Refund": ("query ($id: ID!) {{ node(id: $id) {{ ... on Refund {{ x: {} }} }} }}", ("node",)),
    "Practice": ("query ($id: ID!) {{ node(id: $id) {{ ... on Practice {{ x: {} }} }} }}", ("node",)),
    "ClientProfile": (
        "query ($id: ID!) {{ person(id: $id) {{ clientProfile {{ x: {} }} }} }}",
        ("person", "clientProfile"),
    ),
    "AccessDecision": (
        "query ($id: ID!) {{ canAct(personId: $id, clientId: $id, action: VIEW_PORTAL) {{ x: {} }} }}",
        ("canAct",),
    ),
    "Viewer": ("{{ viewer {{ x: {} }} }}", ("viewer",)),
    "Query": ("{{ x: {} }}", ()),
}
"""A query that reaches an object of the type, and where it stands in the data."""
NAMED = {
    "Person": "ann",
    "Contact": "parent",
    "MessageThread": "thread",
    "Message": "message",
    "Location": "location",
    "AppointmentType": "type",
    "Appointment": "appointment",
    "OpeningException": "exception",
    "Charge": "charge",
    "Payment": "payment",
    "Refund": "refund",
    "Practice": "practice",
    "Practitioner": "practitioner",
    "ClientProfile": "dee",
    "AccessDecision": "dee",
}
SHOWN_BY = {"Person.account": "dee", "Person.deceasedOn": "eve"}
"""Who has something to show there, where not everybody does."""
NOTHING_TO_SHOW = {
    "Contact.removedAt",
    "Contact.removalReason",
    "Contact.invitation",
    "Contact.adultConsentAt",
    "Appointment.bookingReason",
    "Appointment.cancelReason",
    "Appointment.cancelledBy",
    "Appointment.heldUntil",
    "Appointment.seriesId",
    "Charge.voidedAt",
    "Charge.voidReason",
    "Payment.failure",
    "Message.retractedAt",
    "Message.retractionReason",
    "MessageThread.assignedTo",
    "MessageThread.withContact",
    "OpeningException.from",
    "OpeningException.location",
    "OpeningException.to",
    "Query.appointmentTypes",
    "Viewer.person",
    "Viewer.actsFor",
    "Viewer.practitioner",
    "ClientProfile.features",
    "ClientProfile.confidentialEmail",
    "ClientProfile.confidentialPhone",
    "ClientProfile.invitation",
    "AccessDecision.contact",
    "AccessDecision.contactVersion",
    "AccessDecision.nearestDenial",
}
"""Null for some who may read it, too: it is not there, or not theirs."""


@pytest.fixture(scope="module")
async def seen(installation: Installation) -> Seen:
    return await fill(installation)


def test_nothing_says_otherwise_than_before_who_may() -> None:
    """The whole table, so that a change of it is seen where changes are read: `graph-api schema --access`."""
    kept = Path(__file__).parent / "data" / "access.txt"
    assert print_access() == kept.read_text(encoding="utf-8")


def test_every_field_and_every_mutation_says_who_may() -> None:
    assert [name for *name, rule in rules(GRAPHQL) if not rule.roles] == []
    assert CALLED_BY.keys() == GRAPHQL.mutation_type.fields.keys()  # type: ignore[union-attr]


def test_whatever_not_everyone_may_read_is_tried_below() -> None:
    """A type that hides a field from somebody needs a query that reaches it, unless nobody reaches it who may not."""
    hiding = {
        name for name, field, rule in rules(GRAPHQL) if rule is not EVERYONE and name != "Mutation" and not _whole(name)
    }
    assert hiding <= HOLDERS.keys(), "HOLDERS says how an object of the type is reached"
    assert {entry.split(".")[0] for entry in NOTHING_TO_SHOW | SHOWN_BY.keys()} <= HOLDERS.keys()
    assert CALLED_BY.keys() >= MAY_SUCCEED


def test_a_schema_with_a_field_that_nobody_thought_of_is_not_built() -> None:
    @strawberry.type
    class Query:
        thought_of: str = strawberry.field(default="", metadata=readable(EVERYONE))
        forgotten: str = ""

    with pytest.raises(UnlistedField, match=r"Query\.forgotten"):
        hide(strawberry.Schema(Query)._schema)


def test_a_mutation_that_nobody_declared_is_closed() -> None:
    staff = Caller("staff-1", NOWHERE, ViewerRole.ADMIN)
    assert not may_call("deleteEverything", staff)


@pytest.mark.parametrize(("type_name", "field_name"), ENTRIES)
def test_what_must_be_there_may_be_read_by_whoever_holds_the_object(type_name: str, field_name: str) -> None:
    """A non-null field is hidden from nobody who can hold its object: it could not be null without an error."""
    kind = GRAPHQL.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    if isinstance(kind.fields[field_name].type, GraphQLNonNull) and _whole(type_name) is None:
        assert rule_of(kind, field_name) is EVERYONE


@pytest.mark.parametrize(("type_name", "field_name"), ENTRIES)
def test_whoever_may_read_a_field_may_hold_what_it_shows(type_name: str, field_name: str) -> None:
    kind = GRAPHQL.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    shown = _whole(get_named_type(kind.fields[field_name].type).name)
    if shown is not None and type_name != "Mutation":
        assert rule_of(kind, field_name).roles <= shown.roles


def _whole(type_name: str) -> Rule | None:
    """What is said of all fields of a type."""
    definition = GRAPHQL.type_map[type_name].extensions.get("strawberry-definition")
    return None if definition is None else rule_of_class(definition.origin)


def _selected(type_name: str, field_name: str, seen: Seen) -> str:
    """The field with the arguments it needs, and the least of what it shows."""
    field = GRAPHQL.type_map[type_name].fields[field_name]  # type: ignore[attr-defined]
    known = {"search": '"ray"', "externalId": '"ann"', "action": "VIEW_PORTAL", "days": "1", "age": "18"}
    known |= {"withinDays": "1", "ids": f'["{seen.ids["ann"]}"]', "id": f'"{seen.ids["ann"]}"'}
    known |= {"personId": f'"{seen.ids["dee"]}"', "clientId": f'"{seen.ids["ann"]}"', "at": '"2999-01-01T00:00:00Z"'}
    known |= {"typeId": f'"{seen.ids["type"]}"', "from": '"2026-01-05"', "to": '"2026-01-06"'}
    change = f'{{remove: {{contactId: "{seen.ids["parent"]}", expectedVersion: 1}}}}'
    known |= {"input": change, "appointmentId": f'"{seen.ids["appointment"]}"'}
    needed = [f"{name}: {known[name]}" for name, given in field.args.items() if is_required_argument(given)]
    arguments = f"({', '.join(needed)})" if needed else ""
    below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
    return f"{field_name}{arguments}{below}"


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data[step]
        if data is None:
            return None
    return data["x"]


def _held() -> Iterator[Any]:
    for type_name, field_name in ENTRIES:
        if type_name in HOLDERS:
            yield pytest.param(type_name, field_name, id=f"{type_name}.{field_name}")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("type_name", "field_name"), [*_held()])
async def test_each_entry_as_each_role(seen: Seen, type_name: str, field_name: str, role: ViewerRole) -> None:
    document, path = HOLDERS[type_name]
    query = document.format(_selected(type_name, field_name, seen))
    name = (
        NAMED.get(type_name)
        if role is ViewerRole.PORTAL
        else SHOWN_BY.get(f"{type_name}.{field_name}", NAMED.get(type_name))
    )
    variables = {} if name is None else {"id": seen.ids[name]}
    value = _at(await seen.data(role, query, **variables), path)
    rule = rule_of(GRAPHQL.type_map[type_name], field_name)
    if not rule.allows(role):
        assert value is None
    elif f"{type_name}.{field_name}" not in NOTHING_TO_SHOW:
        assert value is not None
    if role is ViewerRole.PORTAL and type_name == "Person":
        own = _at(await seen.data(role, query, id=seen.ids["dee"]), path)
        if not rule.allows(role, own=True):
            assert own is None
        elif f"{type_name}.{field_name}" not in NOTHING_TO_SHOW:
            assert own is not None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", [field for kind, field in ENTRIES if kind == "Mutation"])
async def test_each_mutation_as_each_role(seen: Seen, name: str, role: ViewerRole) -> None:
    """Who may not is told Forbidden, before anything else is looked at, and nothing changed."""
    mutation = GRAPHQL.mutation_type
    assert mutation is not None
    query = f"mutation {{ x: {called(name)} }}"
    if rule_of(mutation, name).allows(role):
        codes = [error["code"] for error in (await seen.data(role, query))["x"]["errors"]]
        assert "FORBIDDEN" not in codes
        assert codes or name in MAY_SUCCEED, "it changed something: may it, with dummies? Then it stands in MAY_SUCCEED"
        return
    async with unchanged(seen.installation.database, seen.api.practice):
        assert (await seen.data(role, query))["x"]["errors"] == [{"code": "FORBIDDEN"}]


MAY_SUCCEED = {
    "setPracticeFeature",
    "setAgeOfMajority",
    "setMessaging",
    "setQuietHours",
    "addLocation",
    "addPractitioner",
    "requestSignInCode",
}
"""What dummies may be accepted by. By hand, because no declaration says it: what needs no id may refuse it too."""
