"""The suite on another day: `python -m tests.dates [--on NAME] [pytest's arguments]`, as `make test-dates` calls it.

Debian's faketime moves the clock of pytest, of its workers and of the embedded engine with its Java machine. Neo4j's
server would keep the real clock, so it is left out; the browser and pip's and npm's downloads are too, as certificates
end. The monotonic clock is moved with the other: excluded from the move, it makes `time.sleep` fail.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
LEFT_OUT = {"browser", "packaging"}
WHAT = sorted(
    f"tests/{folder.name}"
    for folder in {path.parent for path in HERE.glob("*/test_*.py")}
    if folder.name not in LEFT_OUT
)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Moment:
    """When the suite is begun, and the zone of the machine it runs on."""

    at: datetime
    zone: str = "UTC"


def _leap_day(now: datetime) -> datetime:
    day = now.replace(hour=12, minute=0, second=0, microsecond=0) + DAY
    while (day.month, day.day) != (2, 29):
        day += DAY
    return day


def _clocks(now: datetime, zone: str, *, forward: bool) -> Moment:
    """A minute before the clocks change."""
    hour = now.replace(minute=0, second=0, microsecond=0) + HOUR

    def change(at: datetime) -> timedelta:
        before, after = ((at + by).astimezone(ZoneInfo(zone)).utcoffset() for by in (-HOUR, timedelta(0)))
        return (after or timedelta(0)) - (before or timedelta(0))

    while (change(hour) > timedelta(0)) is not forward or not change(hour):
        hour += HOUR
    return Moment(hour - MINUTE, zone)


def _before_midnight(day: datetime, zone: str) -> Moment:
    """The last minute of that day there."""
    local = day.astimezone(ZoneInfo(zone))
    return Moment(local.replace(hour=23, minute=59, second=0, microsecond=0).astimezone(UTC), zone)


def _summer(now: datetime) -> datetime:
    """When London's day is not Greenwich's."""
    return datetime(now.year + 1, 6, 30, 12, tzinfo=UTC)


DATES: dict[str, Callable[[datetime], Moment]] = {
    "a-day-on": lambda now: Moment(now + DAY),
    "35-days-on": lambda now: Moment(now + 35 * DAY),
    "400-days-on": lambda now: Moment(now + 400 * DAY),
    "leap-day": lambda now: Moment(_leap_day(now)),
    "clocks-forward": lambda now: _clocks(now, "Europe/London", forward=True),
    "clocks-back": lambda now: _clocks(now, "America/New_York", forward=False),
    "midnight-utc": lambda now: _before_midnight(now + DAY, "UTC"),
    "midnight-london": lambda now: _before_midnight(_summer(now), "Europe/London"),
    "midnight-new-york": lambda now: _before_midnight(now + DAY, "America/New_York"),
    "midnight-kiritimati": lambda now: _before_midnight(now + DAY, "Pacific/Kiritimati"),
    "year-end": lambda now: Moment(datetime(now.year + 1, 1, 1, tzinfo=UTC) - timedelta(seconds=2)),
    "30-years-on": lambda now: Moment(now + 10_957 * DAY),
}
"""Each from the real date; the last finds dates that were written as ever to come."""


def run(name: str, arguments: list[str]) -> int:
    """The suite, begun at that date; pytest's exit code."""
    now = datetime.now(UTC)
    moment = DATES[name](now)
    print(f"On {moment.at:%Y-%m-%d %H:%M:%S} UTC in {moment.zone}; again by: make test-dates DATE={name}", flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "NEO4J_TEST_URI"}
    command = ["faketime", "-f", f"{int((moment.at - now).total_seconds()):+d}s", sys.executable, "-m", "pytest"]
    what = [] if any(argument.startswith("tests") for argument in arguments) else WHAT
    return subprocess.run([*command, *what, *arguments], env=environment | {"TZ": moment.zone}, check=False).returncode


def main() -> int:
    """All dates, one, or one drawn at random; the first exit code that is not 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["all", "random", *DATES], default="all")
    chosen, arguments = parser.parse_known_args()
    if shutil.which("faketime") is None:
        print("faketime is missing. On Debian or Ubuntu: apt-get install faketime", file=sys.stderr)
        return 2
    drawn = {"all": list(DATES), "random": [random.choice(list(DATES))]}.get(chosen.on, [chosen.on])  # noqa: S311
    codes = {name: run(name, arguments) for name in drawn}
    return next((code for code in codes.values() if code), 0)


if __name__ == "__main__":
    sys.exit(main())
