"""Candidates for a new contact, as the staff who add them see it, and the reason why nothing was added."""

from dataclasses import dataclass
from typing import ClassVar

from graph_api.kernel.errors import MutationError, MutationErrorCode
from graph_api.network.model import Contact, ContactTerms
from graph_api.people.duplicates import Candidate


@dataclass(frozen=True, slots=True)
class NetworkCandidate(Candidate):
    """With the edge that may exist, and for which client they would be added on which terms."""

    client_id: str
    existing_contact: Contact | None
    terms: ContactTerms

    @property
    def can_be_added(self) -> bool:
        """Whether adding them as somebody who is there would go through: not in the network yet, and not the client."""
        return self.existing_contact is None and self.match.person.id != self.client_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyInNetwork(MutationError):
    """One current edge per client and contact (D3); `contact` is the one that exists."""

    code: ClassVar[MutationErrorCode] = MutationErrorCode.ALREADY_IN_NETWORK
    message: str = "This person is already in the client's contact network."
    contact: Contact

    @property
    def shows(self) -> tuple[str, ...]:
        """Both ends of the contact."""
        return self.contact.shows
