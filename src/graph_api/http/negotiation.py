"""Which media type an answer takes (GraphQL over HTTP, "Accept"; RFC 9110, 12.5.1)."""

from starlette.datastructures import Headers

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
_OFFERED = (RESPONSE, JSON)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def choose_media_type(headers: Headers) -> str | None:
    """The media type to answer with; None when nothing we offer is accepted.

    Without a preference, and for the widest range, it is application/json: what a client that knows only GraphQL
    servers of old expects.
    """
    accept = ",".join(headers.getlist("accept"))
    if not accept.strip():
        return JSON
    best: tuple[float, int, str] | None = None
    for position, item in enumerate(accept.split(",")):
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = _quality(parameters)
        if any(p.startswith("charset=") and p.removeprefix("charset=").strip('"') != "utf-8" for p in parameters):
            continue
        chosen = JSON if media in ("*/*", "application/*") else media
        if quality <= 0 or chosen not in _OFFERED:
            continue
        if best is None or quality > best[0]:
            best = (quality, position, chosen)
    return best[2] if best else None


def is_json_body(headers: Headers) -> bool:
    """Whether a body is application/json in UTF-8."""
    media, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    charsets = [p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")]
    return media == JSON and all(charset in ("utf-8", "utf8") for charset in charsets)
