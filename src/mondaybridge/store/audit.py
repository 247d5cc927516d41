"""What a recomputation of the ledger finds: each finding is a sentence with place and figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mondaybridge.domain.ledger import GENESIS, RESERVING, Balance, ChainedEntry, entry_hash
from mondaybridge.store.entry_rows import ContractRow


def broken_links(head: ContractRow, rows: Sequence[ChainedEntry]) -> Iterable[str]:
    """Follow the chain from its beginning to the head that the contract's row keeps."""
    contract_id, previous, expected = head.contract_id, GENESIS, 1
    for one in rows:
        place = f"contract {contract_id}, entry {one.seq}"
        if one.seq != expected:
            yield f"{place}: expected entry {expected} here, it is missing"
        elif one.prev_hash != previous:
            yield f"{place}: expected to follow {_short(previous)}, found {_short(one.prev_hash)}"
        digest = entry_hash(one.entry, contract_id, one.seq, one.prev_hash, one.posted_at)
        if digest != one.hash:
            yield (
                f"{place}: it was changed after it was written: expected hash "
                f"{_short(one.hash)}, found {_short(digest)}"
            )
        previous, expected = one.hash, one.seq + 1
    if (head.entry_seq, head.head_hash) != (expected - 1, previous):
        yield (
            f"contract {contract_id}: expected entry {head.entry_seq} ({_short(head.head_hash)}) "
            f"to be the last, found {expected - 1} ({_short(previous)})"
        )


def wrong_balances(
    contract_id: str,
    rows: Sequence[ChainedEntry],
    known: Mapping[str, tuple[str, Balance]],
) -> Iterable[str]:
    """Compare the balance rows with the sums of the entries (S1)."""
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
                f"contract {contract_id}, package {package_id}: expected {_shown(wanted)} from "
                f"its entries, found {_shown(found)}"
            )


def released_too_much(contract_id: str, rows: Sequence[ChainedEntry]) -> Iterable[str]:
    """Find where releases of an activity exceed its reserves, at any prefix (ledger 2)."""
    reserved: Counter[str] = Counter()
    for one in rows:
        if one.entry.kind in RESERVING:
            activity_id = one.entry.activity_id
            reserved[activity_id] += one.entry.minutes
            if reserved[activity_id] < 0:
                yield (
                    f"contract {contract_id}, entry {one.seq}: expected activity {activity_id} "
                    f"to reserve 0 or more, found {reserved[activity_id]}"
                )


def _shown(balance: Balance) -> str:
    return f"granted {balance.granted}, posted {balance.posted}, reserved {balance.reserved}"


def _short(digest: str) -> str:
    return digest[:12]
