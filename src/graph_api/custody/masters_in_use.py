"""The message masters of the key file, as services use them: a file that was changed is noticed by its time."""

import logging
from collections.abc import Callable, Sequence

from graph_api.acting.messages.encryption import MessageKeys
from graph_api.acting.messages.texts import Texts
from graph_api.acting.messages.unreadable import UnreadableBodies
from graph_api.config import Settings
from graph_api.custody.checks import place_of
from graph_api.kernel.scope import Scope
from graph_api.keys.files import Key, KeyFileError, KeyPlace
from graph_api.keys.masters import MasterKey
from graph_api.outages import Outage

log = logging.getLogger(__name__)


def message_keys(settings: Settings) -> MessageKeys:
    """What wraps and unwraps the keys of threads; several machines share it by GRAPH_API_MESSAGE_KEYS_FILE.

    The file is looked at again before each key that is wrapped, and where a key names a master that is not known.

    Raises:
        KeyFileError: unreadable, or damaged.
    """
    place = place_of(settings, Key.MESSAGES)
    watched = WatchedMasters(place)
    return MessageKeys(place.masters(place.content()), watched.renewed)


def message_texts(settings: Settings) -> Callable[[Scope], Texts]:
    """What opens and seals messages for a request; keys that were unwrapped are kept for the next ones.

    Raises:
        KeyFileError: as `message_keys`.
    """
    keys, unreadable = message_keys(settings), UnreadableBodies(settings.data_dir)

    def texts(scope: Scope) -> Texts:
        return Texts(keys, unreadable, scope.caller.practice.id, scope.clock.now)

    return texts


class WatchedMasters:
    """Reads the key file again where it is another one than before."""

    def __init__(self, place: KeyPlace) -> None:
        self._place = place
        self._read = self._mark()
        self._damage = Outage(log, "the changed message keys are not used")

    def _mark(self) -> tuple[int, ...] | None:
        """What is another for every file that was put there; None for none."""
        try:
            found = self._place.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def renewed(self) -> Sequence[MasterKey] | None:
        """The masters, if the file has changed; what can't be used is logged, and those of before stay."""
        mark = self._mark()
        if mark is None or mark == self._read:
            return None
        try:
            content = self._place.read()
        except KeyFileError as error:
            self._damage.failed(str(error))
            return None
        self._damage.over()
        self._read = mark
        return None if content is None else self._place.masters(content)
