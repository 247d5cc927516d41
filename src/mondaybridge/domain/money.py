"""Minor units, one currency, one rounding rule (architecture 5.1, semantics 6.22)."""

import re
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217 currencies whose minor unit is not a hundredth.
NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"
THREE_DECIMALS = "bhd jod kwd omr tnd"
EXPONENTS = dict.fromkeys(NO_DECIMALS.split(), 0) | dict.fromkeys(THREE_DECIMALS.split(), 3)


@dataclass(frozen=True, slots=True, order=True)
class RateKey:
    """What a minute costs, as a value: part of a line's identity (ledger 6)."""

    unit_minor: int
    currency: str
    tax_rate: str = ""

    def __str__(self) -> str:
        return f"{self.unit_minor}/{self.currency}/{self.tax_rate}"


def parse_rate_key(text: str) -> RateKey:
    """Read a rate key back from its text."""
    unit, currency, tax_rate = text.split("/", 2)
    return RateKey(int(unit), currency, tax_rate)


def amount(minutes: int, hourly_minor: int) -> int:
    """Return the price of minutes at an hourly rate, rounded half up once (ledger 6.2)."""
    return round_half_up(minutes * hourly_minor, 60)


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide integers; halves go away from zero, so that a credit mirrors its charge."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    top, bottom = abs(numerator), abs(denominator)
    return sign * ((2 * top + bottom) // (2 * bottom))


def parse_amount(text: str, currency: str) -> int:
    """Read ``"65.00"`` as minor units of a currency; ValueError names what is wrong."""
    exponent = EXPONENTS.get(currency, 2)
    if not re.fullmatch(r"-?\d{1,12}(\.\d+)?", text):
        raise ValueError(f'{text!r} is not an amount: write it like "65.00"')
    scaled = Decimal(text).scaleb(exponent)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{text!r} has more decimals than {currency.upper()} has ({exponent})")
    return int(scaled)


def amount_text(minor: int, currency: str) -> str:
    """Return minor units as ``65.00 GBP``."""
    return f"{decimal_text(minor, currency)} {currency.upper()}"


def decimal_text(minor: int, currency: str) -> str:
    """Return minor units as ``65.00``, without the currency's name."""
    exponent = EXPONENTS.get(currency, 2)
    return f"{Decimal(minor).scaleb(-exponent):.{exponent}f}"
