"""Messages race what forbids them, each other, new keys, and a change of who reads them (X1, M1, M5, M6, M12)."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bench.racing import REVOCATIONS, Household, Outcome, Racer, Revocation
from bench.sides import DATED, Sides, judged
from graph_api.acting.messages.checks import Draft
from graph_api.acting.messages.commands import MessageService
from graph_api.acting.messages.erasing import Erasing
from graph_api.acting.messages.graph.wrapped_keys import WrappedKeys
from graph_api.acting.messages.model import MessageAudience
from graph_api.acting.messages.reading import MessageReading
from graph_api.acting.messages.rewrapping import rewrap
from graph_api.acting.messages.shown import ShownMessage, ShownThread
from graph_api.acting.messages.staff_commands import ThreadService
from graph_api.audit.model import Actor
from graph_api.config import Settings
from graph_api.custody.checks import place_of
from graph_api.custody.masters_in_use import message_keys
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.graph import Graph
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.keys.files import Key, KeyPlace
from graph_api.keys.masters import masters_content, new_master, parse_masters
from graph_api.network.model import ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.opening import make_auditor
from graph_api.services import Services

SENDERS, EACH = 8, 3
FORMER = 20
"""Masters that nothing is wrapped with any more are left out: a file holds no more than so many."""
MESSAGING = ContactTerms(Relationship.SPOUSE, portal_access=True, secure_messaging=True)
Talking = Callable[["MessageRacer", Household, str, float], Awaitable[bool]]
"""Races in a thread of a household; whether all was as it must be."""


@dataclass(frozen=True, slots=True)
class MessageKind:
    """Something that messages race."""

    name: str
    round: Callable[["MessageRacer", Practice, float], Awaitable[Outcome]]


class MessageRacer(Sides):
    """Staff and accounts, who write into threads."""

    def __init__(self, racer: Racer, writing: Services, settings: Settings) -> None:
        super().__init__(racer, writing)
        self.settings = settings
        self._auditor = make_auditor(settings)
        self._rotating = asyncio.Lock()

    async def home(self, practice: Practice) -> tuple[Household, str]:
        """A client, a contact who reads messages, and a thread that staff shared with them."""
        home = await self.racer.household(practice, MESSAGING)
        draft = Draft(home.contact.client.id, "Subject", "0", MessageAudience.SHARED, None)
        found = await self.staff(home)[MessageService].start(Request("startThread", {}), draft)
        if found.entity is None:
            raise AssertionError(f"a thread was refused: {found.errors}")
        return home, found.entity.id

    async def send(self, scope: Scope, thread_id: str, body: str = "Racing") -> datetime | None:
        """When a message was sent; None where it was refused."""
        found = await scope[MessageService].send(Request("sendMessage", {}), thread_id, body)
        return None if found.entity is None else found.entity.sent_at

    async def read(self, scope: Scope, thread_id: str) -> tuple[ShownThread, Sequence[ShownMessage]] | None:
        """A thread with its messages; None where it does not exist for the reader."""
        reading = scope[MessageReading]
        shown = (await reading.threads([thread_id])).get(thread_id)
        if shown is None:
            return None
        return shown, (await reading.messages(shown, PageArguments(first=100), with_total=False)).items

    async def put_away(self, home: Household) -> None:
        """Destroy the keys of a household's threads: `keys rewrap` goes over all that have one, in every round."""
        graph = Graph(GraphSession(self.racer.revoking), home.practice.id, date.min)
        await Erasing(graph, self._auditor, Actor("race", ViewerRole.ADMIN.value)).client(home.contact.client.id)

    async def rotate(self) -> None:
        """A new master first, as `keys rotate` puts it; a database that others share is told nothing of it."""
        async with self._rotating:
            await asyncio.to_thread(_put_first, place_of(self.settings, Key.MESSAGES))


def _put_first(place: KeyPlace) -> None:
    """A file that is whole at every moment."""
    place.promote()  # where nobody has confirmed the first file yet
    path = place.path
    draft = path.with_name(f"{path.name}.draft")
    former = parse_masters(path.read_bytes())[:FORMER]
    draft.write_bytes(masters_content((new_master(), *former)))
    draft.chmod(0o600)
    os.replace(draft, path)


def _against(kind: Revocation) -> MessageKind:
    async def play(racer: MessageRacer, practice: Practice, lead: float) -> Outcome:
        home, thread = await racer.home(await racer.racer.practice() if kind.own_practice else practice)
        account = racer.account(home)

        async def send() -> datetime | None:
            await racer.later(lead)
            return await racer.send(account, thread)

        async def revoke() -> None:
            await racer.later(4 * lead)  # a message takes more statements: so each comes first sometimes
            await kind.revoke(racer.racer, home)

        sent_at, _ = await asyncio.gather(send(), revoke())
        if kind.shared == DATED:
            outcome = judged(sent_at, await racer.revoked_at(home, kind))
        else:
            outcome = Outcome.REVOKED if sent_at is None else Outcome.WRITTEN
        again = await racer.send(racer.account(home), thread)
        await racer.put_away(home)
        return Outcome.VIOLATED if again is not None else outcome

    return MessageKind(f"message, {kind.name}", play)


def _holding(name: str, talking: Talking) -> MessageKind:
    async def play(racer: MessageRacer, practice: Practice, lead: float) -> Outcome:
        home, thread = await racer.home(practice)
        held = await talking(racer, home, thread, lead)
        await racer.put_away(home)
        return Outcome.HELD if held else Outcome.VIOLATED

    return MessageKind(name, play)


async def _senders(racer: MessageRacer, home: Household, thread: str, _lead: float) -> bool:
    """Numbers without gaps, dates in order, every message readable, and unread numbers right for both sides."""

    async def send(sender: int) -> None:
        for number in range(EACH):
            side = racer.staff(home) if sender % 2 else racer.account(home)
            if await racer.send(side, thread, f"{sender} {number}") is None:
                raise AssertionError("a message was refused")

    await asyncio.gather(*map(send, range(SENDERS)))
    bodies = sorted(["0", *(f"{sender} {number}" for sender in range(SENDERS) for number in range(EACH))])
    of_each = SENDERS * EACH // 2
    for scope, unread in ((racer.staff(home), of_each), (racer.account(home), of_each + 1)):
        found = await racer.read(scope, thread)
        if found is None:
            return False
        shown, messages = found
        times = [one.sent_at for one in messages]
        is_whole = [one.sequence for one in messages] == list(range(1, len(bodies) + 1))
        is_whole = is_whole and times == sorted(set(times)) and sorted(one.body or "" for one in messages) == bodies
        if not is_whole or await scope[MessageReading].unread([shown]) != [unread]:
            return False
    return True


async def _new_keys(racer: MessageRacer, home: Household, thread: str, lead: float) -> bool:
    """Everything stays readable and writable while masters are rotated and keys rewrapped."""
    done = asyncio.Event()

    async def change() -> None:
        await racer.later(lead)
        await racer.rotate()
        report = await rewrap(WrappedKeys(racer.racer.revoking), message_keys(racer.settings))
        done.set()
        own = [one for one in report.unreadable if one == thread]
        if own:
            raise AssertionError("a key could not be unwrapped")

    async def send() -> int:
        sent = 0
        for number in range(2 * EACH):
            await racer.later(lead)
            sent += await racer.send(racer.account(home), thread, f"{number}") is not None
        return sent

    async def read() -> bool:
        while True:
            is_last = done.is_set()
            found = await racer.read(racer.account(home), thread)
            if found is None or found[0].subject is None or any(one.body is None for one in found[1]):
                return False
            if is_last:
                return True

    _, sent, was_readable = await asyncio.gather(change(), send(), read())
    found = await racer.read(racer.staff(home), thread)
    return was_readable and sent == 2 * EACH and found is not None and len(found[1]) == sent + 1


async def _narrowing(racer: MessageRacer, home: Household, thread: str, lead: float) -> bool:
    """No body is read once a narrower audience was committed."""
    narrowed = asyncio.Event()

    async def read() -> bool:
        while True:
            was_narrow = narrowed.is_set()
            found = await racer.read(racer.account(home), thread)
            if was_narrow:
                return found is None

    async def narrow() -> None:
        await racer.later(3 * lead)
        request, audience = Request("setThreadAudience", {}), MessageAudience.CLIENT_ONLY
        found = await racer.staff(home)[ThreadService].set_audience(request, thread, 1, audience, None)
        if found.errors:
            raise AssertionError(f"the audience was refused: {found.errors}")
        narrowed.set()

    is_hidden, _ = await asyncio.gather(read(), narrow())
    return is_hidden


MESSAGE_KINDS = (
    *(_against(kind) for kind in REVOCATIONS),
    _holding(f"{SENDERS} senders into one thread", _senders),
    _holding("keys rotated and rewrapped meanwhile", _new_keys),
    _holding("narrowed while it is read", _narrowing),
)
