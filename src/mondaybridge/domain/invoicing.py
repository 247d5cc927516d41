"""An invoice as it is planned: its lines in order, with their texts, tax and what is beside it."""

from collections.abc import Iterable, Mapping, Sequence

from mondaybridge.domain.books import Books, Change, FullList, ListedLine, next_revision
from mondaybridge.domain.contract import Tax
from mondaybridge.domain.corrections import reason
from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentKind,
    DocumentType,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.grouping import members_digest
from mondaybridge.domain.issued import issued_lines
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.usage import LineId, LineKind, UsageLine

Members = Mapping[LineId, tuple[UsageLine, ...]]


def invoice(
    books: Books,
    kind: DocumentKind,
    scope: str,
    changes: Sequence[Change],
    members: Members | None = None,
) -> PlannedDocument:
    """Plan one invoice: a section for each contract, in each the work in its order."""
    client = books.client
    behind = members or {}
    sections = {change.line.line_id.contract_id for change in changes}
    carried = {_month(change) for change in changes} - _shown(books)
    lines = tuple(
        _planned(
            books,
            change,
            scope,
            behind,
            section=len(sections) > 1,
            carried=bool(client.billing.min_invoice_minor) and _month(change) in carried,
        )
        for change in sorted(changes, key=lambda change: _place(books, change))
    )
    listed = full_list(books, scope, [line.line_id for line in lines], behind)
    beside = listed if any(line.members for line in lines) else None
    return PlannedDocument(
        DocumentKey(client.client_id, scope, kind.value, next_revision(books, kind, scope)),
        DocumentType.INVOICE,
        client.stripe_customer,
        client.currency,
        lines,
        books.title(kind, scope),
        client.days_until_due,
        footer=books.footer(kind, scope, beside.name if beside else ""),
        automatic_tax=client.billing.tax is Tax.AUTOMATIC,
        full_list=beside.digest if beside else "",
    )


def full_list(books: Books, period: str, shown: Iterable[LineId], members: Members) -> FullList:
    """Return everything behind an invoice's lines one by one; a group gives way to its members."""
    alone = {line.line_id: (line,) for line in books.desired}
    rows = [
        ListedLine(
            line.line_id.contract_id,
            group.subject if group in members else "",
            line.line_id.subject,
            line.line_id.period,
            line.line_id.source,
            line.line_id.rate_key,
            line.minutes,
            line.amount_minor,
            books.describe(line, line.line_id.period),
        )
        for group in shown
        for line in members.get(group, alone.get(group, ()))
    ]
    return FullList(period, tuple(rows))


def _place(books: Books, change: Change) -> tuple[int, str, bool, int, LineId]:
    """Order lines by contract, then as the work was done, so that a client can follow them."""
    order = [contract.contract_id for contract in books.client.contracts]
    line_id = change.line.line_id
    section = order.index(line_id.contract_id) if line_id.contract_id in order else len(order)
    costs = line_id.kind != LineKind.FEE.value
    return section, line_id.period, costs, change.line.first_work_at, line_id


def _month(change: Change) -> tuple[str, str]:
    return change.line.line_id.contract_id, change.line.line_id.period


def _shown(books: Books) -> set[tuple[str, str]]:
    """Return the months of contracts that documents show already: what comes now is late."""
    lines = issued_lines(books.observed)
    return {(line.line_id.contract_id, line.line_id.period) for line in lines}


def _planned(
    books: Books, change: Change, scope: str, members: Members, *, section: bool, carried: bool
) -> PlannedLine:
    line, line_id = change.line, change.line.line_id
    late = line_id.period not in {"", scope} and not carried
    behind = members.get(line_id, ())
    automatic = books.client.billing.tax is Tax.AUTOMATIC
    return PlannedLine(
        line_id,
        change.minutes,
        change.amount_minor,
        _text(books, change, scope, section=section, carried=carried),
        line.first_work_at,
        line.last_work_at,
        "" if automatic else parse_rate_key(line_id.rate_key).tax_rate,
        cause=reason(books, change) if late or change.amount_minor < 0 else "",
        members=members_digest(behind) if behind else "",
    )


def _text(books: Books, change: Change, scope: str, *, section: bool, carried: bool) -> str:
    """Describe the difference; where part of it was billed before, say how it comes about."""
    period, contract_id = change.line.line_id.period, change.line.line_id.contract_id
    text = books.describe(_moved(change.line, change), period if carried else scope)
    if carried and period != scope:
        text = ": ".join(filter(None, (books.carried(period), text)))
    if change.billed_minor:
        text = " ".join(filter(None, (text, books.so_far(change.line, change.billed_minor))))
    heading = books.heading(contract_id) if section else ""
    return f"{heading}: {text}" if heading else text


def _moved(line: UsageLine, change: Change) -> UsageLine:
    """Return the line as this document shows it: the difference of minutes and money."""
    return UsageLine(
        line.line_id, change.minutes, change.amount_minor, line.first_work_at, line.last_work_at
    )
