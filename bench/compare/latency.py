"""Times as wrk gives them, so that the floor's stand beside the servers'."""

from collections.abc import Iterable

from bench.load import percentile


def corrected(times: Iterable[float], expected: float) -> list[float]:
    """Ordered times, with those that a closed loop did not take while it waited for a slow answer, as wrk adds them.

    Args:
        times: what was measured.
        expected: how long a connection has from one request to the next, on average.
    """
    found: list[float] = []
    for time in times:
        found.append(time)
        if time >= 2 * expected:
            missed = time - expected
            while missed > expected:
                found.append(missed)
                missed -= expected
    return sorted(found)


def percentiles_ms(times: list[float], seconds: float, connections: int) -> tuple[float, float]:
    """p50 and p99 in milliseconds, as wrk reckons them."""
    ordered = corrected(times, seconds * connections / len(times))
    return round(percentile(ordered, 0.50) * 1_000, 3), round(percentile(ordered, 0.99) * 1_000, 3)
