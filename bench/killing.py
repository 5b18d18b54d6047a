"""A server that is killed and started again, and writers who go on all the same."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from bench.server import free_port

PATIENCE = 180.0
"""Seconds until something that must happen is given up."""
ADD_CLIENT = """mutation ($input: AddClientInput!) {
  addClient(input: $input) { person { id } errors { code } } }"""
ADD_CONTACT = """mutation ($input: AddNewContactInput!) {
  addNewContact(input: $input) { contact { person { id } client { id } } errors { code } } }"""


class KilledServer:
    """`graph-api serve` on one data directory and port, with several workers; each start after a kill is a new one."""

    def __init__(self, data_dir: Path, workers: int, module: str = "graph_api") -> None:
        """`module` is what is run in place of `graph_api`."""
        self.data_dir = data_dir
        self._workers = workers
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._log: BinaryIO | None = None
        self.port = free_port()

    def start(self) -> None:
        """Start it, in a process group of its own; the engine is in another."""
        command = [sys.executable, "-m", self._module, "serve", "--port", str(self.port)]
        command += ["--workers", str(self._workers), "--data-dir", str(self.data_dir)]
        self._log = (self.data_dir.parent / "server.log").open("ab")
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, start_new_session=True)

    def kill(self) -> None:
        """kill -9 of the parent and all workers at once."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close()

    def stop(self) -> None:
        """As an operator ends it."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._close()

    def _close(self) -> None:
        if self._log is not None:
            self._log.close()

    def engine_pid(self) -> int | None:
        """The engine's process, where one is ready."""
        try:
            found: int = json.loads((self.data_dir / "engine" / "engine.json").read_text(encoding="utf-8"))["pid"]
        except (OSError, ValueError):
            return None
        return found


@dataclass(slots=True)
class Told:
    """What the writers were told: the people that were acknowledged, by name, and what they met meanwhile."""

    people: dict[str, str] = field(default_factory=dict)
    contacts: set[tuple[str, str]] = field(default_factory=set)
    """Client and person."""
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Answers that must not be: INTERNAL, a refusal."""


class Writer:
    """Adds a client and then contacts of theirs, one after the other, each with a key and until it is acknowledged."""

    def __init__(self, url: str, token: str, told: Told) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._told = told
        self._ends = False

    def end(self) -> None:
        """Finish the write that is under way, and no more."""
        self._ends = True

    async def run(self) -> None:
        """Until told to end."""
        async with httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=30) as client:
            owner = ""
            number = 0
            while not self._ends:
                owner = owner if number % 4 else ""
                owner = await self._one(client, owner)
                number += 1

    async def _one(self, client: httpx.AsyncClient, owner: str) -> str:
        """Add one; the client whose contacts come next."""
        name = secrets.token_hex(8)
        values: dict[str, Any] = {"person": {"givenName": "Kept", "familyName": name}, "idempotencyKey": name}
        if not owner:
            found = (await self._acknowledged(client, ADD_CLIENT, values))["addClient"]["person"]["id"]
            self._told.people[name] = found
            return str(found)
        values |= {"clientId": owner, "relationship": "FRIEND"}
        contact = (await self._acknowledged(client, ADD_CONTACT, values))["addNewContact"]["contact"]
        self._told.people[name] = contact["person"]["id"]
        self._told.contacts.add((owner, contact["person"]["id"]))
        return owner

    async def _acknowledged(self, client: httpx.AsyncClient, query: str, values: dict[str, Any]) -> dict[str, Any]:
        """The data; the same key is sent again until there is an answer that says that it is done."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                response = await client.post("/graphql", json={"query": query, "variables": {"input": values}})
            except httpx.HTTPError:
                self._told.met["connection lost"] += 1
                await asyncio.sleep(0.05)
                continue
            data = self._done(response)
            if data is not None:
                return data
            await asyncio.sleep(0.2)  # less than Retry-After says, and the engine needs the processor to start
        raise RuntimeError("a write was not acknowledged in time")

    def _done(self, response: httpx.Response) -> dict[str, Any] | None:
        body = response.json()
        errors = body.get("errors") or [error for payload in body["data"].values() for error in payload["errors"]]
        if not errors:
            data: dict[str, Any] = body["data"]
            return data
        code = errors[0].get("code") or errors[0]["extensions"]["code"]
        self._told.met[code] += 1
        if code not in ("UNAVAILABLE", "OUTCOME_UNKNOWN"):
            self._told.wrong.append(f"{response.status_code} {code}")
            raise RuntimeError(f"a write got {response.status_code} {code}")
        return None
