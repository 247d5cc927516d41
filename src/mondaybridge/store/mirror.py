"""The mirror of the boards: read tickets, applied reads, tombstones, and who must be reviewed.

An unchanged row is not written. Whatever changes raises ``wanted_version`` of its contract in the
same transaction, or a crash would lose the review for ever (storage 3).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select, update

from mondaybridge.domain.activity import Activity, Presence, Reading, merge
from mondaybridge.domain.contract import Client
from mondaybridge.store import board_face, item_rows, registry
from mondaybridge.store.engine import ROWS_MAX, Tx
from mondaybridge.store.item_rows import Mirrored
from mondaybridge.store.package_tables import board_face as faces
from mondaybridge.store.tables import board, contract, item
from mondaybridge.store.upsert import parts


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """Where a board's mirror stands; ``complete_at`` is 0 before the first complete read."""

    board_id: str
    contract_id: str
    state: str
    reason: str
    complete_at: int
    mirror_version: int
    read_applied: int
    schema_print: str


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """An item that may not move hours or money, and why."""

    board_id: str
    contract_id: str
    item_id: str
    name: str
    reason: str


def register(tx: Tx, clients: Sequence[Client], hashes: Mapping[str, str]) -> None:
    """Make rows for the mapping's clients, contracts and boards; changed terms want a review."""
    registry.register(tx, clients, hashes)


def ticket(tx: Tx, board_id: str) -> int:
    """Issue the ticket of a read, before its first call."""
    issued = update(board).where(board.c.board_id == board_id)
    issued = issued.values(read_issued=board.c.read_issued + 1)
    return int(tx.execute(issued.returning(board.c.read_issued)).scalar_one())


def begin(tx: Tx, board_id: str, ticket: int) -> bool:
    """Say whether a read may be applied: false once a newer one was. Ask for every page."""
    newest = update(board).where(board.c.board_id == board_id, board.c.read_applied <= ticket)
    return bool(tx.execute(newest.values(read_applied=ticket)).rowcount)


def apply(tx: Tx, board_id: str, readings: Sequence[Reading], *, now: int) -> int:
    """Merge readings into the mirror; return how many rows say something new.

    A change of ``updated_at`` or of our own cells alone is stored and not counted.
    """
    if len(readings) > ROWS_MAX:
        raise ValueError(f"{len(readings)} rows in one transaction: {ROWS_MAX} at most")
    known = item_rows.load_ids(tx, sorted({r.activity.activity_id for r in readings}))
    after = dict(known)
    for reading in readings:
        merged = _merged(tx, board_id, after.get(reading.activity.activity_id), reading)
        if merged:
            after[merged.activity.activity_id] = merged
    news = _write(tx, known, after.values(), now)
    if board_face.pin(tx, board_id, readings):
        _want_review(tx, [board_id])
    return news


def mark(tx: Tx, item_ids: Sequence[str], presence: Presence, now: int) -> int:
    """Say where rows are that no read shows; their cells and hours stay as last read."""
    known = item_rows.load_ids(tx, sorted(item_ids))
    moved = [
        replace(one, activity=replace(one.activity, presence=presence)) for one in known.values()
    ]
    return _write(tx, known, moved, now)


def mirrored_ids(tx: Tx, board_id: str, presences: Collection[Presence]) -> set[str]:
    """Return the items of a board that were last known to be in one of these places."""
    states = [presence.value for presence in presences]
    query = select(item.c.item_id).where(item.c.board_id == board_id, item.c.state.in_(states))
    return set(tx.execute(query).scalars())


def complete(tx: Tx, board_id: str, *, ticket: int, now: int, schema_print: str) -> bool:
    """Note that a read saw the whole board; false if a newer one was applied meanwhile."""
    mine = update(board).where(board.c.board_id == board_id, board.c.read_applied <= ticket)
    values = {"read_applied": ticket, "complete_read": ticket, "complete_at": now}
    return bool(tx.execute(mine.values(**values, schema_print=schema_print)).rowcount)


def set_board_state(tx: Tx, board_id: str, state: str, reason: str) -> None:
    """Say whether a board is live, quarantined or gone, and why."""
    text = item_rows.storable(reason)
    other = (board.c.state != state) | (board.c.state_reason != text)
    changed = update(board).where(board.c.board_id == board_id, other)
    if tx.execute(changed.values(state=state, state_reason=text)).rowcount:
        _want_review(tx, [board_id])


def raise_wanted(tx: Tx, contract_ids: Iterable[str]) -> None:
    """Ask for a review of contracts; rows are locked in order of id."""
    for contract_id in sorted(set(contract_ids)):
        mine = update(contract).where(contract.c.contract_id == contract_id)
        tx.execute(mine.values(wanted_version=contract.c.wanted_version + 1))


def activities(tx: Tx, contract_id: str, item_ids: Collection[str] | None = None) -> list[Activity]:
    """Return the mirrored activities of a contract's boards, wherever their rows are now.

    Some of them, or all. The row that shows the package itself is none.
    """
    found = item_rows.load_of(tx, contract_id, item_ids)
    return [found[item_id].activity for item_id in sorted(found)]


def names(tx: Tx, item_ids: Collection[str]) -> dict[str, str]:
    """Return the names of rows, wherever they are."""
    found: dict[str, str] = {}
    for part in parts(sorted(item_ids)):
        found |= {row.item_id: row.name for row in tx.execute(_NAMES, {"items": part})}
    return found


def board_facts(tx: Tx, board_ids: Collection[str] | None = None) -> list[BoardFacts]:
    """Return where the mirror of each board stands, of some boards or of all."""
    if board_ids is None:
        return [BoardFacts(*row) for row in tx.execute(_FACTS)]
    found = [
        row for part in parts(sorted(board_ids)) for row in tx.execute(_OF_BOARDS, {"boards": part})
    ]
    return [BoardFacts(*row) for row in found]


def boards_of(tx: Tx, contract_id: str) -> list[BoardFacts]:
    """Return where the mirrors of a contract's boards stand."""
    return [BoardFacts(*row) for row in tx.execute(_OF_CONTRACTS, {"of_contract": contract_id})]


def parked_items(tx: Tx) -> list[ParkedItem]:
    """Return the items that a person must mend, by board; a deleted row nobody can."""
    query = select(
        item.c.board_id, board.c.contract_id, item.c.item_id, item.c.name, item.c.parked_reason
    ).join(board, board.c.board_id == item.c.board_id)
    work = item.c.item_id.not_in(select(faces.c.package_item_id))
    mendable = (item.c.parked_reason != "", item.c.state != Presence.DELETED.value, work)
    rows = tx.execute(query.where(*mendable))
    return sorted((ParkedItem(*row) for row in rows), key=lambda p: (p.board_id, p.item_id))


def outputs(tx: Tx, board_id: str) -> dict[str, dict[str, str]]:
    """Return our own cells as they stand on a board, by item and column."""
    rows = tx.execute(select(item.c.item_id, item.c.outputs).where(item.c.board_id == board_id))
    return {row.item_id: dict(json.loads(row.outputs)) for row in rows}


def _merged(tx: Tx, board_id: str, before: Mirrored | None, reading: Reading) -> Mirrored | None:
    """Merge one reading; what is read of a board tells nothing of rows that are elsewhere."""
    read = reading.activity
    elsewhere = before is not None and before.activity.board_id != read.board_id
    if elsewhere and before and read.updated_at < before.activity.updated_at:
        return None  # an older look, at a board that the row has left meanwhile
    if read.board_id != board_id and read.presence is not Presence.DELETED:
        return _moved(tx, before, read) if before and elsewhere else None
    if before is None and read.board_id != board_id:
        return None
    merged = merge(before.activity if before else None, reading)
    gone = read.presence in {Presence.DELETED, Presence.MISSING}
    shown = before.outputs if before and gone else tuple(sorted(reading.outputs))
    return Mirrored(item_rows.tidy(merged), shown)


def _moved(tx: Tx, before: Mirrored, read: Activity) -> Mirrored:
    """Follow a row to its board (semantics 6.25); its cells wait for a read with that board's ids.

    Where no contract maps the board, the row stays where it was, missing, with where it went.
    """
    mapped = tx.execute(select(board.c.board_id).where(board.c.board_id == read.board_id)).first()
    if mapped:
        followed = replace(
            before.activity,
            board_id=read.board_id,
            presence=read.presence,
            updated_at=read.updated_at,
        )
        return Mirrored(followed)
    reason = f"moved to board {read.board_id}, which no contract maps"
    return replace(
        before, activity=replace(before.activity, presence=Presence.MISSING, parked=reason)
    )


def _write(tx: Tx, known: Mapping[str, Mirrored], after: Iterable[Mirrored], now: int) -> int:
    written, news, boards = [], 0, set[str]()
    for one in after:
        before = known.get(one.activity.activity_id)
        if one == before:
            continue
        written.append(one)
        if before is None or _meaning(one) != _meaning(before):
            news += 1
            boards |= {x.activity.board_id for x in (one, before) if x is not None}
    item_rows.save(tx, known, written, now)
    for board_id in sorted(boards):
        raised = update(board).where(board.c.board_id == board_id)
        tx.execute(raised.values(mirror_version=board.c.mirror_version + 1))
    _want_review(tx, boards)
    return news


def _meaning(one: Mirrored) -> Activity:
    return replace(one.activity, updated_at=0)


def _want_review(tx: Tx, boards: Collection[str]) -> None:
    query = select(board.c.contract_id).where(board.c.board_id.in_(sorted(boards)))
    raise_wanted(tx, tx.execute(query).scalars())


_FACTS = select(
    board.c.board_id,
    board.c.contract_id,
    board.c.state,
    board.c.state_reason,
    board.c.complete_at,
    board.c.mirror_version,
    board.c.read_applied,
    board.c.schema_print,
).order_by(board.c.board_id)
_OF_BOARDS = _FACTS.where(board.c.board_id.in_(bindparam("boards", expanding=True)))
_OF_CONTRACTS = _FACTS.where(board.c.contract_id == bindparam("of_contract"))
_NAMES = select(item.c.item_id, item.c.name).where(
    item.c.item_id.in_(bindparam("items", expanding=True))
)
