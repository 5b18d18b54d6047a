"""Why nobody was added to a network, as data."""

from datetime import date
from typing import Any

import strawberry

from graph_api.kernel.rules import WRITERS
from graph_api.network import candidates as network_candidates
from graph_api.network.api.inputs import TERMS
from graph_api.network.api.types import Contact, ContactAuthority
from graph_api.network.model import ContactRole
from graph_api.network.relationships import Relationship
from graph_api.people import duplicates as people_duplicates
from graph_api.people.api.types import Person
from graph_api.people.duplicates import DuplicateGrade, MatchField
from graph_api.shapes.errors import (
    Forbidden,
    IdempotencyKeyReused,
    InvalidInput,
    MutationError,
    NotFound,
    VersionConflict,
)
from graph_api.shapes.node import is_a, readable_by, shown


@readable_by(WRITERS)
@strawberry.type(description="The person is in the network already")
class AlreadyInNetwork(MutationError):
    contact: Contact = shown("The contact there is")
    is_type_of = is_a(network_candidates.AlreadyInNetwork)


@readable_by(WRITERS)
@strawberry.type(description="One thing a candidate has in common with the input")
class MatchEvidence:
    field: MatchField = shown("Which field")
    weight: float = shown("How much it says, 0 to 1")
    explanation: str = shown("In words")


@readable_by(WRITERS)
@strawberry.type(description="Fields as in AddExistingContactInput, ready to send back")
class AddExistingContactDraft:
    client_id: strawberry.ID = shown("Whose network")
    person_id: strawberry.ID = shown("The candidate")
    relationship: Relationship = shown("As in the refused input")
    relationship_label: str | None = shown("As in the refused input")
    roles: list[ContactRole] = shown("As in the refused input")
    portal_access: bool = shown("As in the refused input")
    secure_messaging: bool = shown("As in the refused input")
    payments: bool = shown("As in the refused input")
    appointment_reminders: bool = shown("As in the refused input")
    starts_on: date | None = shown("As in the refused input")
    ends_on: date | None = shown("As in the refused input")
    note: str | None = shown("As in the refused input")
    authority: ContactAuthority | None = shown("As in the refused input")


@readable_by(WRITERS)
@strawberry.type(description="Somebody who may be the person of the input")
class DuplicateCandidate:
    @strawberry.field(description="The contact there is already, if any", graphql_type=Contact | None)
    def existing_contact(root: strawberry.Parent[Any]) -> Any:
        return root.existing_contact if isinstance(root, network_candidates.NetworkCandidate) else None

    @strawberry.field(description="Who it is", graphql_type=Person)
    def person(root: strawberry.Parent[Any]) -> Any:
        return root.match.person

    @strawberry.field(description="What they have in common", graphql_type=list[MatchEvidence])
    def evidence(root: strawberry.Parent[Any]) -> Any:
        return root.match.evidence

    @strawberry.field(description="How sure the match is")
    def grade(root: strawberry.Parent[Any]) -> DuplicateGrade:
        candidate: people_duplicates.Candidate = root
        return candidate.match.grade

    @strawberry.field(description="0 to 1; candidates are ranked by it")
    def score(root: strawberry.Parent[Any]) -> float:
        candidate: people_duplicates.Candidate = root
        return candidate.match.score

    @strawberry.field(
        description="The input that adds this person as existing; null when they are the client, or in the network "
        "already"
    )
    def add_existing(root: strawberry.Parent[Any]) -> AddExistingContactDraft | None:
        if not isinstance(root, network_candidates.NetworkCandidate) or not root.can_be_added:
            return None
        return AddExistingContactDraft(
            client_id=strawberry.ID(root.client_id),
            person_id=strawberry.ID(root.match.person.id),
            **{name: getattr(root.terms, name) for name in TERMS},
        )


@readable_by(WRITERS)
@strawberry.type(description="The person may be in the system already")
class ContactAlreadyExists(MutationError):
    candidates: list[DuplicateCandidate] = shown("Who it may be, the likeliest first")
    is_type_of = is_a(people_duplicates.ContactAlreadyExists)


ERROR_TYPES = (
    InvalidInput,
    NotFound,
    Forbidden,
    VersionConflict,
    IdempotencyKeyReused,
    AlreadyInNetwork,
    ContactAlreadyExists,
)
