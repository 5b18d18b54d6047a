"""Making and changing practitioners (A1)."""

from dataclasses import replace
from datetime import datetime

from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.errors import Refused, invalid, not_found, refuse_stale
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.practitioners.audit import audited_practitioner
from graph_api.practitioners.changes import PractitionerChanged
from graph_api.practitioners.fields import PractitionerFields, apply_practitioner_fields
from graph_api.practitioners.graph import PractitionerWrites
from graph_api.practitioners.model import MAX_PRACTITIONERS, Practitioner


class PractitionerService:
    """Mutations of practitioners. Each locks the practice's own chain first, and so waits for any other of them."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def add(self, request: Request, fields: PractitionerFields) -> Outcome[Practitioner]:
        """A new practitioner, who is active.

        Refused for the reasons of `apply_practitioner_fields`, and with `subject.taken`, `practitioners.tooMany`.
        """

        def check() -> Practitioner:
            problems = Problems()
            blank = Practitioner(new_id("practitioner"), display_name="")
            new = apply_practitioner_fields(blank, fields, problems)
            problems.refuse()
            return new

        async def change(tx: Transaction, new: Practitioner, _now: datetime) -> Outcome[Practitioner]:
            await tx[AuditWrites].lock_practice()
            if await tx[PractitionerWrites].total() >= MAX_PRACTITIONERS:
                message = f"A practice has at most {MAX_PRACTITIONERS:,} practitioners."
                raise Refused([invalid("practitioners.tooMany", message)])
            await _refuse_taken_subject(tx, new)
            practitioner = replace(new, created_at=tx.stamp(), updated_at=tx.stamp())
            await tx[PractitionerWrites].create(practitioner)
            kind = EventKind(request.mutation)
            return Outcome(practitioner, events=(audited_practitioner(kind, tx.practice_id, None, practitioner),))

        return await self._unit.run(request, check, change, _reload)

    async def update(
        self, request: Request, practitioner_id: str, expected_version: int, fields: PractitionerFields
    ) -> Outcome[Practitioner]:
        """Change the fields that were sent; where none differs, nothing is written.

        Refused with NotFound, VersionConflict, for the reasons of `apply_practitioner_fields`, and with
        `subject.taken`.
        """

        def check() -> None:
            if not is_id("practitioner", practitioner_id):
                raise not_found("practitionerId")

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Practitioner]:
            await tx[AuditWrites].lock_practice()
            before = (await tx[PractitionerWrites].lock([practitioner_id])).get(practitioner_id)
            if before is None:
                raise not_found("practitionerId")
            refuse_stale(before, expected_version)
            problems = Problems()
            after = apply_practitioner_fields(before, fields, problems)
            problems.refuse()
            if after == before:
                return Outcome(before)
            await _refuse_taken_subject(tx, after)
            after = replace(after, version=before.version + 1, updated_at=tx.stamp())
            await tx[PractitionerWrites].replace(after)
            told = await self._unit.tell(tx, PractitionerChanged(before, after), now)
            event = audited_practitioner(EventKind(request.mutation), tx.practice_id, before, after)
            return Outcome(after, warnings=told.warnings, events=(event, *told.events))

        return await self._unit.run(request, check, change, _reload)


async def _refuse_taken_subject(tx: Transaction, practitioner: Practitioner) -> None:
    """Refuse a subject that names another practitioner, active or not.

    The practice's lock must be held. Should somebody write without it, the constraint refuses theirs or ours.

    Raises:
        Refused: InvalidInput subject.taken.
    """
    if practitioner.subject is None:
        return
    holder = await tx[PractitionerWrites].by_subject(practitioner.subject)
    if holder is not None and holder.id != practitioner.id:
        message = "Another practitioner of the practice has this subject."
        raise Refused([invalid("subject.taken", message, "subject")])


async def _reload(tx: Transaction, practitioner_id: str) -> Practitioner | None:
    """For a replay."""
    return (await tx[PractitionerWrites].by_ids([practitioner_id])).get(practitioner_id)
