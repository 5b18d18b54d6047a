"""Looks at whether threads' keys can be unwrapped; for doctor."""

from graph_api.acting.messages.encryption import MessageKeys, Unreadable
from graph_api.acting.messages.graph.wrapped_keys import WrappedKeys
from graph_api.config import Settings
from graph_api.custody.checks import KeyChecks, place_of
from graph_api.custody.known_masters import Known
from graph_api.engine.bolt import Database
from graph_api.keys.files import Key, KeyFileError


async def look_at_thread_keys(settings: Settings, database: Database, at_most: int) -> tuple[int, int]:
    """How many keys were looked at, at most so many of each master, and how many of them can't be unwrapped.

    Those of a master that was given up are known to be unreadable, and are left out.
    """
    stored, known = WrappedKeys(database), Known.of(await KeyChecks(database).all())
    keys = _keys(settings)
    looked_at = unreadable = 0
    for master_id in await stored.masters():
        for key in await stored.page(master_id, at_most) if master_id not in known.lost else ():
            looked_at += 1
            try:
                if keys is None:
                    unreadable += 1
                else:
                    keys.unwrap(key.wrapped)
            except Unreadable:
                unreadable += 1
    return looked_at, unreadable


def _keys(settings: Settings) -> MessageKeys | None:
    """What unwraps them; None without a file that can be used."""
    place = place_of(settings, Key.MESSAGES)
    try:
        content = place.read()
        return None if content is None else MessageKeys(place.masters(content))
    except KeyFileError:
        return None
