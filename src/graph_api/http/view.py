"""GraphQL over HTTP: /graphql by POST and GET, as the specification has it."""

import asyncio
from dataclasses import dataclass

import orjson
from starlette.requests import Request

from graph_api.audit.reads import ReadsFile
from graph_api.engine.errors import Unavailable
from graph_api.graphql.anonymous import may_be_anonymous
from graph_api.graphql.disclosure import internal_error
from graph_api.graphql.documents import TooLarge
from graph_api.graphql.execution import Answer, Executor, Operation
from graph_api.http.access_log import COMPILED, REQUEST_ID
from graph_api.http.answered import Answered
from graph_api.http.auth import Authenticator
from graph_api.http.bookmarks import HEADER, BadBookmark, BookmarkCodec
from graph_api.http.holding import Holding
from graph_api.http.incoming import (
    MAX_ANONYMOUS_BODY,
    MAX_BODY,
    MAX_PORTAL_BODY,
    Refusal,
    read_get,
    read_post,
    unavailable,
)
from graph_api.http.negotiation import JSON, RESPONSE, choose_media_type
from graph_api.http.networks import Networks
from graph_api.http.scope import ScopeFactory
from graph_api.http.token_keys import NO_TOKEN, Unauthenticated
from graph_api.http.work import BYTE, REQUEST, STATEMENT, Buckets, Draw, Spent, cost_of, draw_nothing
from graph_api.kernel.caller import Caller, anonymous
from graph_api.portal.session_ports import Limited, Limits

TOO_MANY = 429
GRACE = 2.0
"""Seconds a request has beyond its statements' deadline, so that the statements say what happened."""


@dataclass(frozen=True, slots=True)
class GraphQLView:
    """The endpoint."""

    executor: Executor
    authenticator: Authenticator
    scopes: ScopeFactory
    bookmarks: BookmarkCodec
    networks: Networks
    limits: Limits
    buckets: Buckets
    holding: Holding
    timeout: float
    reads: ReadsFile

    async def __call__(self, request: Request) -> Answered:
        """Answer one request."""
        media_type = choose_media_type(request.headers)
        try:
            if media_type is None:
                message = f"This server can only answer with {RESPONSE} or {JSON}."
                raise Refusal(406, message, code="NOT_ACCEPTABLE")
            return await self._answer(request, media_type)
        except Refusal as refusal:
            if refusal.status < 500:  # what is the caller's own fault
                await self.holding.hold(self.networks.of(request), is_over_limit=refusal.status == TOO_MANY)
            return Answered(refusal.status, orjson.dumps(refusal.body), media_type or JSON, refusal.headers)
        except Exception as error:  # a server's own handler would log its text
            return Answered(500, orjson.dumps({"errors": [internal_error(error)]}), media_type or JSON, {})

    async def _answer(self, request: Request, media_type: str) -> Answered:
        until = asyncio.get_running_loop().time() + self.timeout
        operation = None
        try:
            async with asyncio.timeout_at(until + GRACE):
                caller, carried, operation, spend = await self._read(request)
                scope = self.scopes(caller, carried, until)
                try:
                    answer = await self.executor.execute(operation, scope, lambda asked: spend(cost_of(asked)))
                finally:
                    spend(STATEMENT * scope.statements)
        except TimeoutError:
            slow = unavailable("The request arrived too slowly. Try again.")
            raise (slow if operation is None else _too_late(operation)) from None
        request.scope[COMPILED] = answer.is_compiled
        if scope.shown:
            self.reads.note_shown(caller, self.executor.operation_name(operation), scope.shown)
        response = self._response(answer, request, media_type, caller, scope.bookmarks, carried)
        spend(BYTE * len(response.body))
        return response

    async def _read(self, request: Request) -> tuple[Caller, frozenset[str], Operation, Draw]:
        """Who asks, what they have seen, what they ask, and what counts the work that it takes."""
        if request.method not in ("GET", "POST"):
            raise Refusal(405, "Use POST or GET.", code="METHOD_NOT_ALLOWED", headers={"Allow": "GET, POST"})
        network, request_id = self.networks.of(request), request.scope.get(REQUEST_ID, "")
        authorization = request.headers.get("authorization")
        if authorization is None:  # how often strangers may ask is counted by where they are
            operation = await self._read_anonymous(request, network)
            return anonymous(network=network, request_id=request_id), frozenset(), operation, draw_nothing
        caller, carried, spend = await self._who(request, authorization)

        def received(size: int) -> None:
            spend(BYTE * size)

        if request.method == "GET":
            operation = read_get(request, received)
        else:
            most = MAX_PORTAL_BODY if caller.is_account else MAX_BODY
            operation = await read_post(request, most, received)
        return caller.seen(network, request_id), carried, operation, spend

    async def _read_anonymous(self, request: Request, network: str) -> Operation:
        """What somebody without a token asks: anything but what needs none is answered as if it had not been read."""
        try:
            operation = await read_post(request, MAX_ANONYMOUS_BODY)
        except Refusal:
            raise _challenge(NO_TOKEN) from None
        if not may_be_anonymous(operation.query):
            raise _challenge(NO_TOKEN)
        if not await self.limits.admit(Limited.STRANGERS, network):
            message = "Too many requests came from your network address. Try again in a few minutes."
            raise Refusal(TOO_MANY, message, code="TOO_MANY_REQUESTS", headers={"Retry-After": "60"})
        try:
            is_anonymous = self.executor.is_anonymous(operation)
        except TooLarge as error:
            raise Refusal(400, str(error), code="OPERATION_TOO_LARGE") from None
        if not is_anonymous:
            raise _challenge(NO_TOKEN)
        return operation

    async def _who(self, request: Request, authorization: str) -> tuple[Caller, frozenset[str], Draw]:
        try:
            caller = await self.authenticator.caller(authorization)
            spend = self.buckets.drawing((caller.practice.id, caller.subject), caller.role)
            spend(REQUEST + (STATEMENT if caller.is_account else 0))
            return caller, self.bookmarks.decode(caller.practice.id, request.headers.get(HEADER)), spend
        except Unauthenticated as error:
            raise _challenge(error) from None
        except Spent as spent:
            message = f"Your account has used up its share of the server's time. Try again in {spent.seconds} s."
            headers = {"Retry-After": str(spent.seconds)}
            raise Refusal(TOO_MANY, message, code="TOO_MANY_REQUESTS", headers=headers) from None
        except Unavailable as error:
            raise unavailable(str(error), error.retry_after) from None
        except BadBookmark:
            message = f"The {HEADER} header was not made by this server, or it is too long. Omit it."
            raise Refusal(400, message, code="BAD_BOOKMARK") from None

    def _response(
        self,
        answer: Answer,
        request: Request,
        media_type: str,
        caller: Caller,
        bookmarks: frozenset[str],
        carried: frozenset[str],
    ) -> Answered:
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
        return Answered(_status(answer, media_type), orjson.dumps(answer.body), media_type, headers)


def _too_late(operation: Operation) -> Refusal:
    """A GET can't have changed anything; of a POST that was cut off nobody can tell."""
    if operation.reads_only:
        return unavailable("The request took too long. Ask for less, or try again in a moment.")
    message = "The request took too long. If it was meant to change something, check first whether it did."
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
