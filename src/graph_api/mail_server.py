"""The mail server that a setting names."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over, as GRAPH_API_SMTP_URL says."""

    host: str
    port: int
    implicit_tls: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """`smtp://` or `smtps://`, with user:password@ where the server wants it, percent-encoded.

        Raises:
            ValueError: it can't be used; the message holds nothing of it.
        """
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS:
            raise ValueError("must begin with smtp:// or smtps://, such as smtps://user:password@mail.example.org")
        try:
            host, port = parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme]
        except ValueError:
            raise ValueError("has no usable port: percent-encode the password") from None
        if not host:
            raise ValueError("names no mail server")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("contains more than a server: percent-encode the password")
        username, password = parts.username, parts.password
        if bool(username) != bool(password):
            raise ValueError("needs both a user and a password, or neither")
        return cls(
            host,
            port,
            parts.scheme == "smtps",
            unquote(username) if username else None,
            unquote(password) if password else None,
        )

    @property
    def needs_tls(self) -> bool:
        """A password does not leave this machine in the clear, though the server offers nothing better."""
        return self.password is not None and self.host not in LOOPBACK

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
