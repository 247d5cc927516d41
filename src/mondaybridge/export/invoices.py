"""Documents for a tool that writes the legal invoices: one row for each line (Q11, ledger 6.8).

Amounts of credit notes are negative, so that a column sums up; each names the number of the invoice
that it corrects. Tax is what Stripe counted, never our own (semantics 6.18).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from mondaybridge.domain.money import decimal_text
from mondaybridge.export.comma_separated import Cell, comma_separated

COLUMNS = (
    *("number", "type", "kind", "date", "status", "original_number"),
    *("client", "client_name", "customer", "contract", "month", "text"),
    *("minutes", "price", "net", "tax", "gross", "tax_rates", "currency"),
)


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """One line of a document; ``price_minor`` is that of an hour, or of the whole sale or fee."""

    contract_id: str
    month: str
    text: str
    minutes: int
    price_minor: int
    net_minor: int
    tax_minor: int
    tax_rates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportedDocument:
    """One document as Stripe shows it; a voided one is named and has no lines."""

    number: str
    stripe_id: str
    type: str
    kind: str
    date: str
    status: str
    original_number: str
    client_id: str
    client_name: str
    customer: str
    currency: str
    net_minor: int
    tax_minor: int
    gross_minor: int
    lines: tuple[ExportedLine, ...]


def invoices_csv(documents: Iterable[ExportedDocument]) -> bytes:
    """Return the documents as a table, one row for each line; a voided one has a row of nothing."""
    return comma_separated(COLUMNS, [row for one in documents for row in _rows(one)])


def invoices_json(period: str, documents: Sequence[ExportedDocument]) -> bytes:
    """Return the documents whole, with the totals as Stripe gave them."""
    body = {"month": period, "documents": [asdict(one) for one in documents]}
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _rows(one: ExportedDocument) -> Iterable[tuple[Cell, ...]]:
    for line in one.lines or (ExportedLine("", "", "", 0, 0, 0, 0, ()),):
        yield (
            *(one.number, one.type, one.kind, one.date, one.status, one.original_number),
            *(one.client_id, one.client_name, one.customer, line.contract_id, line.month),
            line.text,
            line.minutes,
            _money(line.price_minor, one.currency),
            _money(line.net_minor, one.currency),
            _money(line.tax_minor, one.currency),
            _money(line.net_minor + line.tax_minor, one.currency),
            " ".join(line.tax_rates),
            one.currency.upper(),
        )


def _money(minor: int, currency: str) -> Decimal:
    return Decimal(decimal_text(minor, currency))
