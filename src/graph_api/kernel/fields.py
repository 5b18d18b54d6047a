"""How a frozen dataclass is kept in the graph. The class is the only list of its fields.

A field's property is called as the API calls the field: `given_name` is `givenName`. Enums are kept as their values,
dates and times as ISO 8601 text (a wall time as 09:30), tuples and sets as lists. What is not set is not kept: a map
with nulls is stored differently by the engines.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from datetime import date, datetime, time
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, TypeVar

from graph_api.kernel.rows import stamp

T = TypeVar("T")
_KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """What can't be told from a field's type."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Of a field that is a dataclass: what its own fields are called."""
    prefix: str | None = None
    """Of such a field: what the names of its own begin with, where `names` does not say."""
    flag: str | None = None
    """Of such a field: a property that is true where it is set; else it is where its required fields are, or its
    first where none is required."""
    texts: tuple[Callable[[Any], str], Callable[[str], Any]] | None = None
    """Of a tuple: how an item is written as text, and read."""
    logged: bool = True
    """Whether the audit log records it."""


def kept(default: Any = MISSING, **said: Any) -> Any:
    """A field that is not stored as its type would be; `said` as in `Kept`."""
    return field(default=default, metadata={_KEPT: Kept(**said)})


def api_name(name: str) -> str:
    """`portal_access` as the API and the graph have it."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def kept_of(part: "dataclasses.Field[Any]") -> Kept:
    """What is said of a field."""
    said: Kept = part.metadata.get(_KEPT, Kept())
    return said


def logged_fields(kind: type) -> dict[str, str]:
    """The fields that the audit log records: the API's name, and the field's own. An id never changes."""
    told = (part.name for part in dataclasses.fields(kind) if part.name != "id" and kept_of(part).logged)
    return {api_name(name): name for name in told}


def property_of(part: "dataclasses.Field[Any]", outer: Kept) -> str:
    """What a field is called in the graph; `outer` is what is said of the field that it is a part of, if it is."""
    own = api_name(part.name)
    prefixed = own if outer.prefix is None else outer.prefix + own[0].upper() + own[1:]
    return {**outer.names, **kept_of(part).names}.get(part.name, prefixed)


def parts_of(kind: type) -> "Iterator[tuple[dataclasses.Field[Any], Any, bool]]":
    """A dataclass's fields, with the type of each and whether it may be None."""
    hints = typing.get_type_hints(kind)
    for part in dataclasses.fields(kind):
        yield part, *_without_none(hints[part.name])


class Hollow(Exception):
    """A record has nothing in it: Neo4j met a node or an edge that somebody was just deleting. Read again."""


class Codec(Generic[T]):
    """A dataclass <-> the properties of a node or an edge.

    Reading and writing are generated as straight code, since every record and every change passes through.
    """

    def __init__(self, kind: type[T], *others: str) -> None:
        """`others` are fields that are not kept there: what is read is given them."""
        source = _Source()
        source.fields(kind, Kept(), skip=frozenset(others))
        self.names: tuple[str, ...] = tuple(source.names)
        """The properties, in the order of the fields."""
        self.fields: tuple[str, ...] = tuple(source.of_field)
        """The fields that are kept there."""
        self._of_field = source.of_field
        read, write = source.functions()
        self._read: Callable[[Mapping[str, Any], dict[str, Any]], None] = read
        self._write: Callable[[T, dict[str, Any]], None] = write
        self._kind = kind

    def row(self, value: T) -> dict[str, Any]:
        """The properties that are set."""
        row: dict[str, Any] = {}
        self._write(value, row)
        return row

    def read(self, row: Mapping[str, Any], **others: Any) -> T:
        """The value of a row.

        Raises:
            Hollow: nothing is set.
            KeyError, TypeError: a field that must be set is not.
            ValueError: a property is not what its field can be.
        """
        try:
            self._read(row, others)
            return self._kind(**others)
        except TypeError:
            if all(row.get(name) is None for name in self.names):
                raise Hollow from None
            raise

    def of(self, record: Sequence[Any], **others: Any) -> T:
        """The value of a record of all `names`."""
        return self.read(dict(zip(self.names, record, strict=True)), **others)

    def some(self, value: T, *fields: str) -> dict[str, Any]:
        """The properties of some fields; None where one is not set."""
        row = self.row(value)
        return {name: row.get(name) for one in fields for name in self._of_field[one]}


class _Source:
    """The code that reads and writes a dataclass."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.of_field: dict[str, tuple[str, ...]] = {}
        self._known: dict[str, Any] = {}
        self._reads: list[str] = []
        self._writes: list[str] = []

    def fields(
        self, kind: type, said: Kept, *, skip: frozenset[str] = frozenset(), at: str = "", target: str = "out"
    ) -> None:
        """Add a dataclass's fields; `at` is how far the code is indented, `target` what takes the values."""
        for part, own, is_optional in parts_of(kind):
            if part.name not in skip:
                before = len(self.names)
                if dataclasses.is_dataclass(own) and isinstance(own, type):
                    self._group(part, own, at, target, is_optional=is_optional)
                else:
                    self._field(part, own, said, at, target, is_optional=is_optional)
                if not at:
                    self.of_field[part.name] = tuple(self.names[before:])

    def functions(self) -> tuple[Any, Any]:
        """What reads a row into arguments, and what writes a value into a row."""
        lines = ["def read(row, out):", " get = row.get", *self._reads, "def write(value, row):", *self._writes]
        exec("\n".join(lines), self._known)  # noqa: S102 - of names that are in this source, and of no input
        return self._known["read"], self._known["write"]

    def _name(self, value: Any) -> str:
        name = f"known_{len(self._known)}"
        self._known[name] = value
        return name

    def _field(
        self, part: "dataclasses.Field[Any]", kind: Any, outer: Kept, at: str, target: str, *, is_optional: bool
    ) -> None:
        said, name = kept_of(part), property_of(part, outer)
        write, read = _listed(said.texts) if said.texts else _converter(kind)
        is_needed = kind is bool or (not _has_default(part) and not is_optional)
        self.names.append(name)
        found = f"row[{name!r}]" if is_needed else f"get({name!r})"
        read_as = "v" if read is _same else f"{self._name(read)}(v)"
        self._reads += [f"{at} v = {found}", f"{at} if v is not None: {target}[{part.name!r}] = {read_as}"]
        written = "v" if write is _same else f"{self._name(write)}(v)"
        is_list = typing.get_origin(kind) in (tuple, frozenset)
        test = "v" if is_list else "v is not None"
        self._writes += [f"{at} v = value.{part.name}", f"{at} if {test}: row[{name!r}] = {written}"]

    def _group(self, part: "dataclasses.Field[Any]", kind: type, at: str, target: str, *, is_optional: bool) -> None:
        """A field with fields of its own, each kept beside the others."""
        field_name, said = part.name, kept_of(part)
        own, outer, place = f"{target}_{field_name}", f"value_{len(self._reads)}", len(self._reads)
        first = len(self.names)
        if said.flag:
            self.names.append(said.flag)
        self._writes += [f"{at} {outer} = value", f"{at} value = value.{field_name}", f"{at} if value is not None:"]
        if said.flag:
            self._writes.append(f"{at}  row[{said.flag!r}] = True")
        self.fields(kind, said, at=at + " ", target=own)
        self._writes.append(f"{at} value = {outer}")
        needed = self._needed(kind, self.names[first + bool(said.flag) :])
        is_set = f"get({said.flag!r})" if said.flag else " and ".join(f"get({name!r}) is not None" for name in needed)
        self._reads[place:place] = [f"{at} if {is_set if is_optional else 'True'}:", f"{at}  {own} = {{}}"]
        self._reads.append(f"{at}  {target}[{field_name!r}] = {self._name(kind)}(**{own})")

    @staticmethod
    def _needed(kind: type, names: list[str]) -> list[str]:
        """The properties without which there is no such value."""
        parts = dataclasses.fields(kind)
        required = [name for part, name in zip(parts, names, strict=False) if not _has_default(part)]
        return required or names[:1]


def _has_default(part: "dataclasses.Field[Any]") -> bool:
    return part.default is not MISSING or part.default_factory is not MISSING


def _without_none(hint: Any) -> tuple[Any, bool]:
    """A type, and whether it may be None."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        (kind,) = (one for one in typing.get_args(hint) if one is not types.NoneType)
        return kind, True
    return hint, False


def _same(value: Any) -> Any:
    return value


def _converter(kind: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """How a value of a type is written, and read."""
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _listed(_converter(typing.get_args(kind)[0]))
    if origin is frozenset:
        write, read = _converter(typing.get_args(kind)[0])
        return lambda items: sorted(map(write, items)), lambda values: frozenset(map(read, values))
    if issubclass(kind, Enum):
        return attrgetter("value"), kind
    if issubclass(kind, datetime):
        return stamp, datetime.fromisoformat
    if issubclass(kind, date):
        return date.isoformat, date.fromisoformat
    if issubclass(kind, time):
        return lambda value: value.isoformat(timespec="minutes"), time.fromisoformat
    return _same, _same


def _listed(
    one: tuple[Callable[[Any], Any], Callable[[Any], Any]],
) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    write, read = one
    if read is _same:
        return list, tuple
    return lambda items: [write(item) for item in items], lambda values: tuple(map(read, values))
