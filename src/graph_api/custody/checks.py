"""What the data know of keys: their check values in the database, and the words about a key that is not the right one.

Which keys are confirmed, and when, is `known_keys`'.
"""

from dataclasses import dataclass
from enum import Enum

from graph_api.config import Settings
from graph_api.engine.bolt import Database, is_constraint_failure
from graph_api.engine.session import GraphSession
from graph_api.keys.files import KEY_FILES, RING_LOST, Key, KeyPlace


class KeyState(Enum):
    """What is to be said of a key."""

    KNOWN = "matches the data"
    OTHER = "does not match the data"
    GONE = "is missing"
    UNUSABLE = "can't be used"
    FRESH = "is not recorded with the data yet"
    NONE = "has not been made yet"


@dataclass(frozen=True, slots=True)
class KeyReport:
    """One key, as `keys list` and `doctor` show it."""

    place: KeyPlace
    state: KeyState
    mend: str = ""

    @property
    def is_right(self) -> bool:
        """Whether nothing is to be done."""
        return self.state in (KeyState.KNOWN, KeyState.FRESH, KeyState.NONE)


def place_of(settings: Settings, key: Key) -> KeyPlace:
    """Where a key lies by the settings."""
    shared = {
        Key.SECRET: settings.secret_file,
        Key.PORTAL: settings.portal_key_file,
        Key.AUDIT: settings.audit_key_file,
        Key.MESSAGES: settings.message_keys_file,
    }.get(key)
    return KeyPlace(KEY_FILES[key], settings.data_dir, shared)


def gone(place: KeyPlace) -> str:
    """About a file that is not there."""
    return f"{place.path} is missing, and the data were made with it. {bring_back(place)}"


def other(place: KeyPlace) -> str:
    """About a file with another key."""
    return f"{place.path} does not hold the key that the data were made with. {bring_back(place)}"


def bring_back(place: KeyPlace) -> str:
    """How to mend either."""
    name = place.file.key.value
    back = f"Restore {place.path.name} from a backup of {place.path.parent} or from another machine of this service"
    lost = RING_LOST if place.file.is_ring else f"If it is lost: graph-api keys replace {name} --yes."
    return f"{back}. It protects {place.file.protects}. {lost}"


class KeyChecks:
    """The check values in the database."""

    def __init__(self, database: Database) -> None:
        self._session = GraphSession(database)

    async def all(self) -> dict[str, str]:
        """By name."""
        rows = await self._session.read_newest("practices/key_checks")
        return {row["name"]: row["value"] for row in rows}

    async def add(self, name: str, value: str) -> str:
        """Know a key from now on; what is known then, which is another's where that was faster."""
        try:
            await self._session.write(lambda tx: tx.run("practices/key_check_add", key=name, value=value))
        except Exception as error:
            if not is_constraint_failure(error):
                raise
        return (await self.all()).get(name, "")

    async def replace(self, name: str, value: str) -> None:
        """Know another key."""
        await self._session.write(lambda tx: tx.run("practices/key_check_replace", key=name, value=value))

    async def remove(self, name: str) -> None:
        """Know a key no longer."""
        await self._session.write(lambda tx: tx.run("practices/key_check_remove", key=name))

    async def in_use(self) -> tuple[bool, bool]:
        """Whether anything is kept that the installation's secret was used for, and the portal's signing key."""
        rows = await self._session.read("practices/secrets_used")
        return bool(rows[0]["secret"]), bool(rows[0]["portal"])
