"""Compare a column set with a board's columns as they are; both are given as values.

Everything found is a sentence with its place in the mapping, all at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from mondaybridge.mapping.columns import BugColumn, ColumnRef, ColumnSet, OwnColumns, UrgentColumn

PLACE = "mappings.yaml: columns"
TEXT, NUMBERS, DATE, STATUS, CHECKBOX = (
    ("text",),
    ("numbers",),
    ("date",),
    ("status",),
    ("checkbox",),
)
WORDS = ("text", "long_text")
PROOF = ("text", "long_text", "link", "email")
DOCUMENT = ("text", "long_text", "link", "file")
ANSWERS = ("questioned", "answered", "accepted", "adjusted", "withdrawn")
PLAIN: dict[str, tuple[str, ...]] = {
    "person": ("people",),
    "due": DATE,
    "note": WORDS,
    "reference": PROOF,
    "requester": ("text", "email", "people"),
    "redo_of": ("board_relation", "text", "link"),
    "no_charge": CHECKBOX,
    "received": DATE,
    "hourly": NUMBERS,
}
"""Columns that need nothing but their type."""
OURS: dict[str, tuple[str, ...]] = {
    "charged": NUMBERS,
    "billing": TEXT,
    "message": WORDS,
    "origin": TEXT,
    "clock": TEXT,
    "document": ("link",),
}
OWN = "ours."
WRITTEN = ("auto",)
"""Meanings whose label the bridge itself chooses."""
PACKAGE = dict.fromkeys(("granted", "used", "reserved", "free"), NUMBERS) | {"expiry": DATE}


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column as monday describes it; labels by their ids where the type has them.

    ``off`` are labels that may still stand in cells but cannot be chosen any more.
    """

    id: str
    title: str
    type: str
    archived: bool = False
    labels: Mapping[int, str] = field(default_factory=dict)
    off: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Use:
    """A column's use: where it is mapped, under which id, the types that can serve."""

    place: str
    column_id: str
    types: tuple[str, ...]
    labels: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


def check_board(columns: ColumnSet, live: Sequence[LiveColumn], *, place: str = PLACE) -> list[str]:
    """Return all that does not fit: missing, archived, retyped columns and labels."""
    return [message for _, message in _problems([*_uses(columns)], columns, live, place)]


def unreadable(columns: ColumnSet, live: Sequence[LiveColumn], *, place: str = PLACE) -> list[str]:
    """Return what keeps a board from being read: whatever is wrong with people's columns."""
    theirs = [use for use in _uses(columns) if not use.place.startswith(OWN)]
    return [message for _, message in _problems(theirs, columns, live, place)]


def unwritable(
    columns: ColumnSet, live: Sequence[LiveColumn], *, place: str = PLACE
) -> list[tuple[str, str]]:
    """Return which of the bridge's own columns cannot be written, each with the reason.

    The board is read all the same: what is shown in such a column is off (experience 4.2).
    """
    own = [use for use in _uses(columns) if use.place.startswith(OWN)]
    found = _problems(own, columns, live, place)
    return [(column_id, f"{message} (not written meanwhile)") for column_id, message in found]


def label_warnings(
    columns: ColumnSet, live: Sequence[LiveColumn], *, place: str = PLACE
) -> list[str]:
    """Return labels called otherwise on the board, or deactivated where the bridge sets them.

    Ids decide, and people's cells can be read, so work goes on.
    """
    found = {column.id: column for column in live}
    return [
        f"{place}.{use.place}.{meaning}[{label}]: {warning}"
        for use in _uses(columns)
        if use.column_id in found
        for meaning, labels in use.labels.items()
        for label, ours in labels.items()
        for warning in _warnings(found[use.column_id], meaning, label, ours)
    ]


def _problems(
    uses: Sequence[_Use], columns: ColumnSet, live: Sequence[LiveColumn], place: str
) -> Iterator[tuple[str, str]]:
    taken = {use.column_id for use in _uses(columns)}
    free = [column for column in live if column.id not in taken and not column.archived]
    for use in uses:
        for path, message in _check(use, live, free):
            yield use.column_id, f"{place}.{path}: {message}"


def _warnings(column: LiveColumn, meaning: str, label: int, ours: str) -> Iterator[str]:
    theirs = column.labels.get(label)
    if theirs is not None and theirs != ours:
        yield f"the board calls it {theirs!r}, not {ours!r}"
    if meaning in WRITTEN and label in column.off:
        yield f"it is deactivated in column {_name(column)}: restore it or map another"


def _uses(columns: ColumnSet) -> Iterator[_Use]:
    status, approval, actual = columns.status, columns.approval, columns.actual
    meanings = ("new", "working", "waiting", "done", "cancelled")
    labels = {meaning: getattr(status, meaning) for meaning in meanings}
    yield _Use("status", status.id, STATUS, labels)
    if approval:
        answers = {"approved": approval.approved, "rejected": approval.rejected}
        yield _Use("approval", approval.id, STATUS, answers | {"auto": approval.auto})
        yield from _maybe("approval.reference", approval.reference, ("text", "link", "email"))
    written = TEXT if columns.estimate.unit == "h:mm" else NUMBERS
    yield _Use("estimate", columns.estimate.id, written)
    yield _Use("actual", actual.id, (actual.kind,))
    if actual.kind == "numbers":
        yield from _maybe("actual.work_date", actual.work_date, DATE)
    for name, types in PLAIN.items():
        yield from _maybe(name, getattr(columns, name), types)
    if urgent := columns.urgent:
        yield _marked("urgent", urgent)
        yield from _maybe("urgent.evidence", urgent.evidence, PROOF)
    if bug := columns.bug:
        yield _marked("bug", bug)
        yield from _maybe("bug.documentation", bug.documentation, DOCUMENT)
    yield from _choices(columns)
    yield from _ours(columns.ours)


def _maybe(place: str, column: ColumnRef | None, types: tuple[str, ...]) -> Iterator[_Use]:
    if column:
        yield _Use(place, column.id, types)


def _marked(place: str, column: UrgentColumn | BugColumn) -> _Use:
    if column.labels:
        return _Use(place, column.id, STATUS, {"labels": column.labels})
    return _Use(place, column.id, CHECKBOX)


def _choices(columns: ColumnSet) -> Iterator[_Use]:
    if service := columns.service:
        labels = {"types": service.types, "other": service.other}
        yield _Use("service", service.id, ("status", "dropdown"), labels)
        yield from _maybe("service.agreed_with", service.agreed_with, ("text", "people"))
    if kind := columns.due_kind:
        labels = {"rigid": kind.rigid, "flexible": kind.flexible}
        yield _Use("due_kind", kind.id, STATUS, labels)
    if question := columns.question:
        answers = {meaning: getattr(question, meaning) for meaning in ANSWERS}
        yield _Use("question", question.id, STATUS, answers)


def _ours(ours: OwnColumns) -> Iterator[_Use]:
    for name, types in OURS.items():
        yield from _maybe(f"ours.{name}", getattr(ours, name), types)
    for name, types in PACKAGE.items() if ours.package else ():
        yield from _maybe(f"ours.package.{name}", getattr(ours.package, name), types)


def _check(
    use: _Use, live: Sequence[LiveColumn], free: Sequence[LiveColumn]
) -> Iterator[tuple[str, str]]:
    column = next((column for column in live if column.id == use.column_id), None)
    at = f"{use.place}.id"
    if column is None:
        yield at, f"the board has no column {use.column_id!r}{_suggestion(use, free)}"
        return
    if column.archived:
        yield at, f"column {_name(column)} is archived: restore it or map another"
    if column.type not in use.types:
        wanted = " or ".join(use.types)
        yield at, f"column {_name(column)} is of type {column.type}: needs {wanted}"
        return
    for meaning, labels in use.labels.items():
        for label, name in labels.items():
            if label not in column.labels:
                yield f"{use.place}.{meaning}[{label}]", _no_label(column, label, name)


def _no_label(column: LiveColumn, label: int, name: str) -> str:
    known = ", ".join(f"{key} {text!r}" for key, text in sorted(column.labels.items()) if text)
    same = [key for key, text in column.labels.items() if text.casefold() == name.casefold()]
    hint = f"; did you mean {same[0]}?" if same else f"; it has {known or 'none'}"
    return f"column {_name(column)} has no label {label}{hint}"


def _suggestion(use: _Use, free: Sequence[LiveColumn]) -> str:
    """Name the column of a right type, not mapped yet, whose id or title comes nearest."""
    fitting = [column for column in free if column.type in use.types]
    if not fitting:
        return f", nor another of type {' or '.join(use.types)}"
    best = max(fitting, key=lambda column: _likeness(use, column))
    return f"; did you mean {_name(best)}?"


def _likeness(use: _Use, column: LiveColumn) -> float:
    words = (use.column_id, use.place.rsplit(".", 1)[-1])
    return max(
        SequenceMatcher(None, word.casefold(), text.casefold()).ratio()
        for word in words
        for text in (column.id, column.title)
    )


def _name(column: LiveColumn) -> str:
    return f"{column.id!r} ({column.title})"
