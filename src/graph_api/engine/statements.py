"""Statements live in files, one each: loaded and checked once, run by name.

A file's header says what it is for, what it takes and what it gives back:

    // purpose: one line
    // params: practice: STRING, ids: LIST<STRING>
    // returns: id, person
    // access: read | lock | write

`lock` writes too, but nothing that anybody could call a change: locks, and what makes a retry safe.

An overlay for one engine stands beside it: `name.arcadedb.cypher` wins over `name.cypher` there.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

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
    if name.split("/")[0] not in WITHOUT_PRACTICE and "practice" not in params:
        raise StatementError(f"{name}: not scoped to a practice")
    returns = tuple(filter(None, (item.strip() for item in header["returns"].split(","))))
    access = header["access"]
    if access not in ("read", "lock", "write"):
        raise StatementError(f"{name}: access is read, lock or write")
    return Statement(name, body, params, returns, access != "read", access == "write")


@cache
def load_statements(dialect: Dialect) -> dict[str, Statement]:
    """All statements outside cypher/schema, by `<concern>/<name>`, in the engine's dialect."""
    root = cypher_root()
    found: dict[str, Statement] = {}
    for path in sorted(root.glob("*/*.cypher")):
        concern, stem = path.parent.name, path.name.removesuffix(".cypher")
        if concern == "schema":
            continue
        name, _, overlay = stem.partition(".")
        full = f"{concern}/{name}"
        if (overlay and overlay != dialect.value) or (full in found and not overlay):
            continue
        found[full] = parse_statement(full, path.read_text(encoding="utf-8"))
    return found
