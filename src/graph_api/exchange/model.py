"""Whether a row of another system is who its id names here: an id alone proves nothing, as systems count from 1.

What staff changed since is no contradiction: an id keeps a mark of whom it named when it was given, and a row that is
still the same is the same person, whatever they are called now.
"""

from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher

from graph_api.people.model import Person
from graph_api.people.names import compatible_names, words

ALIKE = 0.7
"""Spellings that are as near as this may be one word: Jon and John, Anna and Ana."""


def contradicts(row: Person, known: Person) -> bool:
    """Whether a row can't be the person that its id names, as they are now.

    It can where the names agree: spelled a little otherwise, given and family name swapped, a preferred name; or where
    the birth dates do; or where they share an e-mail address or phone and a part of the name, as after a marriage.
    """
    if _agree(row, known):
        return False
    shares_part = bool(_all_words(row) & _all_words(known))
    if row.birth_date is not None and known.birth_date is not None:
        return row.birth_date != known.birth_date or (_is_placeholder(row.birth_date) and not shares_part)
    return not (shares_part and _shares_contact_point(row, known))


def differs(row: Person, known: Person) -> bool:
    """Whether somebody should look although the row does not contradict."""
    both = row.birth_date is not None and known.birth_date is not None
    return (both and row.birth_date != known.birth_date) or not _agree(row, known)


def _agree(one: Person, other: Person) -> bool:
    swapped = replace(one, given_name=one.family_name, family_name=one.given_name, preferred_name=None)
    return compatible_names(one, other) or _alike(one, other) or _alike(swapped, other)


def _alike(one: Person, other: Person) -> bool:
    """No part that both have is another one, and at least one part is the same or nearly so."""
    parts = [
        (
            (*words(one.given_name), *words(one.preferred_name)),
            (*words(other.given_name), *words(other.preferred_name)),
        ),
        (words(one.family_name), words(other.family_name)),
    ]
    known = [_near(mine, theirs) for mine, theirs in parts if mine and theirs]
    return bool(known) and all(known)


def _near(ones: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(one == other or SequenceMatcher(None, one, other).ratio() >= ALIKE for one in ones for other in others)


def _all_words(person: Person) -> set[str]:
    return {*words(person.given_name), *words(person.preferred_name), *words(person.family_name)}


def _shares_contact_point(one: Person, other: Person) -> bool:
    emails = {email.casefold() for email in one.emails} & {email.casefold() for email in other.emails}
    return bool(emails or set(one.phones) & set(other.phones))


def _is_placeholder(day: date) -> bool:
    """What systems write where only the year is known, or nothing."""
    return (day.month, day.day) == (1, 1)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What an import needs to know of someone who is there."""

    person: Person
    """Names, birth date, e-mail addresses, phones and client status alone."""
    mark: str | None = None
    """Of whom the id named when it was given; None where that was not kept."""

    @property
    def id(self) -> str:
        """The person's."""
        return self.person.id

    @property
    def is_client(self) -> bool:
        """Whether they are, or were, a client."""
        return self.person.is_client
