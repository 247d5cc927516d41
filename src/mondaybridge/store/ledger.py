"""The ledger's rows: entries in their chain, balance rows, months that are closed.

Every posting locks the contract's row first; entries are only ever appended (S2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, or_, select, update

from mondaybridge.domain.ledger import (
    GENESIS,
    Balance,
    ChainedEntry,
    Entry,
    EntryKind,
    LedgerSum,
    SumGroup,
    chain,
    entry_hash,
    group_of,
)
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import closed_period, contract, entry, package
from mondaybridge.store.upsert import insert


@dataclass(frozen=True, slots=True)
class ContractRow:
    """The heads of a contract's chains and the versions of its review; ``review_at`` 0 = none."""

    contract_id: str
    client_id: str
    entry_seq: int
    head_hash: str
    wanted_version: int
    reviewed_version: int
    review_at: int
    config_hash: str


def lock(tx: Tx, contract_id: str) -> ContractRow:
    """Lock a contract against every other posting until the transaction ends."""
    query = select(contract).where(contract.c.contract_id == contract_id).with_for_update()
    return _contract(tx.execute(query).one())


def positions(tx: Tx) -> dict[str, ContractRow]:
    """Return where every contract stands."""
    rows = map(_contract, tx.execute(select(contract)))
    return {row.contract_id: row for row in rows}


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
    _move_balances(tx, row.contract_id, entries)
    tx.execute(entry.insert(), [_row(row.contract_id, one) for one in chained])
    last = chained[-1]
    tx.execute(
        update(contract)
        .where(contract.c.contract_id == row.contract_id)
        .values(entry_seq=last.seq, head_hash=last.hash)
    )
    return chained


def entries(tx: Tx, contract_id: str, period: str | None = None) -> list[ChainedEntry]:
    """Return a contract's entries in order, of one month or of all."""
    query = select(entry).where(entry.c.contract_id == contract_id).order_by(entry.c.seq)
    if period is not None:
        query = query.where(entry.c.period == period)
    return [_entry(row) for row in tx.execute(query)]


def sums(tx: Tx, contract_id: str) -> list[LedgerSum]:
    """Return past entries summed as a review needs them; zero sums are left out."""
    group = case(*((entry.c.kind.in_(_kinds(one)), one.value) for one in SumGroup), else_="").label(
        "sum_group"
    )
    same = (
        group,
        entry.c.package_id,
        entry.c.activity_id,
        entry.c.period,
        entry.c.source,
        entry.c.rate_key,
    )
    total = func.sum(entry.c.minutes)
    query = (
        select(*same, total.label("minutes"))
        .where(entry.c.contract_id == contract_id)
        .group_by(*same)
        .having(total != 0)
    )
    return [
        LedgerSum(
            SumGroup(row.sum_group),
            row.package_id or "",
            row.activity_id or "",
            row.period,
            row.source,
            row.rate_key,
            int(row.minutes),
        )
        for row in tx.execute(query)
    ]


def balances(tx: Tx, contract_id: str | None = None) -> dict[str, tuple[str, Balance]]:
    """Return the balance rows by package, each with its contract."""
    query = select(package).order_by(package.c.package_id)
    if contract_id is not None:
        query = query.where(package.c.contract_id == contract_id)
    return {
        row.package_id: (row.contract_id, Balance(row.granted, row.posted, row.reserved))
        for row in tx.execute(query)
    }


def reviewed(tx: Tx, contract_id: str, version: int, review_at: int | None) -> None:
    """Note that a contract was reviewed as of a wanted version, and when time asks again."""
    tx.execute(
        update(contract)
        .where(contract.c.contract_id == contract_id)
        .values(reviewed_version=version, review_at=review_at or 0)
    )


def due_reviews(tx: Tx, now: int) -> list[str]:
    """Return the contracts whose rows, terms or moment ask for a review."""
    moment = contract.c.review_at.between(1, now)
    moved = contract.c.wanted_version > contract.c.reviewed_version
    query = select(contract.c.contract_id).where(or_(moved, moment))
    return list(tx.execute(query.order_by(contract.c.contract_id)).scalars())


def closed_periods(tx: Tx, contract_id: str) -> set[str]:
    """Return the months that are closed for a contract."""
    query = select(closed_period.c.period).where(closed_period.c.contract_id == contract_id)
    return set(tx.execute(query).scalars())


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
    tx.execute(insert(tx, closed_period).values(row).on_conflict_do_nothing())
    tx.execute(
        update(contract)
        .where(contract.c.contract_id == contract_id)
        .values(wanted_version=contract.c.wanted_version + 1)
    )


def verify(tx: Tx, contract_id: str) -> list[str]:
    """Recompute chain and balances from the entries; say every difference (S1, S2)."""
    rows = entries(tx, contract_id)
    row = positions(tx)[contract_id]
    return [
        *_broken_links(contract_id, rows, row),
        *_wrong_balances(contract_id, rows, balances(tx, contract_id)),
    ]


def _broken_links(
    contract_id: str, rows: Sequence[ChainedEntry], row: ContractRow
) -> Iterable[str]:
    previous, seq = GENESIS, 0
    for one in rows:
        seq += 1
        if one.seq != seq:
            yield f"contract {contract_id}: entry {seq} is missing; the next one is {one.seq}"
            seq = one.seq
        elif one.prev_hash != previous:
            yield f"contract {contract_id}: entry {seq} does not follow the entry before it"
        digest = entry_hash(one.entry, contract_id, one.seq, one.prev_hash, one.posted_at)
        if digest != one.hash:
            yield f"contract {contract_id}: entry {one.seq} was changed after it was written"
        previous = one.hash
    if rows and (row.entry_seq, row.head_hash) != (rows[-1].seq, rows[-1].hash):
        yield f"contract {contract_id}: its head is not its last entry, {rows[-1].seq}"


def _wrong_balances(
    contract_id: str,
    rows: Sequence[ChainedEntry],
    known: Mapping[str, tuple[str, Balance]],
) -> Iterable[str]:
    expected: dict[str, Balance] = {}
    for one in rows:
        package_id = one.entry.package_id
        if package_id:
            expected[package_id] = expected.get(package_id, Balance()).after(one.entry)
    for package_id in sorted({*expected, *known}):
        found = known.get(package_id, ("", Balance()))[1]
        wanted = expected.get(package_id, Balance())
        if found != wanted:
            yield (
                f"contract {contract_id}: package {package_id} shows {_shown(found)}; "
                f"its entries come to {_shown(wanted)}"
            )


def _shown(balance: Balance) -> str:
    return f"granted {balance.granted}, posted {balance.posted}, reserved {balance.reserved}"


def _move_balances(tx: Tx, contract_id: str, entries: Sequence[Entry]) -> None:
    moved: dict[str, Balance] = {}
    for one in entries:
        if one.package_id:
            moved[one.package_id] = moved.get(one.package_id, Balance()).after(one)
    for package_id, change in sorted(moved.items()):
        row = {
            "package_id": package_id,
            "contract_id": contract_id,
            "granted": 0,
            "posted": 0,
            "reserved": 0,
            "generation": 1,
            "state": "active",
        }
        tx.execute(insert(tx, package).values(row).on_conflict_do_nothing())
        tx.execute(
            update(package)
            .where(package.c.package_id == package_id)
            .values(
                granted=package.c.granted + change.granted,
                posted=package.c.posted + change.posted,
                reserved=package.c.reserved + change.reserved,
            )
        )


def _kinds(group: SumGroup) -> list[str]:
    return [kind.value for kind in EntryKind if group_of(kind) is group]


def _contract(row: Row[Any]) -> ContractRow:
    return ContractRow(
        row.contract_id,
        row.client_id,
        row.entry_seq,
        row.head_hash,
        row.wanted_version,
        row.reviewed_version,
        row.review_at,
        row.config_hash,
    )


def _row(contract_id: str, one: ChainedEntry) -> dict[str, Any]:
    written = one.entry
    return {
        "contract_id": contract_id,
        "seq": one.seq,
        "package_id": written.package_id or None,
        "activity_id": written.activity_id or None,
        "kind": written.kind.value,
        "minutes": written.minutes,
        "seconds_raw": written.seconds_raw,
        "factor": written.factor,
        "work_at": written.work_at,
        "period": written.period,
        "source": written.source,
        "rate_key": written.rate_key,
        "cause": written.cause,
        "prev_hash": one.prev_hash,
        "hash": one.hash,
        "posted_at": one.posted_at,
    }


def _entry(row: Row[Any]) -> ChainedEntry:
    written = Entry(
        EntryKind(row.kind),
        row.minutes,
        row.package_id or "",
        row.activity_id or "",
        row.period,
        row.work_at,
        row.source,
        row.rate_key,
        row.seconds_raw,
        row.factor,
        row.cause,
    )
    return ChainedEntry(row.seq, row.posted_at, row.prev_hash, row.hash, written)
