"""Practices as the graph keeps them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice
from graph_api.kernel.fields import Codec
from graph_api.kernel.graph import Reads
from graph_api.kernel.rows import Row, stamp
from graph_api.kernel.transaction import Writes
from graph_api.practices.model import ALL_FEATURES, DEFAULT_AGE_OF_MAJORITY, PracticeFeature, PracticeSettings

SETTINGS = Codec(PracticeSettings)
"""How settings are kept on a Practice node."""


class SettingsReads(Reads):
    """The practice's own settings."""

    async def read(self) -> PracticeSettings:
        """As they are now; of a practice that is not there, nothing is on."""
        rows = await self._session.read("practices/settings/read", practice=self._practice)
        return settings_of(rows[0]) if rows else PracticeSettings()


class SettingsWrites(Writes):
    """Changing the practice's own settings."""

    async def lock(self) -> PracticeSettings:
        """Take the lock under which they are changed; the settings as they are."""
        rows = await self._tx.run("practices/settings/lock", practice=self._practice, stamp=self._lock)
        settings = settings_of(rows[0]) if rows else PracticeSettings()
        self._stamps.note(settings.since)
        return settings

    async def save(self, settings: PracticeSettings) -> None:
        """From now on."""
        self._tx.later("practices/settings/save", practice=self._practice, settings=settings_row(settings))


MAX_PRACTICES = 10_000


class Practices:
    """The practices themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_slug(self, slug: str) -> Practice | None:
        """The practice of that slug."""
        rows = await GraphSession(self._database).read("practices/by_slug", slug=slug)
        return practice_of(rows[0]["practice"]) if rows else None

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Practice]:
        """Those that exist, by id."""
        rows = await GraphSession(self._database).read("practices/by_ids", ids=list(ids))
        return {practice.id: practice for practice in (practice_of(row["practice"]) for row in rows)}

    async def create(self, practice: Practice, created_at: datetime) -> bool:
        """False when the slug is taken."""
        if await self.by_slug(practice.slug) is not None:
            return False
        row = practice_row(practice, created_at)
        try:
            await GraphSession(self._database).write(lambda tx: tx.run("practices/create", practice=row))
        except Exception as error:
            if is_constraint_failure(error):
                return False
            raise
        return True

    async def list(self) -> tuple[Practice, ...]:
        """All, by slug."""
        rows = await GraphSession(self._database).read("practices/list", limit=MAX_PRACTICES)
        return tuple(practice_of(row["practice"]) for row in rows)


def practice_of(row: Row) -> Practice:
    """A Practice node."""
    return Practice(row["id"], row["slug"], row["name"], row["timeZone"], row["region"])


def practice_row(practice: Practice, created_at: datetime) -> dict[str, Any]:
    """A new Practice node's properties: it has all features, and the usual age of majority (D5, D13)."""
    return {
        "id": practice.id,
        "slug": practice.slug,
        "name": practice.name,
        "timeZone": practice.time_zone,
        "region": practice.region,
        "createdAt": stamp(created_at),
        **settings_row(PracticeSettings(ALL_FEATURES, DEFAULT_AGE_OF_MAJORITY, created_at)),
    }


def feature_names(features: frozenset[PracticeFeature]) -> list[str]:
    """Features as the graph keeps them: their names, sorted."""
    return sorted(feature.value for feature in features)


def settings_of(row: Row) -> PracticeSettings:
    """What a Practice node says of its settings."""
    return SETTINGS.read(row)


def settings_row(settings: PracticeSettings) -> dict[str, Any]:
    """A Practice node's settings. No features are an empty list, as what is left out would stay as it is."""
    return SETTINGS.some(settings, *SETTINGS.fields) | {"features": feature_names(settings.features)}
