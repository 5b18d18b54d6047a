"""Where fields are listed a second time, none may be forgotten: each list is compared with the one it repeats."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, get_type_hints

import pytest
from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLObjectType,
    Visitor,
    build_schema,
    get_named_type,
    parse,
    visit,
)

from graph_api.access.facts import ClientFacts, EdgeFacts, facts_of_client, facts_of_edge
from graph_api.access.graph.names import ACCOUNT_NOW, CLIENT_NOW, DECIDING_NOTHING, EDGE, PERSON_NOW
from graph_api.access.model import ACTIONS, PortalAction
from graph_api.demo import examples
from graph_api.engine.statements import Dialect, load_statements
from graph_api.graphql.build import print_schema
from graph_api.kernel.fields import api_name
from graph_api.network.audit import TERMS_FIELDS, contact_values
from graph_api.network.graph import rows as network_rows
from graph_api.network.model import TOGGLES, AuthorityKind, Contact, ContactAuthority, ContactRole, ContactTerms
from graph_api.network.records import CONTACT_PROPERTIES, TERMS_PROPERTIES, VERSION_PROPERTIES
from graph_api.network.relationships import Relationship
from graph_api.network.terms import AuthorityFields, TermsFields
from graph_api.people.audit import PERSON_FIELDS
from graph_api.people.graph import rows as people_rows
from graph_api.people.model import ClientStatus, Death, ExternalId, Gender, Person, PostalAddress
from graph_api.people.records import PERSON as PERSON_CODEC
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.practices.graph import SETTINGS
from graph_api.practices.model import FEATURES, PracticeFeature
from tests import api

SCHEMA = build_schema(print_schema())
OWN = {
    "AddNewContactInput": {"clientId", "person", "notDuplicateOf", "idempotencyKey"},
    "AddExistingContactInput": {"clientId", "personId", "idempotencyKey"},
    "AddReciprocalContactInput": {"contactId", "idempotencyKey"},
    "ContactChanges": {"messagesFrom"},
    "AddExistingContactDraft": {"clientId", "personId"},
}
"""What these say besides an edge's terms."""
DAY, MOMENT = date(2001, 2, 3), datetime(2001, 2, 3, 4, 5, 6, 7, UTC)
TERMS = ContactTerms(
    relationship=Relationship.OTHER,
    relationship_label="Godmother",
    roles=(ContactRole.NEXT_OF_KIN,),
    portal_access=True,
    secure_messaging=True,
    payments=True,
    appointment_reminders=True,
    starts_on=DAY,
    ends_on=DAY,
    note="Speaks Galician.",
    authority=ContactAuthority(AuthorityKind.COURT_ORDER, "Safe", DAY, MOMENT),
)
PERSON = Person(
    id="person_1",
    given_name="Ana",
    family_name="García",
    preferred_name="Anita",
    birth_date=DAY,
    gender=Gender.OTHER,
    emails=("a@example.org",),
    phones=("+442079460958",),
    address=PostalAddress(("1 High Street",), "Leeds", "Yorkshire", "LS1", "GB"),
    external_ids=(ExternalId("import", "1"),),
    client_status=ClientStatus.INACTIVE,
    features_off=frozenset({PracticeFeature.PAYMENTS}),
    confidential_email="c@example.org",
    confidential_phone="+442079460959",
    death=Death(DAY, MOMENT, MOMENT),
    access_since=MOMENT,
    version=7,
    created_at=MOMENT,
    updated_at=MOMENT,
)
CONTACT = Contact(
    id="contact_1",
    client=PERSON,
    person=PERSON,
    terms=TERMS,
    today=DAY,
    version=7,
    created_at=MOMENT,
    updated_at=MOMENT,
    adult_consent_at=MOMENT,
    messages_from=MOMENT,
)


def shown_fields(name: str) -> dict[str, str]:
    """A type's fields with the names of their types, an input's as the object's it stands for."""
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
    return {field: get_named_type(found.type).name.removesuffix("Input") for field, found in kind.fields.items()}


def untouched(value: Any) -> set[str]:
    """Fields of a sample that are as they would be if nobody had set them."""
    unset: tuple[Any, ...] = (None, False, (), frozenset())
    return {part.name for part in fields(value) if getattr(value, part.name) in unset}


def test_the_samples_set_every_field() -> None:
    """What is left unset could be lost without a word; a new field makes this fail until it is in the sample."""
    assert untouched(TERMS) == set()
    assert untouched(TERMS.authority) == set()
    assert untouched(PERSON) == set()
    assert untouched(PERSON.address) == set()
    assert untouched(CONTACT) == {"removed_at", "removal_reason"}


def test_terms_are_sent_as_they_are_kept() -> None:
    assert tuple(TermsFields.__annotations__) == tuple(part.name for part in fields(ContactTerms))
    recorded = tuple(part.name for part in fields(ContactAuthority) if part.name != "recorded_at")
    assert tuple(AuthorityFields.__annotations__) == recorded


def test_whatever_holds_terms_is_listed() -> None:
    some = {"relationshipLabel", "portalAccess", "startsOn"}
    holding = {name for name, kind in SCHEMA.type_map.items() if isinstance(kind, GraphQLInputObjectType)} | {
        name for name in SCHEMA.type_map if name.endswith("Draft")
    }
    assert {name for name in holding if len(some & shown_fields(name).keys()) > 1} == OWN.keys()


@pytest.mark.parametrize("name", OWN)
def test_every_input_of_terms_and_the_draft_has_all_of_them(name: str) -> None:
    """S18: what staff typed in one is in the other."""
    found = shown_fields(name)
    assert found.keys() - OWN[name] == set(TERMS_FIELDS)
    same = shown_fields("AddExistingContactInput")
    assert {field: found[field] for field in TERMS_FIELDS} == {field: same[field] for field in TERMS_FIELDS}


def test_the_draft_is_the_input_that_it_drafts() -> None:
    draft, sent = shown_fields("AddExistingContactDraft"), shown_fields("AddExistingContactInput")
    assert draft == {name: kind for name, kind in sent.items() if name != "idempotencyKey"}
    shown = {name: kind for name, kind in shown_fields("ContactAuthority").items() if name != "recordedAt"}
    assert shown == shown_fields("ContactAuthorityInput")


@pytest.mark.parametrize("name", ["Contact", "ContactVersion"])
def test_terms_are_shown_now_and_in_the_past(name: str) -> None:
    assert set(TERMS_FIELDS) | {"adultConsentAt", "messagesFrom"} <= shown_fields(name).keys()


@pytest.mark.parametrize("document", [examples.ADD_NEW, f"{{ x {{ {api.ERRORS} }} }}"], ids=["demo", "tests"])
def test_whoever_asks_for_the_draft_gets_all_of_it(document: str) -> None:
    found: list[FieldNode] = []

    class Drafts(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            if node.name.value == "addExisting":
                found.append(node)

    visit(parse(document), Drafts())
    (draft,) = found
    assert draft.selection_set is not None
    selected = {node.name.value: node for node in draft.selection_set.selections if isinstance(node, FieldNode)}
    assert selected.keys() == shown_fields("AddExistingContactDraft").keys()
    authority = selected["authority"].selection_set
    assert authority is not None
    names = {node.name.value for node in authority.selections if isinstance(node, FieldNode)}
    assert names == shown_fields("ContactAuthorityInput").keys()


def test_the_graph_keeps_all_of_a_person_and_of_an_edge() -> None:
    kept = people_rows.person_row("practice_1", PERSON)
    assert PERSON_CODEC.read(kept) == PERSON
    assert people_rows.person_from([kept.get(name) for name in PERSON_PROPERTIES]) == PERSON
    edge = network_rows.contact_row("practice_1", CONTACT)
    assert network_rows.contact_of(edge, PERSON, PERSON, DAY) == CONTACT
    assert set(CONTACT_PROPERTIES) - {"removedAt", "removalReason"} <= edge.keys()
    version = network_rows.version_of(network_rows.version_row(CONTACT, MOMENT), PERSON, PERSON)
    assert (version.terms, version.adult_consent_at, version.messages_from) == (TERMS, MOMENT, MOMENT)
    assert set(VERSION_PROPERTIES) <= network_rows.version_row(CONTACT, MOMENT).keys()


def test_the_audit_log_shows_every_field() -> None:
    told = {"id", "version", "created_at", "updated_at", "access_since"}  # the event says these itself
    deaths = {"death": "deceased_on"}  # the day; when it was recorded the event says itself
    assert set(PERSON_FIELDS.values()) == {deaths.get(part.name, part.name) for part in fields(Person)} - told
    assert {api_name(own): own for own in PERSON_FIELDS.values()} == PERSON_FIELDS
    assert set(TERMS_FIELDS) <= contact_values(CONTACT).keys()


def test_access_pair_asks_for_the_names_by_which_it_is_read() -> None:
    """They stand in its text; other statements of access are given them."""
    asked = {"n": SETTINGS.names, "c": CLIENT_NOW, "p": PERSON_NOW, "a": ACCOUNT_NOW}
    for dialect in Dialect:
        text = load_statements(dialect)["access/pair"].text
        lists = [
            [name.strip() for name in found.split(",")] for found in re.findall(r"\[([^\[\]|]*\.[^\[\]|]*)\]", text)
        ]
        assert lists == [[f"{of}.{name}" for name in names] for of, names in asked.items()]


def test_only_what_decides_nothing_is_not_asked_for() -> None:
    assert set(DECIDING_NOTHING) < set(CONTACT_PROPERTIES)
    assert {"id", *TERMS_PROPERTIES} - set(EDGE) == set(DECIDING_NOTHING)


def test_every_action_and_feature_has_its_words_and_every_toggle_is_a_boolean_that_is_off() -> None:
    assert list(ACTIONS) == list(PortalAction)
    assert list(FEATURES) == list(PracticeFeature)
    hints = get_type_hints(ContactTerms)
    switched = [name for name, kind in hints.items() if kind is bool]
    assert [toggle.name for toggle in TOGGLES] == switched
    assert len({toggle.feature for toggle in TOGGLES}) == len(TOGGLES)
    assert not ContactTerms(Relationship.SPOUSE).grants_anything


def test_decisions_rest_on_the_fields_that_are_kept() -> None:
    edge, client = facts_of_edge(CONTACT), facts_of_client(PERSON)
    assert edge == EdgeFacts(TERMS, MOMENT)
    names = {"status": "client_status"}
    for part in fields(ClientFacts):
        assert getattr(client, part.name) == getattr(PERSON, names.get(part.name, part.name))
