"""What every random life of a clinic begins with."""

import random

from tests.acting.clinic import new_clinic
from tests.api import Installation, Now
from tests.lives import BesideLoop


class ClinicLives(BesideLoop):
    """A life in a practice of its own, which has practitioners, places and types of appointments."""

    installation: Installation
    clock: Now

    def open(self, seed: int) -> None:
        """At the time of now."""
        self.chance = random.Random(seed)  # noqa: S311 - so that a life can be lived again
        self.clock.moment = None
        self.clinic = self.wait(new_clinic(self.installation))
