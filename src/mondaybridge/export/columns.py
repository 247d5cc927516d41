"""The columns of the two tables, in their order (R23: the seven fields of the board first)."""

from dataclasses import dataclass

from mondaybridge.export.cells import Kind, Sheet


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading's key, what its cells hold, its width in characters."""

    key: str
    kind: Kind = Kind.TEXT
    narrow: int = 8
    wide: int = 12
    totalled: bool = False


_BOARD = (
    Column("title", narrow=24, wide=34),
    Column("person", narrow=12, wide=18),
    Column("status", narrow=9, wide=13),
    Column("approval", narrow=16, wide=20),
    Column("estimate", Kind.MINUTES, narrow=10, totalled=True),
    Column("actual", Kind.SECONDS, narrow=10, totalled=True),
    Column("due", Kind.DATE, narrow=11),
    Column("due_kind", narrow=10, wide=10),
)

COLUMNS: dict[Sheet, tuple[Column, ...]] = {
    Sheet.DONE: (
        *_BOARD,
        Column("origin", narrow=9, wide=13),
        Column("urgent", narrow=9, wide=16),
        Column("recorded", Kind.EXACT, narrow=11, totalled=True),
        Column("factor", Kind.FACTOR, narrow=9),
        Column("charged", Kind.MINUTES, narrow=12, totalled=True),
        Column("elsewhere", Kind.MINUTES, narrow=12, totalled=True),
        Column("taken", Kind.DATE, narrow=11),
        Column("first", Kind.DATE, narrow=11),
        Column("last", Kind.DATE, narrow=11),
        Column("note", narrow=14, wide=28),
    ),
    Sheet.UNDONE: (
        *_BOARD,
        Column("origin", narrow=9, wide=13),
        Column("reason", narrow=14, wide=26),
        Column("note", narrow=24, wide=44),
    ),
}


def place(sheet: Sheet, key: str) -> int:
    """Return the number of a column, from 0."""
    return [column.key for column in COLUMNS[sheet]].index(key)
