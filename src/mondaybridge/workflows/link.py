"""Keep which entries each issued line stands for; a line's minutes are its entries' (R02, S6)."""

from collections.abc import Iterable

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.grouping import as_issued
from mondaybridge.domain.usage import line_id_of
from mondaybridge.store import billing, ledger, mirror
from mondaybridge.store.engine import Tx
from mondaybridge.workflows.beside import labels


def link_lines(app: App, client: Client) -> None:
    """Link what documents show and nothing stands behind yet, then let the boards show it.

    Made from what is issued, never from a plan: a worker that ended after issuing left a plan that
    nobody has any more.
    """
    with app.store.write() as tx:
        moved = [c.contract_id for c in client.contracts if _link(tx, c.contract_id)]
        mirror.raise_wanted(tx, moved)


def _link(tx: Tx, contract_id: str) -> bool:
    issued, linked = billing.issued_net(tx, contract_id), billing.linked_minutes(tx, contract_id)
    open_lines = {
        identity: minutes
        for identity, (minutes, _) in issued.items()
        if linked.get(identity, 0) != minutes
    }
    entries: dict[str, list[tuple[int, int]]] = {}
    groups = labels(tx, contract_id) if open_lines else {}
    for row in ledger.entries(tx, contract_id) if open_lines else ():
        line_id = line_id_of(contract_id, row.entry)
        identity = str(as_issued(line_id, groups)) if line_id else ""
        if identity in open_lines:
            entries.setdefault(identity, []).append((row.seq, row.entry.minutes))
    added = 0
    for identity, minutes in open_lines.items():
        seqs = _behind(entries.get(identity, ()), minutes)
        added += billing.link_entries(tx, identity, contract_id, seqs)
    return added > 0


def _behind(entries: Iterable[tuple[int, int]], minutes: int) -> list[int]:
    """Return the longest run from the first entry on that comes to the minutes issued."""
    seqs: list[int] = []
    found: list[int] = []
    total = 0
    for seq, part in entries:
        seqs.append(seq)
        total += part
        if total == minutes:
            found = list(seqs)
    return found
