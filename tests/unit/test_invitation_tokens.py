"""An invitation's token, as people type and paste it."""

import base64
import secrets
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.portal.invitation_model import MAX_PASTED, token_of, token_parts

SECRET = "Ab3_-" * 8 + "xyZ"
TOKEN = token_of("maple-clinic", SECRET)
LINK = f"https://maple-clinic.portal.example/invitation#{TOKEN}"
SAFE_LINK = (
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fmaple-clinic.portal.example%2Finvitation%23"
    f"{TOKEN}&data=05%7C01%7C&reserved=0"
)


@pytest.mark.parametrize(
    "pasted",
    [
        TOKEN,
        f" {TOKEN} ",
        f"{TOKEN}\n",
        f"#{TOKEN}",
        f"%23{TOKEN}",
        f"%2523{TOKEN}",
        f"<{TOKEN}>",
        f"\u201c{TOKEN}\u201d",
        f"{TOKEN}.",
        f"{TOKEN},",
        f"*{TOKEN}*",
        f"_{TOKEN}_",
        f"`{TOKEN}`",
        LINK,
        f"<{LINK}>",
        LINK.replace("#", "%23"),
        LINK.replace("#", "/"),
        f"{LINK}\u2028",
        f"Open this: {LINK}",
        f"{LINK} or {LINK}",
        SAFE_LINK,
        TOKEN.replace(".", "%2E"),
        TOKEN.replace("maple", "Maple"),
        f"\ufeff{TOKEN}\u200b",
        f"{TOKEN[:30]}\n{TOKEN[30:]}",
        f"{LINK[:76]}\r\n {LINK[76:]}",
        f"{LINK[:70]}=\r\n{LINK[70:]}",
        f"> {LINK[:70]}\n> {LINK[70:]}",
        f">> {LINK[:70]}\r\n>> {LINK[70:]}",
        f"enter this:\n\n{TOKEN}\n\nYou may be asked",
        f"\uff03{TOKEN}",
    ],
)
def test_a_token_is_read_from_whatever_was_pasted_around_it(pasted: str) -> None:
    assert token_parts(pasted) == ("maple-clinic", SECRET)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        ".",
        SECRET,
        f".{SECRET}",
        f"maple.{SECRET[:-1]}",
        f"maple.{SECRET}abc",
        f"maple {SECRET}",
        "maple." + "é" * 43,
        f"{'a' * 64}.{SECRET}",
        " " * MAX_PASTED + TOKEN,
        "maple.\x00" + SECRET,
    ],
)
def test_what_holds_no_token_opens_nothing(pasted: str) -> None:
    assert token_parts(pasted) is None


@given(st.binary(min_size=32, max_size=32), st.from_regex(r"[a-z0-9-]{1,63}", fullmatch=True))
def test_every_token_that_is_made_is_read(random: bytes, slug: str) -> None:
    secret = base64.urlsafe_b64encode(random).decode().rstrip("=")
    assert token_parts(token_of(slug, secret)) == (slug, secret)


@given(st.text(max_size=300))
def test_any_text_is_read_or_not(text: str) -> None:
    found = token_parts(text)
    assert found is None or unicodedata.normalize("NFKC", found[1]).isascii()


def test_long_text_is_read_quickly() -> None:
    """Nothing here grows faster than the text: what a stranger sends is looked through."""
    for text in ("a" * MAX_PASTED, "-." * (MAX_PASTED // 2), "a.b" * (MAX_PASTED // 3), "%25" * (MAX_PASTED // 3)):
        assert token_parts(text) is None
    assert token_parts("a" * (MAX_PASTED + 1)) is None
    assert len(secrets.token_urlsafe(32)) == len(SECRET)
