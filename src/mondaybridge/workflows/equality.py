"""Compare a month's ledger, statement, documents and boards before a close is applied (6.32)."""

from mondaybridge.app import App
from mondaybridge.domain.books import Books, ClosePlan
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.equality import MonthSums, differences, still_to_post, sums_of
from mondaybridge.domain.ledger import SumGroup
from mondaybridge.reports.contract import history_of
from mondaybridge.reports.itemised import itemised
from mondaybridge.store import ledger, mirror
from mondaybridge.store.engine import Tx


def unequal(app: App, books: Books, planned: ClosePlan) -> tuple[str, ...]:
    """Return what differs of the month that a plan closes, with both numbers.

    Rows that moved since their contract was reviewed are the next review's affair.
    """
    if not planned.closes:
        return ()
    now = app.clock.now()
    with app.store.read() as tx:
        unreviewed = set(ledger.due_reviews(tx, now))
        months = [
            _month(
                tx, contract, planned.closes, now, reviewed=contract.contract_id not in unreviewed
            )
            for contract in books.client.contracts
            if planned.closes not in books.closed[contract.contract_id]
        ]
    return tuple(differences(books, planned, months))


def _month(tx: Tx, contract: Contract, period: str, now: int, *, reviewed: bool) -> MonthSums:
    key = contract.contract_id
    totals: dict[str, int] = {}
    for one in ledger.sums(tx, key):
        if one.group is SumGroup.POST:
            totals[one.period] = totals.get(one.period, 0) + one.minutes
    rows = mirror.activities(tx, key)
    unposted = still_to_post(contract, rows, history_of(tx, contract), period, now)
    entries = ledger.entries(tx, key, period)
    names = {row.activity_id: row.name for row in rows}
    lines = itemised(contract, period, entries, rows, names)
    told = [(line.minutes, line.amount_minor) for line in lines]
    return sums_of(key, totals, period, told, unposted if reviewed else ())
