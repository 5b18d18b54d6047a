"""Errors of the database: it could not do something, or did not understand it."""

from collections.abc import Mapping


class BadRequest(Exception):
    """A query argument breaks a rule; shown as a top-level error with `code`, and `more` beside it."""

    def __init__(self, code: str, message: str, more: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.more = more or {}


class OutcomeUnknown(Exception):
    """A change may have been made or not: the connection was lost, or time was up, while it was being saved."""

    def __init__(self) -> None:
        super().__init__(
            "The connection was lost while saving, so the change may have been made. "
            "Send it again with the same idempotencyKey, or check first."
        )


class Unavailable(Exception):
    """What is needed can't answer now; the same request may succeed later, from `retry_after` seconds on."""

    def __init__(
        self,
        message: str = "The database can't be reached right now. Try again in a moment.",
        *,
        retry_after: int = 1,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Contended(Unavailable):
    """Others changed the same each time it was tried."""

    def __init__(self) -> None:
        super().__init__("Others are changing the same data. Try again in a moment.")


class OutOfOrder(Unavailable):
    """The database lets nobody in, is not there, or has given up: only whoever runs it can mend that."""
