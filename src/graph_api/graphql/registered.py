"""Registered operations (persisted documents): a front end sends an operation's id, the sha256 of its text, alone."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError

from graph_api.config import SettingsFileError

_ID = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
MAX_FILE = 50_000_000


def operation_id(text: str) -> str:
    """The sha256 of the text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class RegisteredOperations:
    """Texts by their ids. With `only`, no other operation is answered."""

    def __init__(self, texts: Mapping[str, str] | None = None, *, only: bool = False) -> None:
        self._texts = dict(texts or {})
        self._only = only

    @property
    def texts(self) -> Mapping[str, str]:
        """All of them."""
        return self._texts

    def text(self, query: str | None, document_id: str | None) -> str:
        """The text to execute.

        Raises:
            GraphQLError: the id is not known here, does not fit the text, or the text is not among the only ones.
        """
        if document_id is not None:
            match = _ID.fullmatch(document_id)
            found = None if match is None else match.group(1)
            if query is None:
                return self._known(found)
            if found != operation_id(query):
                raise _refused("DOCUMENT_ID_MISMATCH", "The operation's text is not the one of this id.")
        if query is None:
            raise _refused("BAD_REQUEST", "query must be given, as text.")
        if self._only and operation_id(query) not in self._texts:
            raise _refused("OPERATION_NOT_REGISTERED", "Only registered operations are answered here.")
        return query

    def _known(self, found: str | None) -> str:
        text = None if found is None else self._texts.get(found)
        if text is None:
            # The words and the code that Apollo's clients look for.
            raise _refused("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        return text


def _refused(code: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})


def load_operations(path: Path) -> dict[str, str]:
    """Texts by their ids, from {"<sha256>": "<text>", ...} or from Apollo's manifest of persisted queries.

    Raises:
        SettingsFileError: it can't be read, is of another form, or an id is not the sha256 of its text.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise SettingsFileError(f"{path} has more than {MAX_FILE} bytes.")
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise SettingsFileError(f"{path} can't be read ({(error.strerror or 'error').lower()}).") from None
    except orjson.JSONDecodeError:
        raise SettingsFileError(f"{path} is not JSON.") from None
    texts = _texts_of(content)
    if texts is None:
        raise SettingsFileError(f'{path} must hold {{"<sha256 of the text>": "<text>", ...}} or Apollo\'s manifest.')
    for key, text in texts.items():
        if key != operation_id(text):
            raise SettingsFileError(f"{path}: the id {key[:80]} is not the sha256 of its text.")
    return texts


def _texts_of(content: Any) -> dict[str, str] | None:
    if isinstance(content, dict) and isinstance(content.get("operations"), list):
        pairs = [(item.get("id"), item.get("body")) for item in content["operations"] if isinstance(item, dict)]
        if len(pairs) != len(content["operations"]):
            return None
    elif isinstance(content, dict):
        pairs = list(content.items())
    else:
        return None
    found = {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str)}
    if len(found) != len(pairs):
        return None
    return {key.removeprefix("sha256:"): text for key, text in found.items()}
