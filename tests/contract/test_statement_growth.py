"""No statement's work grows with the data, unless it is meant to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from bench.practice import remove_practice

from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.engine.statements import Dialect, load_statements
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.opening import ready_database
from graph_api.practices.graph import Practices
from tests.budgets import budget
from tests.conftest import EMBEDDED, ENGINES
from tests.contract.growing import add, parts
from tests.contract.growth import Case, Growth
from tests.contract.statement_cases import MAY_GROW, OF_NEO4J, Sample, cases

pytestmark = pytest.mark.timeout(600)  # thousands of people are loaded first, on a machine that may be busy
SIZES = {
    Dialect.NEO4J: (budget(1_000, 2_000), budget(2_500, 20_000)),
    Dialect.ARCADEDB: (budget(300, 2_000), budget(3_000, 20_000)),
}
"""People before and after. Hits are counted, so that more of them show: pages must be full before. Times are measured,
so that a scan must take many times as long."""
GROWING = {
    "people by what no index holds": "MATCH (p:Person) WHERE p.practice = $practice AND p.version > 9 RETURN count(*)",
    "all of an index": "MATCH (n:NameKey) WHERE n.key STARTS WITH $practice AND n.text CONTAINS '?' RETURN count(*)",
    "a scan inside": """
        MATCH (p:Practice {id: $practice})
        RETURN CASE WHEN p.name IS NOT NULL THEN COUNT { MATCH (q:Person) WHERE q.version > 9 } END""",
}
"""Statements that the test must find."""


@pytest.fixture(scope="module", params=ENGINES)
async def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Growth]:
    """All statements, measured in a practice that grew; an embedded engine holds nothing else."""
    url = None if request.param == EMBEDDED else request.param
    settings = Settings(data_dir=tmp_path_factory.mktemp("growth"), database_url=url, _env_file=None)
    async with ready_database(settings) as database:
        practice_id = new_id("practice")
        practice = Practice(practice_id, f"t-{practice_id[-12:]}", "Growing practice", "Europe/London", "GB")
        await Practices(database).create(practice, datetime.now(UTC))
        try:
            yield await measured(database, practice)
        finally:
            if url is not None:
                await remove_practice(database, practice)


async def measured(database: Database, practice: Practice) -> Growth:
    """The same statements on the same people, among few and among many."""
    now = datetime.now(UTC)
    size, grown_to = SIZES[database.dialect]
    few, more = parts(practice, (size, grown_to - size), now)
    texts = {name: statement.text for name, statement in load_statements(database.dialect).items()}
    growth = Growth(database, texts | GROWING, cases(Sample(practice, few, now)) | growing_cases(practice))
    await add(database, practice, few, now)
    await growth.measure_before()
    await add(database, practice, more, now)
    await growth.measure_after()
    return growth


def growing_cases(practice: Practice) -> dict[str, Case]:
    """Their parameters."""
    return dict.fromkeys(GROWING, Case({"practice": practice.id}))


@pytest.mark.parametrize("dialect", Dialect)
def test_every_statement_is_measured(dialect: Dialect) -> None:
    practice = Practice(new_id("practice"), "t-growth", "Growing practice", "Europe/London", "GB")
    (few,) = parts(practice, SIZES[dialect][:1], datetime.now(UTC))
    found = cases(Sample(practice, few, datetime.now(UTC)))
    statements = load_statements(dialect)
    if dialect is not Dialect.NEO4J:
        found = {name: case for name, case in found.items() if name not in OF_NEO4J}
    assert found.keys() == statements.keys(), "tests/contract/statement_cases.py holds each statement's parameters"
    assert statements.keys() >= MAY_GROW.keys()
    for name, case in found.items():
        statements[name].check(case.params)


async def test_no_statement_grows_with_the_data(grown: Growth) -> None:
    assert {name: work for name, work in grown.found.items() if name not in (*MAY_GROW, *GROWING)} == {}


async def test_statements_that_grow_are_found(grown: Growth) -> None:
    assert grown.found.keys() >= GROWING.keys()
