"""What the tests do on the page and read from it."""

import json
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 20
MODEL = "const model = window.__MONACO?.editor.getModels().find(m => m.uri.path.endsWith(arguments[0]));"
Found = TypeVar("Found")


class Page:
    """GraphiQL in a browser, at an address."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url
        self._network: list[dict[str, Any]] = []
        self.open()

    def open(self) -> None:
        self.driver.get(self.url)
        self.wait(
            lambda: self.find(".graphiql-query-editor .view-line") and self.find(".graphiql-response .view-lines")
        )

    def wait(self, condition: Callable[[], Found]) -> Found:
        return WebDriverWait(self.driver, PATIENCE).until(lambda _driver: condition())

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def configuration(self) -> dict[str, Any]:
        text = self.driver.execute_script("return document.getElementById('configuration').textContent")
        return cast("dict[str, Any]", json.loads(text))

    def tab_titles(self) -> list[str]:
        return [tab.text for tab in self.find(".graphiql-tab-button")]

    def open_tab(self, index: int) -> None:
        self.find(".graphiql-tab-button")[index].click()

    def text_of(self, editor: str) -> str:
        """An editor's text, by the name of its model: operation.graphql, variables.json, response.json ..."""
        return cast("str", self.driver.execute_script(MODEL + "return model?.getValue() ?? ''", editor))

    def write(self, editor: str, text: str) -> None:
        self.driver.execute_script(MODEL + "model.setValue(arguments[1])", editor, text)

    def run(self) -> dict[str, Any]:
        """Press the button and wait for the answer."""
        self.write("response.json", "")
        self.find(".graphiql-execute-button")[0].click()
        # A menu opens where a document holds several operations.
        if menu := self.find("[role=menuitem]"):
            menu[0].click()
        return cast("dict[str, Any]", json.loads(self.wait(lambda: self.text_of("response.json"))))

    def choose(self, name: str, value: str) -> None:
        Select(self.find(f"select[name={name}]")[0]).select_by_value(value)

    def resize(self, width: int, height: int) -> None:
        # A window of its own can't be as narrow as a phone; an emulated one can.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def network(self) -> list[dict[str, Any]]:
        """Everything the browser asked the network for so far."""
        log = cast("list[dict[str, str]]", self.driver.get_log("performance"))  # type: ignore[no-untyped-call]
        messages = [json.loads(entry["message"])["message"] for entry in log]
        self._network += [m["params"]["request"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        return self._network

    def operations(self) -> list[dict[str, Any]]:
        """The requests to the API, schema queries left out: the headers in lower case."""
        requests = [request for request in self.network() if request["url"].endswith("/graphql")]
        return [
            {**request, "headers": {name.lower(): value for name, value in request["headers"].items()}}
            for request in requests
            if "IntrospectionQuery" not in request.get("postData", "")
        ]

    def hosts(self) -> set[str]:
        """The hosts asked for anything; the browser's own pages (chrome:) and inline data have none."""
        addresses = [urlsplit(request["url"]) for request in self.network()]
        return {address.netloc for address in addresses if address.scheme in {"http", "https", "ws", "wss"}}

    def complaints(self) -> list[str]:
        """What the browser's console warns of, including anything the page's policy refused."""
        log = cast("list[dict[str, str]]", self.driver.get_log("browser"))  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log if entry["level"] in {"WARNING", "SEVERE"}]

    def stored(self) -> str:
        """All that the page has left in the browser's storage."""
        script = "return JSON.stringify([{...localStorage}, {...sessionStorage}])"
        return cast("str", self.driver.execute_script(script))

    def overflow(self) -> int:
        """By how many pixels the page is wider or taller than its window."""
        script = (
            "const e = document.documentElement;"
            "return Math.max(e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight)"
        )
        return cast("int", self.driver.execute_script(script))
