"""Where requests come from, as rate limits count them."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

UNKNOWN = "unknown"
IPV6_PREFIX = 64
"""What one connection has of IPv6: its addresses count as one."""


class Networks:
    """Tells where a request came from; what a proxy says of that is taken from trusted ones alone."""

    def __init__(self, trusted_proxies: Sequence[str] = ()) -> None:
        self._trusted = [ip_network(network) for network in trusted_proxies]

    def of(self, request: Request) -> str:
        """An IPv4 address, or the network of an IPv6 one."""
        host = request.client.host if request.client else ""
        if not self._trusted:
            return _network_of(host)
        found = _parsed(host)
        forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        while found is not None and forwarded and self._is_trusted(found):
            named = forwarded.pop().strip()
            if not named:
                continue
            found = _parsed(named)
        return _network(found)

    def of_peer(self, host: str) -> str:
        """As `of`, of whom a connection comes from, whatever its requests say."""
        return _network_of(host)

    def is_proxy(self, host: str) -> bool:
        """Whether many come from there: it is a trusted proxy."""
        found = _parsed(host)
        return found is not None and self._is_trusted(found)

    def _is_trusted(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def _network(found: IPv4Address | IPv6Address | None) -> str:
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_PREFIX), strict=False))
    return UNKNOWN if found is None else str(found)


@lru_cache(1_024)
def _network_of(host: str) -> str:
    return _network(_parsed(host))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped
