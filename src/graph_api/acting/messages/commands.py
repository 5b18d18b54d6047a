"""Writing messages: starting a thread, answering in one, and how far one has read (M1-M5, M8-M10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from graph_api.access.grants import PossibleGrant
from graph_api.access.model import PortalAction
from graph_api.acting.bylines import STAFF, Author, Names
from graph_api.acting.checked import author_of, author_or_refusal, grants_of, refuse_unreachable
from graph_api.acting.messages.audience import (
    Seat,
    Viewpoint,
    default_audience,
    is_visible,
    may_be_alone,
    opened,
    startable,
)
from graph_api.acting.messages.checks import (
    NOTHING_SENT,
    Draft,
    Sending,
    checked_body,
    checked_draft,
    refuse_unfitting,
)
from graph_api.acting.messages.encryption import Unreadable
from graph_api.acting.messages.graph.writes import Desk, ThreadWrites
from graph_api.acting.messages.model import Message, MessageAudience, Thread, ThreadStatus
from graph_api.acting.messages.notices import FRONT_DESK, readers_of, shared_with, tell, viewpoint_of
from graph_api.acting.messages.reading import MessageReading
from graph_api.acting.messages.shown import ShownMessage, ShownThread, shown_byline, shown_subject
from graph_api.acting.messages.texts import Texts
from graph_api.kernel.caller import Caller
from graph_api.kernel.errors import MutationWarning, Refused, invalid, not_found
from graph_api.kernel.flights import together
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.network.graph.writes import ContactWrites
from graph_api.practices.model import PracticeFeature

ERASED = "This conversation was erased. Start a new one."


class MessageService:
    """What both staff and portal accounts do."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[MessageReading]
        self._texts = scope[Texts]

    @property
    def _is_staff(self) -> bool:
        return not self._unit.caller.is_account

    async def start(self, request: Request, draft: Draft) -> Outcome[ShownThread]:
        """Start a thread with its first message."""
        thread_id, message_id = new_id("thread"), new_id("message")

        def check() -> Draft:
            checked = checked_draft(draft)
            if self._is_staff:
                if checked.audience is None:
                    message = "Say who can read the conversation besides staff."
                    raise Refused([invalid("audience.missing", message, "audience")])
                refuse_unfitting(checked.audience, checked.contact_id)
            elif checked.contact_id is not None:
                message = "Only staff name a contact. Omit contactId."
                raise Refused([invalid("contactId.unexpected", message, "contactId")])
            return checked

        async def change(tx: Transaction, asked: Draft, now: datetime) -> Outcome[ShownThread]:
            author, grants, desk = await together(
                author_of(tx, self._unit.caller, asked.client_id, PortalAction.SEND_SECURE_MESSAGE, "clientId"),
                grants_of(tx, asked.client_id, "clientId"),
                tx[ThreadWrites].starting(self._unit.caller.subject, now),
            )
            sent = self._allowed(author, grants, desk, now, "clientId", starts=True)
            viewpoint = _viewpoint(self._unit.caller, grants)
            audience, with_person = await self._audience(tx, asked, viewpoint, grants, desk)
            thread, message = self._drafted(tx, asked, author, audience, with_person, (thread_id, message_id))
            await tx[ThreadWrites].create(thread, message, sent)
            warnings = [*self._warned(thread, grants, tx.stamp()), *await tell(tx, thread, author, grants, desk, now)]
            told = _told(EventKind.START_THREAD, thread, message, author, len(asked.body))
            return Outcome(ShownThread(thread, viewpoint, asked.subject), warnings=tuple(warnings), events=(told,))

        return await self._unit.run(request, check, change, self._reading.reload_thread)

    async def _audience(
        self, tx: Transaction, asked: Draft, viewpoint: Viewpoint, grants: Sequence[PossibleGrant], desk: Desk
    ) -> tuple[MessageAudience, str | None]:
        """Who reads a new thread; for CONTACT_ONLY, which person.

        Raises:
            Refused: `audience.tooYoung`, `audience.notYours`; NotFound for somebody who is no contact.
        """
        client = grants[0].client
        is_private = may_be_alone(client.birth_date, tx.today, desk.settings.message_privacy_age)
        audience = asked.audience or default_audience(viewpoint.seat, is_private=is_private)
        if audience not in startable(viewpoint.seat, is_private=is_private):
            if viewpoint.seat is Seat.CLIENT and audience is MessageAudience.CLIENT_ONLY:
                message = "Ask the practice. Only they can start a conversation that nobody but you can read."
                raise Refused([invalid("audience.tooYoung", message, "audience")])
            message = "You can't start a conversation that you couldn't read."
            raise Refused([invalid("audience.notYours", message, "audience")])
        if audience is not MessageAudience.CONTACT_ONLY:
            return audience, None
        if viewpoint.seat is Seat.CONTACT:
            return audience, viewpoint.person_id
        return audience, await contact_person(tx, asked.contact_id, client.id)

    def _drafted(
        self,
        tx: Transaction,
        asked: Draft,
        author: Author,
        audience: MessageAudience,
        with_person: str | None,
        ids: tuple[str, str],
    ) -> tuple[Thread, Message]:
        """A new thread and its first message, sealed with a key of its own."""
        (thread_id, message_id), at = ids, tx.stamp()
        key, wrapped, master = self._texts.new_key()
        subject = self._texts.sealed_subject(key, thread_id, author.subject, asked.subject)
        body = self._texts.sealed_body(key, thread_id, 1, author.subject, asked.body)
        thread = Thread(
            thread_id,
            asked.client_id,
            audience,
            ThreadStatus.OPEN,
            created_at=at,
            starter=author.subject,
            last_at=at,
            last_sequence=1,
            last_side=author.side,
            subject=subject,
            wrapped_key=wrapped,
            wrapped_with=master,
        )
        message = Message(message_id, thread_id, 1, at, author, body)
        return opened(thread, audience, with_person, at), message

    def _allowed(
        self, author: Author, grants: list[PossibleGrant], desk: Desk, now: datetime, *path: str, starts: bool = False
    ) -> Sending:
        """What the author has sent lately, with this message; of staff nothing is counted.

        Raises:
            Refused: `client.archived`, `feature.off`; `messages.tooMany` for a portal account.
        """
        if author.side == STAFF:
            refuse_unreachable(grants, PracticeFeature.MESSAGING, *path)
            return NOTHING_SENT
        return desk.sent.and_now(now, starts=starts)

    def _warned(self, thread: Thread, grants: Sequence[PossibleGrant], at: datetime) -> tuple[MutationWarning, ...]:
        """Staff are told who reads what they share (M6)."""
        if not self._is_staff or thread.audience is not MessageAudience.SHARED:
            return ()
        return shared_with(readers_of(thread, grants, at))

    async def send(self, request: Request, thread_id: str, body: str) -> Outcome[ShownMessage]:
        """The next message of a thread."""
        message_id = new_id("message")
        client_id = await self._reading.client_of(thread_id)

        async def change(tx: Transaction, text: str, now: datetime) -> Outcome[ShownMessage]:
            if client_id is None:
                raise not_found("threadId")
            author, grants, locked = await together(
                author_or_refusal(
                    tx,
                    self._unit.caller,
                    client_id,
                    PortalAction.SEND_SECURE_MESSAGE,
                    "threadId",
                    sees=PortalAction.READ_SECURE_MESSAGES,
                ),
                grants_of(tx, client_id, "threadId"),
                tx[ThreadWrites].lock(thread_id, self._unit.caller.subject, now),
            )
            if locked is None:
                raise not_found("threadId")
            before, desk = locked
            viewpoint = _viewpoint(self._unit.caller, grants)
            if not is_visible(before, viewpoint):
                raise not_found("threadId")
            if isinstance(author, Refused):
                raise author
            sent = self._allowed(author, grants, desk, now, "threadId")
            after, message = self._appended(before, author, text, message_id, tx.stamp())
            await tx[ThreadWrites].append(before, after, message, sent)
            warnings = await tell(tx, after, author, grants, desk, now)
            told = _told(EventKind.SEND_MESSAGE, after, message, author, len(text))
            subject = shown_subject(after, viewpoint, self._unit.caller.role, self._texts.subject_of(after))
            shown = ShownThread(after, viewpoint, subject)
            names = self._names(grants, author, desk)
            return Outcome(
                ShownMessage(message, shown, text, shown_byline(author, names, viewpoint)),
                warnings=warnings,
                events=(told,),
            )

        return await self._unit.run(request, lambda: checked_body(body), change, self._reading.reload_message)

    def _appended(
        self, before: Thread, author: Author, text: str, message_id: str, at: datetime
    ) -> tuple[Thread, Message]:
        """The thread with one message more, and the message.

        Raises:
            Refused: `thread.erased`, `thread.unreadable`.
        """
        if before.is_erased:
            raise Refused([invalid("thread.erased", ERASED, "threadId")])
        sequence = before.last_sequence + 1
        try:
            body = self._texts.sealed_body(self._texts.key_of(before), before.id, sequence, author.subject, text)
        except Unreadable:
            message = "The practice can't open this conversation at present. Start a new one, or call the practice."
            raise Refused([invalid("thread.unreadable", message, "threadId")]) from None
        after = replace(before, last_at=at, last_sequence=sequence, last_side=author.side)
        if author.side != before.last_side:
            after = replace(after, other_sequence=before.last_sequence, other_at=before.last_at)
        if author.side != STAFF and before.status is not ThreadStatus.OPEN:
            after = replace(after, status=ThreadStatus.OPEN, version=before.version + 1)
        return after, Message(message_id, before.id, sequence, at, author, body)

    def _names(self, grants: Sequence[PossibleGrant], author: Author, desk: Desk) -> Names:
        """What a message of the author stands under."""
        people = {grant.person.id: grant.person.display_name for grant in grants}
        practitioners = {} if desk.practitioner is None else {author.subject: desk.practitioner}
        return Names(self._unit.caller.practice, grants[0].client.display_name, people, practitioners)

    async def mark_read(self, request: Request, thread_id: str, through: int) -> Outcome[ShownThread]:
        """Note how far the caller's side has read; a mark never goes back."""
        found = (await self._reading.threads([thread_id])).get(thread_id) if is_id("thread", thread_id) else None

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[ShownThread]:
            if found is None:
                raise not_found("threadId")
            if not 1 <= through <= found.thread.last_sequence:
                message = f"The conversation has messages 1 to {found.thread.last_sequence}. Give one of these numbers."
                raise Refused([invalid("through.outOfRange", message, "through")])
            viewpoint, caller = found.viewpoint, self._unit.caller
            if viewpoint.seat is Seat.STAFF:
                side, told = STAFF, [FRONT_DESK, *filter(None, [found.assigned_to])]
            else:
                side = viewpoint.person_id or ""
                told = [side]
            await tx[ThreadWrites].mark_read(thread_id, side, through, caller.subject, now, told)
            return Outcome(found)

        return await self._unit.run(request, unchecked, change, self._reading.reload_thread)


async def contact_person(tx: Transaction, contact_id: str | None, client_id: str) -> str:
    """The person of one of the client's contacts as they are now.

    Raises:
        Refused: NotFound.
    """
    contact = None if contact_id is None else await tx[ContactWrites].by_id(contact_id)
    if contact is None or contact.client.id != client_id or contact.removed_at is not None:
        raise not_found("contactId")
    return contact.person.id


def _viewpoint(caller: Caller, grants: Sequence[PossibleGrant]) -> Viewpoint:
    """From where the caller looks.

    Raises:
        Refused: NotFound where nothing is known of them.
    """
    if not caller.is_account:
        return Viewpoint(Seat.STAFF, grants[0].client.id)
    own = next((grant for grant in grants if grant.person.id == caller.person_id), None)
    if own is None:
        raise not_found()
    return viewpoint_of(own)


def _told(kind: EventKind, thread: Thread, message: Message, author: Author, size: int) -> Happened:
    """What the audit log tells: who, for whom, by which edge; of the words only how many there are (X8)."""
    changes: tuple[FieldChange, ...] = (
        FieldChange("thread", None, thread.id),
        FieldChange("threadAudience", None, thread.audience.value),
        FieldChange("sequence", None, str(message.sequence)),
        FieldChange("size", None, str(size)),
    )
    if kind is EventKind.START_THREAD and thread.with_person_id is not None:
        changes = (*changes, FieldChange("withPerson", None, thread.with_person_id))
    return Happened(kind, thread.client_id, author.contact_id, author.contact_version, changes, author.reason)
