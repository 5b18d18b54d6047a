"""Locations and types of appointments as the graph keeps them. They are few, and are shown whole."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from graph_api.acting.appointments.model import AppointmentType, Location
from graph_api.acting.appointments.records import APPOINTMENT_TYPE, LOCATION
from graph_api.engine.session import Row
from graph_api.kernel.fields import Codec
from graph_api.kernel.graph import Reads
from graph_api.kernel.records import Record
from graph_api.kernel.transaction import Writes
from graph_api.people.names import fold

T = TypeVar("T", Location, AppointmentType)
MAX_LOCATIONS, MAX_TYPES = 200, 500
"""Of a practice, those that are not active included: they are shown as one list, without pages."""


def _id(record: Record) -> str:
    found: str = record[0]
    return found


class SettingReads(Reads, Generic[T]):
    """Things of one kind."""

    _folder: ClassVar[str]
    _one: ClassVar[str]
    _most: ClassVar[int]
    _codec: ClassVar[Codec[Any]]

    async def by_ids(self, ids: Sequence[str]) -> dict[str, T]:
        """Those that exist, by id; others may be among them."""
        params: dict[str, Any] = {self._one: list(self._codec.names)}
        found = await self._session.gather(f"{self._folder}/by_ids", ids, _id, practice=self._practice, **params)
        return {one: self._codec.of(record) for one, record in found.items()}

    async def list(self) -> tuple[T, ...]:
        """All, by name without regard to case and accents, then by id."""
        rows = await self._session.read(
            f"{self._folder}/list",
            practice=self._practice,
            limit=self._most,
            **{self._one: list(self._codec.names)},
        )
        found: Iterable[T] = (self._codec.of(row[self._one]) for row in rows)
        # Here and not in the statement: engines put letters above U+FFFF in different places.
        return tuple(sorted(found, key=_place))


def _place(one: Location | AppointmentType) -> tuple[str, str]:
    return fold(one.name), one.id


class LocationReads(SettingReads[Location]):
    """Locations of one practice."""

    _folder, _one, _most, _codec = "acting/locations", "location", MAX_LOCATIONS, LOCATION


class TypeReads(SettingReads[AppointmentType]):
    """Types of appointments of one practice."""

    _folder, _one, _most, _codec = "acting/types", "type", MAX_TYPES, APPOINTMENT_TYPE


class SettingWrites(Writes, Generic[T]):
    """Things of one kind inside a write transaction."""

    _folder: ClassVar[str]
    _one: ClassVar[str]
    _codec: ClassVar[Codec[Any]]

    async def lock(self, ids: Iterable[str]) -> dict[str, T]:
        """Take their locks, in id order; those that exist, by id, as they are under the locks."""
        found = self.lock_ahead(ids)
        await self._tx.hold()
        return found

    def lock_ahead(self, ids: Iterable[str]) -> dict[str, T]:
        """As `lock`, along with whatever is read next: what is found is there from then on."""
        found: dict[str, T] = {}

        def take(rows: list[Row]) -> None:
            locked: list[T] = [self._codec.of(row[self._one]) for row in rows]
            found.update((one.id, one) for one in locked)

        self._tx.lock(
            f"{self._folder}/lock",
            take,
            practice=self._practice,
            ids=sorted(set(ids)),
            stamp=self._lock,
            **{self._one: list(self._codec.names)},
        )
        return found

    async def by_ids(self, ids: Iterable[str]) -> dict[str, T]:
        """Those that exist, by id, without their locks."""
        rows = await self._tx.run(
            f"{self._folder}/by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            **{self._one: list(self._codec.names)},
        )
        return {record[0]: self._codec.of(record) for row in rows for record in row["rows"]}

    async def total(self) -> int:
        """How many the practice has."""
        rows = await self._tx.run(f"{self._folder}/total", practice=self._practice)
        return int(rows[0]["total"])

    async def create(self, one: T) -> None:
        """A new one."""
        params: dict[str, Any] = {self._one: self._codec.row(one)}
        self._tx.later(f"{self._folder}/create", practice=self._practice, **params)

    async def replace(self, one: T) -> None:
        """As it is from now on; it must be locked."""
        params: dict[str, Any] = {self._one: self._codec.row(one)}
        self._tx.later(f"{self._folder}/replace", practice=self._practice, id=one.id, **params)


class LocationWrites(SettingWrites[Location]):
    """Locations. Their locks come after practitioners' and before appointments' (X2)."""

    _folder, _one, _codec = "acting/locations", "location", LOCATION


class TypeWrites(SettingWrites[AppointmentType]):
    """Types of appointments."""

    _folder, _one, _codec = "acting/types", "type", APPOINTMENT_TYPE
