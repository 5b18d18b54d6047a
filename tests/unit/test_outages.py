"""What is told of something that fails for a while."""

import logging

import pytest

from graph_api.outages import REMIND_EVERY, Outage


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_an_hour_of_failures_each_second_is_told_a_few_times_and_its_end_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    outage = Outage(logging.getLogger("graph_api.test"), "the thing is broken", clock)
    with caplog.at_level(logging.INFO, "graph_api.test"):
        for _ in range(3_600):
            outage.failed("no answer")
            clock.time += 1
        told = [record.getMessage() for record in caplog.records]
        assert told == ["the thing is broken: no answer"] * int(3_600 / REMIND_EVERY)
        assert outage.is_on

        caplog.clear()
        outage.failed("another reason")
        outage.over()
        outage.over()
        assert [record.getMessage() for record in caplog.records] == [
            "the thing is broken: another reason",
            "the thing is broken: over after 3600 s",
        ]
        assert not outage.is_on
