"""The least that uvicorn can answer with: what `bench.fixed` compares our fixed costs with."""

from starlette.types import Receive, Scope, Send

BODY = b'{"data":{"__typename":"Query"}}'
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body and answer."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send(START)
    await send({"type": "http.response.body", "body": BODY})
