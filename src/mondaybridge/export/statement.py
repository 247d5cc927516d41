"""A month's statement as a comma-separated file, in the client's language (R45)."""

from collections.abc import Iterator, Mapping
from typing import Any

from mondaybridge.domain.money import decimal_text, parse_rate_key
from mondaybridge.domain.worktime import hours_text
from mondaybridge.export.comma_separated import comma_separated
from mondaybridge.i18n import month_text, text
from mondaybridge.i18n.causes import cause_text

COLUMNS = (
    *("time", "dates", "title", "spent", "note"),
    *("worked", "source", "rate", "amount", "currency", "cause"),
)


def statement_csv(body: Mapping[str, Any]) -> bytes:
    """Return a statement's lines and later corrections; a month without work says so."""
    locale = body["locale"]
    headings = [text(f"statement.{name}", locale) for name in COLUMNS]
    names = {one["activity"]: one["title"] for one in (*body["lines"], *body["corrections"])}
    rows = [
        *(_line(line, locale) for line in body["lines"]),
        *(_correction(one, locale, names) for one in body["corrections"]),
    ]
    if not rows:
        said = text("statement.nil", locale, month=month_text(body["period"], locale))
        rows = [["", "", said, hours_text(0), *[""] * (len(COLUMNS) - 4)]]
    return comma_separated(headings, rows)


def _line(line: Mapping[str, Any], locale: str) -> list[str]:
    untimed = text("statement.untimed", locale)
    amount = line["amount_minor"]
    return [
        ", ".join(line["times"]) or untimed,
        ", ".join(line["days"]),
        line["title"],
        hours_text(line["minutes"]),
        line["note"],
        hours_text(-(-line["worked_seconds"] // 60)),
        _source(line["source"], locale),
        *_price(line["rate_key"]),
        "" if amount is None else decimal_text(amount, line["currency"]),
        line["currency"].upper(),
        "",
    ]


def _correction(one: Mapping[str, Any], locale: str, names: Mapping[str, str]) -> list[str]:
    return [
        *("", one["at"][:10], one["title"], hours_text(one["minutes"]), "", ""),
        _source(one["source"], locale),
        *_price(one["rate_key"]),
        *("", "", cause_text(one["cause"], locale, names)),
    ]


def _price(rate_key: str) -> Iterator[str]:
    price = parse_rate_key(rate_key) if rate_key else None
    yield decimal_text(price.unit_minor, price.currency) if price and price.unit_minor else ""


def _source(source: str, locale: str) -> str:
    kind, _, name = source.partition(":")
    return text(f"statement.from.{kind}", locale, id=name)
