"""What sends texts."""

from graph_api.kernel.caller import Practice
from graph_api.kernel.scope import Scope


class Texting:
    """Whether texts can be sent; without a gateway they can't."""

    def __init__(self, scope: Scope) -> None:
        """For one caller."""

    def offers(self, practice: Practice) -> bool:
        """Whether they can for this practice."""
        return False
