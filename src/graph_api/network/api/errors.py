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
@strawberry.type(description="The person is already in the client's network")
class AlreadyInNetwork(MutationError):
    contact: Contact = shown("The contact that exists")
    is_type_of = is_a(network_candidates.AlreadyInNetwork)


@readable_by(WRITERS)
@strawberry.type(description="Something that a candidate and the input have in common")
class MatchEvidence:
    field: MatchField = shown("The field that they have in common")
    weight: float = shown("How much this field says for a match, 0 to 1")
    explanation: str = shown("The evidence in words")


def _shown_as(kind: Any) -> Any:
    """The type of a term in the contract."""
    if get_origin(kind) is tuple:
        return list[get_args(kind)[0]]  # type: ignore[misc]  # known when this runs
    return ContactAuthority | None if kind == network_model.ContactAuthority | None else kind


def _draft() -> type:
    """The terms of an edge, and between whom it is to be."""
    fields = {"client_id": "Id of the client whose network to add to", "person_id": "Id of the candidate"}
    kinds: dict[str, Any] = dict.fromkeys(fields, strawberry.ID)
    kinds |= {name: _shown_as(kind) for name, kind in get_type_hints(network_model.ContactTerms).items()}
    body = {name: shown(fields.get(name, "Same as in the refused input")) for name in kinds}
    made = type("AddExistingContactDraft", (), {**body, "__annotations__": kinds, "__module__": __name__})
    return readable_by(WRITERS)(
        strawberry.type(made, description="The fields of AddExistingContactInput, ready to send back")
    )


AddExistingContactDraft: Any = _draft()


@readable_by(WRITERS)
@strawberry.type(description="A person in the system who may be the person in the input")
class DuplicateCandidate:
    @strawberry.field(
        description="The candidate's contact in the client's network, if there is one", graphql_type=Contact | None
    )
    def existing_contact(root: strawberry.Parent[Any]) -> Any:
        return root.existing_contact if isinstance(root, network_candidates.NetworkCandidate) else None

    @strawberry.field(description="The candidate", graphql_type=Person)
    def person(root: strawberry.Parent[Any]) -> Any:
        return root.match.person

    @strawberry.field(description="What the candidate has in common with the input", graphql_type=list[MatchEvidence])
    def evidence(root: strawberry.Parent[Any]) -> Any:
        return root.match.evidence

    @strawberry.field(description="How certain the match is")
    def grade(root: strawberry.Parent[Any]) -> DuplicateGrade:
        candidate: people_duplicates.Candidate = root
        return candidate.match.grade

    @strawberry.field(description="How well the candidate matches, 0 to 1; candidates are ranked by it")
    def score(root: strawberry.Parent[Any]) -> float:
        candidate: people_duplicates.Candidate = root
        return candidate.match.score

    @strawberry.field(
        description="The input of addExistingContact that adds this person; null if they are the client, or are "
        "already in the network",
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
@strawberry.type(description="The person may already be in the system")
class ContactAlreadyExists(MutationError):
    candidates: list[DuplicateCandidate] = shown(
        "People in the system who may be the same person, the most likely first"
    )
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
