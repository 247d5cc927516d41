"""Compare a month's ledger, statement, documents and boards before a close is applied (6.32)."""

from mondaybridge.domain.books import ClosePlan
from mondaybridge.domain.equality import MonthSums, differences, still_to_post
from mondaybridge.domain.ledger import SumGroup
from mondaybridge.reports.itemised import itemised
from mondaybridge.workflows.books import ContractBooks, Opened


def unequal(opened: Opened, planned: ClosePlan) -> tuple[str, ...]:
    """Return what differs of the month that a plan closes, with both numbers.

    Rows that moved since their contract was reviewed are the next review's affair.
    """
    period, books = planned.closes, opened.books
    if not period:
        return ()
    still_open = (one for one in opened.contracts if period not in one.closed)
    months = [_month(one, period, books.now) for one in still_open]
    return tuple(differences(books, planned, months))


def _month(one: ContractBooks, period: str, now: int) -> MonthSums:
    contract, rows, history = one.contract, one.state.activities, one.state.history
    unposted = still_to_post(contract, rows, history, period, now) if one.reviewed else ()
    entries = [row for row in one.state.entries if row.entry.period == period]
    names = {row.activity_id: row.name for row in rows}
    lines = itemised(contract, period, entries, rows, names)
    posted = (s for s in history.sums if s.group is SumGroup.POST and s.period == period)
    return MonthSums(
        contract.contract_id,
        ledger_minutes=sum(said.minutes for said in posted),
        statement_minutes=sum(line.minutes for line in lines),
        statement_minor=sum(line.amount_minor or 0 for line in lines),
        unwritten=tuple(unposted),
    )
