"""How often one caller may call what needs no token; each worker counts for itself."""

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from graph_api.portal.session_ports import Limited

MINUTES = 10
LIMITS: dict[Limited, RateLimitItem] = {
    Limited.STRANGERS: RateLimitItemPerMinute(1_200, MINUTES),
    Limited.CODES: RateLimitItemPerMinute(60, MINUTES),
    Limited.SIGN_INS: RateLimitItemPerMinute(120, MINUTES),
    Limited.INVITATIONS: RateLimitItemPerMinute(60, MINUTES),
    Limited.REFRESHES: RateLimitItemPerMinute(600, MINUTES),
    Limited.FEED_CALLS: RateLimitItemPerMinute(3_000, MINUTES),
    Limited.FEED_READS: RateLimitItemPerHour(60),
    Limited.UNSUBSCRIBES: RateLimitItemPerMinute(300, MINUTES),
}
"""Many patients may share a network, as in a clinic; what guards a code are its tries and its address's own bound."""


class RateLimits:
    """Implements the `Limits` port."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def admit(self, what: Limited, whom: str) -> bool:
        """Count one more of a network, or of a feed; False when it is one too many."""
        return await self._limiter.hit(LIMITS[what], what.value, whom)
