"""Which of the bridge's own columns a board cannot take, as its last whole read found it.

Nothing is written there until a read finds them as mapped (experience 4.2).
"""

from collections.abc import Collection

from mondaybridge.store import ceremony
from mondaybridge.store.engine import Tx

OFF = "own_columns_off"


def of(tx: Tx, board_id: str) -> frozenset[str]:
    """Return the columns that are not to be written."""
    seen = ceremony.steps(tx, _subject(board_id)).get(OFF)
    return frozenset(seen.evidence["columns"]) if seen else frozenset()


def note(tx: Tx, board_id: str, columns: Collection[str], *, now: int) -> None:
    """Remember what a read found; what is known already is not written again."""
    if of(tx, board_id) != frozenset(columns):
        evidence = {"columns": sorted(columns)}
        ceremony.look(tx, _subject(board_id), OFF, at=now, evidence=evidence)


def _subject(board_id: str) -> str:
    return f"board:{board_id}"
