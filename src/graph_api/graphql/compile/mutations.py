"""Compiled mutations: what a change shows of a person or a contact is read from the very records that were written.

Only the answer of a change that was made, and warns of nothing, is compiled. Whatever else came of it is shown the
ordinary way, which is given the outcome: the change is never made twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graph_api.graphql.compile.arguments import Arguments, NotCompiled
from graph_api.graphql.compile.completion import Compiler, Details, Level, Projection, Reader, Values
from graph_api.graphql.compile.levels import Run
from graph_api.graphql.compile.values import EdgeSource
from graph_api.kernel.records import Record
from graph_api.kernel.unit import Outcome
from graph_api.network.model import Contact
from graph_api.network.records import CONTACT, EdgeRecord
from graph_api.people.model import Person
from graph_api.people.records import PERSON
from graph_api.shapes.mutations import MUTATIONS, Declared, payload_name
from graph_api.shapes.payloads import request_of

ENTITIES = ("Contact", "Person")
"""Types of the API whose records compiled code can show."""


@dataclass(slots=True, eq=False)
class MutationLevel(Level):
    """A mutation: its load makes the change."""

    arguments: Arguments = field(kw_only=True)
    declared: Declared = field(kw_only=True)
    contact: Projection = field(default_factory=Projection)
    client: Projection = field(default_factory=Projection)
    person: Projection = field(default_factory=Projection)
    """Of the person who was changed, or whom the edge leads to."""

    async def load(self, run: Run, _parents: Sequence[Any]) -> Sequence[Any]:
        """The record of what was changed.

        Raises:
            NotCompiled: there is more to say; the run has the outcome.
        """
        source = self.arguments.values(run.variables)["input"]
        outcome = await self.declared.run(run.context, request_of(self.declared.name, source), source)
        run.outcome = outcome
        return [self._record(outcome)]

    def _record(self, outcome: Outcome[Any]) -> Record | EdgeRecord:
        entity = outcome.entity
        if not outcome.errors and not outcome.warnings:
            if isinstance(entity, Person):
                return _of_person(entity, self.person)
            if isinstance(entity, Contact):
                row = CONTACT.row(entity)
                return EdgeRecord(
                    [row.get(name) for name in self.contact.names],
                    _of_person(entity.client, self.client),
                    _of_person(entity.person, self.person),
                )
        raise NotCompiled


def _of_person(person: Person, wanted: Projection) -> Record:
    row = PERSON.row(person)
    return [row.get(name) for name in wanted.names]


def _shown(level: MutationLevel, kind: str) -> Reader:
    """What was changed, in the payload."""

    def read(compiler: Compiler, _source: Any, details: Details) -> str:
        if kind == "Person":
            return compiler.selection("Person", details, Values("v", level.person))
        ends = (Values(f"v.{name}", getattr(level, name)) for name in ("contact", "client", "person"))
        return compiler.selection("Contact", details, EdgeSource(*ends))

    return read


def _nothing(_compiler: Compiler, _source: Any, _details: Details) -> str:
    return "[]"


def mutation_root(compiler: Compiler, details: Details) -> None:
    """Open a mutation.

    Raises:
        NotCompiled: it shows what compiled code can't.
    """
    declared, kind = compiled_mutations().get(details[0].node.name.value, (None, ""))
    if declared is None or declared.shows is None:
        raise NotCompiled
    level = MutationLevel(len(compiler.levels), arguments=compiler.arguments("Mutation", details), declared=declared)
    compiler.add(level)
    readers = {declared.shows[0]: _shown(level, kind), "errors": _nothing, "warnings": _nothing}
    compiler.target(level, details, lambda: compiler.selection(payload_name(declared.name), details, level, readers))


@lru_cache(1)
def compiled_mutations() -> Mapping[str, tuple[Declared, str]]:
    """The mutations that show a person or a contact, and which of both; by their names in the API."""
    return {
        declared.name: (declared, declared.shows[1].__name__)
        for declared in MUTATIONS.values()
        if declared.shows is not None and declared.shows[1].__name__ in ENTITIES
    }
