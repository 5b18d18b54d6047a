"""Typed errors that the caller can correct, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from graph_api.kernel.shown import Entity, Versioned

Path = tuple[str, ...]
"""Input names below `input`, list indexes as digits."""


class MutationErrorCode(Enum):
    """One per type of error."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    ALREADY_IN_NETWORK = "ALREADY_IN_NETWORK"
    CONTACT_ALREADY_EXISTS = "CONTACT_ALREADY_EXISTS"
    TIME_TAKEN = "TIME_TAKEN"
    PAYMENT_EXCEEDS_DUE = "PAYMENT_EXCEEDS_DUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationError:
    """The parts every error has."""

    code: ClassVar[MutationErrorCode]
    message: str
    path: Path = ()

    @property
    def shows(self) -> tuple[str, ...]:
        """Ids of the people it shows."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidInput(MutationError):
    """A value breaks a rule; `reason` is a stable key to translate by."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.INVALID_INPUT
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound(MutationError):
    """Nothing has this id here. The same error serves malformed ids, other types, other practices and what is gone."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.NOT_FOUND
    message: str = "Nothing with this id was found."


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden(MutationError):
    """The caller's role may not do this."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.FORBIDDEN
    message: str = "Your role may not do this."


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionConflict(MutationError):
    """The object was changed since it was read."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.VERSION_CONFLICT
    message: str = "This was changed since you read it. Look at the current version and try again."
    current: Versioned

    @property
    def current_version(self) -> int:
        """The version to send as expectedVersion next."""
        return self.current.version

    @property
    def shows(self) -> tuple[str, ...]:
        """As it is now."""
        return self.current.shows


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKeyReused(MutationError):
    """The idempotency key was used before with another input."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.IDEMPOTENCY_KEY_REUSED
    message: str = "This idempotency key was used before with another input."


class Refused(Exception):
    """A mutation is refused and nothing was changed."""

    def __init__(self, errors: Sequence[MutationError]) -> None:
        super().__init__(f"refused with {len(errors)} error(s)")
        self.errors = tuple(errors)


def invalid(reason: str, message: str, *path: str) -> InvalidInput:
    """An InvalidInput in one line."""
    return InvalidInput(reason=reason, message=message, path=path)


def not_found(*path: str) -> Refused:
    """A refusal because of an id."""
    return Refused([NotFound(path=path)])


def refuse_stale(current: Versioned, expected_version: int) -> None:
    """Refuse a change if the object was changed since it was read.

    Raises:
        Refused: VersionConflict.
    """
    if current.version != expected_version:
        raise Refused([VersionConflict(path=("expectedVersion",), current=current)])


class WarningCode(Enum):
    """What staff should check, although the change was made."""

    SHARED_CONTACT_POINT = "SHARED_CONTACT_POINT"
    CLIENT_INACTIVE = "CLIENT_INACTIVE"
    REVIEW_ACCESS = "REVIEW_ACCESS"
    END_DATE_EXPECTED = "END_DATE_EXPECTED"
    CLIENT_NOT_TOLD = "CLIENT_NOT_TOLD"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    ADDRESS_NEEDS_SMTPUTF8 = "ADDRESS_NEEDS_SMTPUTF8"
    PERSON_DECEASED = "PERSON_DECEASED"
    PERSON_ARCHIVED = "PERSON_ARCHIVED"
    ACCESS_LOST = "ACCESS_LOST"
    LEFT_OPEN = "LEFT_OPEN"
    AUDIENCE = "AUDIENCE"
    OPEN_BUSINESS = "OPEN_BUSINESS"
    OUTSIDE_OPENINGS = "OUTSIDE_OPENINGS"
    IN_PAST = "IN_PAST"
    CLIENT_BUSY = "CLIENT_BUSY"
    LATE = "LATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationWarning:
    """A warning; `persons` are the people it is about."""

    code: WarningCode
    message: str
    path: Path = ()
    persons: tuple[Entity, ...] = ()

    @property
    def shows(self) -> tuple[str, ...]:
        """Ids of the people it is about."""
        return tuple(person.id for person in self.persons)
