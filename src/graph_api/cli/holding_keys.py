"""Checks the keys before a server starts."""

import contextlib
from collections.abc import Iterator

from graph_api.cli.problems import CommandError
from graph_api.config import Settings
from graph_api.keys.secrets import serving


def check_keys(settings: Settings) -> None:
    """See that the files that are there hold keys; whether they are the right ones the database knows.

    Raises:
        KeyFileError: no worker could serve.
    """
    from graph_api.custody.known import check_key_files, keys_of_server

    check_key_files(settings, keys_of_server(settings))


@contextlib.contextmanager
def holding_keys(settings: Settings) -> Iterator[None]:
    """While a server runs, no key is replaced.

    Raises:
        CommandError: one is being replaced.
    """
    with serving(settings.data_dir) as is_free:
        if not is_free:
            raise CommandError("A key is being replaced right now. Try again in a moment.")
        yield
