"""Keep which entries each issued line stands for; a line's minutes are its entries' (R02, S6)."""

from collections.abc import Sequence

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.store import billing, line_entries, mirror
from mondaybridge.store.engine import Tx
from mondaybridge.store.line_entries import Behind
from mondaybridge.workflows.moved import moves


def link_lines(app: App, client: Client) -> None:
    """Link what documents show and nothing stands behind yet, then let the boards show it.

    Made from what is issued, never from a plan: a worker that ended after issuing left a plan that
    nobody has any more.
    """
    with app.store.write() as tx:
        moved = [c.contract_id for c in client.contracts if _link(tx, c.contract_id)]
        mirror.raise_wanted(tx, moved)


def _link(tx: Tx, contract_id: str) -> bool:
    """Link the entries that no line stands for; those of older lines are not looked at again."""
    waiting: dict[str, list[Behind]] = {}
    for row, _, line_id in moves(tx, contract_id):
        waiting.setdefault(str(line_id), []).append((row.seq, row.entry.minutes))
    if not waiting:
        return False
    issued = billing.issued_minutes(tx, sorted(waiting))
    known = line_entries.linked(tx, sorted(issued))
    new = [
        (identity, seq)
        for identity, minutes in issued.items()
        for seq in _behind(known.get(identity, []), waiting[identity], minutes)
    ]
    line_entries.link(tx, contract_id, new)
    return bool(new)


def _behind(known: Sequence[Behind], waiting: Sequence[Behind], minutes: int) -> list[int]:
    """Return what is missing to the longest run from the first entry on that comes to minutes."""
    if sum(part for _, part in known) == minutes:
        return []
    seqs, found, total = list[int](), list[int](), 0
    for seq, part in sorted([*known, *waiting]):
        seqs.append(seq)
        total += part
        if total == minutes:
            found = list(seqs)
    return sorted(set(found) - {seq for seq, _ in known})
