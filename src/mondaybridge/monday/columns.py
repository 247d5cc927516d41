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
from mondaybridge.mapping.columns import (
    BugColumn,
    ColumnRef,
    ColumnSet,
    HoursColumn,
    NumbersColumn,
    QuestionColumn,
    ServiceColumn,
    UrgentColumn,
)
from mondaybridge.monday import cells, request_cells
from mondaybridge.monday.cells import Cell, Unreadable
from mondaybridge.monday.subitems import SubitemRow, objection
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
    """What to read of a board's rows: mapped columns and our own, in the zone of its contract.

    ``shown`` are the columns whose cells a reading carries as they stand: ours, and those of
    people's that a policy may let the bridge write; ``worked`` is the one that time is read from.
    """

    uses: tuple[Use, ...]
    shown: tuple[str, ...]
    zone: str
    worked: str
    pinned: str = ""
    reference_is_evidence: bool = False
    column_ids: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Collect the ids to ask for, each once."""
        asked = dict.fromkeys([*(use.column_id for use in self.uses), *self.shown])
        object.__setattr__(self, "column_ids", tuple(asked))


def layout(columns: ColumnSet, zone: str) -> Layout:
    """Build the table of one mapping."""
    uses = [_labels(columns.status.id, "status", *_statuses(columns))]
    if columns.approval:
        uses.append(_answer(columns.approval.id, *_approvals(columns)))
        uses += _maybe(columns.approval.reference, "approval_reference", request_cells.reference)
    uses += [_duration(columns.estimate.id, "estimate_seconds", columns.estimate.unit)]
    uses += _actual(columns)
    uses += _maybe(columns.person, "person", cells.names)
    uses += _maybe(columns.due, "due", cells.names)
    uses += _maybe(columns.note, "note", cells.words)
    uses += _request(columns, zone)
    uses += _billed(columns)
    package, urgent = columns.ours.package, columns.urgent
    return Layout(
        tuple(uses),
        (*own_columns(columns), *shown_columns(columns)),
        zone,
        columns.actual.id,
        package.item if package else "",
        urgent is not None and urgent.evidence is None,
    )


def own_columns(columns: ColumnSet) -> tuple[str, ...]:
    """Return the ids that the bridge may write, and no other (architecture 5.13).

    The package's own row may show its hours in columns that other rows use for theirs.
    """
    ours, package = columns.ours, columns.ours.package
    found: list[ColumnRef | HoursColumn | None]
    found = [ours.charged, ours.billing, ours.message, ours.origin, ours.clock, ours.document]
    if package:
        found += [package.granted, package.used, package.reserved, package.free, package.expiry]
    return tuple(dict.fromkeys(column.id for column in found if column))


def shown_columns(columns: ColumnSet) -> tuple[str, ...]:
    """Return the ids of people's own columns that a policy may let the bridge write."""
    approval = (columns.approval.id,) if columns.approval else ()
    return (columns.status.id, *approval)


def decode_item(raw: msgspec.Raw, plan: Layout, board_id: str) -> Reading:
    """Turn one item into a reading; what is wrong with its cells is its ``parked`` sentence.

    Raises:
        Unreadable: when it does not even say which item it is.
    """
    item, problems = _item(raw)
    found = _cells(item.column_values, problems)
    name = line(item.name)
    values = _values(plan, found, problems)
    aside = objection(name, found.get(plan.worked), item.subitems or ())
    problems += [aside] if aside else []
    pinned = name == plan.pinned != "" and not _has_time(values, problems) and not aside
    updated_at = _instant(item.updated_at, "last change", problems)
    created_at = _instant(item.created_at, "creation", problems)
    presence = _presence(item, problems)
    number, work_day = values.pop("number_seconds", None), values.pop("work_day", None)
    if values.get("redo_of") == str(item.id):
        problems.append("the row names itself as the one it replaces: name the earlier row")
    activity = Activity(
        activity_id=str(item.id),
        board_id=_board(item, board_id),
        name=name,
        presence=presence,
        created_at=created_at,
        updated_at=updated_at,
        parked=line("; ".join(dict.fromkeys(problems)), PARKED_LENGTH),
        **{"received_at": created_at} | values,
    )
    number_at = midnight(work_day, plan.zone) if work_day else updated_at
    outputs = [(own, cells.shown(found[own])) for own in plan.shown if own in found]
    return Reading(
        activity,
        number,
        number_at if number is not None else 0,
        (*outputs, ("name", name)),
        pinned,
    )


class _Board(msgspec.Struct, frozen=True):
    id: str | int


class _Item(msgspec.Struct, frozen=True):
    id: str | int
    name: str = ""
    state: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    column_values: list[msgspec.Raw] = []
    subitems: list[SubitemRow | None] | None = None
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
    others = dict.fromkeys(columns.approval.rejected, Approval.REJECTED)
    others |= dict.fromkeys(columns.approval.auto, Approval.AUTO)
    return approved | others, Approval.NONE


def _labels(column_id: str, fills: str, labels: dict[int, Any], empty: object) -> Use:
    return Use(column_id, fills, lambda one: cells.label(one, labels, empty))


def _answer(column_id: str, labels: dict[int, Approval], empty: Approval) -> Use:
    """Read an approval with the instant at which it was set: the same one may be given anew."""

    def read(one: Cell) -> dict[str, Any]:
        found = cells.label(one, labels, empty)
        if found is not Approval.APPROVED:
            return {"approval": found}
        return {"approval": found, "answered_at": cells.changed_at(one)}

    return Use(column_id, "approval", read)


def _duration(column_id: str, fills: str, unit: Any) -> Use:  # noqa: ANN401 - a literal of durations
    return Use(column_id, fills, lambda one: cells.duration(one, unit))


def _actual(columns: ColumnSet) -> list[Use]:
    actual = columns.actual
    if not isinstance(actual, NumbersColumn):
        return [
            Use(actual.id, "sessions", cells.sessions),
            Use(actual.id, "running", cells.running),
        ]
    uses = [_duration(actual.id, "number_seconds", actual.unit)]
    return uses + _maybe(actual.work_date, "work_day", cells.day)


def _maybe(column: ColumnRef | None, fills: str, read: Callable[[Cell], Any]) -> list[Use]:
    return [Use(column.id, fills, read)] if column else []


def _request(columns: ColumnSet, zone: str) -> list[Use]:
    """Build what says who asked, for what and when (R05-R07, R10, R20, R26)."""
    uses = _maybe(columns.reference, "reference", request_cells.reference)
    uses += _maybe(columns.requester, "requester", request_cells.requester)
    uses += _maybe(columns.redo_of, "redo_of", request_cells.item_id)
    uses += _maybe(columns.no_charge, "chargeable", lambda one: not request_cells.checked(one))
    uses += _maybe(columns.received, "received_at", lambda one: request_cells.moment(one, zone))
    if kind := columns.due_kind:
        labels = dict.fromkeys(kind.rigid, True) | dict.fromkeys(kind.flexible, False)
        uses.append(_labels(kind.id, "rigid", labels, empty=False))
    if urgent := columns.urgent:
        uses += [_tick("urgent", urgent)]
        uses += _maybe(urgent.evidence, "evidence", request_cells.proof)
    if asked := columns.service:
        uses.append(_service(asked))
        uses += _maybe(asked.agreed_with, "agreed_with", request_cells.person)
    return uses


def _billed(columns: ColumnSet) -> list[Use]:
    """Build what changes what is billed: faults of ours, questions, a price of its own."""
    uses = _maybe(columns.hourly, "hourly", cells.price)
    if bug := columns.bug:
        uses += [_tick("bug", bug)]
        uses += _maybe(bug.documentation, "documentation", request_cells.document)
    if question := columns.question:
        uses.append(_labels(question.id, "question", _answers(question), empty=""))
    return uses


def _answers(question: QuestionColumn) -> dict[int, str]:
    named = question.model_dump(exclude={"id"})
    return {label: state for state, labels in named.items() for label in labels}


def _tick(fills: str, column: UrgentColumn | BugColumn) -> Use:
    labels = column.labels
    if labels is None:
        return Use(column.id, fills, request_cells.checked)
    return Use(column.id, fills, lambda one: request_cells.marked(one, labels))


def _service(column: ServiceColumn) -> Use:
    types, other = column.types, column.other
    return Use(column.id, "service", lambda one: request_cells.service(one, types, other))


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


def _values(plan: Layout, found: dict[str, Cell], problems: list[str]) -> dict[str, Any]:
    """Read all uses; one may fill several fields, and an empty cell fills none."""
    values: dict[str, Any] = {}
    for use in plan.uses:
        value = _value(use, found, problems)
        if isinstance(value, dict):
            values |= value
        elif value is not None:
            values[use.fills] = value
    if plan.reference_is_evidence and values.get("urgent"):
        values["evidence"] = values.get("reference", "")
    return values


def _has_time(values: dict[str, Any], problems: list[str]) -> bool:
    """Say whether time stands on a row of the package's name: such a row stays work, parked.

    Otherwise the time would go uncounted without a word.
    """
    recorded = bool(values.get("sessions") or values.get("number_seconds"))
    if recorded:
        problems.append(
            "it has the name of the package's own row and time on it: give this row another name,"
            " or record the time on an activity"
        )
    return recorded


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


def _instant(text: str | None, what: str, problems: list[str]) -> int:
    try:
        return cells.instant(text or "")
    except Unreadable as error:
        problems.append(f"the time of the {what} {error}")
        return 0


def _presence(item: _Item, problems: list[str]) -> Presence:
    try:
        return Presence(item.state)
    except ValueError:
        problems.append(f"the item's state {brief(item.state or 'nothing')!r} is not known")
        return Presence.ACTIVE


def _board(item: _Item, board_id: str) -> str:
    return str(item.board.id) if item.board else board_id
