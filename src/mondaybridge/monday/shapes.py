"""What a board looks like: its state, its columns as the mapping checks them, and a fingerprint."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from mondaybridge.mapping.live import LiveColumn
from mondaybridge.monday.texts import brief, line

ID_LENGTH = 64
TITLE_LENGTH = 255


class ColumnRow(msgspec.Struct, frozen=True):
    """A column as monday sends it; ``settings`` is an object, or JSON in a string."""

    id: str
    title: str
    type: str
    archived: bool = False
    settings: object = None


class BoardRow(msgspec.Struct, frozen=True):
    """A board's shape as monday sends it."""

    id: str | int
    name: str
    state: str
    columns: list[ColumnRow | None] | None = None


@dataclass(frozen=True, slots=True)
class BoardShape:
    """A board that can be read; the fingerprint covers the mapped columns."""

    board_id: str
    name: str
    columns: tuple[LiveColumn, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class BoardGone:
    """A board that cannot be read: archived, deleted, or not shown to this user (M24)."""

    board_id: str
    reason: str


def shape_of(row: BoardRow, mapped: Sequence[str]) -> BoardShape | BoardGone:
    """Turn a board's row into its shape."""
    if row.state != "active":
        return BoardGone(str(row.id), f"the board is {brief(row.state)}: restore it or unmap it")
    columns = tuple(_live(column) for column in row.columns or () if column)
    return BoardShape(str(row.id), line(row.name), columns, _fingerprint(columns, mapped))


def hidden(board_id: str) -> BoardGone:
    """Say that monday does not show a board: no error, it is just missing (monday.md §4)."""
    reason = "monday does not show the board: check its id, and that the bridge's user may see it"
    return BoardGone(board_id, reason)


def _live(row: ColumnRow) -> LiveColumn:
    labels = _label_settings(row.settings)
    return LiveColumn(
        line(row.id, ID_LENGTH),
        line(row.title, TITLE_LENGTH),
        line(row.type, ID_LENGTH),
        row.archived,
        _names(labels),
        _deactivated(labels),
    )


def _label_settings(settings: object) -> object:
    if isinstance(settings, str):
        try:
            settings = msgspec.json.decode(settings)
        except (msgspec.DecodeError, RecursionError):
            return None
    return settings.get("labels") if isinstance(settings, dict) else None


def _deactivated(labels: object) -> frozenset[int]:
    rows = [row for row in labels if isinstance(row, dict)] if isinstance(labels, list) else []
    ids = [row.get("id") for row in rows if row.get("is_deactivated") is True]
    return frozenset(key for key in ids if isinstance(key, int))


def _names(labels: object) -> dict[int, str]:
    """Read label ids and names from either form of them: a list, or an object by id."""
    if isinstance(labels, dict):
        pairs = [(int(key), name) for key, name in labels.items() if key.isdecimal()]
    elif isinstance(labels, list):
        rows = [row for row in labels if isinstance(row, dict)]
        named = [(row.get("id"), row.get("label", row.get("name"))) for row in rows]
        pairs = [(key, name) for key, name in named if isinstance(key, int)]
    else:
        return {}
    return {key: line(str(name)) for key, name in pairs}


def _fingerprint(columns: Sequence[LiveColumn], mapped: Sequence[str]) -> str:
    """Digest what reading depends on; a new or renamed column elsewhere changes nothing."""
    facts = sorted(
        (column.id, column.type, column.archived, sorted(column.labels.items()))
        for column in columns
        if column.id in mapped
    )
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()[:16]
