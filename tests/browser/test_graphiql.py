"""The GraphiQL page in a real browser."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from starlette.types import Receive, Scope, Send

from .conftest import SESSION, application, serving
from .page import Page

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,800",
)
WRONG_TOKEN = json.dumps({"Authorization": "Bearer wrong"})


@pytest.fixture
def driver(browser_programs: tuple[Path, Path], tmp_path: Path) -> Iterator[Chrome]:
    chromium, chromedriver = browser_programs
    options = ChromeOptions()
    options.binary_location = str(chromium)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options=options, service=ChromeService(executable_path=str(chromedriver)))
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture
def demo(driver: Chrome, demo_url: str) -> Page:
    return Page(driver, demo_url)


@pytest.fixture
def plain(driver: Chrome, plain_url: str) -> Page:
    return Page(driver, plain_url)


def test_the_examples_are_the_tabs_and_the_first_one_runs(demo: Page) -> None:
    examples = demo.configuration()["tabs"]

    assert len(demo.tab_titles()) == len(examples)
    for index, example in enumerate(examples):
        demo.open_tab(index)
        assert demo.text_of("operation.graphql").endswith(example["query"])
        assert example["title"] in demo.text_of("operation.graphql")
        assert json.loads(demo.text_of("variables.json") or "{}") == example.get("variables", {})
    demo.open_tab(0)
    answer = demo.run()

    assert answer["data"]
    assert "errors" not in answer
    assert demo.complaints() == []


def test_the_first_example_shows_its_variables_at_once(demo: Page) -> None:
    assert json.loads(demo.text_of("variables.json") or "{}") == demo.configuration()["tabs"][0].get("variables", {})


def test_nothing_is_asked_of_another_host(demo: Page) -> None:
    demo.run()
    demo.find("button[aria-label='Show Documentation Explorer']")[0].click()
    demo.wait(lambda: demo.find(".graphiql-doc-explorer"))
    demo.find("button[aria-label^='Prettify']")[0].click()
    demo.wait(lambda: any("standalone" in request["url"] for request in demo.network()))

    assert demo.hosts() == {urlsplit(demo.url).netloc}
    assert demo.complaints() == []


def test_role_and_practice_choose_the_token(demo: Page) -> None:
    practices = demo.configuration()["session"]["practices"]
    first, other = practices[0], practices[1]

    demo.run()
    demo.choose("role", "analyst")
    demo.run()
    demo.choose("practice", other["slug"])
    demo.run()
    demo.choose("role", "staff")
    demo.run()

    sent = [request["headers"]["authorization"] for request in demo.operations()]
    tokens = [first["token"], first["analystToken"], other["analystToken"], other["token"]]
    assert sent == [f"Bearer {token}" for token in tokens]


def test_an_example_of_another_practice_asks_as_that_practice(demo: Page) -> None:
    configuration = demo.configuration()
    home = configuration["session"]["practices"][0]["slug"]
    tokens = {practice["slug"]: practice["token"] for practice in configuration["session"]["practices"]}
    index, example = next((i, tab) for i, tab in enumerate(configuration["tabs"]) if tab["practice"] != home)

    demo.open_tab(index)
    demo.run()
    sent = demo.operations()[-1]["headers"]

    assert sent["authorization"] == f"Bearer {tokens[example['practice']]}"
    assert "demo-practice" not in sent
    assert "headers choose" in demo.find(".bar [role=status]")[0].text


def test_the_next_request_carries_the_bookmark_of_the_last_answer(demo: Page) -> None:
    demo.run()
    demo.run()
    first, second = [request["headers"].get("graph-api-bookmark") for request in demo.operations()]

    assert second is not None
    assert second != first or first is not None


def test_a_refused_token_shows_in_the_result_pane(demo: Page) -> None:
    demo.write("request-headers.json", WRONG_TOKEN)
    answer = demo.run()

    assert demo.operations()[-1]["headers"]["authorization"] == "Bearer wrong"
    assert answer["errors"]
    assert demo.find(".graphiql-execute-button")


def test_a_reload_keeps_the_work_but_never_a_token(demo: Page) -> None:
    example = demo.configuration()["tabs"][1]
    variables = demo.text_of("variables.json")
    demo.write("operation.graphql", "query Mine { __typename }")
    demo.write("request-headers.json", WRONG_TOKEN)
    demo.run()
    demo.wait(lambda: r"\"title\":\"Mine\"" in demo.stored())
    stored = demo.stored()

    assert "Bearer" not in stored
    for practice in demo.configuration()["session"]["practices"]:
        assert practice["token"] not in stored
        assert practice["analystToken"] not in stored
    demo.open()
    assert "Mine" in demo.tab_titles()
    assert demo.text_of("operation.graphql") == "query Mine { __typename }"
    assert demo.text_of("variables.json") == variables
    assert demo.text_of("request-headers.json") == ""
    demo.open_tab(1)
    assert json.loads(demo.text_of("request-headers.json") or "{}") == example.get("headers", {})


def test_new_examples_are_not_hidden_by_kept_ones(driver: Chrome) -> None:
    renewed = replace(SESSION, tabs=(replace(SESSION.tabs[0], variables={"name": "Grace"}),))
    served = [application(SESSION)]

    async def current(scope: Scope, receive: Receive, send: Send) -> None:
        await served[-1](scope, receive, send)

    with serving(current) as url:
        page = Page(driver, url)
        page.wait(lambda: "Elsewhere" in page.stored())
        served.append(application(renewed))
        page.open()

        assert page.tab_titles() == ["Greeting"]
        assert json.loads(page.text_of("variables.json")) == {"name": "Grace"}
        assert "Elsewhere" not in page.stored()


def test_without_a_session_a_pasted_token_signs_in(plain: Page) -> None:
    assert "graph-api token" in plain.find(".bar")[0].text
    assert not plain.find("select")
    plain.write("operation.graphql", "{ __typename }")
    refused = plain.run()
    assert refused["errors"]

    plain.write("request-headers.json", json.dumps({"Authorization": "Bearer maple-staff-token"}))

    assert plain.run() == {"data": {"__typename": "Query"}}
    assert "Bearer" not in plain.stored()
    assert plain.hosts() == {urlsplit(plain.url).netloc}


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_the_page_fits_its_window(demo: Page, size: tuple[int, int]) -> None:
    width, height = size
    demo.resize(width, height)
    demo.open()

    assert demo.overflow() == 0
    for control in (".bar select", ".graphiql-execute-button", ".graphiql-response"):
        box = demo.find(control)[0].rect
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert [select.accessible_name for select in demo.find(".bar select")] == ["Practice", "Role"]


def test_on_a_phone_the_documentation_opens_and_closes(demo: Page) -> None:
    demo.resize(390, 844)
    demo.open()
    demo.find("button[aria-label='Show Documentation Explorer']")[0].click()
    demo.wait(lambda: demo.find(".graphiql-doc-explorer")[0].rect["height"] > 0)
    assert not demo.find(".graphiql-execute-button")[0].is_displayed()
    assert demo.overflow() == 0

    demo.find("button[aria-label='Hide Documentation Explorer']")[0].click()

    assert demo.run()["data"]
