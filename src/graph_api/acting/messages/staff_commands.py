"""What staff do with threads: who reads one, who answers it, that it is done; and taking a message back (M6, M7)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from graph_api.acting.bylines import STAFF
from graph_api.acting.checked import grants_of
from graph_api.acting.messages.audience import Seat, Viewpoint, opened, reads_retracted
from graph_api.acting.messages.checks import refuse_unfitting
from graph_api.acting.messages.commands import contact_person
from graph_api.acting.messages.graph.writes import MessageWrites, ThreadWrites
from graph_api.acting.messages.model import MessageAudience, Thread, ThreadStatus
from graph_api.acting.messages.notices import readers_of, shared_with
from graph_api.acting.messages.reading import MessageReading
from graph_api.acting.messages.shown import ShownMessage, ShownThread, shown_subject
from graph_api.acting.messages.texts import Texts
from graph_api.audit.changes import changes_between
from graph_api.kernel.errors import Forbidden, MutationWarning, Refused, invalid, not_found, refuse_stale
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.ids import is_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import clean_reason
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.people.graph.writes import PersonWrites
from graph_api.practitioners.graph import PractitionerWrites

NOT_THEIRS = "Only the member of staff who wrote a message can retract it."
Changed = Callable[[Transaction, Thread], Awaitable[tuple[Thread, tuple[MutationWarning, ...]]]]
"""What becomes of a thread that is locked."""
FIRST = 1
"""Number of the message that the subject line is part of."""


class ThreadService:
    """Staff's changes of threads."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[MessageReading]
        self._texts = scope[Texts]

    async def set_audience(
        self, request: Request, thread_id: str, version: int, audience: MessageAudience, contact_id: str | None
    ) -> Outcome[ShownThread]:
        """Narrow a thread, at once, or widen it, from its next message on (M6)."""

        def check() -> None:
            if contact_id is not None and not is_id("contact", contact_id):
                raise not_found("contactId")
            refuse_unfitting(audience, contact_id)

        async def changed(tx: Transaction, before: Thread) -> tuple[Thread, tuple[MutationWarning, ...]]:
            person = None
            if audience is MessageAudience.CONTACT_ONLY:
                person = await contact_person(tx, contact_id, before.client_id)
            is_same = before.audience is audience and (person is None or person == before.with_person_id)
            if is_same:
                return before, ()
            at = tx.stamp()
            after = opened(before, audience, person, at)
            if audience is not MessageAudience.SHARED:
                return after, ()
            grants = await grants_of(tx, before.client_id, "threadId")
            # Whoever reads from the next message on is named too: they read as soon as there is one.
            return after, shared_with(readers_of(replace(after, last_at=at), grants, at))

        return await self._change(request, thread_id, version, changed, check)

    async def assign(
        self, request: Request, thread_id: str, version: int, practitioner_id: str | None
    ) -> Outcome[ShownThread]:
        """Say who is to answer; nobody in particular where no practitioner is named."""

        def check() -> None:
            if practitioner_id is not None and not is_id("practitioner", practitioner_id):
                raise not_found("practitionerId")

        async def before_thread(tx: Transaction) -> None:
            if practitioner_id is None:
                return
            practitioner = (await tx[PractitionerWrites].lock([practitioner_id])).get(practitioner_id)
            if practitioner is None:
                raise not_found("practitionerId")
            if not practitioner.is_active:
                message = "This practitioner is no longer active. Choose another one."
                raise Refused([invalid("practitioner.inactive", message, "practitionerId")])

        async def changed(_tx: Transaction, before: Thread) -> tuple[Thread, tuple[MutationWarning, ...]]:
            return replace(before, assigned_to=practitioner_id), ()

        return await self._change(request, thread_id, version, changed, check, before_thread)

    async def set_status(
        self, request: Request, thread_id: str, version: int, status: ThreadStatus
    ) -> Outcome[ShownThread]:
        """Say that nothing is left to do, or that something is."""

        async def changed(_tx: Transaction, before: Thread) -> tuple[Thread, tuple[MutationWarning, ...]]:
            return replace(before, status=status), ()

        return await self._change(request, thread_id, version, changed, unchecked)

    async def _change(
        self,
        request: Request,
        thread_id: str,
        version: int,
        changed: Changed,
        check: Callable[[], None],
        before_thread: Callable[[Transaction], Awaitable[None]] | None = None,
    ) -> Outcome[ShownThread]:
        client_id = await self._reading.client_of(thread_id)

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[ShownThread]:
            if client_id is None:
                raise not_found("threadId")
            await tx[PersonWrites].lock(client_id)
            if before_thread is not None:
                await before_thread(tx)
            before = await self._locked(tx, thread_id, now)
            viewpoint = Viewpoint(Seat.STAFF, client_id)
            refuse_stale(self._shown(before, viewpoint), version)
            after, warnings = await changed(tx, before)
            if after == before:
                return Outcome(self._shown(before, viewpoint))
            after = replace(after, version=before.version + 1)
            await tx[ThreadWrites].update(before, after)
            happened = _happened(EventKind(request.mutation), before, after)
            return Outcome(self._shown(after, viewpoint), warnings=warnings, events=(happened,))

        return await self._unit.run(request, check, change, self._reading.reload_thread)

    async def _locked(self, tx: Transaction, thread_id: str, now: datetime) -> Thread:
        locked = await tx[ThreadWrites].lock(thread_id, self._unit.caller.subject, now)
        if locked is None:
            raise not_found("threadId")
        return locked[0]

    def _shown(self, thread: Thread, viewpoint: Viewpoint) -> ShownThread:
        text = self._texts.subject_of(thread)
        return ShownThread(thread, viewpoint, shown_subject(thread, viewpoint, self._unit.caller.role, text))

    async def retract(self, request: Request, message_id: str, reason: str | None) -> Outcome[ShownMessage]:
        """Take back a message of one's own; whoever reads it then sees that one was taken back (M7)."""
        found = (await self._reading.messages_by_ids([message_id])).get(message_id)

        async def change(tx: Transaction, why: str | None, now: datetime) -> Outcome[ShownMessage]:
            if found is None:
                raise not_found("messageId")
            await tx[PersonWrites].lock(found.thread.client_id)
            thread = await self._locked(tx, found.thread.id, now)
            kept = await tx[MessageWrites].by_id(message_id)
            if kept is None:
                raise not_found("messageId")
            before, caller = kept[0], self._unit.caller
            if before.author.side != STAFF or before.author.subject != caller.subject:
                raise Refused([Forbidden(path=("messageId",), message=NOT_THEIRS)])
            if before.retracted_at is not None:
                return Outcome(found)
            sealed = None if why is None else self._texts.sealed_reason(thread, before, why)
            after = replace(before, retracted_at=tx.stamp(), retracted_by=caller.subject, retraction_reason=sealed)
            await tx[MessageWrites].retract(after)
            if after.sequence == FIRST:
                await tx[ThreadWrites].update(thread, replace(thread, subject_retracted_at=after.retracted_at))
            changes = (
                FieldChange("thread", None, thread.id),
                FieldChange("sequence", None, str(after.sequence)),
                FieldChange("retracted", "false", "true"),
            )
            body = found.body if reads_retracted(caller.role) else None
            shown = replace(found, message=after, body=body, retraction_reason=None if sealed is None else why)
            return Outcome(shown, events=(Happened(EventKind(request.mutation), thread.client_id, changes=changes),))

        return await self._unit.run(request, lambda: clean_reason(reason), change, self._reading.reload_message)


def _happened(kind: EventKind, before: Thread, after: Thread) -> Happened:
    """What was changed of a thread, as the audit log has it."""
    changes = changes_between(_values(before), _values(after))
    return Happened(kind, after.client_id, changes=(FieldChange("thread", None, after.id), *changes))


def _values(thread: Thread) -> dict[str, object]:
    is_with_one = thread.audience is MessageAudience.CONTACT_ONLY
    return {
        "threadAudience": thread.audience,
        "withPerson": thread.with_person_id if is_with_one else None,
        "threadStatus": thread.status,
        "assignedTo": thread.assigned_to,
    }
