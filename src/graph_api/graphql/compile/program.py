"""Compiled operations: their levels are loaded one after the other, each for all of its objects at once.

A mutation is compiled where it stands alone in its operation."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType, Source
from graphql.execution.values import VariableValues

from graph_api.graphql.compile.arguments import NotCompiled
from graph_api.graphql.compile.completion import Compiler, Details, Level, Projection, Values
from graph_api.graphql.compile.levels import (
    ClientsLevel,
    DecisionLevel,
    ExternalIdLevel,
    NodesLevel,
    PersonLevel,
    RootLevel,
    Run,
    SearchLevel,
    ViewerLevel,
)
from graph_api.graphql.compile.mutations import mutation_root
from graph_api.graphql.compile.readers import READERS, match, node
from graph_api.graphql.compile.values import EdgeSource, MatchSource, PageSource, relationship_types
from graph_api.graphql.visibility import is_hidden
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.scope import Scope
from graph_api.people.records import SEARCHED_PROPERTIES

Root = Callable[[Compiler, Details], None]


def _person_root(kind: type[RootLevel], **options: Any) -> Root:
    def root(compiler: Compiler, details: Details) -> None:
        level = _open(compiler, kind, details, **options)
        if level.__class__ is PersonLevel and options.get("only_clients"):
            level.person.place("clientStatus")
        person = Values("v", level.person)
        compiler.target(
            level, details, lambda: f"(None if v is None else {compiler.selection('Person', details, person)})"
        )

    return root


def _open(compiler: Compiler, kind: type[RootLevel], details: Details, **options: Any) -> RootLevel:
    level = kind(len(compiler.levels), arguments=compiler.arguments("Query", details), **options)
    compiler.add(level)
    return level


def _clients(compiler: Compiler, details: Details) -> None:
    with_total = compiler.selects("PersonConnection", details, "totalCount")
    level = _open(compiler, ClientsLevel, details, with_total=with_total)
    person = Values(compiler.name("c"), level.person)
    rows = PageSource(
        "v", "PersonEdge", person.var, lambda selected: compiler.selection("Person", selected, person), person
    )
    compiler.target(level, details, lambda: compiler.selection("PersonConnection", details, rows))


def _find_contacts(compiler: Compiler, details: Details) -> None:
    level = _open(compiler, SearchLevel, details, person=Projection(SEARCHED_PROPERTIES))
    assert isinstance(level, SearchLevel)  # noqa: S101 - it was just opened
    found = MatchSource(compiler.name("m"), level)
    rows = PageSource("v", "ContactMatchEdge", found.var, lambda selected: match(compiler, found, selected))
    compiler.target(level, details, lambda: compiler.selection("ContactMatchConnection", details, rows))


def _node_root(*, is_list: bool) -> Root:
    def root(compiler: Compiler, details: Details) -> None:
        level = _open(compiler, NodesLevel, details, is_list=is_list)
        assert isinstance(level, NodesLevel)  # noqa: S101 - it was just opened
        level.is_required = is_list
        found = compiler.name("n") if is_list else "v"
        edge = EdgeSource(
            Values(f"{found}.contact", level.contact),
            Values(f"{found}.client", level.client),
            Values(f"{found}.person", level.other),
        )

        def expression() -> str:
            shown = node(compiler, found, Values(found, level.person), edge, details)
            return f"[{shown} for {found} in v]" if is_list else shown

        compiler.target(level, details, expression)

    return root


def _viewer(compiler: Compiler, details: Details) -> None:
    level = _open(compiler, ViewerLevel, details)
    compiler.target(level, details, lambda: compiler.selection("Viewer", details, "v"))


def _relationship_types(compiler: Compiler, details: Details) -> None:
    level = _open(compiler, ViewerLevel, details)
    compiler.target(level, details, lambda: relationship_types(compiler, details))


def _can_act(compiler: Compiler, details: Details) -> None:
    level = _open(compiler, DecisionLevel, details)
    compiler.target(
        level, details, lambda: f"(None if v is None else {compiler.selection('AccessDecision', details, 'v')})"
    )


def _typename(compiler: Compiler, details: Details) -> None:
    level = ViewerLevel(len(compiler.levels), arguments=NO_ARGUMENTS)
    compiler.add(level)
    compiler.target(level, details, lambda: "'Query'")


NO_ARGUMENTS: Any = None
ROOTS: Mapping[str, Root] = {
    "__typename": _typename,
    "node": _node_root(is_list=False),
    "nodes": _node_root(is_list=True),
    "viewer": _viewer,
    "person": _person_root(PersonLevel),
    "personByExternalId": _person_root(ExternalIdLevel),
    "client": _person_root(PersonLevel, only_clients=True),
    "clients": _clients,
    "findContacts": _find_contacts,
    "relationshipTypes": _relationship_types,
    "canAct": _can_act,
}


class CompiledOperation:
    """An operation, compiled for one set of directive values and one role; it lives as long as its document is kept."""

    def __init__(
        self,
        schema: strawberry.Schema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        conditions: Mapping[str, Any],
        role: ViewerRole,
    ) -> None:
        """Compile.

        Raises:
            NotCompiled: it selects something that only the ordinary way can answer.
            GraphQLError: a directive's value does not fit.
        """
        compiler = Compiler(schema, document, operation, conditions, role, READERS)
        self._roots: list[Level] = []
        fields = compiler.root_fields().values()
        reads = operation.operation is OperationType.QUERY
        if not reads and len(fields) > 1:
            raise NotCompiled  # they are made one after the other
        for details in fields:
            name = details[0].node.name.value
            root = ROOTS.get(name) if reads else mutation_root
            if root is None or is_hidden(compiler.schema, role, "Query" if reads else "Mutation", name):
                raise NotCompiled
            before = len(compiler.levels)
            root(compiler, details)
            self._roots.append(compiler.levels[before])
        self._levels = len(compiler.levels)
        self.parts = compiler.parts

    async def run(
        self, context: Scope, variables: VariableValues, query: str
    ) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        """The data, and what went wrong: the error of a failed load stands at each field that waited for it.

        Raises:
            NotCompiled: a value breaks a promise of the schema, or a mutation was refused or warns of something: the
                ordinary way says how, and is given what came of a mutation that was made.
        """
        run = Run(context, variables, self._levels)
        try:
            return await self._run(run, query)
        except NotCompiled as error:
            raise NotCompiled(run.outcome) from error

    async def _run(self, run: Run, query: str) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        run.data = {target.key: None for root in self._roots for target in root.targets}
        errors: list[tuple[Level, list[tuple[dict[str, Any], Any]], Exception]] = []
        for root in self._roots:
            run.waiting[root.index].append((run.data, None))
        await _all([_load(root, run, errors) for root in self._roots])
        if not errors:
            return run.data, []
        has_data = not any(level.is_required for level, _, _ in errors)
        return run.data if has_data else None, _located(errors, run.data, query)


async def _all(loads: list[Any]) -> None:
    if len(loads) == 1:
        await loads[0]
        return
    for outcome in await asyncio.gather(*loads, return_exceptions=True):  # nobody is left behind
        if isinstance(outcome, BaseException):
            raise outcome


async def _load(level: Level, run: Run, errors: list[Any]) -> None:
    """Load a level, fill it in, and go on to those below that something waits for."""
    waiting = run.waiting[level.index]
    try:
        values = await level.load(run, [parent for _, parent in waiting])
    except NotCompiled:
        raise
    except Exception as error:
        for answer, _ in waiting:
            for target in level.targets:
                answer[target.key] = None
        errors.append((level, waiting, error))
        return
    try:
        for target in level.targets:
            key, complete = target.key, target.complete
            for (answer, parent), value in zip(waiting, values, strict=True):
                answer[key] = complete(value, parent, run)
    except Exception as error:
        raise NotCompiled from error
    await _all([_load(child, run, errors) for child in level.children if run.waiting[child.index]])


def _located(errors: list[Any], data: dict[str, Any], query: str) -> list[GraphQLError]:
    """An error for each field that has none of its data, with its path and place."""
    failed = {id(answer) for _, waiting, _ in errors for answer, _ in waiting}
    paths = dict(_paths(data, failed, []))
    source = Source(query)
    return [
        GraphQLError(
            str(error),
            source=source,
            positions=target.positions,
            path=[*paths[id(answer)], target.key],
            original_error=error,
        )
        for level, waiting, error in errors
        for answer, _ in waiting
        for target in level.targets
    ]


def _paths(value: Any, wanted: set[int], path: list[str | int]) -> Any:
    """Where the objects stand in the answer."""
    if isinstance(value, dict):
        if id(value) in wanted:
            yield id(value), path
        for key, item in value.items():
            yield from _paths(item, wanted, [*path, key])
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _paths(item, wanted, [*path, place])
