"""Whom an answer shows, for the account of reads: ids alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from graph_api.kernel.errors import MutationError, MutationWarning, VersionConflict
from graph_api.network.candidates import AlreadyInNetwork, ContactAlreadyExists
from graph_api.network.model import Contact
from graph_api.people.model import Person


def people_of(entity: Any) -> tuple[str, ...]:
    """A person, or both ends of an edge; nobody else."""
    if isinstance(entity, Person):
        return (entity.id,)
    return (entity.client.id, entity.person.id) if isinstance(entity, Contact) else ()


def people_in(errors: Iterable[MutationError], warnings: Iterable[MutationWarning]) -> Iterator[str]:
    """Whom errors and warnings name."""
    for warning in warnings:
        yield from (person.id for person in warning.persons)
    for error in errors:
        if isinstance(error, VersionConflict):
            yield from people_of(error.current)
        elif isinstance(error, AlreadyInNetwork):
            yield from people_of(error.contact)
        elif isinstance(error, ContactAlreadyExists):
            yield from (candidate.match.person.id for candidate in error.candidates)
