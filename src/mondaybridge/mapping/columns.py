"""What the columns of a board template mean; boards refer to a set by its name.

Label ids decide, the names beside them are compared with the board and a difference is reported.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mondaybridge.mapping.scalars import ColumnId, Label, Section

EMPTY_LABEL = 5  # monday's own for "no label": it is never read as chosen (monday.md §5)


def _chosen(label: int) -> int:
    if label == EMPTY_LABEL:
        raise ValueError("label 5 is monday's empty label: it is never chosen, name another")
    return label


LabelId = Annotated[int, Field(ge=0, le=10**9), AfterValidator(_chosen)]
Labels = Annotated[
    dict[LabelId, Label], Field(json_schema_extra={"propertyNames": {"pattern": "^[0-9]+$"}})
]
Meaning = Annotated[Labels, Field(min_length=1)]
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
    working: Meaning
    """Labels for work in progress."""
    waiting: Labels = Field(default={})
    """Labels for work that waits for the client."""
    done: Meaning
    """Labels for finished work."""
    cancelled: Labels = Field(default={})
    """Labels for work that will not be done."""


class ApprovalColumn(Section):
    """The client's answer to an estimate (R19, R25); empty is no answer."""

    id: ColumnId
    """The approval column's id."""
    approved: Meaning
    """Labels that approve."""
    rejected: Labels = Field(default={})
    """Labels that reject."""
    auto: Annotated[Labels, Field(max_length=1)] = Field(default={})
    """The one label that the bridge sets on a minor extra that it approves itself (R12)."""
    reference: ColumnRef | None = None
    """A text, link or email column with the client's approval by e-mail; null: not mapped."""


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


class UrgentColumn(Section):
    """Whether a request is urgent, and where the client says so (R10)."""

    id: ColumnId
    """A checkbox; or a status column, when `labels` say which of its labels are urgent."""
    labels: Meaning | None = None
    """Labels of a status column that mean urgent, every other does not; null: a checkbox."""
    evidence: ColumnRef | None = None
    """A text, long_text, link or email column with the client's word; null: the `reference`."""


class BugColumn(Section):
    """Whether the work mends a fault of ours; documented, its time is credited (R55)."""

    id: ColumnId
    """A checkbox; or a status column, when `labels` say which of its labels mean a bug."""
    labels: Meaning | None = None
    """Labels of a status column that mean a bug, every other does not; null: a checkbox."""
    documentation: ColumnRef
    """A text, long_text, link or file column; while it is empty nothing is credited."""


class QuestionColumn(Section):
    """The client's question about a row and what became of it (R41b); empty: nothing asked."""

    id: ColumnId
    """The status column's id."""
    questioned: Meaning
    """Labels of a question that waits for its answer."""
    answered: Labels = Field(default={})
    """Labels of a question that was answered."""
    accepted: Labels = Field(default={})
    """Labels of an answer that the client accepts."""
    adjusted: Labels = Field(default={})
    """Labels of a question that was right: another time is charged."""
    withdrawn: Labels = Field(default={})
    """Labels of a question that the client takes back."""


class ServiceColumn(Section):
    """The type of service (R05); a label that stands nowhere here is a warning, and never parks."""

    id: ColumnId
    """A status or dropdown column; of a dropdown one value is chosen."""
    types: Meaning
    """Labels of known types, and what documents call them."""
    other: Labels = Field(default={})
    """Labels of work that has to be agreed with somebody first."""
    agreed_with: ColumnRef | None = None
    """A text or people column: with whom it was agreed; null: not mapped."""


class DueKindColumn(Section):
    """Whether the due date is binding (R26); empty is flexible."""

    id: ColumnId
    """The status column's id."""
    rigid: Meaning
    """Labels of dates that must be kept."""
    flexible: Labels = Field(default={})
    """Labels of dates that may move."""


class HoursColumn(Section):
    """Where the bridge writes a length of time."""

    id: ColumnId
    """A numbers column of the bridge's own."""
    unit: Literal["h", "min"] = "h"
    """Hours with two decimals, or minutes."""

    def text(self, minutes: int) -> str:
        """Return minutes as the cell shows them: no trailing zeros, as monday keeps it."""
        if self.unit == "min":
            return str(minutes)
        hours = (Decimal(minutes) / 60).quantize(HUNDREDTH, ROUND_HALF_UP)
        return f"{hours.normalize():f}" if hours else "0"


class ChargedColumn(HoursColumn):
    """Where the bridge writes the charged time."""


class PackageRow(Section):
    """The row that shows the package itself, and the bridge's columns that it uses there."""

    item: Label
    """The row's exact name; it is no work, and time recorded on it is refused."""
    granted: HoursColumn | None = None
    """Hours bought; null: not written."""
    used: HoursColumn | None = None
    """Hours charged; null: not written."""
    reserved: HoursColumn | None = None
    """Hours held for approved estimates; null: not written."""
    free: HoursColumn | None = None
    """Hours that nobody used or reserved; null: not written."""
    expiry: ColumnRef | None = None
    """The day on which hours expire, a date column; null: not written."""


class OwnColumns(Section):
    """The bridge's own columns: it writes here and nowhere else."""

    charged: ChargedColumn | None = None
    """Charged time; null: not written."""
    billing: ColumnRef | None = None
    """Billing state, a text column: open, held, parked, billed 2026-10, credited."""
    message: ColumnRef | None = None
    """What is missing and what to do, a text or long_text column; null: not written."""
    origin: ColumnRef | None = None
    """Agreed, extra or redo, a text column; null: not written."""
    clock: ColumnRef | None = None
    """When the team has to answer or deliver, a text column; null: not written."""
    document: ColumnRef | None = None
    """The latest document, a link column; null: not written."""
    package: PackageRow | None = None
    """The row that shows the package itself; null: none."""


class ColumnSet(Section):
    """One set of columns, shared by the boards made from one template."""

    status: StatusColumn
    """Where a piece of work stands."""
    approval: ApprovalColumn | None = None
    """The client's approval; prepaid packages need it."""
    estimate: DurationColumn
    """Time promised."""
    actual: Annotated[TimeTrackingColumn | NumbersColumn, Field(discriminator="kind")]
    """Time worked: the one source of it, the row itself; time on its subitems parks the row."""
    person: ColumnRef | None = None
    """Who does it; shown on documents' lines."""
    due: ColumnRef | None = None
    """When it is due."""
    note: ColumnRef | None = None
    """What was done, in words for the client."""
    urgent: UrgentColumn | None = None
    """Whether it is urgent; null: never."""
    reference: ColumnRef | None = None
    """The request's e-mail: a text, long_text, link or email column with Message-ID or link."""
    requester: ColumnRef | None = None
    """Who asked: a text, email or people column."""
    service: ServiceColumn | None = None
    """The type of service."""
    redo_of: ColumnRef | None = None
    """The row that this one replaces: a board_relation column, or text or link with its id."""
    due_kind: DueKindColumn | None = None
    """Whether the due date is binding."""
    no_charge: ColumnRef | None = None
    """A checkbox "not chargeable"; so worded because an empty cell must not make work free."""
    received: ColumnRef | None = None
    """When the request came, a date column; null or empty: when the row was made."""
    bug: BugColumn | None = None
    """Whether it mends a fault of ours; null: nothing is credited."""
    question: QuestionColumn | None = None
    """What became of a client's question; null: questions are kept by `question` alone."""
    hourly: ColumnRef | None = None
    """The row's own hourly price, a numbers column in the contract's currency; null: none."""
    ours: OwnColumns = OwnColumns()
    """The bridge's own columns."""
