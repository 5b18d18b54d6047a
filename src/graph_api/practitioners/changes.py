"""The changes of practitioners that other concerns react to."""

from dataclasses import dataclass

from graph_api.kernel.reactions import Change
from graph_api.practitioners.model import Practitioner


@dataclass(frozen=True, slots=True)
class PractitionerChanged(Change):
    """A practitioner's fields were changed; the practitioner is locked."""

    before: Practitioner
    after: Practitioner

    @property
    def has_left(self) -> bool:
        """Whether the practitioner is no longer active."""
        return self.before.is_active and not self.after.is_active
