"""An outside issuer of tokens: keys, the server that publishes them, and tokens signed with them."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME = "https://issuer.example"
AUDIENCE = "contact-networks"
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
Jwk = dict[str, Any]


def make_key(algorithm: str) -> Any:
    """A private key for an algorithm."""
    if algorithm.startswith("RS"):
        return rsa.generate_private_key(65_537, 2_048)
    if algorithm.startswith("ES"):
        return ec.generate_private_key(CURVES[algorithm])
    return Ed25519PrivateKey.generate()


def published(key: Any, algorithm: str, **members: Any) -> Jwk:
    """A key's public half as a JWKS shows it."""
    described: Jwk = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**described, **members}


def base64url(content: bytes) -> str:
    """Bytes as a token has them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def secret_key(secret: bytes, **members: Any) -> Jwk:
    """A symmetric key, which nobody should publish."""
    return {"kty": "oct", "k": base64url(secret), **members}


@dataclass
class Issuer:
    """A server of one JWKS; `asked` counts how often it was asked for."""

    keys: list[Any] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    asked: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """The JWKS's address; it stays when the server goes and comes back."""
        return f"http://127.0.0.1:{self.port}/jwks.json"

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer while in this context."""
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                self.send_response(issuer.status)
                self.end_headers()
                shown = json.dumps({"keys": issuer.keys}).encode() if issuer.body is None else issuer.body
                self.wfile.write(shown)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def token(key: Any, algorithm: str, kid: str | None, **changes: Any) -> str:
    """A token as the issuer makes them, its claims changed."""
    claims = {
        "iss": NAME,
        "aud": [AUDIENCE, "another"],
        "sub": "auth0|42",
        "role": "staff",
        "exp": datetime.now(UTC) + timedelta(minutes=5),
        **changes,
    }
    return jwt.encode(claims, key, algorithm=algorithm, headers={} if kid is None else {"kid": kid})
