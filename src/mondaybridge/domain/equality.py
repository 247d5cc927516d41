"""Ledger, statement, documents and boards say the same of a month, or nothing is issued (6.32).

Each difference is told with both numbers; whatever it is, a person has to look.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.books import Books, ClosePlan
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.documents import DocumentKind, DocumentType
from mondaybridge.domain.guards import guarded
from mondaybridge.domain.issued import issued_lines
from mondaybridge.domain.ledger import POSTING, Entry
from mondaybridge.domain.metered import review_metered
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.outcome import History
from mondaybridge.domain.prepaid import review_prepaid
from mondaybridge.domain.usage import LineId, LineKind
from mondaybridge.domain.worktime import Period, hours_text, month


@dataclass(frozen=True, slots=True)
class MonthSums:
    """What one contract's ledger and statement say of a month, and what its rows still ask for."""

    contract_id: str
    ledger_minutes: int
    statement_minutes: int
    statement_minor: int
    unwritten: tuple[Entry, ...] = ()


def differences(books: Books, planned: ClosePlan, months: Iterable[MonthSums]) -> list[str]:
    """Return what differs of the month that a plan closes; empty: it may be applied."""
    found: list[str] = []
    for one in months:
        name = f"contract {one.contract_id}, {planned.closes}"
        shown = dict(planned.minutes).get(one.contract_id, 0)
        found += _minutes(name, one, shown)
        found += _boards(name, one, planned.closes)
        found += _documents(name, books, planned, one)
    return found


def _minutes(name: str, one: MonthSums, shown: int) -> Iterable[str]:
    if not one.ledger_minutes == one.statement_minutes == shown:
        yield (
            f"{name}: the ledger has {hours_text(one.ledger_minutes)}, the statement would say "
            f"{hours_text(one.statement_minutes)}, the plan {hours_text(shown)}"
        )


def _boards(name: str, one: MonthSums, period: str) -> Iterable[str]:
    for entry in one.unwritten:
        if entry.kind in POSTING and entry.period == period:
            yield (
                f"{name}: the board asks for {hours_text(entry.minutes)} of {entry.activity_id}, "
                "which the ledger does not have"
            )


def _documents(name: str, books: Books, planned: ClosePlan, one: MonthSums) -> Iterable[str]:
    """Compare documents as they will be with what the ledger and the statement come to."""
    place = one.contract_id, planned.closes
    asked = {line.line_id: line for line in books.desired if _priced(line.line_id, place)}
    currency = books.client.currency
    usage = sum(line.amount_minor for key, line in asked.items() if _is_usage(key))
    if usage != one.statement_minor:
        yield (
            f"{name}: the ledger comes to {amount_text(usage, currency)}, the statement to "
            f"{amount_text(one.statement_minor, currency)}"
        )
    minutes = sum(line.minutes for line in asked.values())
    money = sum(line.amount_minor for line in asked.values())
    if _rests(books, place) or not _invoiced(books, planned, money):
        return
    papers = _on_documents(books, planned, place)
    if papers != (minutes, money) and not (_issued_short(books, planned) and papers[1] < money):
        yield (
            f"{name}: documents would show {hours_text(papers[0])} for "
            f"{amount_text(papers[1], currency)}, the ledger has {hours_text(minutes)} for "
            f"{amount_text(money, currency)}"
        )


def _issued_short(books: Books, planned: ClosePlan) -> bool:
    """Whether the month's invoice is out and cannot grow: what it lacks stands on the next one.

    Somebody may have struck a line off the draft just before it was final (reliability 0.6).
    """
    usage = DocumentKind.USAGE.value
    keys = [d.key for d in books.observed if d.issued and d.type is DocumentType.INVOICE]
    return any(key and (key.kind, key.scope) == (usage, planned.closes) for key in keys)


def _on_documents(books: Books, planned: ClosePlan, place: tuple[str, str]) -> tuple[int, int]:
    """Sum what is issued and what is planned.

    What a person credited by hand stays asked for, but for what was asked for too much.
    """
    minutes = money = 0
    left, foreign = Counter[LineId](), Counter[LineId]()
    for line in issued_lines(books.observed):
        if _priced(line.line_id, place):
            minutes += line.minutes
            left[line.line_id] += line.left
            foreign[line.line_id] += line.foreign
    wanted = {line.line_id: line.amount_minor for line in books.desired}
    for key in left.keys() | foreign.keys():
        lacks = max(0, wanted.get(key, 0) - left[key])
        money += left[key] + min(foreign[key], lacks)
    for document in planned.documents:
        sign = -1 if document.type is DocumentType.CREDIT_NOTE else 1
        for one in document.lines:
            if _priced(one.line_id, place):
                minutes += sign * one.minutes
                money += sign * one.amount_minor
    return minutes, money


def _priced(line_id: LineId, place: tuple[str, str]) -> bool:
    return (line_id.contract_id, line_id.period) == place and bool(
        parse_rate_key(line_id.rate_key).unit_minor
    )


def _is_usage(line_id: LineId) -> bool:
    return line_id.kind == LineKind.USAGE.value


def _rests(books: Books, place: tuple[str, str]) -> bool:
    """Whether lines of the month wait for a person: they are as issued, by rule (ledger 6.3)."""
    held = {
        line
        for line in books.desired
        if (line.line_id.contract_id, line.line_id.subject) in books.held
    }
    resting = any((one.contract_id, one.period) == place for one in books.resting)
    return resting or any((one.line_id.contract_id, one.line_id.period) == place for one in held)


def _invoiced(books: Books, planned: ClosePlan, money: int) -> bool:
    """Whether the month has an invoice now: only money makes one, and little is carried (6.20)."""
    usage = [d for d in planned.documents if d.key.scope == planned.closes]
    before = [d for d in books.observed if d.issued and d.key and d.key.scope == planned.closes]
    return bool(usage or before or (money and not books.client.billing.min_invoice_minor))


def still_to_post(
    contract: Contract, activities: Sequence[Activity], history: History, period: str, now: int
) -> Sequence[Entry]:
    """Return what a review would still post: none of the month, where all is as it should be.

    Where nothing covers minutes, rows have nothing to do with one another: only those of the month
    are looked at.
    """
    if contract.prepaid:
        return review_prepaid(contract, activities, history, now).review.entries
    rows = list(guarded(activities, contract, history).values())
    if not (contract.plans or contract.packages):
        posted = {one.activity_id for one in history.sums if one.period == period}
        span = month(period, contract.zone)
        rows = [row for row in rows if row.activity_id in posted or _worked_in(row, span)]
    return review_metered(contract, rows, history, now).entries


def _worked_in(row: Activity, span: Period) -> bool:
    return any(one.started_at < span.end and one.ended_at >= span.start for one in row.sessions)
