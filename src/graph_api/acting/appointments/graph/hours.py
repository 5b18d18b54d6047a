"""Practitioners' weekly hours and the exceptions to them, as the graph keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from graph_api.acting.appointments.model import OpeningException, OpeningRule
from graph_api.acting.appointments.records import OPENING_EXCEPTION, OPENING_RULE
from graph_api.acting.appointments.windows import Hours
from graph_api.engine.session import Row
from graph_api.kernel.graph import Reads
from graph_api.kernel.transaction import Writes


def calendar_scope(practice_id: str, calendar_id: str) -> str:
    """What the keys of a calendar's days begin with."""
    return f"{practice_id}|{calendar_id}|"


def day_key(practice_id: str, calendar_id: str, day: date) -> str:
    """practice|calendar|day, by which exceptions and appointments of a day are found."""
    return calendar_scope(practice_id, calendar_id) + day.isoformat()


def hours_params(practice_id: str, practitioner_ids: Iterable[str], days: Iterable[date]) -> dict[str, Any]:
    """Of `acting/openings/hours`."""
    ids, of_days = list(dict.fromkeys(practitioner_ids)), sorted(set(days))
    return {
        "practice": practice_id,
        "practitionerIds": ids,
        "dayKeys": [day_key(practice_id, one, day) for one in ids for day in of_days],
        "rule": list(OPENING_RULE.names),
        "exception": list(OPENING_EXCEPTION.names),
    }


def hours_of(rows: Sequence[Row], practitioner_ids: Iterable[str]) -> Mapping[str, Hours]:
    """By practitioner; whoever has none is never open."""
    rules = [OPENING_RULE.of(record) for row in rows for record in row["rules"]]
    exceptions = [OPENING_EXCEPTION.of(record) for row in rows for record in row["exceptions"]]
    return {
        one: Hours(
            one,
            tuple(rule for rule in rules if rule.practitioner_id == one),
            tuple(said for said in exceptions if said.practitioner_id == one),
        )
        for one in practitioner_ids
    }


class HoursReads(Reads):
    """Hours of one practice's practitioners; they show nobody but who works there."""

    async def of(self, practitioner_ids: Sequence[str], days: Iterable[date]) -> Mapping[str, Hours]:
        """Weekly hours, and the exceptions of some days, by practitioner."""
        params = hours_params(self._practice, practitioner_ids, days)
        return hours_of(await self._session.read_newest("acting/openings/hours", **params), practitioner_ids)

    async def exceptions(self, ids: Sequence[str]) -> dict[str, OpeningException]:
        """Those that exist, by id."""
        rows = await self._session.read(
            "acting/openings/exceptions_by_ids",
            practice=self._practice,
            ids=list(dict.fromkeys(ids)),
            exception=list(OPENING_EXCEPTION.names),
        )
        return {record[0]: OPENING_EXCEPTION.of(record) for row in rows for record in row["rows"]}


class HoursWrites(Writes):
    """Hours inside a write transaction; the practitioner must be locked."""

    async def of(self, practitioner_ids: Sequence[str], days: Iterable[date]) -> Mapping[str, Hours]:
        """Weekly hours, and the exceptions of some days, by practitioner."""
        params = hours_params(self._practice, practitioner_ids, days)
        return hours_of(await self._tx.run("acting/openings/hours", **params), practitioner_ids)

    async def replace(self, practitioner_id: str, rules: Sequence[OpeningRule]) -> None:
        """All weekly hours, in place of those before."""
        self._tx.later("acting/openings/drop_rules", practice=self._practice, practitionerId=practitioner_id)
        rows = [OPENING_RULE.row(rule) for rule in rules]
        self._tx.later("acting/openings/add_rules", practice=self._practice, rows=rows)

    async def exception(self, exception_id: str) -> OpeningException | None:
        """One exception as it is now."""
        rows = await self._tx.run(
            "acting/openings/exceptions_by_ids",
            practice=self._practice,
            ids=[exception_id],
            exception=list(OPENING_EXCEPTION.names),
        )
        return next((OPENING_EXCEPTION.of(record) for row in rows for record in row["rows"]), None)

    async def add(self, exception: OpeningException) -> None:
        """One exception more."""
        row = OPENING_EXCEPTION.row(exception)
        row["dayKey"] = day_key(self._practice, exception.practitioner_id, exception.day)
        self._tx.later("acting/openings/add_exception", practice=self._practice, exception=row)

    async def drop(self, exception: OpeningException) -> None:
        """One exception less."""
        self._tx.later("acting/openings/drop_exception", practice=self._practice, id=exception.id)
