"""Documents are parsed, validated and compiled once; what is kept has bounds, and goes when its document goes."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from graphql import OperationType

from graph_api.graphql import documents
from graph_api.graphql.build import build_schema
from graph_api.graphql.compile.program import CompiledOperation
from graph_api.graphql.documents import MAX_KEPT_WHOLE, MAX_VARIANTS, Documents, Invalid, Prepared
from graph_api.graphql.execution import Executor, Operation
from graph_api.graphql.limits import STRANGERS_FIELDS
from graph_api.graphql.registered import RegisteredOperations, operation_id
from graph_api.kernel.caller import ViewerRole

SCHEMA = build_schema()
NETWORKS = """query ($more: Boolean!) { clients(first: 2) { nodes { id displayName
  contactNetwork(first: 3) { nodes { relationship person { displayName contactOf { totalCount } } } }
  phones @include(if: $more) } pageInfo { endCursor } } }"""


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Documents:
    """Documents that keep few."""
    monkeypatch.setattr(documents, "MAX_KEPT", 20 * 13)
    monkeypatch.setattr(documents, "MAX_KEPT_WHOLE", 5)
    return Documents(SCHEMA)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What goes must go by itself: the collector runs seldom, and each run takes time."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def used(kept: Documents, query: str, more: bool = True, role: ViewerRole = ViewerRole.STAFF) -> Prepared:
    """A document that was executed."""
    prepared = kept.prepare(query)
    kept.compiled(prepared, prepared.operations[0], {"more": more}, role)
    kept.keep(prepared)
    return prepared


def compiled(kept: Documents, query: str, more: bool = True, role: ViewerRole = ViewerRole.STAFF) -> CompiledOperation:
    prepared = used(kept, query, more, role)
    found = kept.compiled(prepared, prepared.operations[0], {"more": more}, role)
    assert found is not None
    return found


def test_a_document_is_prepared_and_compiled_once(kept: Documents) -> None:
    assert used(kept, NETWORKS) is used(kept, NETWORKS)
    assert compiled(kept, NETWORKS) is compiled(kept, NETWORKS)


def test_each_set_of_directive_values_and_each_role_has_its_own(kept: Documents) -> None:
    found = {
        id(compiled(kept, NETWORKS, more, role)): (more, role)
        for more in (True, False)
        for role in (ViewerRole.STAFF, ViewerRole.ANALYST)
    }
    assert len(found) == 4
    assert MAX_VARIANTS >= 4


def test_the_tree_of_a_compiled_document_is_not_kept(kept: Documents) -> None:
    assert used(kept, NETWORKS).tree is None


def test_documents_that_are_answered_the_ordinary_way_keep_their_tree(kept: Documents) -> None:
    for query in ("{ __schema { queryType { name } } }", "mutation { removeContact(input: null) { errors { code } } }"):
        try:
            assert used(kept, query).tree is not None
        except Invalid:
            assert "mutation" in query
    mutation = """mutation ($input: RemoveContactInput!) { removeContact(input: $input) { errors { code } } }"""
    prepared = used(kept, mutation)
    assert prepared.keeps_tree
    assert prepared.operations[0].kind is OperationType.MUTATION
    assert prepared.tree is not None


def test_what_is_kept_has_a_bound(kept: Documents) -> None:
    for number in range(100):
        used(kept, f"{{ clients {{ nodes {{ a{number}: displayName }} }} }}")
        used(kept, f"{{ a{number}: __schema {{ queryType {{ name }} }} }}")
        with pytest.raises(Invalid):
            kept.prepare(f"{{ nobody{number} }}")
    assert kept._compiled.currsize <= documents.MAX_KEPT
    assert 0 < len(kept._compiled) <= 20
    assert len(kept._whole) == 5


def test_a_document_weighs_what_was_compiled_of_it_and_its_length(kept: Documents) -> None:
    small = used(kept, "{ viewer { role } }").weight
    assert used(kept, "{ viewer { role } }" + " " * 1_000).weight == small + 10
    variants = used(kept, NETWORKS, True).weight
    assert used(kept, NETWORKS, False).weight > variants > small
    assert kept._compiled.currsize == sum(prepared.weight for prepared in kept._compiled.values())


def test_a_document_that_weighs_more_than_all_may_is_answered_and_not_kept(kept: Documents) -> None:
    prepared = used(kept, "{ viewer { role } }" + " " * 70_000)
    assert len(kept._compiled) == 0
    assert prepared.operations[0].variants


FANNING_OUT = "\n".join(
    [
        "query ($id: ID!) { person(id: $id) { ...P0 } }",
        *(
            f"""fragment P{n} on Person {{
              contactNetwork(first: 1) {{ nodes {{ ...C{n} }} edges {{ node {{ ...C{n} }} }} }}
              contactOf(first: 1) {{ nodes {{ ...C{n} }} edges {{ node {{ ...C{n} }} }} }} }}
            fragment C{n} on Contact {{ client {{ ...P{n + 1} }} person {{ ...P{n + 1} }} }}"""
            for n in range(2)
        ),
        "fragment P2 on Person { contactNetwork { nodes { id } } contactOf { nodes { id } } }",
    ]
)
"""A few lines whose fragments, written out, are hundreds of levels."""


def test_a_small_document_can_not_make_a_large_program(kept: Documents) -> None:
    prepared = kept.prepare(FANNING_OUT)
    assert kept.compiled(prepared, prepared.operations[0], {}, ViewerRole.STAFF) is None
    assert list(prepared.operations[0].variants.values()) == [None]
    kept.keep(prepared)
    assert (len(kept._compiled), len(kept._whole)) == (0, 1)


def test_values_that_do_not_fit_say_nothing_of_others(kept: Documents) -> None:
    prepared = kept.prepare("query ($m: Boolean = true) { viewer { role @include(if: $m) } }")
    operation = prepared.operations[0]
    assert kept.compiled(prepared, operation, {"m": None}, ViewerRole.STAFF) is None
    kept.keep(prepared)
    assert kept.compiled(prepared, operation, {"m": True}, ViewerRole.STAFF) is not None
    assert len(kept._whole) == 0


def test_what_only_the_ordinary_way_answers_leaves_the_rest_compiled(kept: Documents) -> None:
    prepared = kept.prepare("query ($i: Boolean!) { viewer { role } __schema @include(if: $i) { description } }")
    operation = prepared.operations[0]
    assert kept.compiled(prepared, operation, {"i": True}, ViewerRole.STAFF) is None
    kept.keep(prepared)
    assert kept.compiled(prepared, operation, {"i": False}, ViewerRole.STAFF) is not None
    assert kept.prepare(prepared.query) is prepared


def test_compiled_functions_go_with_their_document(kept: Documents, no_collector: None) -> None:
    query = compiled(kept, NETWORKS)
    function = weakref.ref(query._roots[0].targets[0].complete)
    gone = weakref.ref(query)
    del query
    assert gone() is not None
    for number in range(20):
        used(kept, f"{{ clients {{ nodes {{ a{number}: displayName }} }} }}")
    assert (gone(), function()) == (None, None)


def test_variants_beyond_the_bound_go(kept: Documents, no_collector: None) -> None:
    names = [f"v{number}" for number in range(MAX_VARIANTS + 1)]
    head = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: id @skip(if: ${name})" for name in names)
    prepared = kept.prepare(f"query ({head}) {{ viewer {{ __typename {fields} }} }}")
    operation = prepared.operations[0]
    first = None
    for place in range(MAX_VARIANTS + 1):
        values = {name: name == names[place] for name in names}
        query = kept.compiled(prepared, operation, values, ViewerRole.STAFF)
        assert query is not None
        first = first or weakref.ref(query)
    assert first is not None
    assert first() is None
    assert len(operation.variants) == MAX_VARIANTS


CODE = 'requestSignInCode(input: {practice: "none", email: "nobody@example.org"}) { errors { code } }'


def test_strangers_documents_take_no_room_from_others() -> None:
    executor = Executor(SCHEMA)
    for number in range(MAX_KEPT_WHOLE + 1):
        assert executor.is_anonymous(Operation(f"mutation M{number} {{ {CODE} }}"))
    assert len(executor._documents._whole) == 0
    assert len(executor._documents_of_strangers._whole) == MAX_KEPT_WHOLE


def test_a_registered_operation_is_held_to_no_strangers_bounds() -> None:
    text = "mutation { " + CODE.replace("{ code }", "{" + " code" * STRANGERS_FIELDS + " }") + " }"
    executor = Executor(SCHEMA, RegisteredOperations({operation_id(text): text}))
    assert executor.is_anonymous(Operation(None, document_id=operation_id(text)))
