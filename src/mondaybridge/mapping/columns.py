"""What the columns of a board template mean; boards refer to a set by its name.

Label ids decide, the names beside them are compared with the board and a difference is reported.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import Field

from mondaybridge.mapping.scalars import ColumnId, Label, Section

LabelId = Annotated[int, Field(ge=0, le=10**9)]
Labels = Annotated[
    dict[LabelId, Label], Field(json_schema_extra={"propertyNames": {"pattern": "^[0-9]+$"}})
]
HUNDREDTH = Decimal("0.01")


class ColumnRef(Section):
    """A column that is used as it is."""

    id: ColumnId
    """The column's id on the board."""


class StatusColumn(Section):
    """The processing status (R23); a label that stands nowhere here parks its item."""

    id: ColumnId
    """The status column's id."""
    new: Labels = Field(default={})
    """Labels for work that has not begun; an empty status counts as new."""
    working: Annotated[Labels, Field(min_length=1)]
    """Labels for work in progress."""
    waiting: Labels = Field(default={})
    """Labels for work that waits for the client."""
    done: Annotated[Labels, Field(min_length=1)]
    """Labels for finished work."""
    cancelled: Labels = Field(default={})
    """Labels for work that will not be done."""


class ApprovalColumn(Section):
    """The client's answer to an estimate (R19, R25); empty is no answer."""

    id: ColumnId
    """The approval column's id."""
    approved: Annotated[Labels, Field(min_length=1)]
    """Labels that approve."""
    rejected: Labels = Field(default={})
    """Labels that reject."""


class DurationColumn(Section):
    """A length of time that people type."""

    id: ColumnId
    """The column's id."""
    unit: Literal["h", "min", "h:mm"]
    """How it is written: hours or minutes in a numbers column, h:mm in a text column."""


class TimeTrackingColumn(Section):
    """Actual time from monday's time tracking, session by session."""

    id: ColumnId
    """The time tracking column's id."""
    kind: Literal["time_tracking"]
    """Sessions recorded by monday."""


class NumbersColumn(Section):
    """Actual time typed as one running total; each change counts on its own date."""

    id: ColumnId
    """The numbers column's id."""
    kind: Literal["numbers"]
    """A total typed by people."""
    unit: Literal["h", "min"]
    """Hours or minutes."""
    work_date: ColumnRef | None = None
    """The date column that says when the work was done; null: when the cell was changed."""


class ChargedColumn(Section):
    """Where the bridge writes the charged time."""

    id: ColumnId
    """A numbers column of the bridge's own."""
    unit: Literal["h", "min"] = "h"
    """Hours with two decimals, or minutes."""

    def text(self, minutes: int) -> str:
        """Return charged minutes as the cell shows them: no trailing zeros, as monday keeps it."""
        if self.unit == "min":
            return str(minutes)
        hours = (Decimal(minutes) / 60).quantize(HUNDREDTH, ROUND_HALF_UP)
        return f"{hours.normalize():f}" if hours else "0"


class OwnColumns(Section):
    """The bridge's own columns: it writes here and nowhere else."""

    charged: ChargedColumn | None = None
    """Charged time; null: not written."""
    billing: ColumnRef | None = None
    """Billing state, a text column: open, held, parked, billed 2026-10, credited."""


class ColumnSet(Section):
    """One set of columns, shared by the boards made from one template."""

    status: StatusColumn
    """Where a piece of work stands."""
    approval: ApprovalColumn | None = None
    """The client's approval; prepaid packages need it."""
    estimate: DurationColumn
    """Time promised."""
    actual: Annotated[TimeTrackingColumn | NumbersColumn, Field(discriminator="kind")]
    """Time worked: the one source of it."""
    person: ColumnRef | None = None
    """Who does it; shown on documents' lines."""
    due: ColumnRef | None = None
    """When it is due."""
    note: ColumnRef | None = None
    """What was done, in words for the client."""
    ours: OwnColumns = OwnColumns()
    """The bridge's own columns."""
