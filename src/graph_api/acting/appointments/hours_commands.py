"""Setting practitioners' hours and the exceptions to them (A2). What is booked already stays as it is."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from graph_api.acting.appointments.audit import audited_exception, audited_hours
from graph_api.acting.appointments.graph.hours import HoursWrites
from graph_api.acting.appointments.graph.settings import LocationWrites
from graph_api.acting.appointments.hours import check_exception, check_rules
from graph_api.acting.appointments.model import OpeningException, OpeningRule
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.errors import MutationError, NotFound, Refused, invalid, not_found, refuse_stale
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import MAX_REASON, clean_text
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.practitioners.graph import PractitionerWrites
from graph_api.practitioners.model import Practitioner

MAX_OF_DAY = 20
"""Exceptions of one practitioner on one day."""


class HoursService:
    """Mutations of hours. Each locks the practice's chain and then the practitioner, as every booking does: so a
    booking sees either the hours before or those after."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def set(
        self, request: Request, practitioner_id: str, version: int, rules: Sequence[OpeningRule]
    ) -> Outcome[Practitioner]:
        """All weekly hours of a practitioner; where they are the same, nothing is written.

        Refused with NotFound, VersionConflict, and for the reasons of `check_rules`.
        """

        def check() -> None:
            if not is_id("practitioner", practitioner_id):
                raise not_found("practitionerId")
            _refuse_malformed(rules)
            problems = Problems()
            check_rules(rules, problems, "rules")
            problems.refuse()

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[Practitioner]:
            before = await _locked(tx, practitioner_id)
            refuse_stale(before, version)
            await _refuse_unknown(tx, rules)
            old = (await tx[HoursWrites].of([practitioner_id], ()))[practitioner_id].rules
            told = audited_hours(EventKind(request.mutation), tx.practice_id, practitioner_id, old, rules)
            if len(told.changes) == 1:
                return Outcome(before)
            await tx[HoursWrites].replace(practitioner_id, rules)
            after = replace(before, version=before.version + 1, updated_at=tx.stamp())
            await tx[PractitionerWrites].replace(after)
            return Outcome(after, events=(told,))

        return await self._unit.run(request, check, change, _reload)

    async def add(self, request: Request, exception: OpeningException) -> Outcome[Practitioner]:
        """A day on which hours are others.

        Refused with NotFound, `exceptions.tooMany`, and for the reasons of `check_exception`.
        """

        def check() -> OpeningException:
            if not is_id("practitioner", exception.practitioner_id):
                raise not_found("practitionerId")
            if exception.location_id is not None and not is_id("location", exception.location_id):
                raise not_found("locationId")
            problems = Problems()
            check_exception(exception, problems)
            note = clean_text(exception.note, problems, "note", "note", limit=MAX_REASON)
            problems.refuse()
            return replace(exception, note=note)

        async def change(tx: Transaction, new: OpeningException, _now: datetime) -> Outcome[Practitioner]:
            practitioner = await _locked(tx, new.practitioner_id)
            if new.location_id is not None and not await tx[LocationWrites].by_ids([new.location_id]):
                raise not_found("locationId")
            of_day = (await tx[HoursWrites].of([practitioner.id], [new.day]))[practitioner.id].exceptions
            if len(of_day) >= MAX_OF_DAY:
                raise Refused([invalid("exceptions.tooMany", f"At most {MAX_OF_DAY} exceptions a day.", "day")])
            await tx[HoursWrites].add(new)
            told = audited_exception(EventKind(request.mutation), tx.practice_id, None, new)
            return Outcome(practitioner, events=(told,))

        return await self._unit.run(request, check, change, _reload)

    async def remove(self, request: Request, exception_id: str) -> Outcome[Practitioner]:
        """Take an exception away.

        Refused with NotFound.
        """

        def check() -> None:
            if not is_id("exception", exception_id):
                raise not_found("exceptionId")

        async def change(tx: Transaction, _: None, _now: datetime) -> Outcome[Practitioner]:
            await tx[AuditWrites].lock_practice()  # under it nobody else removes the exception
            found = await tx[HoursWrites].exception(exception_id)
            if found is None:
                raise not_found("exceptionId")
            practitioner = await _practitioner(tx, found.practitioner_id)
            await tx[HoursWrites].drop(found)
            told = audited_exception(EventKind(request.mutation), tx.practice_id, found, None)
            return Outcome(practitioner, events=(told,))

        return await self._unit.run(request, check, change, _reload)


async def _locked(tx: Transaction, practitioner_id: str) -> Practitioner:
    """The practitioner, under the lock that bookings take as well.

    Raises:
        Refused: NotFound.
    """
    await tx[AuditWrites].lock_practice()
    return await _practitioner(tx, practitioner_id)


async def _practitioner(tx: Transaction, practitioner_id: str) -> Practitioner:
    found = (await tx[PractitionerWrites].lock([practitioner_id])).get(practitioner_id)
    if found is None:
        raise not_found("practitionerId")
    return found


def _refuse_malformed(rules: Sequence[OpeningRule]) -> None:
    """What can't be a location's id is not looked for.

    Raises:
        Refused: NotFound, at each rule.
    """
    _refuse_but({rule.location_id for rule in rules if is_id("location", rule.location_id)}, rules)


async def _refuse_unknown(tx: Transaction, rules: Sequence[OpeningRule]) -> None:
    """Locations must be of the practice.

    Raises:
        Refused: NotFound, at each rule.
    """
    known = await tx[LocationWrites].by_ids([rule.location_id for rule in rules]) if rules else {}
    _refuse_but(known, rules)


def _refuse_but(known: Container[str], rules: Sequence[OpeningRule]) -> None:
    unknown: list[MutationError] = [
        NotFound(path=("rules", str(place), "locationId"))
        for place, rule in enumerate(rules)
        if rule.location_id not in known
    ]
    if unknown:
        raise Refused(unknown)


async def _reload(tx: Transaction, practitioner_id: str) -> Practitioner | None:
    """For a replay."""
    return (await tx[PractitionerWrites].by_ids([practitioner_id])).get(practitioner_id)
