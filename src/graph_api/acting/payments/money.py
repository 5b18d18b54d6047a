"""Amounts in a practice's one currency (P1).

An amount is an integer of minor units: cents of dollars, yen of yen. How many decimals a currency has is what Babel
says, which for some (COP, HUF, IQD) is fewer than ISO 4217 has. A gateway's own units are its adapter's business. No
amount is ever a float.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, list_currencies

from graph_api.acting.appointments.fields import MAX_AMOUNT as MAX_AMOUNT
from graph_api.kernel.errors import Refused, invalid

MIN_AMOUNT = 1
"""Of a charge, a payment and a refund, in minor units; `MAX_AMOUNT` is the most, as of a type's price."""
DEFAULT_LOCALE = "en"
_KNOWN = frozenset(list_currencies())
_PLAIN = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of minor units, with its currency and how people read it."""

    amount: int
    currency: str
    """ISO 4217."""
    locale: str = DEFAULT_LOCALE

    @property
    def text(self) -> str:
        """As people of the locale write it, `$1,234.50`. Negative amounts have a sign."""
        exponent = _exponent(self.currency)
        value = Decimal(self.amount).scaleb(-exponent)
        return format_currency(value, self.currency, locale=_locale(self.locale))


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency of a practice, and how its amounts are written there."""

    code: str
    locale: str = DEFAULT_LOCALE

    @property
    def exponent(self) -> int:
        """How many decimals it has: 2 for dollars, 0 for yen, 3 for dinars of Kuwait."""
        return _exponent(self.code)

    def of(self, amount: int) -> Money:
        """So many minor units of it."""
        return Money(amount, self.code, self.locale)

    def plain(self, amount: int) -> str:
        """An amount for machines, `1234.50`: always with all decimals, without grouping or symbol."""
        digits = str(abs(amount)).rjust(self.exponent + 1, "0")
        sign = "-" if amount < 0 else ""
        if not self.exponent:
            return sign + digits
        return f"{sign}{digits[: -self.exponent]}.{digits[-self.exponent :]}"

    def minor_units(self, plain: str) -> int:
        """The amount that `plain` wrote. Decimals may be left out, as in `12`, and none is rounded.

        Raises:
            Refused: InvalidInput `amount.malformed`: it is no number, or has more decimals than the currency.
        """
        match = _PLAIN.fullmatch(plain)
        decimals = "" if match is None else match.group(3) or ""
        if match is None or len(decimals) > self.exponent:
            message = f"Write an amount of {self.code} as in {self.plain(123456)}."
            raise Refused([invalid("amount.malformed", message, "amount")])
        units = int(match.group(2) + decimals.ljust(self.exponent, "0"))
        return -units if match.group(1) else units


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency that Babel knows, in capital letters."""
    return code in _KNOWN


def currency_of(code: str, region: str = "") -> Currency:
    """The currency of a practice.

    Args:
        code: ISO 4217, in capital letters.
        region: of the practice, ISO 3166-1 alpha-2. Amounts are written as people there write them in English, because
            all other words of the product are English; without a region that Babel knows, as in plain English.

    Raises:
        Refused: InvalidInput `currency.unknown`.
    """
    if not is_currency(code):
        message = "This is no currency, such as USD or EUR."
        raise Refused([invalid("currency.unknown", message, "currency")])
    return Currency(code, locale_of(region))


@lru_cache(maxsize=512)
def locale_of(region: str) -> str:
    """English as it is written in a region, `en_GB`; `en` where Babel does not know that."""
    name = f"{DEFAULT_LOCALE}_{region.upper()}"
    try:
        return str(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        return DEFAULT_LOCALE


@lru_cache(maxsize=512)
def _exponent(code: str) -> int:
    return get_currency_precision(code)


@lru_cache(maxsize=512)
def _locale(name: str) -> Locale:
    return Locale.parse(name)
