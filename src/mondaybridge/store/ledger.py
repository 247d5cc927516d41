"""The ledger's rows: entries in their chain, balance rows, reviews, months that are closed.

Every posting locks the contract's row first; entries are only ever appended (S2).
"""

from collections.abc import Collection, Sequence

from sqlalchemy import BindParameter, bindparam, func, or_, select, update

from mondaybridge.domain.ledger import (
    POSTING,
    Balance,
    ChainedEntry,
    Entry,
    EntryKind,
    LedgerSum,
    SumGroup,
    chain,
    summed,
)
from mondaybridge.store import audit
from mondaybridge.store.engine import Tx
from mondaybridge.store.entry_rows import ContractRow, contract_row, entry_of, entry_row
from mondaybridge.store.tables import board, closed_period, contract, entry, item, package
from mondaybridge.store.upsert import insert, parts

__all__ = ["ContractRow"]


def lock(tx: Tx, contract_id: str) -> ContractRow:
    """Lock a contract against every other posting until the transaction ends."""
    query = select(contract).where(contract.c.contract_id == contract_id).with_for_update()
    row = tx.execute(query).first()
    if row is None:
        raise KeyError(f"contract {contract_id} is not registered")
    return contract_row(row)


def positions(tx: Tx, contract_ids: Collection[str] | None = None) -> dict[str, ContractRow]:
    """Return where contracts stand, some of them or all."""
    if contract_ids is None:
        rows = tx.execute(_POSITIONS).all()
    else:
        asked = parts(sorted(contract_ids))
        rows = [row for some in asked for row in tx.execute(_POSITIONS_OF, {"contracts": some})]
    return {row.contract_id: contract_row(row) for row in rows}


def append(tx: Tx, row: ContractRow, entries: Sequence[Entry], *, now: int) -> list[ChainedEntry]:
    """Append entries to a locked contract: chain, balance rows and head in one go."""
    if not entries:
        return []
    chained = chain(
        entries,
        contract_id=row.contract_id,
        seq=row.entry_seq,
        head=row.head_hash,
        posted_at=now,
    )
    last = chained[-1]
    mine = (contract.c.contract_id == row.contract_id, contract.c.head_hash == row.head_hash)
    moved = update(contract).where(*mine).values(entry_seq=last.seq, head_hash=last.hash)
    if not tx.execute(moved).rowcount:
        raise AssertionError(f"contract {row.contract_id} was appended to without its lock")
    _move_balances(tx, row.contract_id, entries)
    tx.execute(entry.insert(), [entry_row(row.contract_id, one) for one in chained])
    return chained


def entries(tx: Tx, contract_id: str, period: str | None = None) -> list[ChainedEntry]:
    """Return a contract's entries in order, of one month or of all."""
    query = _ENTRIES if period is None else _ENTRIES_OF_MONTH
    rows = tx.execute(query, {"of_contract": contract_id, "of_period": period})
    return [entry_of(row) for row in rows]


def caused(tx: Tx, cause: str, contract_ids: Collection[str]) -> set[str]:
    """Return which of these contracts have an entry of a cause."""
    query = select(entry.c.contract_id).where(entry.c.cause == cause).distinct()
    mine = entry.c.contract_id.in_(sorted(contract_ids))
    return set(tx.execute(query.where(mine)).scalars())


def sums(tx: Tx, contract_id: str) -> list[LedgerSum]:
    """Return past entries summed as a review needs them; zero sums are left out."""
    return summed(row.entry for row in entries(tx, contract_id))


def frozen(tx: Tx, contract_id: str) -> list[LedgerSum]:
    """Return what was posted of closed months before their close: adjustments came later (6.6)."""
    return [
        LedgerSum(
            SumGroup.POST,
            row.package_id or "",
            row.activity_id or "",
            row.period,
            row.source,
            row.rate_key,
            int(row.minutes),
        )
        for row in tx.execute(_FROZEN, {"of_contract": contract_id})
        if row.minutes
    ]


def elsewhere(tx: Tx, contract_id: str) -> dict[str, dict[str, int]]:
    """Return what other contracts posted for rows that are on this contract's boards now."""
    found: dict[str, dict[str, int]] = {}
    for row in tx.execute(_ELSEWHERE, {"of_contract": contract_id}):
        found.setdefault(row.activity_id, {})[row.period] = int(row.minutes)
    return found


def balances(tx: Tx, contract_id: str | None = None) -> dict[str, tuple[str, Balance]]:
    """Return the balance rows by package, each with its contract."""
    query = select(package)
    if contract_id is not None:
        query = query.where(package.c.contract_id == contract_id)
    found = {
        row.package_id: (row.contract_id, Balance(row.granted, row.posted, row.reserved))
        for row in tx.execute(query)
    }
    return dict(sorted(found.items()))


def reviewed(tx: Tx, contract_id: str, version: int, review_at: int | None) -> None:
    """Note that a contract was reviewed as of a wanted version, and when time asks again."""
    mine = update(contract).where(contract.c.contract_id == contract_id)
    tx.execute(mine.values(reviewed_version=version, review_at=review_at or 0))


def due_reviews(tx: Tx, now: int) -> list[str]:
    """Return the contracts whose rows, terms or moment ask for a review."""
    return sorted(tx.execute(_DUE_REVIEWS, {"now": now}).scalars())


def closed_periods(tx: Tx, contract_id: str) -> set[str]:
    """Return the months that are closed for a contract."""
    return set(tx.execute(_CLOSED, {"of_contract": contract_id}).scalars())


def closed_months(tx: Tx) -> dict[str, set[str]]:
    """Return the months that are closed by contract, in one statement for all of them."""
    found: dict[str, set[str]] = {}
    for row in tx.execute(_ALL_CLOSED):
        found.setdefault(row.contract_id, set()).add(row.period)
    return found


def close_period(
    tx: Tx,
    contract_id: str,
    period: str,
    *,
    now: int,
    config_hash: str,
    allocation_hash: str,
) -> None:
    """Close a month for good; the contract is reviewed again so that its board shows it."""
    row = {
        "contract_id": contract_id,
        "period": period,
        "closed_at": now,
        "config_hash": config_hash,
        "allocation_hash": allocation_hash,
    }
    closed = insert(tx, closed_period).values(row).on_conflict_do_nothing()
    if tx.execute(closed.returning(closed_period.c.period)).first():
        mine = update(contract).where(contract.c.contract_id == contract_id)
        tx.execute(mine.values(wanted_version=contract.c.wanted_version + 1))


def verify(tx: Tx, contract_id: str) -> list[str]:
    """Recompute chain and balances from the entries; say every difference (S1, S2)."""
    rows = entries(tx, contract_id)
    return [
        *audit.broken_links(positions(tx)[contract_id], rows),
        *audit.wrong_balances(contract_id, rows, balances(tx, contract_id)),
        *audit.released_too_much(contract_id, rows),
    ]


def _move_balances(tx: Tx, contract_id: str, entries: Sequence[Entry]) -> None:
    moved: dict[str, Balance] = {}
    for one in entries:
        if one.package_id:
            moved[one.package_id] = moved.get(one.package_id, Balance()).after(one)
    for package_id, change in sorted(moved.items()):
        fresh = {"package_id": package_id, "contract_id": contract_id, "state": "active"}
        zero = dict.fromkeys(("granted", "posted", "reserved"), 0)
        row = {**fresh, **zero, "generation": 1}
        tx.execute(insert(tx, package).values(row).on_conflict_do_nothing())
        mine = (package.c.package_id == package_id, package.c.contract_id == contract_id)
        sums = {
            "granted": package.c.granted + change.granted,
            "posted": package.c.posted + change.posted,
            "reserved": package.c.reserved + change.reserved,
        }
        if not tx.execute(update(package).where(*mine).values(sums)).rowcount:
            raise AssertionError(f"package {package_id} belongs to another contract")


_OF_CONTRACT: BindParameter[str] = bindparam("of_contract")
_POSITIONS = select(contract)
_POSITIONS_OF = _POSITIONS.where(contract.c.contract_id.in_(bindparam("contracts", expanding=True)))
_ENTRIES = select(entry).where(entry.c.contract_id == _OF_CONTRACT).order_by(entry.c.seq)
_ENTRIES_OF_MONTH = _ENTRIES.where(entry.c.period == bindparam("of_period"))
_CLOSED = select(closed_period.c.period).where(closed_period.c.contract_id == _OF_CONTRACT)
_ALL_CLOSED = select(closed_period.c.contract_id, closed_period.c.period)
_DUE_REVIEWS = select(contract.c.contract_id).where(
    or_(
        contract.c.wanted_version > contract.c.reviewed_version,
        contract.c.review_at.between(1, bindparam("now")),
    )
)
_PLACE = (entry.c.package_id, entry.c.activity_id, entry.c.period, entry.c.source, entry.c.rate_key)
_FROZEN = (
    select(*_PLACE, func.sum(entry.c.minutes).label("minutes"))
    .where(
        entry.c.contract_id == _OF_CONTRACT,
        entry.c.kind == EntryKind.POST.value,
        entry.c.period.in_(_CLOSED),
    )
    .group_by(*_PLACE)
)
_ELSEWHERE = (
    select(entry.c.activity_id, entry.c.period, func.sum(entry.c.minutes).label("minutes"))
    .join(item, item.c.item_id == entry.c.activity_id)
    .join(board, board.c.board_id == item.c.board_id)
    .where(
        board.c.contract_id == _OF_CONTRACT,
        entry.c.contract_id != _OF_CONTRACT,
        entry.c.kind.in_([kind.value for kind in POSTING]),
    )
    .group_by(entry.c.activity_id, entry.c.period)
)
