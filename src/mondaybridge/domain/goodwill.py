"""What people gave to a package or took from it: goodwill and hours returned (ledger 2, 7).

Each change is an event with a reason; its entry is written by the next review, once.
"""

from collections.abc import Collection

from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import Entry, EntryKind, group_of
from mondaybridge.domain.outcome import History, PackageChange
from mondaybridge.domain.reasons import as_typed

SOURCES = {EntryKind.CREDIT: "goodwill", EntryKind.REFUND: "sale"}


def given(contract: Contract, history: History, granted: Collection[str]) -> list[Entry]:
    """Return the entries of changes that are not written yet, for packages that are granted.

    A refund carries the price of its sale, so that the sale's line falls with it (ledger 6.2).
    """
    prices = {p.package_id: str(p.price) for p in contract.packages}
    written = {(key, kind): _written(history, key, kind) for key in granted for kind in SOURCES}
    entries = []
    for change in history.changes:
        place = change.package_id, change.kind
        if change.package_id not in granted:
            continue
        known = min(abs(change.minutes), written[place])
        written[place] -= known
        if known < abs(change.minutes):
            rate_key = prices.get(change.package_id, "")
            entries.append(_entry(change, rate_key if change.kind is EntryKind.REFUND else ""))
    return entries


def _written(history: History, package_id: str, kind: EntryKind) -> int:
    return sum(
        abs(s.minutes)
        for s in history.sums
        if s.group is group_of(kind) and s.package_id == package_id and not s.activity_id
    )


def _entry(change: PackageChange, rate_key: str) -> Entry:
    return Entry(
        change.kind,
        change.minutes,
        change.package_id,
        work_at=change.at,
        source=SOURCES[change.kind],
        rate_key=rate_key,
        cause=as_typed(change.reason),
    )
