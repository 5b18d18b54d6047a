"""Text as people type it: bounded, and free of characters that hide or reorder what is shown."""

import re
import unicodedata

from graph_api.kernel.problems import Problems

MAX_NAME = 200
MAX_NOTE = 2_000
MAX_LABEL = 100
MAX_REASON = 500
MAX_REFERENCE = 200
MAX_KEY = 200

_NEVER = "\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""What reorders what is shown, and halves of characters, which no UTF-8 can hold."""
_SEPARATORS = "\u2028\u2029"
"""Line breaks that are no control characters: a header that holds one can't be written, and lists of lines break."""
_FORBIDDEN = re.compile(f"[\x00-\x1f\x7f-\x9f{_SEPARATORS}{_NEVER}]")
_FORBIDDEN_IN_PROSE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_NEVER}]")
NOT_ALLOWED = "Control characters, line separators and text-direction overrides"
_INVISIBLE = ("Cf", "Zs")
"""Joiners and spaces: allowed inside a text, but a text of nothing else is empty."""
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Fillers that Unicode counts as letters and symbols; they show nothing either."""


def clean_text(
    value: str | None, problems: Problems, what: str, *path: str, limit: int = MAX_NAME, prose: bool = False
) -> str | None:
    """`value` without outer spaces; Unicode otherwise as given (D10).

    Args:
        value: the text; None stays None.
        problems: takes what is wrong: `<what>.empty`, `<what>.tooLong`, `<what>.forbiddenCharacter`.
        what: the start of the reason, as `givenName`.
        path: where it stands in the input.
        limit: in characters, after stripping.
        prose: whether line breaks and tabs are allowed (notes).
    """
    if value is None:
        return None
    if (_FORBIDDEN_IN_PROSE if prose else _FORBIDDEN).search(value):
        problems.add(f"{what}.forbiddenCharacter", f"{NOT_ALLOWED} are not allowed.", *path)
        return None
    stripped = value.strip()
    if is_blank(stripped):
        problems.add(f"{what}.empty", "This may not be empty. Omit it instead.", *path)
        return None
    if len(stripped) > limit:
        problems.add(f"{what}.tooLong", f"At most {limit} characters.", *path)
        return None
    return stripped


def clean_reason(reason: str | None) -> str | None:
    """Why something was done, in the words of whoever did it.

    Raises:
        Refused: `reason.empty`, `reason.tooLong`, `reason.forbiddenCharacter`.
    """
    problems = Problems()
    cleaned = clean_text(reason, problems, "reason", "reason", limit=MAX_REASON, prose=True)
    problems.refuse()
    return cleaned


def is_blank(text: str) -> bool:
    """Whether it shows nothing."""
    return all(
        unicodedata.category(character) in _INVISIBLE or character in _BLANK_LETTERS for character in text.strip()
    )


def one_line(text: str) -> str:
    """`text` as a header can hold it: what may not stand in one line, though it was stored once, is a space."""
    return _FORBIDDEN.sub(" ", text).strip()


def is_one_line(text: str) -> bool:
    """Whether it holds nothing that may not stand in one line."""
    return _FORBIDDEN.search(text) is None
