"""Phones and e-mails in one form each, whatever was typed; what can't be one is refused by its place."""

from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph_api.kernel.errors import InvalidInput, Refused
from graph_api.kernel.problems import Problems
from graph_api.people.contact_points import MAX_ITEMS, clean_emails, clean_phones, normalise_email, normalise_phone

anything = st.text(max_size=40) | st.text("0123456789+() -/.x;=ext", max_size=25)
regions = st.sampled_from(["GB", "US", "DE", "IT", "AR", "MX", "BR", "JP", "AU", "ZA"])


def problems_of(problems: Problems) -> list[tuple[str, tuple[str, ...]]]:
    """Reasons and paths."""
    try:
        problems.refuse()
    except Refused as refusal:
        return [(error.reason, error.path) for error in refusal.errors if isinstance(error, InvalidInput)]
    return []


@pytest.mark.parametrize(("typed", "region", "stored"), [
    ("020 7946 0000", "GB", "+442079460000"),
    ("+44 (0)20 7946-0000", "US", "+442079460000"),
    ("(202) 555-0143", "US", "+12025550143"),
    ("(202) 555-0143 ext. 9", "US", "+12025550143;ext=9"),
    ("06 698 12345", "IT", "+390669812345"),
    ("٠٢٠٧٩٤٦٠٠٠٠", "GB", "+442079460000"),
])  # fmt: skip
def test_a_phone_is_stored_as_e164(typed: str, region: str, stored: str) -> None:
    assert normalise_phone(typed, region) == stored


@pytest.mark.parametrize(
    "typed", ["", "12", "phone", "+", "+999 1", "7946 0000", "1" * 25, "+44 20 7946 0000 0000", "0" * 400]
)
def test_an_impossible_phone_is_none(typed: str) -> None:
    assert normalise_phone(typed, "GB") is None


TWO_NUMBERS = [
    "(555) 123-4567;5551234568", "5551234567 ; 5551234568", "5551234567,,5551234568", "+442079460958;7911123456",
    "5551234567 x 5551234568", "5551234567,5551234", "5551234567;1", "5551234567 ext. 12345678",
    "5551234567#5551234568", "555-123-4567; 555-123-4568", "212-555-0190, 212-555-0191",
    "212-555-0190 / 212-555-0191", "5551234567;+15551234568", "(555) 123-4567;ext=5551234568",
    "+12125550190;isub=2125550191", "tel:2125550190;phone-context=example.com;ext=2125550191",
    "5551234567 tel:2125550190;phone-context=+1", "212-555-0190 / x 2125550191",
]  # fmt: skip


@pytest.mark.parametrize("typed", TWO_NUMBERS)
@pytest.mark.parametrize("region", ["US", "GB"])
def test_two_numbers_are_not_one_with_an_extension(typed: str, region: str) -> None:
    assert normalise_phone(typed, region) is None or (region == "GB" and typed.startswith("(555"))


@pytest.mark.parametrize("typed", [
    "+12125550190;isub=12345;ext=5", "+12125550190;isub=12345", "2125550190;phone-context=+1;ext=5",
    "tel:2125550190;phone-context=example.com;ext=5", "212-555-0190\\x5",
])  # fmt: skip
def test_an_extension_that_would_be_lost_is_refused(typed: str) -> None:
    assert normalise_phone(typed, "US") is None


PARTS = ["+1", "tel:", ";ext=", ";isub=", ";phone-context=+1", ";phone-context=example.com", " x", " / x", "\\x", ", "]
some_digits = st.sampled_from(["2125550190", "212-555-0191", "5", "12345", "(0)", "1 ", "800 flowers"])


@given(st.lists(st.sampled_from(PARTS) | some_digits, min_size=1, max_size=6).map("".join))
@example("+12125550190;isub=12345;ext=5")
@example("2125550190;isub=2125550190")
@example("2125550190 / x2125550190")
def test_no_digit_that_was_typed_is_lost(typed: str) -> None:
    """Else it would make no difference which one it is."""
    stored = normalise_phone(typed, "US")
    for place, character in enumerate(typed):
        if stored is not None and character.isdigit():
            other = f"{typed[:place]}{(int(character) + 1) % 10}{typed[place + 1 :]}"
            assert normalise_phone(other, "US") != stored


def forms(number: phonenumbers.PhoneNumber, region: str) -> Iterator[str]:
    """As people write a number: from here, from elsewhere, as a link."""
    for form in vars(phonenumbers.PhoneNumberFormat).values():
        if isinstance(form, int):
            yield phonenumbers.format_number(number, form)
    yield phonenumbers.format_out_of_country_calling_number(number, region)
    yield phonenumbers.format_number_for_mobile_dialing(number, region, with_formatting=True)
    national = phonenumbers.national_significant_number(number)
    yield f"{national};phone-context=+{number.country_code}"
    yield f"tel:{national};phone-context=+{number.country_code}"


@pytest.mark.parametrize("extension", [None, "5"])
def test_numbers_of_all_countries_are_read_in_all_their_forms(extension: str | None) -> None:
    read = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            number.extension = extension
            for typed in {form for here in (region, "US", "FR") for form in forms(number, here)}:
                try:
                    parsed = phonenumbers.parse(typed, region)
                except phonenumbers.NumberParseException:
                    continue
                is_possible = phonenumbers.is_possible_number_with_reason(parsed)
                if parsed == number and is_possible == phonenumbers.ValidationResult.IS_POSSIBLE:
                    assert normalise_phone(typed, region) is not None, (typed, region)
                    read += 1
    assert read > 5_000


@pytest.mark.parametrize(("typed", "region", "stored"), [
    ("1-800-FLOWERS", "US", "+18003569377"), ("1-800-FLOWERS ext. 9", "US", "+18003569377;ext=9"),
    ("Tel: 1-800-FLOWERS", "US", "+18003569377"), ("(202) 555-0143, ٠٢٠", "US", "+12025550143;ext=020"),
    ("011 15 1234 5678", "AR", "+5491112345678"), ("+54 11 15 1234 5678", "US", "+5491112345678"),
    ("2125550190;ext=5;phone-context=+1", "US", "+12125550190;ext=5"), ("460 1234", "AG", "+12684601234"),
    ("Tel: 212-555-0190", "US", "+12125550190"), ("0 15 21 3123-4567", "BR", "+552131234567"),
    ("tel:2125550190;phone-context=example.com", "US", "+12125550190"),
])  # fmt: skip
def test_a_number_that_is_written_otherwise_than_it_is_stored_is_no_other(typed: str, region: str, stored: str) -> None:
    assert normalise_phone(typed, region) == stored


@pytest.mark.parametrize(("typed", "extension"), [
    ("5551234567;ext=12", "12"), ("5551234567 x1234567", "1234567"),
    ("5551234567 ext 1234", "1234"), ("5551234567,,1234", "1234"), ("555-123-4567 #9", "9"),
])  # fmt: skip
def test_an_extension_is_kept(typed: str, extension: str) -> None:
    assert normalise_phone(typed, "US") == f"+15551234567;ext={extension}"


@given(anything, regions)
def test_no_stored_extension_is_a_number(typed: str, region: str) -> None:
    extension = (normalise_phone(typed, region) or "").partition(";ext=")[2]
    assert len(extension) <= 7


@example("0000000", "AU")
@given(anything, regions)
def test_a_stored_phone_is_read_as_itself_everywhere(typed: str, region: str) -> None:
    stored = normalise_phone(typed, region)
    if stored is not None:
        assert stored.startswith("+")
        assert normalise_phone(stored, "US") == stored


@pytest.mark.parametrize(("typed", "stored"), [
    (" Ann@Example.ORG ", "Ann@example.org"),
    ("ann+x@example.org", "ann+x@example.org"),
    ("ann@bücher.example.org", "ann@bücher.example.org"),
])  # fmt: skip
def test_an_email_keeps_its_name_and_folds_its_domain(typed: str, stored: str) -> None:
    assert normalise_email(typed) == stored


NO_EMAILS = ["", "ann", "ann@", "@example.org", "a b@example.org", "ann@@example.org", "ann@localhost"]


@pytest.mark.parametrize("typed", [*NO_EMAILS, "a" * 400 + "@example.org", "ann@example..org", "Ann <a@example.org>"])
def test_what_is_no_email_is_none(typed: str) -> None:
    assert normalise_email(typed) is None


@given(anything | st.emails())
def test_a_stored_email_is_read_as_itself(typed: str) -> None:
    stored = normalise_email(typed)
    if stored is not None:
        assert "@" in stored
        assert normalise_email(stored) == stored


def test_each_wrong_item_is_named_by_its_place() -> None:
    problems = Problems()
    clean_emails(["a@example.org", "b", "c"], problems, "person", "emails")
    clean_phones(["1", "020 7946 0000"], "GB", problems, "person", "phones")
    assert problems_of(problems) == [
        ("email.invalid", ("person", "emails", "1")),
        ("email.invalid", ("person", "emails", "2")),
        ("phone.impossible", ("person", "phones", "0")),
    ]


def test_repeats_are_stored_once_as_first_written() -> None:
    problems = Problems()
    assert clean_emails(["Ann@example.org", "ann@EXAMPLE.org"], problems, "emails") == ("Ann@example.org",)
    assert clean_phones(["020 7946 0000", "+442079460000"], "GB", problems, "phones") == ("+442079460000",)
    assert problems_of(problems) == []


def test_more_than_twenty_are_refused() -> None:
    for count, reasons in ((MAX_ITEMS, []), (MAX_ITEMS + 1, [("emails.tooMany", ("e",)), ("phones.tooMany", ("p",))])):
        problems = Problems()
        clean_emails([f"a{number}@example.org" for number in range(count)], problems, "e")
        clean_phones([f"020 7946 {number:04}" for number in range(count)], "GB", problems, "p")
        assert problems_of(problems) == reasons
