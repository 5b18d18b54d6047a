"""`graph-api demo`: cut off while it makes its practices, begun again, looked at as the page does, found again."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph_api.http.graphiql import assets_directory
from tests.cli.command import Command, Process, leave_settings, started
from tests.patience import until as wait_until

ROOT = Path(__file__).resolve().parents[2]
MAKING = "Making the demo's practices"
TOTALS = "{ clients(first: 1, filter: {statuses: [ACTIVE, INACTIVE, ARCHIVED]}) { totalCount } }"

pytestmark = [
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(
        not assets_directory().joinpath("manifest.json").is_file(), reason="GraphiQL is not built: run make web"
    ),
]


class Page:
    """What GraphiQL's page holds."""

    def __init__(self, server: Process) -> None:
        self._server = server
        html = server.get("/").text
        found = re.search(r'<script type="application/json" id="configuration">(.*?)</script>', html, re.DOTALL)
        assert found
        self.configuration: dict[str, Any] = json.loads(found.group(1))
        self.practices = {row["slug"]: row for row in self.configuration["session"]["practices"]}
        self.tabs: list[dict[str, Any]] = self.configuration["tabs"]

    def run(self, tab: dict[str, Any], practice: str, role: str = "staff") -> dict[str, Any]:
        """A tab's answer; it must have no errors."""
        token = self.practices[practice]["token" if role == "staff" else "analystToken"]
        response = self._server.query(token, tab["query"], tab.get("variables"))
        answer: dict[str, Any] = response.json()
        assert "errors" not in answer, (tab["title"], answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    def total(self, practice: str) -> int:
        """How many clients there are, the archived ones too."""
        total: int = self.run({"title": "", "query": TOTALS}, practice)["clients"]["totalCount"]
        return total


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def cut_off(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a demo that was killed while it made its practices."""
    folder = tmp_path_factory.mktemp("cut-off")
    with pytest.MonkeyPatch.context() as patch:
        leave_settings(patch, folder)
        with started(folder, data_dir, "demo", "--port", "0") as server:
            server.wait_for(MAKING)
            server.kill()
    return data_dir


def test_cut_off_while_it_makes_its_practices_it_goes_on_when_begun_again(cut_off: Path, tmp_path: Path) -> None:
    with started(tmp_path, cut_off, "demo", "--port", "0") as server:
        server.wait_for_address()
        assert MAKING in server.said
        page = Page(server)
        assert (page.total("maple"), page.total("royal92")) == (11, 2_877)
        assert server.interrupt() == 0
    assert "Traceback" not in server.said


@pytest.fixture(scope="module")
def demo(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with started(tmp_path_factory.mktemp("server"), data_dir, "demo", "--port", "0") as server:
        server.wait_for_address()
        yield server


@pytest.fixture
def page(demo: Process) -> Page:
    return Page(demo)


def test_a_second_start_finds_its_data(demo: Process) -> None:
    assert MAKING not in demo.said


def test_every_first_tab_runs_for_staff_and_analysts_of_both_practices(page: Page) -> None:
    for practice in ("maple", "royal92"):
        for role in ("staff", "analyst"):
            assert page.run(page.tabs[0], practice, role)["viewer"]["role"] == role.upper()


def test_the_readmes_first_query_has_the_answer_that_it_shows(page: Page) -> None:
    """Before the tabs below change anything."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    query = re.search(r"<<'JSON'\n(.*?)\nJSON\n", readme, re.DOTALL)
    assert query
    asked = {"title": "README.md", **json.loads(query[1])}
    assert {"data": page.run(asked, "maple")} == _readme_blocks()[0]


def test_every_tab_shows_what_it_says(page: Page) -> None:
    answers = {tab["title"]: page.run(tab, tab["practice"]) for tab in page.tabs}
    assert len(answers) == len(page.tabs) == 29
    by_kind: dict[str, list[Any]] = {}
    for answer in answers.values():
        for name, value in answer.items():
            by_kind.setdefault(name, []).append(value)

    refused, added, friend = by_kind["addNewContact"]
    [error] = refused["errors"]
    assert error["__typename"] == "ContactAlreadyExists"
    assert error["candidates"][0]["addExisting"]["personId"] == error["candidates"][0]["person"]["id"]
    changes = [added, friend, *by_kind["addExistingContact"], *by_kind["updateContact"], *by_kind["removeContact"]]
    assert [change["errors"] for change in changes] == [[]] * 6
    anna = by_kind["personByExternalId"][0]
    assert anna["displayName"] == "Anna Moreno"
    statuses = {edge["status"] for edge in by_kind["personByExternalId"][2]["contactNetwork"]["nodes"]}
    assert statuses == {"UPCOMING", "IN_FORCE", "EXPIRED"}
    victoria = by_kind["personByExternalId"][-1]
    assert (victoria["contactNetwork"]["totalCount"], victoria["contactOf"]["totalCount"]) == (3, 10)

    *told, reminded = _readme_blocks()[1:]
    [newest, *_] = answers["The inbox"]["messageInbox"]["nodes"]
    by_client = {row["client"]["displayName"]: row for row in _conversations(page)}
    cancelled = answers["As Anna: cancel one"]["cancelAppointment"]
    assert [newest, by_client["Ben Moreno"], cancelled] == told, "README.md shows them"
    made = [by_kind[name][0] for name in ("bookAppointment", "confirmAppointment", "createCalendarFeed")]
    assert [one["errors"] for one in made] == [[]] * 3
    assert httpx.get(made[2]["url"]).text.startswith("BEGIN:VCALENDAR")
    assert {row["status"] for row in by_kind["agenda"][0]["nodes"]} >= {"BOOKED", "CANCELLED", "DECLINED"}
    assert by_client["Anna Moreno"]["client"]["messageThreads"]["nodes"], "her own are still shown"
    previewed = answers["Who is reminded, and why not"]["previewReminders"]
    lines = [{name: value for name, value in line.items() if name != "sendAt"} for line in previewed]
    assert [line for line in lines if line in reminded] == reminded, "README.md shows them"


REMINDED = """query ($key: String!) { personByExternalId(externalId: $key) { appointments(last: 1) { nodes {
  id deliveries { rule { minutesBefore } persons { displayName } channel status reason } } } } }"""


def reminded_of(page: Page, key: str) -> set[tuple[int, str, str, str]]:
    """What was sent of a client's last appointment, or why it was not: by the rule, to whom, by what."""
    answer = page.run({"title": key, "query": REMINDED, "variables": {"key": key}}, "maple")
    [appointment] = answer["personByExternalId"]["appointments"]["nodes"]
    return {
        (
            one["rule"]["minutesBefore"],
            " and ".join(person["displayName"] for person in one["persons"]),
            one["channel"],
            one["reason"] or one["status"],
        )
        for one in appointment["deliveries"]
    }


def test_it_shows_who_is_told_and_why_not(page: Page, data_dir: Path) -> None:
    """Whatever the hour at which it is made: texts of the visit within two hours are quiet at night."""
    known = {
        "maple-anna": {(2_880, "Anna Moreno", "EMAIL", "SENT"), (2_880, "Tom Fischer", "EMAIL", "NO_ADDRESS")},
        "maple-zoe": {(2_880, "Zoe Abbott", "EMAIL", "NO_ADDRESS")},
        "maple-eli": {
            (2_880, "Grace Adeyemi", "EMAIL", "SENT"),
            (2_880, "Inês Sørensen", "EMAIL", "DENIED"),
            (2_880, "Eli Brooks", "EMAIL", "NO_ADDRESS"),
        },
        "maple-clara": {(2_880, "Anna Moreno", "EMAIL", "SUPERSEDED"), (120, "Anna Moreno", "EMAIL", "SENT")},
    }
    wait_until(lambda: all(reminded_of(page, key) >= wanted for key, wanted in known.items()))
    listed = Command(data_dir).done("remind", "due", "--within", "72")
    assert listed.count(", 2 h before") >= 3
    assert "to look at within 72 h." in listed


def _conversations(page: Page) -> list[dict[str, Any]]:
    """What Anna sees now."""
    [tab] = [tab for tab in page.tabs if tab["title"] == "As Anna: conversations"]
    found: list[dict[str, Any]] = page.run(tab, tab["practice"])["viewer"]["actsFor"]["nodes"]
    return found


def _readme_blocks() -> list[Any]:
    """The answers that it shows, in their order."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", readme, re.DOTALL)]


def test_the_readme_names_tabs_that_are_there(page: Page) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sections = [readme[readme.index(heading) :].split("\n## ")[0] for heading in ("## Messages", "## Who is told")]
    named = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", " ".join(" ".join(sections).split()))
    assert len(named) == 8
    assert set(named) <= {tab["title"] for tab in page.tabs}


def test_maples_families_show_every_rule(page: Page) -> None:
    document = """query ($key: String!) { personByExternalId(externalId: $key) { clientStatus displayName
      contactNetwork(filter: {statuses: [UPCOMING, IN_FORCE, EXPIRED, REMOVED]}) {
        nodes { relationship relationshipLabel status isReciprocated endsOn roles portalAccess
          person { externalId clientStatus phones birthDate } } } } }"""

    def look(key: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        answer = page.run({"title": key, "query": document, "variables": {"key": key}}, "maple")
        person = answer["personByExternalId"]
        return person, {edge["person"]["externalId"]: edge for edge in person["contactNetwork"]["nodes"]}

    ben, bens = look("maple-ben")
    assert bens["maple-anna"]["person"]["clientStatus"] == ben["clientStatus"] == "ACTIVE"
    assert bens["maple-joan"]["status"] == "REMOVED"
    assert (bens["maple-coach"]["relationship"], bens["maple-coach"]["relationshipLabel"]) == (
        "OTHER",
        "Swimming coach",
    )
    _, meis = look("maple-mei")
    assert (meis["maple-liang"]["isReciprocated"], meis["maple-sukarni"]["isReciprocated"]) == (True, False)
    assert look("maple-sukarni")[0]["displayName"] == "Sukarni"
    robert, roberts = look("maple-robert-sr")
    assert robert["displayName"] == "Robert Hale"
    assert roberts["maple-robert-jr"]["person"]["phones"] == ["+16175550146"]
    _, elis = look("maple-eli")
    assert elis["maple-grace"]["endsOn"] is not None
    assert [look(key)[0]["clientStatus"] for key in ("maple-olga", "maple-walter")] == ["INACTIVE", "ARCHIVED"]


def test_it_answers_to_loopback_names_alone(demo: Process) -> None:
    response = httpx.get(f"{demo.address}/", headers={"Host": "rebound.example"})
    assert response.status_code == 400
    assert "token" not in response.text


def test_a_practice_of_the_same_slug_that_is_somebodys_own_is_left_alone(command: Command) -> None:
    command.done("practice", "create", "maple", "--name", "Real", "--time-zone", "UTC", "--region", "US")
    assert "maple" in command.refused("demo", "--port", "0")


def test_an_outside_issuers_api_is_no_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"):
        monkeypatch.setenv(f"GRAPH_API_{name}", "https://login.example")
    assert "GRAPH_API_JWKS_URL" in Command(tmp_path).refused("demo", "--port", "0")
