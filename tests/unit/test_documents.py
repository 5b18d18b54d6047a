"""Documents are parsed, validated and compiled once; what is kept has bounds, and goes when its document goes."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from graphql import OperationType

from graph_api.domain.model import ViewerRole
from graph_api.schema import documents
from graph_api.schema.build import build_schema
from graph_api.schema.compiled import CompiledQuery
from graph_api.schema.documents import MAX_LENGTH, MAX_VARIANTS, Documents, Invalid, Prepared

SCHEMA = build_schema()
NETWORKS = """query ($more: Boolean!) { clients(first: 2) { nodes { id displayName
  contactNetwork(first: 3) { nodes { relationship person { displayName contactOf { totalCount } } } }
  phones @include(if: $more) } pageInfo { endCursor } } }"""


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Documents:
    """Documents that keep few."""
    monkeypatch.setattr(documents, "MAX_DOCUMENTS", 20)
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


def compiled(kept: Documents, query: str, more: bool = True, role: ViewerRole = ViewerRole.STAFF) -> CompiledQuery:
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
    assert prepared.is_ordinary
    assert prepared.operations[0].kind is OperationType.MUTATION
    assert prepared.tree is not None


def test_what_is_kept_has_a_bound(kept: Documents) -> None:
    for number in range(100):
        used(kept, f"{{ clients {{ nodes {{ a{number}: displayName }} }} }}")
        used(kept, f"{{ a{number}: __schema {{ queryType {{ name }} }} }}")
        with pytest.raises(Invalid):
            kept.prepare(f"{{ nobody{number} }}")
    assert (len(kept._compiled), len(kept._whole)) == (20, 5)


def test_a_long_document_is_not_kept(kept: Documents) -> None:
    used(kept, "{ viewer { role } }" + " " * MAX_LENGTH)
    assert len(kept._compiled) == 0


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
