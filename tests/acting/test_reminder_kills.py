"""Workers that are killed while they remind: everybody gets their message, and nobody two of them (R3, R7).

`python -m bench.reminders --kills 100 --workers 4` kills `graph-api worker` as often as one likes.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from bench.families import load
from bench.mail_sink import MailSink
from bench.reminders import IN_THE_AIR, Sent, Sink, TextSink, _count
from bench.twilio import account_of, twilio_server

from graph_api.acting.reminders.model import ReminderChannel
from graph_api.config import Settings
from graph_api.kernel.caller import Practice
from tests.api import Installation
from tests.patience import eventually

ROUNDS, WORKERS, APPOINTMENTS = 3, 2, 45
LEASES = (
    "MATCH (d:ReminderDue) WHERE d.practice = $practice "
    "SET d.lookAt = '0000000001', d.lookKey = '0000000001|' + d.key RETURN count(d) AS n",
    "MATCH (d:ReminderDelivery) WHERE d.practice = $practice AND d.leaseUntil IS NOT NULL "
    "SET d.leaseUntil = '2020-01-01T00:00:00.000000Z' RETURN count(d) AS n",
)
"""As they are when what the killed had taken is nobody's any more: two minutes later."""


@contextmanager
def workers(settings: Settings, practice: Practice, sink: Sink) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes; they are killed at the end."""
    environment = {**os.environ, "GRAPH_API_DATA_DIR": str(settings.data_dir), **sink.environment}
    if settings.database_url:
        environment["GRAPH_API_DATABASE_URL"] = settings.database_url
    command = [sys.executable, "-m", "tests.acting.killed_worker", practice.slug]
    running = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _ in range(WORKERS)]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
        for one in running:
            one.wait()


async def end_leases(installation: Installation, practice: Practice) -> None:
    async with installation.database.session(write=True) as session:
        for text in LEASES:
            await (await session.run(text, practice=practice.id)).consume()


async def killed_and_ended(
    installation: Installation, channel: ReminderChannel, sink: Sink, practice: Practice
) -> tuple[Sent, dict[str, list[str]]]:
    """What came of rounds that end with kill -9, and of a last one that ends by itself."""
    expected = await load(installation.database, practice, APPOINTMENTS, channel)
    found = Sent("", WORKERS, channel.value, ROUNDS * WORKERS, APPOINTMENTS, len(expected))
    for number in range(1, ROUNDS + 1):
        with workers(installation.settings, practice, sink):
            enough = number * len(expected) // (ROUNDS + 2)

            async def some(enough: int = enough) -> bool:
                return len(sink.got()) >= enough

            await eventually(some)
        await end_leases(installation, practice)

    async def everybody() -> bool:
        return len(sink.got()) >= len(expected)

    with workers(installation.settings, practice, sink):
        await eventually(everybody)
        await asyncio.sleep(1)  # whoever would send one twice
    _count(found, sink.got(), expected)
    return found, sink.got()


async def test_r7_letters_of_killed_workers_are_repeated_under_one_name_at_most(installation: Installation) -> None:
    practice, sink = await installation.practice(), MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        found, _ = await killed_and_ended(installation, ReminderChannel.EMAIL, sink, practice)
    finally:
        controller.stop()
    assert (found.received, found.wrong) == (found.expected, 0)
    assert found.repeated <= ROUNDS * WORKERS * IN_THE_AIR
    assert found.is_right


async def test_r7_texts_of_killed_workers_are_not_repeated(installation: Installation, tmp_path: Path) -> None:
    practice = await installation.practice()
    accounts = tmp_path / "twilio.json"
    accounts.touch(mode=0o600)
    accounts.write_text(json.dumps({practice.slug: account_of()}), encoding="utf-8")
    with twilio_server() as server:
        found, got = await killed_and_ended(installation, ReminderChannel.SMS, TextSink(server, accounts), practice)
    assert (found.received, found.wrong) == (found.expected, 0)
    assert {phone for phone, texts in got.items() if len(texts) > 1} == set()
    assert found.is_right
