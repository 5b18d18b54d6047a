"""Lives random lives of a state machine whose steps wait for the event loop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

T = TypeVar("T")


class BesideLoop(RuleBasedStateMachine):
    """A machine that runs in a thread beside the event loop."""

    loop: asyncio.AbstractEventLoop

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives, done in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)


async def live(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    """So many lives of so many steps, in a thread beside the loop."""
    found = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # making a failure shorter would take minutes: each try is a practice of its own
        database=None,
    )
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=found)
