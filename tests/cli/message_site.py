"""A data directory with threads, whose masters commands change."""

import asyncio
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from graph_api.acting.messages.encryption import MessageKeys
from graph_api.config import Settings
from graph_api.custody.changing_masters import UNCHANGED_FOR
from graph_api.custody.known import KnownKeys
from graph_api.custody.masters_in_use import message_keys
from graph_api.keys.files import KEY_FILES, Key, KeyPlace
from graph_api.keys.masters import parse_masters
from graph_api.opening import ready_database
from tests.cli.command import Command
from tests.cli.threads import Threads

PEOPLE = "id,given_name,family_name,sex,birth_date\n1,Ana,García,female,1990-01-02\n2,Bea,García,female,\n"
CONTACTS = "client_id,contact_id,relationship\n1,2,PRN\n"
MADE = ("--name", "Oak", "--time-zone", "Europe/London", "--region", "GB")


class Site:
    """A data directory with a practice, its client, and threads."""

    def __init__(self, command: Command, practice_id: str, client_id: str, other_id: str) -> None:
        self.command = command
        self.practice_id = practice_id
        self.client_id = client_id
        self.other_id = other_id
        self.settings = Settings(data_dir=command.data_dir, request_timeout=60, _env_file=None)
        self.threads = Threads(self.settings)

    @property
    def path(self) -> Path:
        return KeyPlace(KEY_FILES[Key.MESSAGES], self.command.data_dir).path

    @property
    def ids(self) -> list[str]:
        """The masters in the file."""
        return [master.id for master in parse_masters(self.path.read_bytes())]

    def keys(self) -> MessageKeys:
        return message_keys(self.settings)

    def make(self, count: int) -> list[str]:
        return asyncio.run(self.threads.make(count, self.practice_id, self.keys(), self.client_id))

    def rows(self) -> list[dict[str, Any]]:
        return asyncio.run(self.threads.rows())

    def run(self, text: str) -> list[dict[str, Any]]:
        return asyncio.run(self.threads.run(text))

    def confirm(self) -> None:
        """What a server does before it serves."""

        async def work() -> None:
            async with ready_database(self.settings) as database:
                await KnownKeys(self.settings, database).confirm([Key.MESSAGES])

        asyncio.run(work())

    def wrapped(self) -> Counter[str]:
        """How many threads each master wraps."""
        return Counter(row["wrappedWith"] for row in self.rows() if row["wrappedKey"])

    def age(self) -> None:
        """As if the file had been changed some time ago."""
        then = time.time() - UNCHANGED_FOR - 1
        os.utime(self.path, (then, then))

    def events(self, action: str) -> list[dict[str, Any]]:
        lines = self.command.done("audit", "export", "--practice", "oak").splitlines()
        return [event for event in map(json.loads, lines) if event["action"] == action]

    def listed(self) -> dict[str, dict[str, Any]]:
        rows = {row["name"]: row for row in json.loads(self.command.run("keys", "list", "--json").stdout)}
        assert all("keys" not in row for name, row in rows.items() if name != "message-keys")
        return {row["id"]: row for row in rows["message-keys"]["keys"]}

    def checked(self) -> dict[str, dict[str, Any]]:
        return {check["name"]: check for check in json.loads(self.command.run("doctor", "--json").stdout)}
