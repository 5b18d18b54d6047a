"""docs/design.md says which files a change takes. What it says is done here in a copy of the package, and works."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Edits = Mapping[str, tuple[str, str]]
"""In each file, a text and what takes its place."""

FIELD: Edits = {
    "people/model.py": ("    birth_date: date | None = None\n", "    nickname: str | None = None\n"),
    "people/fields.py": (
        '        "gender": lambda v: {"gender": v},\n',
        '        "nickname": lambda v: {"nickname": clean_text(v, problems, "nickname", *path, "nickname")},\n',
    ),
    "people/api/types.py": (
        '    preferred_name: str | None = shown("What the person likes to be called", EVERYONE)\n',
        '    nickname: str | None = shown("What friends call them", INSIDE)\n',
    ),
}
SENT = {
    "people/fields.py": ("    gender: Gender | None\n", "    nickname: str | None\n"),
    "people/api/types.py": (
        '    preferred_name: str | None = taken("What the person likes to be called")\n',
        '    nickname: str | None = taken("What friends call them")\n',
    ),
}
TOGGLE: Edits = {
    "practices/model.py": ('    REMINDERS = "REMINDERS"\n', '    RECORDS = "RECORDS"\n'),
    "network/model.py": (
        "    starts_on: date | None = None\n",
        '    records: bool = toggle(PracticeFeature.RECORDS, "Health records")\n',
    ),
    "network/terms.py": ("    starts_on: date | None\n", "    records: bool | None\n"),
    "network/api/inputs.py": (
        '    starts_on: date | None = taken("First day of the contact, inclusive")\n',
        '    records: bool = taken("Health records", False)\n',
    ),
    "network/api/types.py": (
        '    starts_on: date | None = shown("First day of the contact, inclusive, in the practice\'s time zone", '
        "EVERYONE)\n",
        '    records: bool = shown("Stored toggle: health records", EVERYONE)\n',
    ),
    "access/model.py": (
        '    RECEIVE_APPOINTMENT_REMINDERS = "RECEIVE_APPOINTMENT_REMINDERS"\n',
        '    VIEW_RECORDS = "VIEW_RECORDS"\n',
    ),
}
ITS_WORDS: Edits = {
    "practices/model.py": (
        "    PracticeFeature.REMINDERS: FeatureWords(",
        '    PracticeFeature.RECORDS: FeatureWords("health records", "Health records"),\n',
    ),
    "network/api/inputs.py": (
        "    appointment_reminders: bool | None = taken(",
        '    records: bool | None = taken("Health records; can\'t be null")\n',
    ),
    "network/api/types.py": (
        '    starts_on: date | None = shown("First day of the contact, inclusive, in the practice\'s time zone")\n',
        '    records: bool = shown("Stored toggle: health records")\n',
    ),
    "access/model.py": (
        "    PortalAction.RECEIVE_APPOINTMENT_REMINDERS: Needed(",
        '    PortalAction.VIEW_RECORDS: Needed(PracticeFeature.RECORDS, "Read the client\'s records"),\n',
    ),
}
MUTATION: Edits = {
    "people/commands.py": (
        "async def supersede_client(",
        '''class GreetingService:
    """Greets."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def greet(self, request: Request, person_id: str, version: int, name: str) -> Outcome[Person]:
        """By a name."""

        def check() -> None:
            if not is_id("person", person_id):
                raise not_found("personId")

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[Person]:
            before = await locked_person(tx, person_id, version)
            after = replace(before, preferred_name=name, version=before.version + 1, updated_at=tx.stamp())
            await tx[PersonWrites].update(before, after)
            return Outcome(after, events=(audited_person(EventKind(request.mutation), before, after),))

        return await self._unit.run(request, check, change, reload_person)


''',
    ),
    "people/api/mutations.py": (
        "@mutation(",
        """import strawberry

from graph_api.people.commands import GreetingService
from graph_api.shapes.inputs import needed


@strawberry.input(description="Input of greetPerson")
class GreetPersonInput:
    person_id: strawberry.ID = needed("Id of the person")
    expected_version: int = needed("The version")
    name: str = needed("How they like to be called")


@mutation(WRITERS, "Greet a person", shows=("person", Person))
async def greet_person(scope: Scope, request: Request, source: GreetPersonInput) -> Any:
    return await scope[GreetingService].greet(request, str(source.person_id), source.expected_version, source.name)


""",
    ),
    "kernel/happened.py": ("    SET_DECEASED = ", '    GREET_PERSON = "greetPerson", "A person was greeted"\n'),
}


def files_for(change: str) -> list[str]:
    """What the page lists for a change."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    page = text[text.index("## Where things live") :].split("\n## ")[0]
    (part,) = re.findall(rf"^- \*\*{re.escape(change)}\*\*(.*?)(?=^- \*\*|\Z)", page, re.MULTILINE | re.DOTALL)
    return re.findall(r"`([\w/]+\.py)`", part)


def copy_with(folder: Path, *edits: Edits) -> Path:
    """The package's sources, changed."""
    sources = folder / "src"
    shutil.copytree(ROOT / "src", sources, ignore=shutil.ignore_patterns("assets", "__pycache__"))
    shutil.copytree(ROOT / "cypher", folder / "cypher")
    for some in edits:
        for name, (before, added) in some.items():
            path = sources / "graph_api" / name
            text = path.read_text(encoding="utf-8")
            assert before in text, name
            path.write_text(text.replace(before, added + before, 1), encoding="utf-8")
    return sources


def said_by(sources: Path, program: str) -> str:
    """What a program prints that uses these sources."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env={"PYTHONPATH": str(sources)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_plain_field_of_a_person_takes_the_files_that_are_listed(tmp_path: Path) -> None:
    assert files_for("A plain field of a person") == list(FIELD)
    sources = copy_with(tmp_path, FIELD, SENT)
    found = json.loads(
        said_by(
            sources,
            """
import json
from datetime import date
from graph_api.graphql.build import print_schema
from graph_api.graphql.compile.readers import READERS
from graph_api.kernel.problems import Problems
from graph_api.people.audit import PERSON_FIELDS
from graph_api.people.fields import PersonRules, apply_person_fields
from graph_api.people.graph.rows import person_row
from graph_api.people.model import Person
from graph_api.people.records import PERSON, PERSON_PROPERTIES
problems = Problems()
rules = PersonRules(date(2026, 1, 1), "GB")
person = apply_person_fields(Person("person_1", "Ana"), {"nickname": " Anita "}, rules, problems, ())
row = person_row("practice_1", person)
print(json.dumps({
    "kept": row["nickname"],
    "read": PERSON.read(row).nickname,
    "brought": "nickname" in PERSON_PROPERTIES,
    "logged": PERSON_FIELDS["nickname"],
    "compiled": "nickname" in READERS["Person"],
    "schema": print_schema().count("  nickname: String"),
}))
""",
        )
    )
    shown = {"kept": "Anita", "read": "Anita", "brought": True, "logged": "nickname", "compiled": True, "schema": 2}
    assert found == shown


def test_a_toggle_on_an_edge_takes_the_files_that_are_listed(tmp_path: Path) -> None:
    assert files_for("A toggle on an edge") == list(TOGGLE)
    assert len(TOGGLE) <= 6
    sources = copy_with(tmp_path, TOGGLE, ITS_WORDS)
    found = json.loads(
        said_by(
            sources,
            """
import json
from datetime import UTC, date, datetime
from graph_api.access.decision import allowed_actions, decide
from graph_api.access.facts import AccessFacts, AccountFacts, ClientFacts, PracticeFacts
from graph_api.access.graph.names import CONTACTS, EDGE_NOW, GRANTS, PAIR, PAIR_THEN
from graph_api.access.graph.rows import edge_facts
from graph_api.access.model import AccountStatus, PortalAction
from graph_api.demo.examples import ADD_NEW
from graph_api.graphql.build import print_schema
from graph_api.graphql.compile.readers import READERS
from graph_api.kernel.errors import Refused
from graph_api.kernel.problems import Problems
from graph_api.network.audit import TERMS_FIELDS
from graph_api.network.model import Contact, ContactTerms
from graph_api.network.records import CONTACT, TOGGLE_PROPERTIES
from graph_api.network.relationships import Relationship
from graph_api.network.terms import apply_terms
from graph_api.people.model import ClientStatus, Person
from graph_api.practices.model import ALL_FEATURES, PracticeFeature
at = datetime(2026, 1, 1, tzinfo=UTC)
def clears(problems):
    apply_terms(ContactTerms(Relationship.SPOUSE), {"records": None}, problems)
    try:
        problems.refuse()
    except Refused:
        return False
    return True
def facts(features=ALL_FEATURES, **sent):
    terms = apply_terms(None, {"relationship": Relationship.SPOUSE, **sent}, Problems())
    person = Person("person_1")
    kept = CONTACT.row(Contact("contact_1", person, person, terms, date.min))
    edge = edge_facts({name: kept.get(name) for name in EDGE_NOW})
    account = AccountFacts(AccountStatus.ACTIVE)
    return AccessFacts(PracticeFacts("UTC", features, 18), ClientFacts(ClientStatus.ACTIVE), edge, account)
def may(**sent):
    return PortalAction.VIEW_RECORDS in allowed_actions(facts(**sent), at)
asked = (PAIR["edge"], CONTACTS["edge"], GRANTS["contact"], PAIR_THEN["edge"], TOGGLE_PROPERTIES)
schema = print_schema()
print(json.dumps({
    "on": may(portal_access=True, records=True),
    "off": may(portal_access=True),
    "out": may(records=True),
    "none": may(portal_access=True, records=True, features=ALL_FEATURES - {PracticeFeature.RECORDS}),
    "why": decide(facts(portal_access=True), PortalAction.VIEW_RECORDS, at).nearest_denial.explanation,
    "grants": facts(records=True).edge.terms.grants_anything,
    "asked": ["records" in names for names in asked],
    "logged": TERMS_FIELDS["records"],
    "compiled": "records" in READERS["Contact"],
    "drafted": "records" in ADD_NEW,
    "clears": clears(Problems()),
    "schema": [schema.count(text) for text in ("  records: Boolean", "  VIEW_RECORDS", "  RECORDS")],
}))
""",
        )
    )
    assert found == {
        "on": True,
        "off": False,
        "out": False,
        "none": False,
        "why": "Health records are switched off for this contact.",
        "grants": True,
        "asked": [True] * 5,
        "logged": "records",
        "compiled": True,
        "drafted": True,
        "clears": False,
        "schema": [7, 1, 1],
    }


def test_a_mutation_takes_the_files_that_are_listed(tmp_path: Path) -> None:
    listed = files_for("A mutation in a concern that exists")
    assert [name for name in listed if not name.startswith("tests/")] == list(MUTATION)
    assert all((ROOT / name).is_file() for name in listed if name.startswith("tests/"))
    sources = copy_with(tmp_path, MUTATION)
    schema = said_by(sources, "from graph_api.graphql.build import print_schema; print(print_schema())")
    assert "  greetPerson(" in schema
    assert "type GreetPersonPayload" in schema
    access = said_by(sources, "from graph_api.graphql.build import print_access; print(print_access())")
    (line,) = [line for line in access.splitlines() if line.startswith("Mutation.greetPerson ")]
    assert line.split()[1:] == ["call", "call", "-", "-", "-"]
    assert json.loads(said_by(sources, GREETS.format(folder=str(tmp_path / "data")))) == {
        "called": "Bea",
        "logged": ["greetPerson", "addClient"],
    }


GREETS = """
import asyncio, json
from pathlib import Path
from datetime import UTC, datetime
from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.migrate import migrate
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.unit import Request
from graph_api.audit.graph.chains import AuditReads
from graph_api.audit.narrowing import LogFilter
from graph_api.opening import open_database
from graph_api.people.commands import GreetingService, PersonService
from graph_api.practices.graph import Practices

async def main():
    settings = Settings(data_dir=Path({folder!r}), _env_file=None)
    database = open_database(settings)
    await database.open()
    await migrate(database)
    practice = Practice(new_id("practice"), "maple", "Maple", "UTC", "US")
    await Practices(database).create(practice, datetime.now(UTC))
    server = Server(settings, database)
    scope = server.services.scope(Caller("staff-1", practice, ViewerRole.STAFF))
    added = await scope[PersonService].add_client(Request("addClient", {{}}), {{"given_name": "Beatrice"}}, [])
    person = added.done()
    greeted = await scope[GreetingService].greet(Request("greetPerson", {{}}), person.id, person.version, "Bea")
    events = await scope.graph[AuditReads].page(LogFilter(subject_id=person.id), None, 10)
    logged = [event.action for event in scope.graph.door.open(events)]
    print(json.dumps({{"called": greeted.done().preferred_name, "logged": logged}}))
    await database.close()

asyncio.run(main())
"""


def test_the_floor_plan_names_every_package() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    page = text[text.index("## Where things live") :].split("\n| file or package |")[0]
    named = set(re.findall(r"`([\w.]+)`", page))
    there = {path.name for path in (ROOT / "src" / "graph_api").iterdir() if path.is_dir() or path.suffix == ".py"} - {
        "__init__.py",
        "__main__.py",
        "__pycache__",
    }
    assert there - named == set()


def test_statements_stand_under_the_concern_they_are_of() -> None:
    concerns = {path.name for path in (ROOT / "src" / "graph_api").iterdir() if path.is_dir()}
    folders = {path.name for path in (ROOT / "cypher").iterdir()}
    assert folders - concerns == {"schema"}


def test_a_field_that_says_nothing_of_who_may_read_it_is_refused(tmp_path: Path) -> None:
    careless = {
        "people/api/types.py": (FIELD["people/api/types.py"][0], '    nickname: str | None = shown("Friends")\n')
    }
    sources = copy_with(tmp_path, {"people/model.py": FIELD["people/model.py"]}, careless)
    command = [sys.executable, "-c", "from graph_api.graphql.build import print_schema; print_schema()"]
    done = subprocess.run(command, env={"PYTHONPATH": str(sources)}, capture_output=True, text=True, check=False)
    assert "UnlistedField" in done.stderr
    assert "Person.nickname" in done.stderr
