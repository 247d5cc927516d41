"""Usage lines: what the ledger says was done, itemised and priced per LineId (ledger 6)."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from mondaybridge.domain.ledger import POSTING, Entry, EntryKind
from mondaybridge.domain.money import amount, parse_rate_key, round_half_up

# Sources of minutes (ledger 6): what a plan includes, what lies beyond it or beside a package, and
# what is not charged at all; beside them stand packages, bulk purchases and plain prices.
INCLUDED = "included"
OVERAGE = "overage"
NO_CHARGE = "no_charge"
BULK = "bulk:"


class LineKind(Enum):
    """What a line is for (ledger 6)."""

    USAGE = "usage"
    FEE = "fee"
    SALE = "sale"
    SERVICE_CREDIT = "service_credit"


@dataclass(frozen=True, slots=True, order=True)
class LineId:
    """A line's identity on every document it ever appears on; work period empty for a sale."""

    contract_id: str
    kind: str
    subject: str
    period: str
    source: str
    rate_key: str

    def __str__(self) -> str:
        return json.dumps(
            [self.contract_id, self.kind, self.subject, self.period, self.source, self.rate_key],
            separators=(",", ":"),
            ensure_ascii=False,
        )


def parse_line_id(text: str) -> LineId:
    """Read a LineId back from a document line's metadata; ValueError if it is none."""
    fields = json.loads(text)
    if not (isinstance(fields, list) and len(fields) == 6):  # noqa: PLR2004 - the six parts
        raise ValueError(f"{text!r} is not a line identity")
    return LineId(*map(str, fields))


@dataclass(frozen=True, slots=True)
class UsageLine:
    """Minutes and money of one LineId as they should be on documents, with what explains them."""

    line_id: LineId
    minutes: int
    amount_minor: int
    first_work_at: int = 0
    last_work_at: int = 0


def itemise(
    contract_id: str, entries: Iterable[Entry], *, sold_elsewhere: Collection[str] = ()
) -> list[UsageLine]:
    """Price entries per LineId: amount once per line, from total minutes (ledger 6.2).

    Time on a prepaid package costs nothing more, so its posts make no line; a grant's price is the
    sale's amount, less the part of hours returned, unless that package is invoiced elsewhere. What
    is granted as goodwill has no price and makes none either. Minutes that cost nothing by
    themselves, included or drawn from a bulk purchase, have a line of their own (R44b).
    """
    lines: dict[LineId, list[Entry]] = {}
    for entry in entries:
        line_id = line_id_of(contract_id, entry)
        sold = entry.package_id in sold_elsewhere and entry.kind not in POSTING
        if line_id and not sold:
            lines.setdefault(line_id, []).append(entry)
    found = (_line(line_id, group) for line_id, group in sorted(lines.items()))
    return [line for line in found if line]


def line_id_of(contract_id: str, entry: Entry) -> LineId | None:
    """Return the line that an entry belongs to, if it is one that money is asked for."""
    prepaid = bool(entry.package_id) and not entry.rate_key
    if entry.kind in POSTING and not prepaid:
        kind, subject, period = LineKind.USAGE, entry.activity_id, entry.period
    elif entry.kind in {EntryKind.GRANT, EntryKind.REFUND} and entry.rate_key:
        kind, subject, period = LineKind.SALE, entry.package_id, ""
    else:
        return None
    return LineId(contract_id, kind.value, subject, period, entry.source, entry.rate_key)


def price_of(line_id: LineId, minutes: int, sold: int = 0) -> int:
    """Return what a line comes to: its minutes at its rate, or the whole price of a sale or fee.

    A sale of ``sold`` minutes of which fewer are left was refunded for that part (ledger 6.2).
    """
    unit = parse_rate_key(line_id.rate_key).unit_minor
    if line_id.kind == LineKind.USAGE.value:
        return amount(minutes, unit)
    refunded = line_id.kind == LineKind.SALE.value and minutes < sold
    return unit - round_half_up(unit * (sold - minutes), sold) if refunded else unit


def _line(line_id: LineId, entries: list[Entry]) -> UsageLine | None:
    """Price what the entries of one identity come to; time without a price may not vanish."""
    total = sum(entry.minutes for entry in entries)
    if not line_id.rate_key:
        if total:
            raise AssertionError(f"{total} minutes of {line_id} stand posted without a price")
        return None
    added = [entry for entry in entries if entry.minutes > 0]  # a decrease has no time of its own
    worked = [entry.work_at for entry in added or entries]
    price = price_of(line_id, total, sum(entry.minutes for entry in added))
    return UsageLine(line_id, total, price, min(worked), max(worked))
