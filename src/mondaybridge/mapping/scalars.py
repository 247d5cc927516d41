"""The single values that can be said in ``mappings.yaml``: hours, days, amounts, ids, zones.

Each refuses with a sentence that shows how to write it; what a value means stands elsewhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from mondaybridge.domain.money import parse_amount
from mondaybridge.mapping.yaml_tree import PlainText

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
COLUMN_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
NUMBER_PATTERN = r"^[1-9][0-9]{0,18}$"
CUSTOMER_PATTERN = r"^cus_[A-Za-z0-9_]{1,60}$"
TAX_PATTERN = r"^txr_[A-Za-z0-9_]{1,60}$"
EMAIL_PATTERN = r"^[^\s@<>,;]{1,64}@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+$"
LABEL_PATTERN = r"^[^\x00-\x1f\x7f]{1,255}$"
HOURS_PATTERN = r"^[0-9]{1,5}:[0-5][0-9]$"
AMOUNT_PATTERN = r"^[0-9]{1,9}(\.[0-9]+)?$"
PRICE_PATTERN = r"^[0-9]{1,9}(\.[0-9]+)? [A-Z]{3}$"
PERSON_PATTERN = rf"({NUMBER_PATTERN})|({EMAIL_PATTERN})"
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

# What a pattern stands for, for people.
EXPECTED = {
    ID_PATTERN: "an id: letters, digits, dots, dashes and underscores, at most 64",
    COLUMN_PATTERN: "a column's id: letters, digits, dashes and underscores",
    NUMBER_PATTERN: "a monday id: digits only",
    CUSTOMER_PATTERN: "a Stripe customer's id, like cus_AbC123",
    TAX_PATTERN: "a Stripe tax rate's id, like txr_AbC123",
    EMAIL_PATTERN: "an e-mail address alone, like name@example.com",
    LABEL_PATTERN: "a text on one line",
    PERSON_PATTERN: "a monday user's id or an e-mail address",
}

# ISO 4217 codes that Stripe can charge in.
CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF
GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR
LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND
TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"""
CURRENCIES = frozenset(CODES.split())


class Section(BaseModel):
    """A mapping of the file: keys that are not known are refused, nothing is converted."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


@dataclass(frozen=True, slots=True)
class Price:
    """An amount with its currency, in minor units; the currency in lower case, as Stripe says."""

    minor: int
    currency: str


def nearest(name: str, names: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` with the nearest of the names, or nothing."""
    options = sorted(names)
    found = [option for option in options if option.casefold() == name.casefold()]
    found = found or get_close_matches(name, options, n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _hours(value: object) -> int:
    text = _quoted(value, "40:00")
    if not re.match(HOURS_PATTERN, text):
        raise ValueError(f'{text!r} is not h:mm: write it like "40:00"')
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _day(value: object) -> date:
    if not isinstance(value, str) or not re.match(DAY_PATTERN, value):
        raise ValueError(f"{_shown(value)} is not a day: write it like 2026-11-02")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a day of the calendar") from None


def _amount(value: object) -> str:
    text = _quoted(value, "65.00")
    if text.startswith("-"):
        raise ValueError(f"{text!r} is negative")
    if not re.match(AMOUNT_PATTERN, text):
        raise ValueError(f'{text!r} is not an amount: write it like "65.00"')
    return text


def _price(value: object) -> Price:
    if not isinstance(value, str) or not re.match(PRICE_PATTERN, value):
        raise ValueError(f'{_shown(value)} is not a price: write it like "2400.00 EUR"')
    amount, code = value.split(" ")
    currency = _currency(code).lower()
    return Price(parse_amount(amount, currency), currency)


def _currency(value: object) -> str:
    if not isinstance(value, str) or value not in CURRENCIES:
        hint = nearest(str(value), CURRENCIES)
        raise ValueError(f"{_shown(value)} is not a currency that Stripe charges in{hint}")
    return value


def _zone(value: object) -> str:
    zones = available_timezones()
    if not isinstance(value, str) or value not in zones:
        hint = nearest(str(value), zones)
        raise ValueError(f"{_shown(value)} is not a time zone, like Europe/Rome{hint}")
    return value


def _key_text(value: object) -> object:
    """Let an id that is a key stand without quotes: a key is never counted with."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _quoted(value: object, example: str) -> str:
    """Return text that stood in quotes; other readers take a plain 40:00 for 2400."""
    match value:
        case PlainText() | Decimal():
            raise ValueError(f'needs quotes: write "{value}"')
        case str():
            return value
        case _:
            raise ValueError(f'{_shown(value)} needs quotes and this form: "{example}"')


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "this"
    return "nothing" if value is None else repr(str(value))


def _text(pattern: str) -> dict[str, str]:
    return {"type": "string", "pattern": pattern}


Hours = Annotated[int, BeforeValidator(_hours), WithJsonSchema(_text(HOURS_PATTERN))]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_text(DAY_PATTERN))]
Amount = Annotated[str, BeforeValidator(_amount), WithJsonSchema(_text(AMOUNT_PATTERN))]
PriceText = Annotated[Price, BeforeValidator(_price), WithJsonSchema(_text(PRICE_PATTERN))]
Currency = Annotated[
    str,
    BeforeValidator(_currency),
    WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)}),
]
Zone = Annotated[str, BeforeValidator(_zone), WithJsonSchema({"type": "string"})]
Id = Annotated[str, Field(pattern=ID_PATTERN)]
ColumnId = Annotated[str, Field(pattern=COLUMN_PATTERN)]
MondayId = Annotated[str, Field(pattern=NUMBER_PATTERN)]
CustomerId = Annotated[str, Field(pattern=CUSTOMER_PATTERN)]
TaxRateId = Annotated[str, Field(pattern=TAX_PATTERN)]
Email = Annotated[str, Field(pattern=EMAIL_PATTERN)]
Label = Annotated[str, Field(pattern=LABEL_PATTERN)]
PersonKey = Annotated[str, BeforeValidator(_key_text), Field(pattern=PERSON_PATTERN)]
ServiceKey = Annotated[str, BeforeValidator(_key_text), Field(pattern=LABEL_PATTERN)]
