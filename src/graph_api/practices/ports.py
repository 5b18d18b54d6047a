"""What is asked of the graph about practices, and about what decisions rested on before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol

from graph_api.kernel.caller import Practice
from graph_api.people.model import Person
from graph_api.practices.model import PracticeSettings


class Practices(Protocol):
    """The practices themselves."""

    async def by_slug(self, slug: str) -> Practice | None:
        """The practice a token names."""

    async def create(self, practice: Practice, created_at: datetime) -> bool:
        """False when the slug is taken."""

    async def list(self) -> tuple[Practice, ...]:
        """All, by slug."""


Fact = str | int | bool | Sequence[str] | None


class FactKind(Enum):
    """Whose facts; the value is what the graph keeps."""

    PRACTICE = "practice"
    CLIENT = "client"
    ACCOUNT = "account"
    PERSON = "person"


class Facts(Protocol):
    """Facts of before, kept in the transaction that changes them, so that the past can be asked about."""

    async def supersede(
        self,
        kind: FactKind,
        subject: str,
        facts: Mapping[str, Fact],
        valid_from: datetime,
        valid_to: datetime,
    ) -> None:
        """Keep what was from `valid_from` until `valid_to` (left out). The subject must be locked.

        Args:
            kind: whose facts they are.
            subject: the id of the practice, of the client, of the person with the account, or of who died.
            facts: by the names they have on their node; what is None is left out.
            valid_from: since when they were so.
            valid_to: when they were changed; later than `valid_from`.
        """

    async def supersede_client(self, before: Person, valid_to: datetime) -> None:
        """Keep a client's; who was no client yet had none."""

    async def supersede_death(self, before: Person, valid_to: datetime) -> None:
        """Keep what was said of a person's death; nothing, of the living."""

    async def supersede_settings(self, before: PracticeSettings, valid_to: datetime) -> None:
        """Keep the practice's settings."""


class SettingsReads(Protocol):
    """Reading the practice's own settings."""

    async def read(self) -> PracticeSettings:
        """As they are now; of a practice that is not there, nothing is on."""


class Settings(Protocol):
    """Changing the practice's own settings."""

    async def lock(self) -> PracticeSettings:
        """Take the lock under which they are changed; the settings as they are."""

    async def save(self, settings: PracticeSettings) -> None:
        """From now on."""
