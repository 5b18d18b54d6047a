"""Locks are taken in one order, whatever the mutation (X2): what each takes is read while it runs."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from graph_api.engine import writing
from graph_api.engine.joined import Put, joined
from graph_api.engine.statements import Dialect
from tests.acting.cast import Cast, new_cast
from tests.acting.clinic import ahead, new_clinic
from tests.api import Installation
from tests.contract.household import MUTATIONS, OF_THE_WHOLE, new_household
from tests.contract.plans import scans_in

ORDER = {
    "kernel/idempotency/claim": 0,
    "people/lock": 1,
    "network/contacts/lock_for_adding": 1,
    "access/lock": 2,
    "access/lock_gates": 2,
    "portal/accounts/lock": 2,
    "people/lock_match_keys": 3,
    "practices/settings/lock": 4,
    "audit/lock_practice": 4,
    "practitioners/lock": 5,
    "acting/locations/lock": 6,
    "acting/types/lock": 6,
    "acting/ledger/lock": 7,
    "acting/threads/lock": 7,
    "acting/appointments/lock": 7,
    "acting/messages/notify": 8,
    "acting/appointments/notify": 8,
    "mail/outbox/add": 8,
    "portal/invitations/renew": 9,
}
"""Statements that take locks, and where they stand in docs/access.md. Those of one place lock in the order of keys."""


class Locks:
    """The locks that were taken, and what was asked for."""

    def __init__(self, installation: Installation) -> None:
        self._database = installation.database
        self.taken: list[tuple[str, dict[str, Any]]] = []

    def __enter__(self) -> "Locks":
        self._database.listeners.append(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        self._database.listeners.remove(self._note)

    def _note(self, name: str, params: dict[str, Any]) -> None:
        statement = self._database.statement(name)
        is_lock = statement.locks
        if is_lock or name in ORDER:
            self.taken.append((name, params))

    @property
    def last(self) -> list[str]:
        """The locks of the last run: one that was undone runs again."""
        names = [name for name, _ in self.taken]
        return names[len(names) - 1 - names[::-1].index(names[0]) :]

    def check(self) -> None:
        """The order is the one of the docs, and each statement's keys are sorted."""
        unknown = [name for name, _ in self.taken if name not in ORDER]
        assert unknown == [], "a new lock needs its place in docs/access.md and here"
        starts = [place for place, (name, _) in enumerate(self.taken) if name == self.taken[0][0]]
        for start, end in zip(starts, [*starts[1:], len(self.taken)], strict=True):  # a run that was undone runs again
            names = [name for name, _ in self.taken[start:end]]
            assert names == sorted(names, key=ORDER.__getitem__)
        for name, params in self.taken:
            for key in ("ids", "keys"):
                if name != "kernel/idempotency/claim" and key in params:
                    assert params[key] == sorted(params[key]), name


@pytest.fixture(autouse=True)
async def joined_texts(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """What each mutation sends as one statement uses the indexes, as its parts do."""
    made: dict[str, dict[str, Any]] = {}

    def noting(parts: Sequence[Put]) -> tuple[str, dict[str, Any]]:
        text, params = joined(parts)
        made[text] = params
        return text, params

    monkeypatch.setattr(writing, "joined", noting)
    yield
    async with installation.database.session(write=True) as session:
        for text, params in made.items():
            plan = (await (await session.run(f"EXPLAIN {text}", params)).consume()).plan
            assert scans_in(plan) == [], text
    assert not made or installation.database.dialect is Dialect.NEO4J


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_x2_each_mutation_of_staff_locks_in_the_one_order(installation: Installation, mutation: str) -> None:
    home = await new_household(installation, whole=mutation in OF_THE_WHOLE)
    with Locks(installation) as locks:
        await home.api.done(mutation, **home.inputs()[mutation], idempotencyKey="k-1")
    locks.check()
    assert locks.taken


@pytest.fixture(scope="module")
async def cast(installation: Installation) -> Cast:
    return await new_cast(installation)


@pytest.mark.parametrize("who", ["anna", "ben", "staff"])
async def test_x2_messages_lock_client_account_gate_thread_and_mail(cast: Cast, who: str) -> None:
    with Locks(cast.installation) as locks:
        thread = await cast.start(who, audience="SHARED")
    locks.check()
    with Locks(cast.installation) as locks:
        await cast.send(who, thread)
    locks.check()
    access = [] if who == "staff" else ["access/lock"]
    assert locks.last == ["people/lock", *access, "acting/threads/lock", "acting/messages/notify"]


@pytest.mark.parametrize("who", ["anna", "staff"])
async def test_x2_appointments_lock_client_account_gate_practitioner_location(
    installation: Installation, who: str
) -> None:
    clinic, start = await new_clinic(installation), ahead()
    access = [] if who == "staff" else ["access/lock"]
    with Locks(installation) as locks:
        booked = await clinic.book(who, start)
    locks.check()
    assert locks.last == ["people/lock", *access, "practitioners/lock", "acting/appointments/notify"]
    room = {"locationId": clinic.room, "practitionerId": clinic.lee}
    with Locks(installation) as locks:
        moved = await clinic.done("staff", "rescheduleAppointment", booked, startsAt=booked["startsAt"], **room)
    locks.check()
    places = ["practitioners/lock", "acting/locations/lock", "acting/appointments/lock"]
    assert locks.last == ["people/lock", *places, "acting/appointments/notify"]
    assert dict(locks.taken)["practitioners/lock"]["ids"] == sorted([clinic.kim, clinic.lee])
    with Locks(installation) as locks:
        await clinic.done(who, "cancelAppointment", moved)
    locks.check()
    assert locks.last == ["people/lock", *access, *places, "acting/appointments/notify"]


async def test_x2_another_order_is_found(installation: Installation) -> None:
    locks = Locks(installation)
    locks.taken = [("acting/threads/lock", {}), ("people/lock", {"ids": []})]
    with pytest.raises(AssertionError):
        locks.check()
    locks.taken = [("people/lock", {"ids": ["b", "a"]})]
    with pytest.raises(AssertionError):
        locks.check()
