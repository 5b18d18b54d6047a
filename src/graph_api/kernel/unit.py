"""How every mutation runs: authorise, idempotency key, checks, change; all or nothing."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson

from graph_api.kernel.caller import Caller
from graph_api.kernel.clock import Clock
from graph_api.kernel.errors import (
    Forbidden,
    IdempotencyKeyReused,
    MutationError,
    MutationWarning,
    Refused,
    WarningCode,
)
from graph_api.kernel.graph import Transactions
from graph_api.kernel.happened import Happened, Recorder, Unreported
from graph_api.kernel.idempotency import KeyWrites, StoredSuccess
from graph_api.kernel.problems import Problems
from graph_api.kernel.reactions import NO_REACTIONS, Change, Reactions, Told
from graph_api.kernel.rules import may_call
from graph_api.kernel.shown import Entity, people_in
from graph_api.kernel.text import MAX_KEY, clean_text
from graph_api.kernel.transaction import Transaction

E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[E]):
    """What a mutation answers: the entity, or errors and nothing changed."""

    entity: E | None = None
    errors: tuple[MutationError, ...] = ()
    warnings: tuple[MutationWarning, ...] = ()
    events: tuple[Happened, ...] = ()
    """What was done; nothing, when nothing changed."""
    concerns_nobody: bool = False
    """The change is about no known person, so there is no event: somebody asked for a code at some address."""

    def done(self) -> E:
        """The entity of a change that must succeed.

        Raises:
            Refused: it did not.
        """
        if self.entity is None:
            raise Refused(self.errors)
        return self.entity


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, for the idempotency key: the mutation's name and its whole input."""

    mutation: str
    input: Mapping[str, Any]
    idempotency_key: str | None = None


def unchecked() -> None:
    """For mutations whose input has nothing to check before the transaction."""


Plan = TypeVar("Plan")


Recall = Callable[[Transaction, Iterable[str]], Awaitable[Mapping[str, Entity]]]
"""People as they are now, by their ids."""


async def _nobody(_tx: Transaction, _ids: Iterable[str]) -> Mapping[str, Entity]:
    return {}


@dataclass(frozen=True, slots=True)
class Wiring:
    """What higher concerns do in a mutation's transaction."""

    recorder: Recorder | None = None
    """Records what was done. Without one nothing is recorded, as in previews and in measurements of its cost."""
    reactions: Reactions = NO_REACTIONS
    recall: Recall = _nobody
    """Loads the people whom the warnings of a replayed mutation are about."""


def _checked(check: Callable[[], Plan]) -> Plan | Refused:
    """The plan, made once and outside the transaction; a refusal waits for the idempotency key to be looked at."""
    try:
        return check()
    except Refused as refusal:
        return refusal


def _dump_warnings(warnings: tuple[MutationWarning, ...]) -> str:
    """Warnings for a later replay: of people only their ids are kept."""
    rows = [(w.code.value, w.message, w.path, [person.id for person in w.persons]) for w in warnings]
    return orjson.dumps(rows).decode()


async def _load_warnings(tx: Transaction, recall: Recall, kept: str) -> tuple[MutationWarning, ...]:
    """The warnings the mutation gave, about the people as they are now."""
    rows = orjson.loads(kept)
    ids = {person_id for *_, person_ids in rows for person_id in person_ids}
    people = await recall(tx, ids) if ids else {}
    return tuple(
        MutationWarning(
            code=WarningCode(code),
            message=message,
            path=tuple(path),
            persons=tuple(people[person_id] for person_id in person_ids if person_id in people),
        )
        for code, message, path, person_ids in rows
    )


class Unit:
    """Runs mutations of one caller."""

    def __init__(self, caller: Caller, graph: Transactions, clock: Clock, secret: bytes, wiring: Wiring) -> None:
        self.caller = caller
        self.clock = clock
        self._graph = graph
        self._secret = secret
        self._wiring = wiring

    async def tell(self, tx: Transaction, change: Change, now: datetime) -> Told:
        """What follows from a change that is being made."""
        return await self._wiring.reactions.to(tx, change, self.clock, now)

    async def run(
        self,
        request: Request,
        check: Callable[[], Plan],
        change: Callable[[Transaction, Plan, datetime], Awaitable[Outcome[E]]],
        reload: Callable[[Transaction, str], Awaitable[E | None]],
    ) -> Outcome[E]:
        """Answer a mutation.

        Args:
            request: what was asked.
            check: pure checks of the input; raises Refused.
            change: does it, inside the transaction, at the moment given; what changes is dated by `tx.stamp()`. May run
                again when a race was lost; raises Refused.
            reload: the entity as it is now, for a replay.
        """
        if not may_call(request.mutation, self.caller):
            return Outcome(errors=(Forbidden(),))
        try:
            key = self._key(request)
            plan = _checked(check)
            if key is None and isinstance(plan, Refused):
                raise plan

            async def unit(tx: Transaction) -> Outcome[E]:
                now = self.clock.now()
                if key is not None and (stored := await tx[KeyWrites].claim(key, now)) is not None:
                    return await self._replay(tx, stored, request, reload)
                if isinstance(plan, Refused):
                    raise plan
                outcome = await change(tx, plan, now)
                await self._audit(tx, request, outcome, now)
                if key is not None and outcome.entity is not None:
                    kept = _dump_warnings(outcome.warnings)
                    await tx[KeyWrites].store(key, StoredSuccess(self._digest(request), outcome.entity.id, kept), now)
                return outcome

            return self._show(await self._or_twin(unit, key, request, reload))
        except Refused as refusal:
            return self._show(Outcome(errors=refusal.errors))

    async def note(self, work: Callable[[Transaction, datetime], Awaitable[Sequence[Happened]]]) -> None:
        """Do and record what no mutation asks for, such as that something was read; `work` may run again."""

        async def unit(tx: Transaction) -> None:
            now = self.clock.now()
            events = await work(tx, now)
            if self._wiring.recorder is not None:
                await self._wiring.recorder.record(tx, self.caller, events, tx.stamped or now)

        await self._graph.write(unit)

    def _show(self, outcome: Outcome[E]) -> Outcome[E]:
        """The outcome; whom it shows is noted."""
        self._graph.door.show(people_in([outcome.entity] if outcome.entity is not None else []))
        self._graph.door.show(people_in(outcome.errors, outcome.warnings))
        return outcome

    async def _audit(self, tx: Transaction, request: Request, outcome: Outcome[E], now: datetime) -> None:
        """Write what was done to the audit log.

        Raises:
            Unreported: something was changed and nothing is said of it; a mistake in the mutation, which is undone.
        """
        if tx.changed and not (outcome.events or outcome.errors or outcome.concerns_nobody):
            raise Unreported(request.mutation)
        if self._wiring.recorder is not None:
            await self._wiring.recorder.record(tx, self.caller, outcome.events, tx.stamped or now)

    async def _or_twin(
        self,
        unit: Callable[[Transaction], Awaitable[Outcome[E]]],
        key: str | None,
        request: Request,
        reload: Callable[[Transaction, str], Awaitable[E | None]],
    ) -> Outcome[E]:
        """What `unit` answers; where it is refused, what a twin with the same key stored meanwhile.

        Where locks are not waited for, the twin may succeed between the look at the key and the refusal.
        """
        try:
            return await self._graph.write(unit)
        except Refused as refusal:
            refused = refusal
        if key is None:
            raise refused

        async def twin(tx: Transaction) -> Outcome[E]:
            stored = await tx[KeyWrites].claim(key, self.clock.now())
            if stored is None:
                raise refused
            return await self._replay(tx, stored, request, reload)

        return await self._graph.write(twin)

    async def _replay(
        self,
        tx: Transaction,
        stored: StoredSuccess,
        request: Request,
        reload: Callable[[Transaction, str], Awaitable[E | None]],
    ) -> Outcome[E]:
        if not hmac.compare_digest(stored.input_hash, self._digest(request)):
            raise Refused([IdempotencyKeyReused(path=("idempotencyKey",))])
        return Outcome(
            await reload(tx, stored.entity_id), warnings=await _load_warnings(tx, self._wiring.recall, stored.warnings)
        )

    def _key(self, request: Request) -> str | None:
        if request.idempotency_key is None:
            return None
        problems = Problems()
        key = clean_text(request.idempotency_key, problems, "idempotencyKey", "idempotencyKey", limit=MAX_KEY)
        problems.refuse()
        parts = "\x00".join((self.caller.subject, request.mutation, key or ""))
        return hashlib.sha256(parts.encode()).hexdigest()

    def _digest(self, request: Request) -> str:
        """The input as an HMAC: the stored record tells nothing about the people in it."""
        body = orjson.dumps(request.input, option=orjson.OPT_SORT_KEYS)
        return hmac.new(self._secret, b"idempotency\x00" + body, "sha256").hexdigest()
