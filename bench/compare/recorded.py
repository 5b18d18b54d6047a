"""The statements our server sends for an operation, with their parameters: what the floor sends too."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import httpx

from bench.compare.graph import Pair
from bench.compare.operations import Operation
from graph_api.audit.graph.events import chain_key
from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.bolt import Database
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.keys.secrets import signing_key
from graph_api.logs import configure_logs
from graph_api.opening import ready_database

TOKEN_LASTS = timedelta(hours=12)
_NUMBERS = count(10**6, 1_000)
"""Far from those of events that servers write, and apart: a server goes on from the last one."""


@dataclass(frozen=True, slots=True)
class Call:
    """A statement and its parameters."""

    text: str
    params: dict[str, Any]


def staff_token(settings: Settings, practice: Practice) -> str:
    """Signed by this installation's own key."""
    return mint_token(
        signing_key(settings.data_dir),
        subject="bench",
        practice=practice.slug,
        role=ViewerRole.STAFF,
        lasts=TOKEN_LASTS,
    )


class Recorder:
    """Our application in this process, and a listener on its database."""

    def __init__(self, settings: Settings, database: Database, practice: Practice) -> None:
        configure_logs(logging.WARNING)
        self._app = Server(settings, database).app
        self._database = database
        self._headers = {"Authorization": f"Bearer {staff_token(settings, practice)}"}

    async def record(self, operation: Operation, variables: dict[str, Any]) -> tuple[list[Call], dict[str, Any]]:
        """What is sent for one request, in order, and the answer's data. Looking the practice up is left out."""
        calls: list[Call] = []

        def listener(name: str, params: dict[str, Any]) -> None:
            if name.rpartition("/")[0] != "practices":
                calls.append(Call(self._database.statement(name).text, dict(params)))

        self._database.listeners.append(listener)
        try:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                body = {"query": operation.ours, "variables": variables}
                answer = (await client.post("/graphql", json=body, headers=self._headers)).json()
        finally:
            self._database.listeners.remove(listener)
        if "errors" in answer or not calls:
            raise RuntimeError(f"{operation.name}: nothing to record: {str(answer)[:300]}")
        data: dict[str, Any] = answer["data"]
        return calls, data


async def record_reads(
    settings: Settings, practice: Practice, asked: Sequence[tuple[Operation, Sequence[dict[str, Any]]]]
) -> dict[str, list[list[Call]]]:
    """The calls of each request, by the operation's name."""
    async with ready_database(settings) as database:
        recorder = Recorder(settings, database, practice)
        return {
            operation.name: [(await recorder.record(operation, variables))[0] for variables in sets]
            for operation, sets in asked
        }


@dataclass(frozen=True, slots=True)
class Template:
    """The calls of one addition, to be filled in with others."""

    calls: list[Call]
    pair: Pair
    contact_id: str

    def filled(self, pair: Pair) -> list[Call]:
        """The calls for another pair: ids take each other's place wherever they stand, also inside a key.

        An event's number, too: with that of the first the client's second addition would meet the constraint.
        """
        ids = dict(zip((*self.pair, self.contact_id), (*pair, new_id("contact")), strict=True))
        numbers: dict[int, int] = {}
        for row in _events(self.calls):
            number = numbers[row["sequence"]] = next(_NUMBERS)
            ids[row["id"]] = new_id("event")
            ids[row["key"]] = chain_key(row["key"].partition("|")[0], pair[0], number)
        calls = [Call(call.text, _replaced(call.params, ids)) for call in self.calls]
        for row in _events(calls):
            row["sequence"] = numbers[row["sequence"]]
        return calls


def _events(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The rows of audit events among the parameters."""
    return [row for call in calls for row in call.params.get("rows", ()) if "sequence" in row]


def _replaced(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):  # all at once: an old id may be another's new one
        longest_first = sorted(ids, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda found: ids[found.group()], value)
    if isinstance(value, dict):
        return {name: _replaced(item, ids) for name, item in value.items()}
    if isinstance(value, list | tuple):
        items = [_replaced(item, ids) for item in value]
        in_order = len(value) > 1 and all(isinstance(item, str) for item in value) and sorted(value) == list(value)
        return sorted(items) if in_order else items
    return value


async def record_addition(
    settings: Settings, practice: Practice, operation: Operation, variables: dict[str, Any], pair: Pair
) -> Template:
    """Adds the pair, and keeps how."""
    async with ready_database(settings) as database:
        calls, data = await Recorder(settings, database, practice).record(operation, variables)
    return Template(calls, pair, data["addExistingContact"]["contact"]["id"])
