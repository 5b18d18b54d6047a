"""Why nobody was added to a network, as data."""

from typing import Any, get_args, get_origin, get_type_hints

import strawberry

from graph_api.kernel.rules import WRITERS
from graph_api.network import candidates as network_candidates
from graph_api.network import model as network_model
from graph_api.network.api.inputs import TERMS
from graph_api.network.api.types import Contact, ContactAuthority
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


def _shown_as(kind: Any) -> Any:
    """The type of a term in the contract."""
    if get_origin(kind) is tuple:
        return list[get_args(kind)[0]]  # type: ignore[misc]  # known when this runs
    return ContactAuthority | None if kind == network_model.ContactAuthority | None else kind


def _draft() -> type:
    """The terms of an edge, and between whom it is to be."""
    fields = {"client_id": "Whose network", "person_id": "The candidate"}
    kinds: dict[str, Any] = dict.fromkeys(fields, strawberry.ID)
    kinds |= {name: _shown_as(kind) for name, kind in get_type_hints(network_model.ContactTerms).items()}
    body = {name: shown(fields.get(name, "As in the refused input")) for name in kinds}
    made = type("AddExistingContactDraft", (), {**body, "__annotations__": kinds, "__module__": __name__})
    return readable_by(WRITERS)(
        strawberry.type(made, description="Fields as in AddExistingContactInput, ready to send back")
    )


AddExistingContactDraft: Any = _draft()


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
        "already",
        graphql_type=AddExistingContactDraft | None,
    )
    def add_existing(root: strawberry.Parent[Any]) -> Any:
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
