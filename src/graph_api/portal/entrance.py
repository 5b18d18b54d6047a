"""What somebody without a token may ask."""

from dataclasses import dataclass

from graph_api.portal.accepting import AcceptanceService
from graph_api.portal.signing_in import SignInService


@dataclass(frozen=True, slots=True)
class Entrance:
    """The ways in."""

    sign_in: SignInService
    acceptance: AcceptanceService
