"""Checks a person's own fields, for staff's input and for imports alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypedDict

from graph_api.kernel.errors import Path
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import clean_text
from graph_api.people.confidential import refuse_open
from graph_api.people.contact_points import clean_emails, clean_phones
from graph_api.people.model import DEFAULT_EXTERNAL_SYSTEM, ExternalId, Gender, Person, PostalAddress

MAX_ADDRESS_LINES = 10
EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_HISTORIC_BIRTH = date(1000, 1, 1)
"""A year of two digits that was read as one of the first century is no birth date in old families either."""


class AddressFields(TypedDict, total=False):
    """An address as sent."""

    lines: list[str]
    city: str | None
    region: str | None
    postal_code: str | None
    country_code: str | None


class PersonFields(TypedDict, total=False):
    """The fields that were sent; one that is missing is kept, None clears it, lists replace."""

    given_name: str | None
    family_name: str | None
    preferred_name: str | None
    birth_date: date | None
    gender: Gender | None
    emails: list[str] | None
    phones: list[str] | None
    address: AddressFields | None
    external_id: str | None


@dataclass(frozen=True, slots=True)
class PersonRules:
    """What the checks depend on: the practice's day and how its phone numbers are read."""

    today: date
    region: str
    earliest_birth: date = EARLIEST_BIRTH
    """Before it nobody was born; an import of historic data says another day."""


def apply_person_fields(
    person: Person, fields: PersonFields, rules: PersonRules, problems: Problems, path: Path
) -> Person:
    """`person` with the fields that were sent, normalised; what is wrong with them goes to `problems`."""
    checks: dict[str, Callable[[Any], dict[str, Any]]] = {
        "given_name": lambda v: {"given_name": clean_text(v, problems, "givenName", *path, "givenName")},
        "family_name": lambda v: {"family_name": clean_text(v, problems, "familyName", *path, "familyName")},
        "preferred_name": lambda v: {
            "preferred_name": clean_text(v, problems, "preferredName", *path, "preferredName")
        },
        "birth_date": lambda v: {"birth_date": _birth_date(v, person, rules, problems, path)},
        "gender": lambda v: {"gender": v},
        "emails": lambda v: {"emails": clean_emails(v or [], problems, *path, "emails")},
        "phones": lambda v: {"phones": clean_phones(v or [], rules.region, problems, *path, "phones")},
        "address": lambda v: {"address": clean_address(v, problems, (*path, "address"))},
        "external_id": lambda v: {"external_ids": _external_ids(person, v, problems, path)},
    }
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        changes.update(checks[name](value))
    changed = replace(person, **changes)
    refuse_open(changed, problems, *path)
    named = fields.get("given_name", person.given_name) or fields.get("family_name", person.family_name)
    if not named:
        problems.add("name.missing", "A given name or a family name is needed.", *path)
    return changed


def _birth_date(value: date | None, person: Person, rules: PersonRules, problems: Problems, path: Path) -> date | None:
    """The day; one that is there already stays, however old it is."""
    if value is None or value == person.birth_date:
        return value
    if value < rules.earliest_birth:
        message = f"A birth date can't be before {rules.earliest_birth.isoformat()}."
        problems.add("birthDate.tooEarly", message, *path, "birthDate")
    if value > rules.today:
        problems.add("birthDate.future", "A birth date can't be in the future.", *path, "birthDate")
    elif person.deceased_on is not None and value > person.deceased_on:
        problems.add("birthDate.afterDeath", "A birth date can't be after the day of death.", *path, "birthDate")
    return value


def _external_ids(person: Person, value: str | None, problems: Problems, path: Path) -> tuple[ExternalId, ...]:
    """The default system's id replaced; other systems' ids are not this field's to change."""
    others = tuple(known for known in person.external_ids if known.system != DEFAULT_EXTERNAL_SYSTEM)
    cleaned = clean_text(value, problems, "externalId", *path, "externalId")
    return others if cleaned is None else (ExternalId(DEFAULT_EXTERNAL_SYSTEM, cleaned), *others)


def clean_address(value: AddressFields | None, problems: Problems, path: Path) -> PostalAddress | None:
    """A postal address with its parts cleaned; what is wrong goes to `problems`."""
    if value is None:
        return None
    lines = value.get("lines", [])
    if len(lines) > MAX_ADDRESS_LINES:
        problems.add("address.tooManyLines", f"At most {MAX_ADDRESS_LINES} lines.", *path, "lines")
        return None
    cleaned = [clean_text(line, problems, "address.line", *path, "lines", str(n)) for n, line in enumerate(lines)]
    country = value.get("country_code")
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        problems.add("address.countryCode", "Use the country's two-letter code from ISO 3166-1.", *path, "countryCode")
    return PostalAddress(
        lines=tuple(line for line in cleaned if line is not None),
        city=clean_text(value.get("city"), problems, "address.city", *path, "city"),
        region=clean_text(value.get("region"), problems, "address.region", *path, "region"),
        postal_code=clean_text(value.get("postal_code"), problems, "address.postalCode", *path, "postalCode", limit=20),
        country_code=country.upper() if country else None,
    )
