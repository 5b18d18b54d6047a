"""Names as people write them, and the folded forms they are compared by (D10)."""

import re
import unicodedata
from functools import lru_cache

from graph_api.people.model import Person

FIELD_END = "\x1f"
"""Ends a part of a sort key. It sorts below every character a name may hold, so "de" comes before "de la"."""
MAX_FOLDED = 400
"""Some characters fold to many; a longer key would not fit into an index."""

MAX_REMEMBERED = 10_000
"""Names whose words are remembered: a search compares the same few names again and again."""

_HIGH = re.compile("[\ue000-\U0010ffff]")
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})


def fold(text: str | None) -> str:
    """Without case and accents, spaces single: what searching and comparing use (D10)."""
    if not text:
        return ""
    if text.isascii():
        return " ".join(text.casefold().split())[:MAX_FOLDED].rstrip()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFKC", plain).split())[:MAX_FOLDED].rstrip()


@lru_cache(MAX_REMEMBERED)
def words(text: str | None) -> tuple[str, ...]:
    """The folded words of a name, without punctuation, in order; vowel signs and emoji belong to their word."""
    folded = fold(text)
    if folded.isascii():
        return tuple(_WORD.findall(folded))
    return tuple("".join(_in_word(character) for character in folded).split())


def _in_word(character: str) -> str:
    """The character, nothing for a joiner, a space for what ends a word."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LMN" or category == "So" else " "


def sort_key(person: Person) -> str:
    """Folded family name, given name, id: the order of `clients` and of networks."""
    return key_of(person.family_name, person.given_name, person.id)


def key_of(family_name: str | None, given_name: str | None, person_id: str) -> str:
    """`sort_key` from its parts."""
    key = FIELD_END.join((fold(family_name), fold(given_name), person_id))
    return key if key.isascii() else _HIGH.sub(_low, key)


def _low(match: re.Match[str]) -> str:
    """A letter from U+E000 on as two letters, in the order of code points.

    Engines compare text by code point in one place and by UTF-16 unit in another. The two differ only where one text
    has a letter above U+FFFF and the other one of U+E000 to U+FFFF. A key has none above U+FFFF.
    """
    offset = ord(match[0]) - 0xE000
    return chr(0xE000 + (offset >> 12)) + chr(0x4000 + (offset & 0xFFF))


def name_words(person: Person) -> frozenset[str]:
    """Every word a person may be searched by."""
    return frozenset((*words(person.given_name), *words(person.family_name), *words(person.preferred_name)))


def full_name(person: Person) -> str:
    """Folded given and family name, for "same full name" (D9); as it stands where it is punctuation alone."""
    found = (*words(person.given_name), *words(person.family_name))
    return " ".join(found) or f"{fold(person.given_name)} {fold(person.family_name)}".strip()


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two name parts may be the same: one starts with the other's words, an initial stands for a word."""
    return all(
        a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))
        for a, b in zip(one, other, strict=False)
    )


def _given_forms(person: Person) -> list[tuple[str, ...]]:
    return [form for form in (words(person.given_name), words(person.preferred_name)) if form]


def compatible_names(one: Person, other: Person) -> bool:
    """Whether two records may name one person (D9).

    No part both have may contradict, and at least one must agree: given or preferred names by their leading words
    and initials, family names by any whole word in common (double names, a maiden name kept). The same words in
    another order are the same name.
    """
    if set(full_name(one).split()) == set(full_name(other).split()):
        return True
    givens_one, givens_other = _given_forms(one), _given_forms(other)
    family_one, family_other = words(one.family_name), words(other.family_name)
    if givens_one and givens_other and not any(_agree(a, b) for a in givens_one for b in givens_other):
        return False
    if family_one and family_other and not set(family_one) & set(family_other):
        return False
    return bool((givens_one and givens_other) or (family_one and family_other))
