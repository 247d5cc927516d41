"""The list beside an invoice whose lines are grouped: every activity, as CSV and as JSON (6.21)."""

import json
from dataclasses import asdict

from mondaybridge.domain.books import FullList, ListedLine
from mondaybridge.domain.money import decimal_text, parse_rate_key
from mondaybridge.domain.worktime import hours_text
from mondaybridge.export.comma_separated import comma_separated

COLUMNS = (
    *("contract", "group", "activity", "month", "text", "source"),
    *("hours", "minutes", "rate", "net", "currency"),
)


def full_list_csv(listed: FullList) -> bytes:
    """Return the list for a spreadsheet, one row for each activity and price."""
    return comma_separated(COLUMNS, [_row(row) for row in listed.rows])


def full_list_json(listed: FullList) -> bytes:
    """Return the list with the digest that stands in the invoice's metadata."""
    body = {
        "month": listed.period,
        "digest": listed.digest,
        "net_minor": sum(row.amount_minor for row in listed.rows),
        "minutes": sum(row.minutes for row in listed.rows),
        "lines": [asdict(row) for row in listed.rows],
    }
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _row(row: ListedLine) -> tuple[str | int, ...]:
    price = parse_rate_key(row.rate_key)
    return (
        row.contract_id,
        row.group,
        row.activity_id,
        row.period,
        row.text,
        row.source,
        hours_text(row.minutes),
        row.minutes,
        decimal_text(price.unit_minor, price.currency),
        decimal_text(row.amount_minor, price.currency),
        price.currency.upper(),
    )
