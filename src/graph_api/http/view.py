"""GraphQL over HTTP: /graphql by POST and GET, as the specification has it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from graph_api.domain.errors import Unavailable
from graph_api.domain.model import Caller, anonymous
from graph_api.http.access_log import REQUEST_ID
from graph_api.http.auth import Authenticator
from graph_api.http.bookmarks import HEADER, BadBookmark, BookmarkCodec
from graph_api.http.negotiation import JSON, RESPONSE, choose_media_type, is_json_body
from graph_api.http.networks import Networks
from graph_api.http.scope import ScopeFactory
from graph_api.http.token_keys import NO_TOKEN, Unauthenticated
from graph_api.repositories.reads import Read, ReadsFile
from graph_api.schema.anonymous import may_be_anonymous
from graph_api.schema.disclosure import internal_error
from graph_api.schema.execution import Answer, Executor, Operation
from graph_api.services.ports_sessions import Limited, Limits

MAX_BODY = 1_000_000
MAX_ANONYMOUS_BODY = 20_000
"""Bytes, without a token: more than what may be called so needs."""
GRACE = 2.0
"""Seconds an operation has beyond its statements' deadline, so that the statements say what happened."""


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


@dataclass(frozen=True, slots=True)
class GraphQLView:
    """The endpoint."""

    executor: Executor
    authenticator: Authenticator
    scopes: ScopeFactory
    bookmarks: BookmarkCodec
    networks: Networks
    limits: Limits
    timeout: float
    reads: ReadsFile

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        media_type = choose_media_type(request.headers)
        try:
            if media_type is None:
                message = f"The answer can be {RESPONSE} or {JSON}."
                raise Refusal(406, message, code="NOT_ACCEPTABLE")
            return await self._answer(request, media_type)
        except Refusal as refusal:
            return _response(refusal.status, refusal.body, media_type or JSON, refusal.headers)
        except Exception as error:  # a server's own handler would log its text
            return _response(500, {"errors": [internal_error(error)]}, media_type or JSON, {})

    async def _answer(self, request: Request, media_type: str) -> Response:
        until = asyncio.get_running_loop().time() + self.timeout
        try:
            async with asyncio.timeout_at(until):
                caller, carried, operation = await self._read(request)
        except TimeoutError:
            raise unavailable("The request came too slowly. Try again.") from None
        scope = self.scopes(caller, carried, until)
        try:
            async with asyncio.timeout_at(until + GRACE):
                answer = await self.executor.execute(operation, scope.context)
        except TimeoutError:
            raise _too_late(operation) from None
        self._note(caller, operation, scope.context.shown)
        return self._response(answer, request, media_type, caller, scope.session.bookmarks, carried)

    def _note(self, caller: Caller, operation: Operation, shown: set[str]) -> None:
        """Take down whom the answer shows."""
        if shown:
            name = self.executor.operation_name(operation)
            read = Read(
                datetime.now(UTC),
                caller.practice.id,
                caller.subject,
                caller.role.value,
                name,
                caller.request_id,
                tuple(shown),
            )
            self.reads.note(read)

    async def _read(self, request: Request) -> tuple[Caller, frozenset[str], Operation]:
        """Who asks, what they have seen, and what they ask."""
        if request.method not in ("GET", "POST"):
            raise Refusal(405, "Use POST or GET.", code="METHOD_NOT_ALLOWED", headers={"Allow": "GET, POST"})
        known = {"network": self.networks.of(request), "request_id": request.scope.get(REQUEST_ID, "")}
        authorization = request.headers.get("authorization")
        if authorization is None:
            operation = await self._read_anonymous(request, known["network"])
            return replace(anonymous(), **known), frozenset(), operation
        caller, carried = await self._who(request, authorization)
        operation = _read_get(request) if request.method == "GET" else await _read_post(request)
        return replace(caller, **known), carried, operation

    async def _read_anonymous(self, request: Request, network: str) -> Operation:
        """What somebody without a token asks: anything but what needs none is answered as if it had not been read."""
        try:
            operation = await _read_post(request, MAX_ANONYMOUS_BODY)
        except Refusal:
            raise _challenge(NO_TOKEN) from None
        if not may_be_anonymous(operation.query):
            raise _challenge(NO_TOKEN)
        if not await self.limits.admit(Limited.STRANGERS, network):
            message = "There were too many requests from where you are. Try again in a few minutes."
            raise Refusal(429, message, code="TOO_MANY_REQUESTS", headers={"Retry-After": "60"})
        if not self.executor.is_anonymous(operation):
            raise _challenge(NO_TOKEN)
        return operation

    async def _who(self, request: Request, authorization: str) -> tuple[Caller, frozenset[str]]:
        try:
            caller = await self.authenticator.caller(authorization)
            return caller, self.bookmarks.decode(caller.practice.id, request.headers.get(HEADER))
        except Unauthenticated as error:
            raise _challenge(error) from None
        except Unavailable as error:
            raise unavailable(str(error), error.retry_after) from None
        except BadBookmark:
            message = f"The {HEADER} header was not made by this server, or is too long: leave it out."
            raise Refusal(400, message, code="BAD_BOOKMARK") from None

    def _response(
        self,
        answer: Answer,
        request: Request,
        media_type: str,
        caller: Caller,
        bookmarks: frozenset[str],
        carried: frozenset[str],
    ) -> Response:
        headers = {}
        if answer.is_unavailable:
            headers["Retry-After"] = "1"
        # What was only carried goes back as it came, so that it does not live longer by being shown.
        same = bookmarks == carried
        bookmark = request.headers[HEADER] if same and carried else self.bookmarks.encode(caller.practice.id, bookmarks)
        if bookmark is not None:
            headers[HEADER] = bookmark
        if answer.is_wrong_method:
            headers["Allow"] = "POST"
        return _response(_status(answer, media_type), answer.body, media_type, headers)


def _too_late(operation: Operation) -> Refusal:
    """A GET can't have changed anything; of a POST that was cut off nobody can tell."""
    if operation.reads_only:
        return unavailable("The request took too long. Ask for less, or try again in a moment.")
    message = "The request took too long. If it was to change something, look first whether it did."
    return Refusal(503, message, code="OUTCOME_UNKNOWN")


def _challenge(error: Unauthenticated) -> Refusal:
    detail = f' error="{error.error}", error_description="{error.reason}"' if error.error else ""
    headers = {"WWW-Authenticate": f'Bearer realm="graph-api"{"," if detail else ""}{detail}'}
    return Refusal(401, error.reason, code="UNAUTHENTICATED", headers=headers)


def _status(answer: Answer, media_type: str) -> int:
    """The specification's status: a request error is 400, but application/json keeps to 200 for what is well formed."""
    if answer.is_wrong_method:
        return 405
    if answer.is_unavailable:
        return 503
    return 400 if answer.is_request_error and media_type == RESPONSE else 200


def _response(status: int, body: dict[str, Any], media_type: str, headers: dict[str, str]) -> Response:
    return Response(
        orjson.dumps(body),
        status,
        headers={
            "Content-Type": f"{media_type}; charset=utf-8",
            "Vary": "Accept, Authorization",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **headers,
        },
    )


def _bad(message: str) -> Refusal:
    return Refusal(400, message, code="BAD_REQUEST")


async def _read_body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "")
    too_large = Refusal(413, f"A body may have {most} bytes.", code="TOO_LARGE")
    if length.isdigit() and len(length) < 20 and int(length) > most:
        raise too_large
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise too_large
    except ClientDisconnect:
        raise _bad("The body ended early.") from None
    return bytes(body)


async def _read_post(request: Request, most: int = MAX_BODY) -> Operation:
    if request.method != "POST":
        raise _bad("Send it with POST.")
    if not is_json_body(request.headers):
        raise Refusal(415, f"Send {JSON} in UTF-8.", code="UNSUPPORTED_MEDIA_TYPE")
    try:
        body = orjson.loads(await _read_body(request, most))
    except orjson.JSONDecodeError:
        raise _bad("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise _bad("The body must be a JSON object.")
    return _operation(body, reads_only=False)


def _read_get(request: Request) -> Operation:
    parameters = request.query_params
    names = ("query", "operationName", "documentId")
    body: dict[str, Any] = {key: parameters[key] for key in names if key in parameters}
    for key in ("variables", "extensions"):
        if parameters.get(key):
            try:
                body[key] = orjson.loads(parameters[key])
            except orjson.JSONDecodeError:
                raise _bad(f"{key} is not JSON.") from None
    return _operation(body, reads_only=True)


def _operation(body: dict[str, Any], *, reads_only: bool) -> Operation:
    query, variables, name = body.get("query"), body.get("variables"), body.get("operationName")
    document_id = _document_id(body)
    if not (isinstance(query, str) and query) and (query is not None or document_id is None):
        raise _bad("query must be given, as text.")
    if variables is not None and not isinstance(variables, dict):
        raise _bad("variables must be an object.")
    if name is not None and not isinstance(name, str):
        raise _bad("operationName must be text.")
    if not isinstance(body.get("extensions"), dict | None):
        raise _bad("extensions must be an object.")
    return Operation(query, variables or {}, name or None, reads_only, document_id)


def _document_id(body: dict[str, Any]) -> str | None:
    """A registered operation's id: `documentId`, or where Apollo's clients put it."""
    found = body.get("documentId")
    extensions = body.get("extensions")
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if found is None and isinstance(persisted, dict):
        found = persisted.get("sha256Hash")
    if found is not None and not isinstance(found, str):
        raise _bad("documentId must be text.")
    return found
