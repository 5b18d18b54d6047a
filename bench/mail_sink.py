"""A mail server in a process of its own, which takes every letter: `python -m bench.mail_sink PORT FILE`.

It writes a line for each letter and address. In the process of whoever measures, it would hold up what is measured.
"""

import subprocess
import sys
import time
from email import message_from_bytes
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from bench.server import free_port, wait_for_port


class Handler:
    """Takes letters."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take it."""
        name = message_from_bytes(envelope.content)["Message-ID"]
        for address in envelope.rcpt_tos:
            self._file.write(f"{address}\t{name}\n")
        self._file.flush()
        return "250 OK"


class MailServer:
    """The process, from the side of whoever starts it."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "letters"
        self._file.touch()
        self._port = free_port()
        self.environment = {
            "GRAPH_API_SMTP_URL": f"smtp://127.0.0.1:{self._port}",
            "GRAPH_API_MAIL_FROM": "practice@x.example",
            "GRAPH_API_PUBLIC_URL": "https://api.x.example",
        }

    def letters(self) -> int:
        """How many came."""
        return self._file.read_bytes().count(b"\n")

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([sys.executable, "-m", "bench.mail_sink", str(self._port), str(self._file)])
        wait_for_port(self._port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(30)


if __name__ == "__main__":
    Controller(Handler(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    while True:
        time.sleep(3_600)
