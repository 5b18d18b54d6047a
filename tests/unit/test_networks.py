"""Where requests come from: the peer's address, or what a trusted proxy says."""

import pytest
from starlette.requests import Request

from graph_api.http.networks import UNKNOWN, Networks

PROXIES = ("10.0.0.0/8", "127.0.0.1", "fd00::/8")


def request(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "headers": headers, "client": None if peer is None else (peer, 1)})


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", UNKNOWN),
        ("", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_without_a_proxy_it_is_the_peer(peer: str | None, found: str) -> None:
    assert Networks().of(request(peer)) == found
    assert Networks().of(request(peer, "198.51.100.1")) == found, "anybody may write the header"


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("fd00::1", ["2001:db8:1:2::9"], "2001:db8:1:2::/64"),
        ("10.0.0.1", ["203.0.113.9, rubbish"], UNKNOWN),
        ("10.0.0.1", ["rubbish, 198.51.100.1,, "], "198.51.100.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.1.1.1"], "10.1.1.1"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
    ],
)
def test_a_trusted_proxy_says_who_came_to_it(peer: str, forwarded: list[str], found: str) -> None:
    assert Networks(PROXIES).of(request(peer, *forwarded)) == found
