"""A mutation is declared once: who may call it, what it takes, what it answers and what it does."""

import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from graph_api.kernel.fields import api_name
from graph_api.kernel.rules import CALLED_BY, Rule
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Outcome, Request
from graph_api.shapes.context import Info
from graph_api.shapes.payloads import INPUT, Payload, entity_field, request_of

Run = Callable[[Scope, Request, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Declared:
    """One mutation."""

    name: str
    """In the API."""
    description: str
    input: type
    payload: type
    run: Run
    shows: tuple[str, type] | None = None
    """The name and type of what the payload shows of what was changed, where it shows nothing else."""

    def field(self) -> Any:
        """The mutation as a field of the schema."""
        name, run = self.name, self.run

        async def resolve(self: Any, info: Info, input: Any) -> Any:  # noqa: A002 - the contract's name
            if isinstance(self, Made):
                return self.outcome
            return await run(info.context, request_of(name, input), input)

        resolve.__annotations__["input"] = Annotated[self.input, INPUT]
        return strawberry.mutation(
            resolver=resolve,
            description=self.description,
            graphql_type=self.payload | None,
        )


@dataclass(frozen=True, slots=True)
class Made:
    """The root of an operation whose one mutation was made already: what came of it is shown."""

    outcome: Outcome[Any]


MUTATIONS: dict[str, Declared] = {}
"""All that were declared, by their names in Python, in the order of the contract."""


def mutation(
    may: Rule, description: str, *, shows: tuple[str, type] | None = None, payload: type | None = None
) -> Callable[[Run], Run]:
    """Declare what the decorated function does as a mutation of its name; its third parameter is the input.

    Args:
        may: who may call it.
        description: what it does.
        shows: the name and type of what its payload shows of what was changed.
        payload: the payload where it shows something else.
    """

    def declare(run: Run) -> Run:
        name = api_name(run.__name__)
        takes = list(typing.get_type_hints(run).values())[2]
        answer = payload or _payload(name, shows)
        MUTATIONS[run.__name__] = Declared(name, description, takes, answer, run, None if payload else shows)
        CALLED_BY[name] = may
        return run

    return declare


def payload_name(name: str) -> str:
    """`AddClientPayload` of the mutation `addClient`."""
    return f"{name[0].upper()}{name[1:]}Payload"


def _payload(name: str, shows: tuple[str, type] | None) -> type:
    """The type of what a mutation answers."""
    body: dict[str, Any] = {"__module__": __name__, "__annotations__": {}}
    if shows is not None:
        what, kind = shows
        body["__annotations__"][what] = kind | None
        body[what] = entity_field(what, kind)
    made = type(payload_name(name), (Payload,), body)
    return strawberry.type(made, description=f"Return type of {name}")
