"""Every date and time the schema takes, at the ends of time: a typed refusal or the right answer, never INTERNAL."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_required_input_field,
)
from graphql.type.definition import is_required_argument

from graph_api.graphql.build import build_schema
from graph_api.kernel.caller import ViewerRole
from tests.api import Api, Installation

SCHEMA = build_schema()._schema
DAYS = ["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"]
MOMENTS = [
    f"{time}{offset}"
    for time in ("0001-01-01T00:00:00", "0001-01-02T13:00:00.5", "9999-12-31T23:59:59.999999", "9999-12-30T00:00:00")
    for offset in ("Z", "+14:00", "-12:00", "+23:59", "-23:59")
]
VALUES = {"Date": DAYS, "DateTime": MOMENTS}
TYPED = {"INVALID_TIME", "OUT_OF_RANGE", "INVALID_INPUT", "NOT_FOUND", "FORBIDDEN"}
Path = tuple[str, ...]


def dated(kind: GraphQLInputObjectType, above: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where in an input dates stand, and of which scalar."""
    for name, field in kind.fields.items():
        found = get_named_type(field.type)
        if isinstance(found, GraphQLInputObjectType):
            yield from dated(found, (*above, name))
        elif found.name in VALUES:
            yield (*above, name), found.name


def all_dated() -> Iterator[tuple[str, str, Path, str]]:
    """Of every field of the schema: its type, its name, and where in its arguments a date stands."""
    for kind in SCHEMA.type_map.values():
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for name, field in kind.fields.items():
            for key, argument in field.args.items():
                found = get_named_type(argument.type)
                if found.name in VALUES:
                    yield kind.name, name, (key,), found.name
                elif isinstance(found, GraphQLInputObjectType):
                    for path, scalar in dated(found, (key,)):
                        yield kind.name, name, path, scalar


ALL = list(all_dated())


def test_every_scalar_that_is_a_date_is_tried_and_found() -> None:
    scalars = {name for name in ("Date", "DateTime") if name in SCHEMA.type_map}
    assert scalars == set(VALUES)
    assert len(ALL) >= 22
    assert {scalar for *_, scalar in ALL} == scalars


class Home:
    """A practice, and a client with a contact for each try."""

    def __init__(self, installation: Installation, api: Api) -> None:
        self.api = api
        self.admin = installation.api(api.practice, ViewerRole.ADMIN, "admin-1")
        self.client = self.contact = self.person = self.other = self.practitioner = ""
        self._names = 0

    def _name(self) -> str:
        """Nobody else's."""
        self._names += 1
        return f"Eva {chr(0x4E00 + self._names)}"

    async def renew(self) -> None:
        """Somebody whom no try has touched."""
        self.client = (await self.api.client(self._name(), birthDate="2015-05-06"))["id"]
        made = await self.api.contact(self.client, self._name(), portalAccess=True, appointmentReminders=True)
        self.contact, self.person = made["id"], made["person"]["id"]
        self.other = (await self.api.client(self._name()))["id"]
        self.practitioner = (await self.admin.done("addPractitioner", displayName="Kim"))["id"]

    def given(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        """An input with what it needs; it would be accepted."""
        if kind.name == "PersonInput":
            return {"givenName": self._name()}
        return {name: self._value(name, field) for name, field in kind.fields.items() if is_required_input_field(field)}

    def _value(self, name: str, field: GraphQLInputField) -> Any:
        kind = get_named_type(field.type)
        if isinstance(kind, GraphQLInputObjectType):
            return self.given(kind)
        if isinstance(kind, GraphQLEnumType):
            return "FRIEND" if "FRIEND" in kind.values else next(iter(kind.values))
        return self.plain(name, kind.name)

    def plain(self, name: str, kind: str) -> Any:
        """A value of a scalar."""
        ids = {"clientId": self.client, "contactId": self.contact, "personId": self.other, "id": self.client}
        ids["practitionerId"] = self.practitioner
        plain = {"Int": 1, "Boolean": True, "ID": self.person, "Date": "2026-01-05", "LocalTime": "09:00"}
        return ids.get(name, plain.get(kind, "Eva"))

    def set(self, kind: GraphQLInputObjectType, into: dict[str, Any], path: Path, value: str) -> None:
        """Put the value where it stands, with what the inputs above it need."""
        name, *below = path
        field = kind.fields[name]
        found = get_named_type(field.type)
        if isinstance(found, GraphQLInputObjectType) and below:
            into.setdefault(name, self.given(found))
            self.set(found, into[name], tuple(below), value)
        else:
            into[name] = value


@pytest.fixture
async def home(installation: Installation, api: Api) -> Home:
    return Home(installation, api)


PARENTS = {
    "Query": "HERE",
    "Person": "person(id: $client) { HERE }",
    "Practitioner": "node(id: $practitioner) { ... on Practitioner { HERE } }",
    "Mutation": "HERE",
}


def below(field: str) -> str:
    kind = get_named_type(SCHEMA.query_type.fields[field].type) if SCHEMA.query_type else None
    return " { __typename }" if isinstance(kind, GraphQLObjectType) else ""


def codes(answer: dict[str, Any]) -> set[str]:
    return {error.get("extensions", {}).get("code", "request") for error in answer.get("errors", ())}


async def asked(home: Home, parent: str, name: str, path: Path, scalar: str, value: str) -> dict[str, Any]:
    """The answer to the field with the value where the path says."""
    kind = SCHEMA.type_map[parent]
    assert isinstance(kind, GraphQLObjectType)
    field = kind.fields[name]
    variables: dict[str, Any] = {}
    types: dict[str, str] = {}
    for key, argument in field.args.items():
        found = get_named_type(argument.type)
        if key == path[0] or is_required_argument(argument):
            types[key] = str(argument.type)
            if key == path[0] and len(path) == 1:
                variables[key] = value
            elif isinstance(found, GraphQLInputObjectType):
                variables[key] = home.given(found)
                if key == path[0]:
                    home.set(found, variables[key], path[1:], value)
            elif isinstance(found, GraphQLEnumType):
                variables[key] = next(iter(found.values))
            else:
                variables[key] = home.plain(key, found.name)
    given = ", ".join(f"{key}: ${key}" for key in types)
    shown = "{ errors { code message } }" if parent == "Mutation" else "{ __typename }"
    operation = "mutation" if parent == "Mutation" else "query"
    text = PARENTS[parent].replace("HERE", f"{name}({given}) {shown}")
    if "$client" in text:
        types["client"], variables["client"] = "ID!", home.client
    if "$practitioner" in text:
        types["practitioner"], variables["practitioner"] = "ID!", home.practitioner
    declared = ", ".join(f"${key}: {kind}" for key, kind in types.items())
    caller = home.admin if name == "auditLog" else home.api
    answer: dict[str, Any] = (
        await caller.post({"query": f"{operation} ({declared}) {{ {text} }}", "variables": variables})
    ).json()
    return answer


AFTER = """query ($client: ID!, $person: ID!, $contact: ID!) {
  now: canAct(personId: $person, clientId: $client, action: VIEW_PORTAL) { allowed checks { explanation } }
  last: canAct(personId: $person, clientId: $client, action: VIEW_PORTAL, at: "2199-12-31T23:59:59.999999Z") { allowed }
  whoCanAct(clientId: $client, action: RECEIVE_APPOINTMENT_REMINDERS, at: "2199-12-31T23:59:59Z") { totalCount }
  accessEndingWithin(days: 366) { totalCount nodes { id } }
  young: clientsTurning(age: 0, withinDays: 366) { totalCount }
  old: clientsTurning(age: 130, withinDays: 366) { totalCount }
  node(id: $contact) { ... on Contact { status allowedActions history { totalCount nodes { startsOn endsOn } } } }
  person(id: $client) { birthDate contactNetwork { nodes { status } } contactOf { nodes { status } } }
  previewContactChange(input: {remove: {contactId: $contact, expectedVersion: 1}}) { gained lost } }"""


@pytest.mark.parametrize(("parent", "name", "path", "scalar"), ALL, ids=lambda part: str(part))
async def test_dates_at_the_ends_of_time(home: Home, parent: str, name: str, path: Path, scalar: str) -> None:
    await home.renew()
    for value in VALUES[scalar]:
        answer = await asked(home, parent, name, path, scalar, value)
        assert "INTERNAL" not in codes(answer), (value, answer)
        assert codes(answer) <= TYPED | {"request"}, (value, answer)
        if parent == "Mutation":
            assert answer.get("data"), answer
            ids = {"client": home.client, "person": home.person, "contact": home.contact}
            after = await home.api.execute(AFTER, **ids)
            assert codes(after) <= {"NOT_FOUND", "VERSION_CONFLICT"}, (value, after)
            if answer["data"][name] is not None and not answer["data"][name]["errors"]:
                await home.renew()
