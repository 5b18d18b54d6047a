"""Who a new person may be, as staff who add them to a network see it, and why nothing was added."""

from dataclasses import dataclass
from typing import ClassVar

from graph_api.kernel.errors import MutationError, MutationErrorCode
from graph_api.network.model import Contact, ContactTerms
from graph_api.people.duplicates import Match


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match as staff see it: with the edge that may exist, and for which client it would be added."""

    match: Match
    client_id: str | None = None
    existing_contact: Contact | None = None
    terms: ContactTerms | None = None

    @property
    def can_be_added(self) -> bool:
        """Whether adding the candidate as existing would go through: not there yet, and not the client."""
        return self.terms is not None and self.existing_contact is None and self.match.person.id != self.client_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyInNetwork(MutationError):
    """One current edge per client and contact (D3); `contact` is the one that exists."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.ALREADY_IN_NETWORK
    message: str = "This person is in the client's contact network already."
    contact: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAlreadyExists(MutationError):
    """The "new" person is in the system already (S18, D9); the best candidate comes first."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.CONTACT_ALREADY_EXISTS
    message: str = "This person may be in the system already. Add the existing person, or say that they differ."
    candidates: tuple[Candidate, ...]
