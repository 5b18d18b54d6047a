"""What is looked after beside requests: moments that nobody can claim any more, and starts that clocks have left."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from graph_api.acting.appointments.claims import keys_of
from graph_api.acting.appointments.graph.rows import practice_scope
from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.wall_time import fits
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.graph import Graph
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Transaction

KEPT_FOR = timedelta(days=8)
"""A day more than staff may book in the past (A6)."""
SWEPT_AT_ONCE = 50
READ_AT_ONCE = 1_000


async def sweep_booked_times(database: Database, practice_id: str, now: datetime) -> int:
    """Drop the claimed moments of some appointments that are long past; of how many."""
    scope, before = practice_scope(practice_id), now - KEPT_FOR
    session = GraphSession(database)
    rows = await session.read(
        "acting/appointments/past", practice=practice_id, above=scope, below=scope + stamp(before), limit=SWEPT_AT_ONCE
    )
    ids = [row["id"] for row in rows]
    if not ids:
        return 0

    async def swept(tx: Transaction) -> int:
        writes = tx[AppointmentWrites]
        past = [one for one in (await writes.lock(ids)).values() if one.starts_at < before]
        await writes.release([(key, one.id) for one in past for key in keys_of(practice_id, one)])
        await writes.note_swept([one.id for one in past])
        return len(past)

    return await Graph(session, practice_id, now.date()).write(swept)


async def starts_that_moved(database: Database, practice_id: str, now: datetime) -> AsyncIterator[str]:
    """Ids of appointments to come at whose start clocks show another time than was agreed on (A3).

    Countries change their rules after appointments were made, and new tzdata brings the change.
    """
    scope = practice_scope(practice_id)
    above, session = scope + stamp(now), GraphSession(database)
    while True:
        rows = await session.read(
            "acting/appointments/starts",
            practice=practice_id,
            above=above,
            below=after_scope(scope),
            limit=READ_AT_ONCE,
        )
        for row in rows:
            appointment_id, starts_at, local_start, time_zone = row["start"]
            if not fits(local_start, datetime.fromisoformat(starts_at), time_zone):
                yield appointment_id
        if len(rows) < READ_AT_ONCE:
            return
        above = rows[-1]["key"]
