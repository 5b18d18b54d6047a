"""Makes Maple Street's practitioners, settings and threads, through the services that everybody uses."""

import contextlib

from graph_api.acting.messages.checks import Draft
from graph_api.acting.messages.commands import MessageService
from graph_api.acting.messages.model import Thread, ThreadStatus
from graph_api.acting.messages.reading import MessageReading
from graph_api.acting.messages.settings_commands import MessagingFields, MessagingService
from graph_api.acting.messages.staff_commands import ThreadService
from graph_api.demo.conversations import (
    ACTOR,
    PRACTITIONERS,
    SETTINGS,
    STAFF_SUBJECT,
    THREADS,
    DemoMessage,
    DemoThread,
)
from graph_api.demo.portal_account import SignedIn
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.errors import Refused
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.network.reading import Reading
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.practitioners.commands import PractitionerService
from graph_api.practitioners.graph import PractitionerReads
from graph_api.services import Services

LOOKED_AT = 100
"""Threads of a client, the newest first: the demo's are among them while it is being made."""


def _request(mutation: str) -> Request:
    return Request(mutation, {})


class Correspondence:
    """Seeds one practice. What is there already is left as it is, so it may be begun again anywhere."""

    def __init__(self, services: Services, practice: Practice, writer: SignedIn | None) -> None:
        self._admin = services.scope(Caller(ACTOR, practice, ViewerRole.ADMIN))
        self._staff = services.scope(Caller(STAFF_SUBJECT, practice, ViewerRole.STAFF))
        self._writer = None if writer is None else services.scope(writer.caller)

    async def seed(self) -> None:
        """Practitioners and settings; then the threads, which take somebody with a portal account."""
        await self._set()
        practitioners = await self._practitioners()
        if self._writer is None:
            return
        for thread in THREADS:
            # In an earlier demo somebody may have changed who may write: what is refused is left out.
            with contextlib.suppress(Refused):
                await self._thread(thread, self._writer, practitioners)

    async def _set(self) -> None:
        """What nobody has set yet."""
        now = await self._admin[MessageReading].settings()
        missing: MessagingFields = {}
        if now.staff_notice_email is None:
            missing["staff_notice_email"] = SETTINGS["staff_notice_email"]
        if now.messaging_notice is None:
            missing["messaging_notice"] = SETTINGS["messaging_notice"]
        if missing:
            (await self._admin[MessagingService].set(_request("setMessaging"), missing)).done()

    async def _practitioners(self) -> dict[str, str]:
        """Their ids by display name."""
        reads = self._admin.graph[PractitionerReads]
        known = {one.display_name for one in await reads.list(include_inactive=True)}
        for fields in PRACTITIONERS:
            if fields["display_name"] not in known:
                # Refused where somebody of an earlier demo has the subject: then they stay who they are.
                await self._admin[PractitionerService].add(_request("addPractitioner"), fields)
        return {one.display_name: one.id for one in await reads.list(include_inactive=False)}

    async def _thread(self, wanted: DemoThread, writer: Scope, practitioners: dict[str, str]) -> None:
        reading = self._staff[Reading]
        client = await reading.person_by_external_id(wanted.client, None, PERSON_PROPERTIES)
        if client is None:
            return
        client_id = reading.person_model(client).id
        thread = await self._there(client_id, wanted.subject) or await self._start(wanted, writer, client_id)
        for number in range(thread.last_sequence + 1, len(wanted.messages) + 1):
            await self._answer(thread.id, wanted.messages[number - 1], number, writer)
        await self._settle(thread.id, wanted, writer, practitioners)

    async def _there(self, client_id: str, subject: str) -> Thread | None:
        page = await self._staff[MessageReading].of_client(client_id, PageArguments(first=LOOKED_AT))
        found = () if page is None else page.items
        return next((shown.thread for shown in found if shown.subject == subject), None)

    async def _start(self, wanted: DemoThread, writer: Scope, client_id: str) -> Thread:
        first = wanted.messages[0]
        draft = Draft(client_id, wanted.subject, first.body, wanted.audience)
        outcome = await self._of(first, writer)[MessageService].start(_request("startThread"), draft)
        return outcome.done().thread

    async def _answer(self, thread_id: str, message: DemoMessage, number: int, writer: Scope) -> None:
        """Whoever answers has read what was written before."""
        service = self._of(message, writer)[MessageService]
        (await service.mark_read(_request("markThreadRead"), thread_id, number - 1)).done()
        (await service.send(_request("sendMessage"), thread_id, message.body)).done()

    async def _settle(self, thread_id: str, wanted: DemoThread, writer: Scope, practitioners: dict[str, str]) -> None:
        """Say who is to answer, or that nothing is left to do."""
        thread = await self._now(thread_id)
        practitioner_id = practitioners.get(wanted.assigned_to or "")
        service = self._staff[ThreadService]
        if practitioner_id is not None and thread.assigned_to is None:
            (await service.assign(_request("assignThread"), thread_id, thread.version, practitioner_id)).done()
        if wanted.is_settled and thread.status is ThreadStatus.OPEN:
            through = thread.last_sequence
            (await writer[MessageService].mark_read(_request("markThreadRead"), thread_id, through)).done()
            thread = await self._now(thread_id)
            done = ThreadStatus.DONE
            (await service.set_status(_request("setThreadStatus"), thread_id, thread.version, done)).done()

    async def _now(self, thread_id: str) -> Thread:
        return (await self._staff[MessageReading].threads([thread_id]))[thread_id].thread

    def _of(self, message: DemoMessage, writer: Scope) -> Scope:
        return self._staff if message.by_staff else writer
