"""Statements live in files, one each: loaded and checked once, run by name.

A file's header says what it is for, what it takes and what it gives back:

    // purpose: one line
    // params: practice: STRING, ids: LIST<STRING>
    // returns: id, person
    // access: read | lock | note | write

`lock` writes too, but nothing that anybody could call a change: locks, and what makes a retry safe. `note` writes what
only its reader cares about, such as how far they have read: the audit log says nothing of it.

An overlay for one engine stands beside it: `name.arcadedb.cypher` wins over `name.cypher` there.

A file may be a template of several statements that differ by a few words (`engine/templates.py`). Each of them is
checked like a file of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from graph_api.engine.templates import TemplateError, made_from

_HEADER = re.compile(r"^// (purpose|params|returns|access): *(.*)$")
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_UNBOUNDED = re.compile(r"\[[^\]]*\*\s*(?:\d*\s*\.\.\s*)?[\]{]|\)\s*[*+]|[\]-]->?\s*[*+]|\{\d*,\}")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "STRING": str,
    "INTEGER": int,
    "BOOLEAN": bool,
    "MAP": dict,
    "LIST<STRING>": list,
    "LIST<MAP>": list,
}
WITHOUT_PRACTICE = frozenset({"schema", "practices"})
"""Concerns whose statements are about no practice's people; every other statement is scoped to one."""


class Dialect(Enum):
    """What an engine understands beyond the Cypher both do."""

    NEO4J = "neo4j"
    ARCADEDB = "arcadedb"


class StatementError(RuntimeError):
    """A file under cypher/ breaks a rule of the house, or was called with other parameters than it declares."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked statement."""

    name: str
    text: str
    params: dict[str, str]
    returns: tuple[str, ...]
    writes: bool
    changes: bool
    """Whether it writes something that the audit log must tell of."""
    locks: bool
    """Whether it takes a lock, which must be held before anything is read."""

    def check(self, given: dict[str, Any]) -> None:
        """Parameters must be those declared, of the types declared.

        Raises:
            StatementError: names the statement and the parameter, never the value.
        """
        if given.keys() != self.params.keys():
            raise StatementError(f"{self.name}: parameters differ: {sorted(given.keys() ^ self.params.keys())}")
        for name, value in given.items():
            kind = self.params[name]
            optional = kind.endswith("|NULL")
            if value is None and optional:
                continue
            if not isinstance(value, _TYPES[kind.removesuffix("|NULL")]):
                raise StatementError(f"{self.name}: ${name} is not {kind}")


def cypher_root() -> Path:
    """The folder of statements: inside the installed package, or the checkout's."""
    packaged = Path(str(resources.files("graph_api"))) / "cypher"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "cypher"


def _parse_params(name: str, declared: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for part in filter(None, (item.strip() for item in declared.split(","))):
        key, _, kind = (piece.strip() for piece in part.partition(":"))
        if kind.removesuffix("|NULL") not in _TYPES:
            raise StatementError(f"{name}: ${key} has no known type: {kind!r}")
        params[key] = kind
    return params


def parse_statement(name: str, text: str) -> Statement:
    """Read and check one file.

    Raises:
        StatementError: a missing header line, parameters that differ from the header, an unbounded path, more than
            one statement, or no practice.
    """
    header = {m.group(1): m.group(2).strip() for line in text.splitlines() if (m := _HEADER.match(line))}
    missing = {"purpose", "params", "returns", "access"} - header.keys()
    if missing:
        raise StatementError(f"{name}: the header lacks {sorted(missing)}")
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//")).strip()
    params = _parse_params(name, header["params"])
    used = set(_PARAMETER.findall(body))
    if used != params.keys():
        raise StatementError(f"{name}: parameters differ from the header: {sorted(used ^ params.keys())}")
    if ";" in body:
        raise StatementError(f"{name}: one statement a file, without semicolons")
    if _UNBOUNDED.search(body):
        raise StatementError(f"{name}: a path without an upper bound")
    if name.rpartition("/")[0] not in WITHOUT_PRACTICE and "practice" not in params:
        raise StatementError(f"{name}: not scoped to a practice")
    returns = tuple(filter(None, (item.strip() for item in header["returns"].split(","))))
    access = header["access"]
    if access not in ("read", "lock", "note", "write"):
        raise StatementError(f"{name}: access is read, lock, note or write")
    return Statement(name, body, params, returns, access != "read", access == "write", access == "lock")


def statement_texts(dialect: Dialect) -> Iterator[tuple[Path, str, str]]:
    """The file, name and text of each statement outside cypher/schema; overlays of the dialect come last.

    Raises:
        StatementError: a template does not fit its variants.
    """
    for path in sorted(cypher_root().rglob("*.cypher"), key=lambda path: (_overlay(path) != "", path)):
        concern, overlay = path.parent.relative_to(cypher_root()).as_posix(), _overlay(path)
        if concern == "schema" or overlay not in ("", dialect.value):
            continue
        stem = path.name.partition(".")[0]
        try:
            made = made_from(stem, path.read_text(encoding="utf-8"))
        except TemplateError as error:
            raise StatementError(f"{concern}/{path.name}: {error}") from error
        for name, text in made.items():
            yield path, f"{concern}/{name}", text


def _overlay(path: Path) -> str:
    """The engine that a file is for alone, or nothing."""
    return path.name.removesuffix(".cypher").partition(".")[2]


@cache
def load_statements(dialect: Dialect) -> dict[str, Statement]:
    """All statements outside cypher/schema, by `<concern>/<name>`, in the engine's dialect.

    Raises:
        StatementError: a file breaks a rule, or two files make a statement of the same name.
    """
    found: dict[str, Statement] = {}
    where: dict[str, str] = {}
    for path, name, text in statement_texts(dialect):
        overlay = _overlay(path)
        if where.get(name) == overlay:
            raise StatementError(f"{name}: two files make it")
        where[name] = overlay
        found[name] = parse_statement(name, text)
    return found
