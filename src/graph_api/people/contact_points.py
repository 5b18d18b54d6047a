"""Phone numbers and e-mail addresses, normalised by the libraries that know them."""

import re

import email_validator
import phonenumbers

from graph_api.kernel.problems import Problems

MAX_ITEMS = 20
MAX_POINT = 320
MAX_EXTENSION = 7
"""Digits, where the value says that they are one; a digit less where they only follow a comma."""
_SECOND = re.compile(r";(?!(ext|phone-context)=)|[\\/] *x", re.IGNORECASE)
"""What stands between two numbers: a semicolon that begins no parameter of a number (RFC 3966), or what the library
takes for the beginning of a second one. A subaddress (isub) would be left out too, and all that follows it."""
CONTEXT = ";phone-context="
SURE = 6
"""Last digits of a number that are stored as they are typed. What comes before may be written otherwise: a trunk
prefix, a carrier's code, the 15 of mobile numbers in Argentina."""
_LABEL = re.compile(r"[^\W\d_]|#")


def normalise_email(value: str) -> str | None:
    """The address as it is to be stored; None when it is none."""
    if len(value) > MAX_POINT:
        return None
    try:
        return email_validator.validate_email(value.strip(), check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        return None


def needs_smtputf8(address: str) -> bool:
    """Whether only mail servers that speak SMTPUTF8 can write to it; a domain can be written in ASCII anyway."""
    return not address.rpartition("@")[0].isascii()


def normalise_phone(value: str, region: str) -> str | None:
    """E.164, with `;ext=` when there is an extension; None when the number is impossible, or E.164 can't keep it.

    Args:
        value: as typed; without a country code it is read as of `region`.
        region: ISO 3166-1 alpha-2, the practice's.
    """
    if len(value) > MAX_POINT or _SECOND.search(value):
        return None
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    # A number without its area code is no number of the whole country: it would be somebody else's.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    number.extension = _digits(number.extension or "") or None
    if (number.extension and not _is_extension(number, value)) or not _is_whole(number, value):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _is_read_otherwise(e164):
        return None
    return f"{e164};ext={number.extension}" if number.extension else e164


def _is_read_otherwise(e164: str) -> bool:
    """Whether what would be kept is another number when it is read again, as of a number of noughts."""
    try:
        again = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return True
    return bool(phonenumbers.format_number(again, phonenumbers.PhoneNumberFormat.E164) != e164)


def _is_extension(number: phonenumbers.PhoneNumber, value: str) -> bool:
    """Whether what follows a number is its extension, and not a second number that would be lost in the first."""
    extension = number.extension or ""
    longest = MAX_EXTENSION if _LABEL.search(value) else MAX_EXTENSION - 1
    alone = phonenumbers.PhoneNumber(country_code=number.country_code, national_number=int(extension))
    is_number = phonenumbers.is_possible_number_with_reason(alone) == phonenumbers.ValidationResult.IS_POSSIBLE
    return len(extension) <= longest and not is_number


def _is_whole(number: phonenumbers.PhoneNumber, value: str) -> bool:
    """Whether every digit that was typed is in the number.

    The library leaves out what it takes for a second number, and what stands before or after some parameters.
    """
    typed, _, context = value.partition(CONTEXT)
    before, scheme, _ = typed.partition("tel:")
    unread = (before if context and scheme else "") + ("" if context.startswith("+") else context)
    if ";" in context or _digits(unread):
        return False
    extension, last = number.extension or "", phonenumbers.national_significant_number(number)[-SURE:]
    return _digits(typed).endswith(last + extension) or _spells(typed, last, extension)


def _spells(typed: str, last: str, extension: str) -> bool:
    """Whether a number that is written with letters, as 1-800-FLOWERS, ends so."""
    end = len(typed)
    for _ in extension:
        end = max((place for place in range(end) if typed[place].isdigit()), default=0)
    if _digits(typed[end:]) != extension:
        return False
    keys = [(place, key) for place in range(end) for key in _digits(_on_keys(typed[place]))]
    found = "".join(key for _, key in keys).rfind(last)
    after = [typed[place] for place, _ in keys[found + len(last) :]]
    return found >= 0 and not _digits("".join(after))  # what follows are letters of a word for the extension


def _digits(text: str) -> str:
    """Those of all scripts, as 0-9."""
    return str(phonenumbers.normalize_digits_only(text))


def _on_keys(text: str) -> str:
    """Letters as the digits of a telephone's keys."""
    return str(phonenumbers.convert_alpha_characters_in_number(text))


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
            problems.add("phone.impossible", "This is not a possible phone number.", *path, str(index))
        else:
            found.setdefault(normal)
    return tuple(found)
