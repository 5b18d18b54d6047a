"""A server that takes texts as Twilio does, for its own library: on this machine, and it behaves as it is told to."""

import asyncio
import base64
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json"
ACCOUNT_SID, API_KEY = "AC" + "1" * 32, "SK" + "2" * 32
API_SECRET, AUTH_TOKEN, FORMER_TOKEN = "s" * 32, "t" * 32, "f" * 32
SENDER = "+447700900999"


def account_of(**values: Any) -> dict[str, Any]:
    """An account as the file has it."""
    found = {
        "accountSid": ACCOUNT_SID,
        "apiKey": API_KEY,
        "apiSecret": API_SECRET,
        "authToken": AUTH_TOKEN,
        "formerAuthToken": FORMER_TOKEN,
        "from": SENDER,
        **values,
    }
    return {name: value for name, value in found.items() if value is not None}


@dataclass
class TwilioServer:
    """What it has taken, and how it is to behave."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    """The oldest first."""
    refuses: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By phone, with which status and code."""
    loses: int = 0
    """How many answers get lost after a text was taken."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The queries of its list."""
    callbacks: list[str] = field(default_factory=list)
    moment: datetime | None = None
    """Its clock, where it is not this machine's."""

    _by_phone: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def bodies(self, phone: str) -> list[str]:
        """What a phone has got, the oldest first."""
        return [one["body"] for one in self._by_phone[phone]]

    def by_phone(self) -> dict[str, list[str]]:
        """The ids of texts by phone."""
        return {phone: [one["sid"] for one in texts] for phone, texts in list(self._by_phone.items()) if texts}

    async def create(self, request: Request) -> Response:
        """Take a text."""
        if not _is_known(request):
            return _error(401, 20003)
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if form["To"] in self.refuses:
            return _error(*self.refuses[form["To"]])
        sid = f"SM{len(self.taken):032x}"
        self.callbacks.append(form.get("StatusCallback", ""))
        message = _message(sid, form, self.moment or datetime.now(UTC))
        self.taken.append(message)
        self._by_phone[form["To"]].append(message)
        if self.loses:
            self.loses -= 1
            await asyncio.sleep(0.01)
            raise ConnectionAbortedError
        return JSONResponse(message, 201)

    async def list(self, request: Request) -> Response:
        """The texts to a phone."""
        if not _is_known(request):
            return _error(401, 20003)
        self.asked.append(dict(request.query_params))
        found = self._by_phone[request.query_params["To"]][::-1]  # the newest first
        return JSONResponse({"messages": found, "next_page_uri": None, "page_size": 50, "page": 0})


def _is_known(request: Request) -> bool:
    given = base64.b64encode(f"{API_KEY}:{API_SECRET}".encode()).decode()
    return request.headers.get("authorization") == f"Basic {given}" and request.path_params["account"] == ACCOUNT_SID


def _message(sid: str, form: dict[str, str], moment: datetime) -> dict[str, Any]:
    now = format_datetime(moment)
    return {
        "sid": sid,
        "account_sid": ACCOUNT_SID,
        "to": form["To"],
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "body": form["Body"],
        "status": "queued",
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "error_code": None,
    }


def _error(status: int, code: int) -> Response:
    body = {"code": code, "message": "No number stands here", "more_info": "", "status": status}
    return Response(json.dumps(body), status, media_type="application/json")


@contextmanager
def twilio_server() -> Iterator[TwilioServer]:
    """One on a port of its own."""
    made = TwilioServer()
    routes = [Route(MESSAGES, made.create, methods=["POST"]), Route(MESSAGES, made.list)]
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join()
