"""Amounts in every currency there is (P1)."""

import re
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision, list_currencies
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.acting.payments.money import (
    MAX_AMOUNT,
    MIN_AMOUNT,
    Currency,
    Money,
    currency_of,
    is_currency,
    locale_of,
)
from tests.acting.refusals import reasons
from tests.budgets import budget

CODES = sorted(list_currencies())
CURRENCIES = [currency_of(code) for code in CODES]
REGIONS = ["", "US", "GB", "DE", "CH", "IN", "FR", "AU", "JP", "MX"]
AMOUNTS = st.integers(MIN_AMOUNT, MAX_AMOUNT) | st.sampled_from([MIN_AMOUNT, MAX_AMOUNT, 9, 10, 99, 100, 1_000])
SUMS = st.integers(-(10**12), 10**12)
"""Balances: of a thousand charges, and below nothing."""


@settings(max_examples=budget(100, 2_000))
@given(amount=AMOUNTS | SUMS)
def test_p1_an_amount_of_every_currency_to_text_and_back(amount: int) -> None:
    for currency in CURRENCIES:
        plain = currency.plain(amount)
        assert currency.minor_units(plain) == amount, currency
        assert Decimal(plain) == Decimal(amount) / 10 ** get_currency_precision(currency.code), currency
        assert len(plain.partition(".")[2]) == currency.exponent, currency


@settings(max_examples=budget(15, 1_000))
@given(amount=AMOUNTS | SUMS, region=st.sampled_from(REGIONS))
def test_p1_what_people_read_of_every_currency_has_every_digit(amount: int, region: str) -> None:
    for currency in (currency_of(code, region) for code in CODES):
        text = currency.of(amount).text
        assert re.sub(r"[0-9.,'’\s-]", "", text), f"{currency}: no currency is named"
        assert re.sub(r"\D", "", text) == str(abs(amount)).rjust(currency.exponent + 1, "0"), currency
        assert ("-" in text) is (amount < 0), currency


@pytest.mark.parametrize(
    ("code", "region", "amount", "text", "plain"),
    [
        ("USD", "US", 123456, "$1,234.56", "1234.56"),
        ("USD", "US", 5, "$0.05", "0.05"),
        ("USD", "US", -500, "-$5.00", "-5.00"),
        ("USD", "GB", 100, "US$1.00", "1.00"),
        ("EUR", "DE", 123456, "1.234,56\xa0€", "1234.56"),
        ("EUR", "MX", 123456, "€1,234.56", "1234.56"),
        ("JPY", "US", 1500, "¥1,500", "1500"),
        ("KWD", "US", 1500, "KWD1.500", "1.500"),
        ("INR", "IN", 1234567, "₹12,345.67", "12345.67"),
    ],
)
def test_p1_amounts_as_they_are_read(code: str, region: str, amount: int, text: str, plain: str) -> None:
    currency = currency_of(code, region)
    assert (currency.of(amount).text, currency.plain(amount)) == (text, plain)


@pytest.mark.parametrize(
    ("code", "plain", "amount"), [("USD", "12", 1200), ("USD", "12.3", 1230), ("USD", "-0.05", -5), ("JPY", "12", 12)]
)
def test_p1_decimals_may_be_left_out(code: str, plain: str, amount: int) -> None:
    assert Currency(code).minor_units(plain) == amount


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        *(
            ("USD", one)
            for one in ("", "x", "1,00", "1.", ".5", "1.005", "1e3", "+1", "--1", "1 ", "٣", "NaN", "9" * 16)
        ),
        ("JPY", "1.0"),
        ("KWD", "1.0005"),
    ],
)
def test_p1_no_amount_is_rounded_or_guessed(code: str, plain: str) -> None:
    assert reasons(lambda: Currency(code).minor_units(plain)) == ["amount.malformed"]


@pytest.mark.parametrize("code", ["", "usd", "US", "USDX", "XYZ", "€", "U$D"])
def test_p1_an_unknown_currency_is_refused(code: str) -> None:
    assert not is_currency(code)
    assert reasons(lambda: currency_of(code)) == ["currency.unknown"]


def test_p1_every_currency_of_babel_is_known() -> None:
    assert len(CODES) > 300
    assert all(is_currency(code) for code in CODES)
    assert {currency_of(code).exponent for code in CODES} == {0, 2, 3, 4}


def test_p1_money_is_english_as_the_region_writes_it() -> None:
    assert [locale_of(region) for region in ("us", "GB", "MX", "", "../../etc")] == ["en_US", "en_GB", "en", "en", "en"]
    assert Money(100, "USD").text == "$1.00"
    assert Currency("USD", "en_GB").of(100) == Money(100, "USD", "en_GB")
