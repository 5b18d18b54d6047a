"""Whether texts can be sent, as the plan asks."""

from graph_api.kernel.caller import Practice
from graph_api.kernel.scope import Scope
from graph_api.sms.ports import NoGateway, SmsGateway


class Texting:
    """One caller's."""

    def __init__(self, _scope: Scope | None = None, gateway: SmsGateway | None = None) -> None:
        self._gateway = gateway or NoGateway()

    def offers(self, practice: Practice) -> bool:
        """Whether they can for this practice."""
        return self._gateway.offers(practice)
