"""What was sold: a package, or a bulk purchase, is granted once and for good (ledger 2, 6.8)."""

from dataclasses import replace

from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import Entry, EntryKind, SumGroup
from mondaybridge.domain.outcome import History
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.worktime import month_of


def sold(contract: Contract, history: History, now: int) -> list[Entry]:
    """A package is granted and active from ``sold_on``; hours used before go-live follow it."""
    known = {s.package_id for s in history.sums if s.group is SumGroup.GRANT}
    entries: list[Entry] = []
    for package in contract.packages:
        if package.sold_at > now or package.package_id in known:
            continue
        grant = Entry(
            EntryKind.GRANT,
            package.granted_minutes,
            package.package_id,
            work_at=package.sold_at,
            source="sale",
            rate_key=str(package.price),
            cause=Reason.SOLD.said(),
        )
        entries.append(grant)
        if package.opening_minutes:
            period = month_of(package.sold_at, contract.zone).name
            opening = replace(
                grant,
                kind=posting(period, history),
                minutes=package.opening_minutes,
                period=period,
                source=f"package:{package.package_id}",
                rate_key="",
                cause=Reason.USED_BEFORE.said(),
            )
            entries.append(opening)
    return entries


def posting(period: str, history: History) -> EntryKind:
    """Return the kind of entry that moves posted minutes of a month (ledger 2)."""
    return EntryKind.ADJUST if period in history.closed else EntryKind.POST
