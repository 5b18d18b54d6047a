"""Reads what staff type into "Find Contact" (S5, S11), and scores how well a person matches it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from graph_api.kernel.records import Record
from graph_api.people.contact_points import normalise_email, normalise_phone
from graph_api.people.duplicates import MatchField
from graph_api.people.model import Person
from graph_api.people.names import words
from graph_api.people.records import SEARCHED_PROPERTIES

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_PHONE = re.compile(r"\+?[\d][\d\s().\-/]{5,}(?:\s*(?:ext|x)\.?\s*\d+)?", re.IGNORECASE)
MAX_WORDS = 10


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """A search taken apart: each part must be found in a person."""

    words: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be looked up."""
        return not (self.words or self.email or self.phone or self.birth_date)


def parse_search(text: str, region: str) -> SearchTerms:
    """Take a search apart: an e-mail address, a birth date as YYYY-MM-DD, a phone number, words of a name."""
    email = None
    kept = []
    for piece in text.split():
        normal = normalise_email(piece) if "@" in piece else None
        email = email or normal
        if normal is None:
            kept.append(piece)
    rest = " ".join(kept)
    birth_date = None
    if match := _DATE.search(rest):
        try:
            birth_date = date.fromisoformat(match.group())
            rest = rest.replace(match.group(), " ")
        except ValueError:
            pass
    phone = None
    if (match := _PHONE.search(rest)) and (phone := normalise_phone(match.group(), region)):
        rest = rest.replace(match.group(), " ")
    return SearchTerms(words(rest)[:MAX_WORDS], email, phone, birth_date)


class SearchScore(NamedTuple):
    """How well a person answers a search: 0 to 1, and by which fields."""

    score: float
    matched_on: tuple[MatchField, ...]


class Searched(NamedTuple):
    """What a search looks at of a person; the birth date as ISO 8601 text."""

    given_name: str | None
    family_name: str | None
    preferred_name: str | None
    birth_date: str | None
    emails: Sequence[str]
    phones: Sequence[str]


def searched(record: Record) -> Searched:
    """From a record that begins with `SEARCHED_PROPERTIES`."""
    _, given_name, family_name, preferred_name, birth_date, emails, phones = record[: len(SEARCHED_PROPERTIES)]
    return Searched(given_name, family_name, preferred_name, birth_date, emails or (), phones or ())


def score_person(person: Person | Searched, terms: SearchTerms) -> SearchScore | None:
    """None when a part of the search is not found in the person, or nothing is searched for."""
    if terms.is_empty:
        return None
    matched: list[MatchField] = []
    scores: list[float] = []
    if terms.email is not None:
        if terms.email.casefold() not in {email.casefold() for email in person.emails}:
            return None
        matched.append(MatchField.EMAIL)
        scores.append(1.0)
    if terms.phone is not None:
        if terms.phone not in person.phones:
            return None
        matched.append(MatchField.PHONE)
        scores.append(1.0)
    if terms.birth_date is not None:
        if str(person.birth_date) != terms.birth_date.isoformat():
            return None
        matched.append(MatchField.BIRTH_DATE)
        scores.append(1.0)
    if terms.words:
        names = _score_words(person, terms.words)
        if names is None:
            return None
        scores.append(names.score)
        matched.extend(names.matched_on)
    return SearchScore(round(sum(scores) / len(scores), 4), tuple(matched))


def _score_words(person: Person | Searched, wanted: tuple[str, ...]) -> SearchScore | None:
    """Each word must begin a word of the name; a whole word counts more than a beginning.

    It runs for every person found, most of whom are not shown.
    """
    own = words(person.given_name) + words(person.family_name)
    preferred = words(person.preferred_name) if person.preferred_name else ()
    matched: tuple[MatchField, ...] = ()
    total = 0.0
    for word in wanted:
        in_name, in_preferred = _share(word, own), _share(word, preferred)
        best = max(in_name, in_preferred)
        if best == 0.0:
            return None
        by = _BY_NAME if in_name >= in_preferred else _BY_PREFERRED
        if by[0] not in matched:
            matched += by
        total += 0.5 + best / 2
    coverage = min(1.0, len(wanted) / (len(own) or 1))
    return SearchScore((total / len(wanted)) * (0.8 + 0.2 * coverage), matched)


_BY_NAME = (MatchField.NAME,)
_BY_PREFERRED = (MatchField.PREFERRED_NAME,)


def _share(word: str, names: tuple[str, ...]) -> float:
    """How much of the shortest name that begins with the word it is."""
    best = 0.0
    for name in names:
        if name.startswith(word):
            best = max(best, len(word) / len(name))
    return best
