"""What a mutation says happened, and who writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from graph_api.kernel.caller import Caller
from graph_api.kernel.transaction import Transaction


class EventKind(Enum):
    """Every kind of event. The value is the event's action, as it is kept and shown."""

    ADD_CLIENT = "addClient"
    UPDATE_PERSON = "updatePerson"
    SET_CLIENT_STATUS = "setClientStatus"
    SET_DECEASED = "setDeceased"
    ADD_NEW_CONTACT = "addNewContact"
    ADD_EXISTING_CONTACT = "addExistingContact"
    ADD_RECIPROCAL_CONTACT = "addReciprocalContact"
    UPDATE_CONTACT = "updateContact"
    REMOVE_CONTACT = "removeContact"
    SET_PRACTICE_FEATURE = "setPracticeFeature"
    SET_AGE_OF_MAJORITY = "setAgeOfMajority"
    SET_CLIENT_FEATURE = "setClientFeature"
    RECORD_ADULT_CONSENT = "recordAdultConsent"
    SET_CONFIDENTIAL_CHANNEL = "setConfidentialChannel"
    INVITATION_MADE = "invitation.made"
    INVITATION_ANSWERED_WRONG = "invitation.answeredWrong"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_REVOKED = "invitation.revoked"
    ACCOUNT_OPENED = "account.opened"
    ACCOUNT_CLOSED = "account.closed"
    DISABLE_ACCOUNT = "disableAccount"
    CHANGE_ACCOUNT_ADDRESS_CODE_ASKED = "changeAccountAddress.codeAsked"
    CHANGE_ACCOUNT_ADDRESS = "changeAccountAddress"
    SIGN_IN = "signIn"
    REFRESH_SESSION = "refreshSession"
    SIGN_OUT = "signOut"
    SESSION_REFRESH_TOKEN_REUSED = "session.refreshTokenReused"  # noqa: S105 - the name of an event
    IMPORT = "import"
    KEY_REPLACED = "keys.replaced"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: its API name, and its values as text; None is unset."""

    field: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done; written as an event in the chain of `subject_id`, in the mutation's transaction."""

    kind: EventKind
    subject_id: str
    """Whose chain: the client's; the person's, when no client is concerned; the practice's, for its settings."""
    contact_id: str | None = None
    contact_version: int | None = None
    changes: tuple[FieldChange, ...] = ()
    reason: str = "role"
    """Why it was allowed: `role`, `account`, `code`, `invitation` or the access rule's words."""
    account_id: str | None = None
    """Whose doing it is where the request came without a token: a secret of the account's holder did it."""


class Unreported(RuntimeError):
    """A mutation changed something and reported no event; nothing of it stays."""


class Recorder(Protocol):
    """Writes down what happened, in the transaction that did it."""

    async def record(self, tx: Transaction, caller: Caller, events: Sequence[Happened], now: datetime) -> None:
        """Write `events` down."""
