"""Phone numbers and e-mail addresses, normalised by the libraries that know them."""

import email_validator
import phonenumbers

from graph_api.domain.rules import Problems

MAX_ITEMS = 20
MAX_POINT = 320


def normalise_email(value: str) -> str | None:
    """The address as it is to be stored; None when it is none."""
    if len(value) > MAX_POINT:
        return None
    try:
        return email_validator.validate_email(value.strip(), check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        return None


def normalise_phone(value: str, region: str) -> str | None:
    """E.164, with `;ext=` when there is an extension; None when the number is impossible.

    Args:
        value: as typed; without a country code it is read as of `region`.
        region: ISO 3166-1 alpha-2, the practice's.
    """
    if len(value) > MAX_POINT:
        return None
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    # A number without its area code is no number of the whole country: it would be somebody else's.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


def clean_emails(values: list[str], problems: Problems, *path: str) -> tuple[str, ...]:
    """Normalised, without repeats, in the order given."""
    if len(values) > MAX_ITEMS:
        problems.add("emails.tooMany", f"At most {MAX_ITEMS} e-mail addresses.", *path)
        return ()
    found: dict[str, str] = {}
    for index, value in enumerate(values):
        normal = normalise_email(value)
        if normal is None:
            problems.add("email.invalid", "This is not an e-mail address.", *path, str(index))
        else:
            found.setdefault(normal.casefold(), normal)
    return tuple(found.values())


def clean_phones(values: list[str], region: str, problems: Problems, *path: str) -> tuple[str, ...]:
    """Normalised, without repeats, in the order given."""
    if len(values) > MAX_ITEMS:
        problems.add("phones.tooMany", f"At most {MAX_ITEMS} phone numbers.", *path)
        return ()
    found: dict[str, None] = {}
    for index, value in enumerate(values):
        normal = normalise_phone(value, region)
        if normal is None:
            problems.add("phone.impossible", "This can't be a phone number.", *path, str(index))
        else:
            found.setdefault(normal)
    return tuple(found)
