"""wrk puts the load on: prepared requests in turn, over kept connections, each of which asks again when answered."""

import json
import shutil
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

SCRIPT = Path(__file__).with_name("post.lua")
ANSWER_WITHIN = "60s"
MISSING = "wrk is not installed. On Debian or Ubuntu: apt-get install wrk"


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load; wrk corrects its times for requests that a slow answer kept from being sent."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    sent_before: int = 0
    """How many requests the warm-up sent."""
    cpu_seconds: float = 0.0
    resident_mb: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def wrk_version() -> str | None:
    """None when it is not installed."""
    if shutil.which("wrk") is None:
        return None
    done = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True)
    return (done.stdout or done.stderr).split("[")[0].strip()


def write_requests(requests: Iterable[bytes], path: Path) -> None:
    """The file that the script reads."""
    with path.open("wb") as file:
        for request in requests:
            file.write(f"{len(request):08d}".encode() + request)


def run_wrk(port: int, requests: Path, start: int, connections: int, seconds: int) -> Load:
    """Put the load on, beginning with the request of that number.

    Raises:
        RuntimeError: an answer was not 2xx or 3xx, or a connection failed.
    """
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", ANSWER_WITHIN, "-s", str(SCRIPT)]
    command += [f"http://127.0.0.1:{port}/", "--", str(requests), str(start)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not found:
        raise RuntimeError(f"wrk failed: {done.stdout[-1_000:]} {done.stderr[-1_000:]}")
    result = json.loads(found[-1])
    failed = {kind: count for kind, count in result.pop("failed").items() if count}
    if failed:
        raise RuntimeError(f"not all requests were answered: {failed}")
    return Load(**result)


def check_sample(load: Load, sample: Sequence[int], connections: int) -> None:
    """As `check_size`, where only some of the answers were compared: about people with other names, others are longer.

    Raises:
        RuntimeError: they are not as long as the sample says, give or take five times the error of its mean and a
            fiftieth: the sample is of people who were made first. An error is far shorter.
    """
    error = statistics.stdev(sample) / len(sample) ** 0.5
    expected = round(statistics.mean(sample) * load.requests)
    _require(load.bytes, expected, 2 * connections * max(sample) + round(5 * error * load.requests) + expected // 50)


def check_size(load: Load, sizes: Sequence[int], start: int, connections: int) -> None:
    """The answers must be as long as those that were compared: an error under status 200 is not.

    Args:
        load: what came back.
        sizes: how long the answer to each request is, head included.
        start: the number of the first request.
        connections: how many answers may have been under way at the end.

    Raises:
        RuntimeError: they are not.
    """
    whole = sum(sizes) * (load.requests // len(sizes))
    first = start % len(sizes)
    turned = [*sizes[first:], *sizes[:first]]
    expected = whole + [0, *accumulate(turned)][load.requests % len(sizes)]
    _require(load.bytes, expected, 2 * connections * max(sizes) + expected // 500)


def _require(found: int, expected: int, allowed: int) -> None:
    if abs(found - expected) > allowed:
        raise RuntimeError(f"{found} bytes were answered in place of about {expected}: not the answers compared")
