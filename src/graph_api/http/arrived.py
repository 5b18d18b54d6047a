"""A request whose header is read once: Starlette's looks through all of it for each field that is asked for."""

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request


class Fields(Headers):
    """A header's fields, found at once; of several with one name the first, as Starlette has it."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._first = dict(reversed(raw))

    def __getitem__(self, key: str) -> str:
        """A field's value."""
        return self._first[key.lower().encode("latin-1")].decode("latin-1")

    def get(self, key: str, default: Any = None) -> Any:
        """A field's value, where it is there."""
        found = self._first.get(key.lower().encode("latin-1"))
        return default if found is None else found.decode("latin-1")


class Arrived(Request):
    """A request."""

    @property
    def headers(self) -> Headers:
        """Its header's fields."""
        if not hasattr(self, "_headers"):
            self._headers = Fields(self.scope["headers"])
        return self._headers
