"""Which media type an answer takes (GraphQL over HTTP, "Accept"; RFC 9110, 12.5.1)."""

from functools import lru_cache

from starlette.datastructures import Headers

KEPT = 64
"""Headers whose meaning is remembered: a front end sends the same in each request."""
RESPONSE = "application/graphql-response+json"
JSON = "application/json"
_RANGES = {
    RESPONSE: {"*/*": 0, "application/*": 1, RESPONSE: 2},
    JSON: {"*/*": 0, "application/*": 1, JSON: 2},
}
"""What each media type we offer is accepted by, and how specific that is."""


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0


def choose_media_type(headers: Headers) -> str | None:
    """The media type to answer with; None when nothing we offer is accepted.

    Without a preference, and for the widest range, it is application/json: what a client that knows only GraphQL
    servers of old expects.
    """
    return _chosen(",".join(headers.getlist("accept")))


@lru_cache(KEPT)
def _chosen(accept: str) -> str | None:
    if not accept.strip():
        return JSON
    found: dict[str, tuple[int, float, int]] = {}
    for position, item in enumerate(accept.split(",")):
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        if any(p.startswith("charset=") and p.removeprefix("charset=").strip('"') != "utf-8" for p in parameters):
            continue
        for offered, ranges in _RANGES.items():
            if media in ranges and (offered not in found or ranges[media] > found[offered][0]):
                found[offered] = (ranges[media], _quality(parameters), -position)
    accepted = [(quality, position, offered == JSON, offered) for offered, (_, quality, position) in found.items()]
    quality, _, _, chosen = max(accepted, default=(0.0, 0, False, JSON))
    return chosen if quality > 0 else None


def is_json_body(headers: Headers) -> bool:
    """Whether a body is application/json in UTF-8."""
    return _is_json(headers.get("content-type", ""))


@lru_cache(KEPT)
def _is_json(content_type: str) -> bool:
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")]
    return media == JSON and all(charset in ("utf-8", "utf8") for charset in charsets)
