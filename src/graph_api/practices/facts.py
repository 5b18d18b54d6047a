"""Facts that decisions rest on: a practice's settings as they are, and all kinds of facts as they were."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from graph_api.kernel.rows import stamp
from graph_api.kernel.transaction import Writes
from graph_api.practices.graph import settings_row
from graph_api.practices.model import PracticeSettings

Fact = str | int | bool | Sequence[str] | None


class FactKind(Enum):
    """What the facts are about; the value is what the graph stores."""

    PRACTICE = "practice"
    CLIENT = "client"
    ACCOUNT = "account"
    PERSON = "person"


def fact_row(
    kind: FactKind, subject: str, facts: Mapping[str, Fact], valid_from: datetime, valid_to: datetime
) -> dict[str, Any]:
    """An AccessFact node. Its id says whose and since when: one subject has one set of facts at a time."""
    since = stamp(valid_from)
    return {name: value for name, value in facts.items() if value is not None} | {
        "id": f"{kind.value}|{subject}|{since}",
        "kind": kind.value,
        "subject": subject,
        "validFrom": since,
        "validTo": stamp(valid_to),
    }


class FactWrites(Writes):
    """Keeps earlier facts in the transaction that changes them, so that the past can be asked about."""

    async def supersede(
        self,
        kind: FactKind,
        subject: str,
        facts: Mapping[str, Fact],
        valid_from: datetime,
        valid_to: datetime,
    ) -> None:
        """Keep what was from `valid_from` until `valid_to` (left out). The subject must be locked."""
        row = fact_row(kind, subject, facts, valid_from, valid_to)
        self._tx.later("practices/facts/supersede", practice=self._practice, fact=row)

    async def supersede_settings(self, before: PracticeSettings, valid_to: datetime) -> None:
        """Keep the practice's settings."""
        if before.since is not None:
            facts = {name: value for name, value in settings_row(before).items() if name != "settingsSince"}
            await self.supersede(FactKind.PRACTICE, self._practice, facts, before.since, valid_to)
