"""Cells as values: what stands where, of which kind, by which formula.

Writer and reader share these, so that a total is computed in one place and held against the file
by the same rule that wrote it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

Value = str | int | date | None
"""A cell in our words; a moment is a ``datetime`` without zone, as a sheet shows it."""

Row = tuple[Value, ...]


class Kind(Enum):
    """What a cell's value means.

    Durations are durations, so that ``h:mm`` adds up in the client's own formulas; ``HOURS`` are
    minutes shown as decimal hours, with the separators of the reader's own machine.
    """

    TEXT = "text"
    MINUTES = "minutes"
    SECONDS = "seconds"
    EXACT = "exact"
    HOURS = "hours"
    DATE = "date"
    MOMENT = "moment"
    COUNT = "count"
    FACTOR = "factor"
    MONEY = "money"


class Sheet(Enum):
    """The sheets that a client sees, in their order."""

    SUMMARY = "summary"
    DONE = "done"
    UNDONE = "undone"


class Look(Enum):
    """How a cell is drawn."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEAD = "head"
    HEAD_RIGHT = "head_right"
    HEAD_CENTRE = "head_centre"
    LABEL = "label"
    PLAIN = "plain"
    STRONG = "strong"
    REMARK = "remark"
    FAINT = "faint"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell in its place (rows and columns from 0); ``value`` is what its formula yields."""

    sheet: Sheet
    row: int
    column: int
    value: Value
    kind: Kind = Kind.TEXT
    formula: str = ""
    look: Look = Look.PLAIN

    @property
    def address(self) -> str:
        """The place as people say it: ``B12``."""
        return address(self.row, self.column)


def address(row: int, column: int) -> str:
    """Return ``B12`` for row 11 and column 1; no sheet of ours has more than 26 columns."""
    return f"{chr(ord('A') + column)}{row + 1}"


def moment(value: Value) -> datetime:
    """Return a moment's value; a date is its midnight."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a sheet has no zones
    raise TypeError(f"{value!r} is not a date")
