"""Which media type an answer takes (RFC 9110, 12.5.1; GraphQL over HTTP)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from graph_api.http.negotiation import JSON, RESPONSE, choose_media_type, is_json_body


def chosen(*accept: str) -> str | None:
    return choose_media_type(Headers(raw=[(b"accept", value.encode("latin-1")) for value in accept]))


@pytest.mark.parametrize(
    "accept", [(), ("",), ("*/*",), ("application/*",), (JSON,), (JSON.upper(),), ("text/html, */*",)]
)
def test_without_a_wish_it_is_json(accept: tuple[str, ...]) -> None:
    assert chosen(*accept) == JSON


@pytest.mark.parametrize("accept", [
    RESPONSE, f"{RESPONSE}, {JSON}", f"{RESPONSE};q=0.5, {JSON};q=0.4", f"{RESPONSE}; charset=utf-8",
    f"{JSON};q=0, */*", f"{RESPONSE}, */*;q=0.1", f'{RESPONSE};charset="UTF-8", {JSON};q=0.9',
])  # fmt: skip
def test_the_response_type_is_given_to_whoever_prefers_it(accept: str) -> None:
    assert chosen(accept) == RESPONSE


@pytest.mark.parametrize("accept", [
    f"{JSON}, {RESPONSE}", f"{RESPONSE};q=0.1, {JSON}", f"{RESPONSE};q=0, {JSON};q=0.1", f"{RESPONSE};q=0, */*;q=0.1",
])  # fmt: skip
def test_json_is_given_to_whoever_prefers_it(accept: str) -> None:
    assert chosen(accept) == JSON


@pytest.mark.parametrize("accept", [
    "text/html", "image/*", f"{JSON};q=0", "*/*;q=0", f"{JSON}; charset=latin-1", f"{JSON};q=2", f"{JSON};q=x", ";",
    "json",
])  # fmt: skip
def test_what_we_can_not_give_is_none(accept: str) -> None:
    assert chosen(accept) is None


def test_several_headers_are_one_list() -> None:
    assert chosen("text/html", f"{RESPONSE};q=0.9", f"{JSON};q=0.8") == RESPONSE


@given(st.text(st.characters(max_codepoint=255)) | st.text('aplicton/js+grhqe-=;,.0123456789* "'))
def test_any_header_has_an_answer(accept: str) -> None:
    assert chosen(accept) in (JSON, RESPONSE, None)


@pytest.mark.parametrize(("content_type", "is_json"), [
    (JSON, True), (f"{JSON}; charset=utf-8", True), (f'{JSON};charset="UTF-8"', True), ("Application/JSON", True),
    (f"{JSON}; charset=latin-1", False), ("text/plain", False), ("", False), (f"{JSON}x", False), (RESPONSE, False),
])  # fmt: skip
def test_a_body_is_json_in_utf_8(content_type: str, is_json: bool) -> None:
    assert is_json_body(Headers({"content-type": content_type})) is is_json
