"""Time on subitems: a board has one source of time, its rows, and no other is counted in silence.

A row of whose subitems one carries time is parked, whether it has time of its own or not (ledger
5.7 and section 7). Only that row: what its neighbours hold is as clear as before, so the board is
read on. Nothing here counts the time of subitems.
"""

from collections.abc import Sequence

import msgspec

from mondaybridge.monday import cells
from mondaybridge.monday.cells import Cell, Unreadable
from mondaybridge.monday.texts import brief

REMEDY = "record it on the row alone and clear it on the subitem, or make the subitem its own row"


class SubitemRow(msgspec.Struct, frozen=True):
    """A subitem and those of its cells that may hold time; no state, as monday.md §4 has it."""

    id: str | int
    name: str = ""
    column_values: list[msgspec.Raw] = []


def objection(name: str, own: Cell | None, below: Sequence[SubitemRow | None]) -> str:
    """Say which subitem of a row carries time, and the way out; nothing when none does.

    ``own`` is the row's cell that time is read from, where it could be read.
    """
    title = own.column.title if own and own.column else ""
    named = [one.name for one in below if one and _has_time(one, title)]
    if not named:
        return ""
    subitem = f"its subitem {brief(named[0])!r}"
    if others := len(named) - 1:
        subitem += f" ({others} more of its subitems {'has' if others == 1 else 'have'} time, too)"
    if own and _carries(own):
        return f"time stands on the row {brief(name)!r} and on {subitem}: {REMEDY}"
    return f"time stands on {subitem} and not on the row {brief(name)!r}: {REMEDY}"


def _has_time(one: SubitemRow, title: str) -> bool:
    return any(_is_time(raw, title) for raw in one.column_values)


def _is_time(raw: msgspec.Raw, title: str) -> bool:
    """Tell whether a cell is of a timer, or of the title of the row's own, and holds time.

    A cell that cannot be read is taken for one that does: it must not pass for zero.
    """
    try:
        one = cells.cell(raw)
    except Unreadable:
        return True
    if one.type != "time_tracking" and (one.column is None or not _same(one.column.title, title)):
        return False
    return _carries(one)


def _carries(one: Cell) -> bool:
    if one.type == "time_tracking":
        return bool(one.running or one.duration)
    return cells.shown(one) not in {"", "0"}


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold() != ""
