"""Reads an operation from a body or a query string, within bounds, or says why it is refused."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request

from graph_api.graphql.execution import Operation
from graph_api.http.negotiation import JSON, is_json_body
from graph_api.http.work import draw_nothing

MAX_BODY = 1_000_000
MAX_PORTAL_BODY = 150_000
"""Bytes of a portal account's: a message of 10,000 characters, each of them escaped, fits."""
MAX_ANONYMOUS_BODY = 20_000
"""Bytes, without a token: more than what may be called so needs."""
MAX_URL_QUERY = 60_000
"""Bytes of a GET's."""
MAX_PARAMETERS = 20
Received = Callable[[int], None]
"""Told how many bytes came, before they are looked at."""


class Refusal(Exception):
    """A request that is answered before anything is executed."""

    def __init__(
        self, status: int, message: str, *, code: str, headers: dict[str, str] | None = None, retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        extensions: dict[str, Any] = {"code": code}
        if retryable:
            extensions["retryable"] = True
            self.headers.setdefault("Retry-After", "1")
        self.body = {"errors": [{"message": message, "extensions": extensions}]}


def unavailable(message: str, retry_after: int = 1) -> Refusal:
    """503 that says to try again."""
    headers = {"Retry-After": str(retry_after)}
    return Refusal(503, message, code="UNAVAILABLE", headers=headers, retryable=True)


def bad(message: str) -> Refusal:
    return Refusal(400, message, code="BAD_REQUEST")


def _too_large(most: int) -> Refusal:
    return Refusal(413, f"The request body is limited to {most:,} bytes.", code="TOO_LARGE")


async def read_body(request: Request, most: int, received: Received = draw_nothing) -> bytes:
    """A request's body.

    Raises:
        Refusal: it has more bytes than `most`, or ends early.
    """
    length = request.headers.get("content-length", "")
    if length.isdigit() and len(length) < 20 and int(length) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size, more = 0, True
    try:
        while more:  # not by `request.stream()`: a generator took a tenth of a small request's time
            message = await request.receive()
            if message["type"] == "http.disconnect":
                raise bad("The body ended early.")
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > most:
                raise _too_large(most)
            more = message.get("more_body", False)
    finally:
        received(size)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def read_post(request: Request, most: int = MAX_BODY, received: Received = draw_nothing) -> Operation:
    """A POST's operation.

    Raises:
        Refusal: it is too large, or not as the specification has it.
    """
    if request.method != "POST":
        raise bad("Send it with POST.")
    if not is_json_body(request.headers):
        raise Refusal(415, f"Send {JSON} in UTF-8.", code="UNSUPPORTED_MEDIA_TYPE")
    try:
        body = orjson.loads(await read_body(request, most, received))
    except orjson.JSONDecodeError:
        raise bad("The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise bad("The body must be a JSON object.")
    return _operation(body, reads_only=False)


def read_get(request: Request, received: Received) -> Operation:
    """A GET's operation, which may only read.

    Raises:
        Refusal: it is too long, or not as the specification has it.
    """
    length = len(request.scope["query_string"])
    if length > MAX_URL_QUERY:
        raise Refusal(414, f"The query string is limited to {MAX_URL_QUERY:,} bytes. Use POST.", code="TOO_LARGE")
    received(length)
    if request.scope["query_string"].count(b"&") >= MAX_PARAMETERS:
        raise bad(f"The query string is limited to {MAX_PARAMETERS} parameters.")
    parameters = request.query_params
    names = ("query", "operationName", "documentId")
    body: dict[str, Any] = {key: parameters[key] for key in names if key in parameters}
    for key in ("variables", "extensions"):
        if parameters.get(key):
            try:
                body[key] = orjson.loads(parameters[key])
            except orjson.JSONDecodeError:
                raise bad(f"{key} is not valid JSON.") from None
    return _operation(body, reads_only=True)


def _operation(body: dict[str, Any], *, reads_only: bool) -> Operation:
    query, variables, name = body.get("query"), body.get("variables"), body.get("operationName")
    document_id = _document_id(body)
    if not (isinstance(query, str) and query) and (query is not None or document_id is None):
        raise bad("query must be given, as text.")
    if variables is not None and not isinstance(variables, dict):
        raise bad("variables must be an object.")
    if name is not None and not isinstance(name, str):
        raise bad("operationName must be text.")
    if not isinstance(body.get("extensions"), dict | None):
        raise bad("extensions must be an object.")
    return Operation(query, variables or {}, name or None, reads_only, document_id)


def _document_id(body: dict[str, Any]) -> str | None:
    """A registered operation's id: `documentId`, or where Apollo's clients put it."""
    found = body.get("documentId")
    extensions = body.get("extensions")
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if found is None and isinstance(persisted, dict):
        found = persisted.get("sha256Hash")
    if found is not None and not isinstance(found, str):
        raise bad("documentId must be text.")
    return found
