"""Items as values: a table from what a column is for to how its cell is read.

A cell that cannot be read parks its own item, with the cell, its content and the remedy; never the
page, and never as zero (architecture 5.3). Only what the mapping names is looked at.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mondaybridge.domain.activity import Activity, Approval, Presence, Reading, Status
from mondaybridge.domain.worktime import midnight
from mondaybridge.mapping.columns import ColumnSet, NumbersColumn
from mondaybridge.monday import cells
from mondaybridge.monday.cells import Cell, Unreadable
from mondaybridge.monday.texts import brief, line

PARKED_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a column: the field it fills and how its cell is read."""

    column_id: str
    fills: str
    read: Callable[[Cell], Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """What to read of a board's rows: mapped columns and our own, in the zone of its contract."""

    uses: tuple[Use, ...]
    ours: tuple[str, ...]
    zone: str
    column_ids: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Collect the ids to ask for, each once."""
        asked = dict.fromkeys([*(use.column_id for use in self.uses), *self.ours])
        object.__setattr__(self, "column_ids", tuple(asked))


def layout(columns: ColumnSet, zone: str) -> Layout:
    """Build the table of one mapping."""
    uses = [_labels(columns.status.id, "status", *_statuses(columns))]
    if columns.approval:
        uses.append(_labels(columns.approval.id, "approval", *_approvals(columns)))
    uses += [_duration(columns.estimate.id, "estimate_seconds", columns.estimate.unit)]
    uses += _actual(columns)
    if columns.person:
        uses.append(Use(columns.person.id, "person", cells.names))
    if columns.due:
        uses.append(Use(columns.due.id, "due", cells.names))
    if columns.note:
        uses.append(Use(columns.note.id, "note", cells.words))
    return Layout(tuple(uses), own_columns(columns), zone)


def own_columns(columns: ColumnSet) -> tuple[str, ...]:
    """Return the ids that the bridge may write, and no other (architecture 5.13)."""
    ours = (columns.ours.charged, columns.ours.billing)
    return tuple(column.id for column in ours if column)


def decode_item(raw: msgspec.Raw, plan: Layout, board_id: str) -> Reading:
    """Turn one item into a reading; what is wrong with its cells is its ``parked`` sentence.

    Raises:
        Unreadable: when it does not even say which item it is.
    """
    item, problems = _item(raw)
    found = _cells(item.column_values, problems)
    values = {use.fills: _value(use, found, problems) for use in plan.uses}
    values = {fills: value for fills, value in values.items() if value is not None}
    updated_at = _updated_at(item, problems)
    presence = _presence(item, problems)
    number, work_day = values.pop("number_seconds", None), values.pop("work_day", None)
    activity = Activity(
        activity_id=str(item.id),
        board_id=_board(item, board_id),
        name=line(item.name),
        presence=presence,
        updated_at=updated_at,
        parked=line("; ".join(dict.fromkeys(problems)), PARKED_LENGTH),
        **values,
    )
    number_at = midnight(work_day, plan.zone) if work_day else updated_at
    outputs = tuple((own, cells.shown(found[own])) for own in plan.ours if own in found)
    return Reading(activity, number, number_at if number is not None else 0, outputs)


class _Board(msgspec.Struct, frozen=True):
    id: str | int


class _Item(msgspec.Struct, frozen=True):
    id: str | int
    name: str = ""
    state: str | None = None
    updated_at: str | None = None
    column_values: list[msgspec.Raw] = []
    board: _Board | None = None


class _Nameless(msgspec.Struct, frozen=True):
    id: str | int


_ITEM = msgspec.json.Decoder(_Item)
_NAMELESS = msgspec.json.Decoder(_Nameless)


def _statuses(columns: ColumnSet) -> tuple[dict[int, Status], Status]:
    named = {
        Status.NEW: columns.status.new,
        Status.WORKING: columns.status.working,
        Status.WAITING: columns.status.waiting,
        Status.DONE: columns.status.done,
        Status.CANCELLED: columns.status.cancelled,
    }
    return {label: status for status, labels in named.items() for label in labels}, Status.NEW


def _approvals(columns: ColumnSet) -> tuple[dict[int, Approval], Approval]:
    assert columns.approval  # noqa: S101 - asked only where it is mapped
    approved = dict.fromkeys(columns.approval.approved, Approval.APPROVED)
    return approved | dict.fromkeys(columns.approval.rejected, Approval.REJECTED), Approval.NONE


def _labels(column_id: str, fills: str, labels: dict[int, Any], empty: object) -> Use:
    return Use(column_id, fills, lambda one: cells.label(one, labels, empty))


def _duration(column_id: str, fills: str, unit: Any) -> Use:  # noqa: ANN401 - a literal of durations
    return Use(column_id, fills, lambda one: cells.duration(one, unit))


def _actual(columns: ColumnSet) -> list[Use]:
    actual = columns.actual
    if not isinstance(actual, NumbersColumn):
        return [Use(actual.id, "sessions", cells.sessions)]
    uses = [_duration(actual.id, "number_seconds", actual.unit)]
    if actual.work_date:
        uses.append(Use(actual.work_date.id, "work_day", cells.day))
    return uses


def _item(raw: msgspec.Raw) -> tuple[_Item, list[str]]:
    """Decode an item's frame; when only that is broken, its id is enough to park it."""
    try:
        return _ITEM.decode(raw), []
    except (msgspec.DecodeError, RecursionError) as error:
        said = brief(str(error), 80)
    try:
        found = _NAMELESS.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        raise Unreadable(f"an item without an id ({said})") from None
    return _Item(found.id), [
        f"the item cannot be read ({said}): it is read again by the next sweep"
    ]


def _cells(raw: Iterable[msgspec.Raw], problems: list[str]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for one in raw:
        try:
            decoded = cells.cell(one)
        except Unreadable as error:
            column_id = cells.column_of(one)
            problems.append(f"column {brief(column_id) or '?'} {error}")
        else:
            found[decoded.id] = decoded
    return found


def _value(use: Use, found: dict[str, Cell], problems: list[str]) -> Any:  # noqa: ANN401 - what the use fills
    """Read the cell for one use; one that is not there at all is a problem too (M17)."""
    one = found.get(use.column_id)
    if one is None:
        if not any(problem.startswith(f"column {use.column_id} ") for problem in problems):
            problems.append(f"column {use.column_id} is not on this item: check the mapping")
        return None
    try:
        return use.read(one)
    except Unreadable as error:
        problems.append(f"column {use.column_id} {error}")
        return None


def _updated_at(item: _Item, problems: list[str]) -> int:
    try:
        return cells.instant(item.updated_at or "")
    except Unreadable as error:
        problems.append(f"the time of the last change {error}")
        return 0


def _presence(item: _Item, problems: list[str]) -> Presence:
    try:
        return Presence(item.state)
    except ValueError:
        problems.append(f"the item's state {brief(item.state or 'nothing')!r} is not known")
        return Presence.ACTIVE


def _board(item: _Item, board_id: str) -> str:
    return str(item.board.id) if item.board else board_id
