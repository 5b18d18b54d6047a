"""Portal accounts: one per person and practice, for any number of clients; an address opens one account only."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.access.model import AccountStatus


@dataclass(frozen=True, slots=True)
class Account:
    """A portal account. Its address was verified by a secret mailed there; a person's e-mails never move it."""

    id: str
    person_id: str
    address: str
    verified_at: datetime
    """When a secret that was mailed to the address came back."""
    since: datetime
    """Since when status and address are what they are."""
    status: AccountStatus = AccountStatus.ACTIVE
    version: int = 1

    @property
    def is_active(self) -> bool:
        """Whether it may be signed in to."""
        return self.status is AccountStatus.ACTIVE

    def changed(self, at: datetime, *, status: AccountStatus | None = None, address: str | None = None) -> "Account":
        """The account from `at` on; a new address counts as verified then."""
        return replace(
            self,
            status=status or self.status,
            address=address or self.address,
            verified_at=at if address else self.verified_at,
            since=at,
            version=self.version + 1,
        )


def fold_address(address: str) -> str:
    """What two spellings of one address have in common."""
    return address.casefold()
