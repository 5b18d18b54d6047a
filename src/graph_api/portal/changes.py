"""The changes of portal accounts that other concerns react to."""

from dataclasses import dataclass

from graph_api.kernel.reactions import Change


@dataclass(frozen=True, slots=True)
class AccountClosed(Change):
    """A portal account was disabled; its person and the account are locked."""

    person_id: str
