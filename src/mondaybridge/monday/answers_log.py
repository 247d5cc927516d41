"""Who changed which cell and when, out of a board's activity log in either of its shapes.

The log is a supplement with gaps, an end and a delay (monday.md §4): what it does not tell is left
out, never invented. From 2027-01 on it is paged by cursor and ends 90 days back (monday.md §2).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from mondaybridge.domain.approval import Field
from mondaybridge.monday import acting_queries
from mondaybridge.monday.cells import EMPTY_LABEL
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.errors import Refused
from mondaybridge.monday.found import only
from mondaybridge.monday.texts import TEXT_LENGTH, clean

BY_CURSOR = "2027-01"
ITEMS_MAX = 100
PAGE_ROWS = 1_000
PAGES_MAX = 10  # monday keeps 10,000 rows of a board (monday.md §4)
OLDEST_MS = 89 * 86_400_000  # monday refuses more than 90 days, and clocks differ
OVERLAP_MS = 1_000  # nobody says whether ``from`` includes its instant
TICKS_PER_MS = 10_000
DIGITS = 17
LONGEST_NUMBER = 15

SET = ("update_column_value", "batch_change_pulses_column_value")
MADE = "create_pulse"
EVENTS = (*SET, MADE)
_TEXTS = ("value", "text", "url", "email")  # of a link or an address without words, itself
_CONTENTS = ("column_values", "columnValues", "column_values_json")


@dataclass(frozen=True, slots=True)
class CellChange:
    """One change of a cell: ``log_id`` sorts as the log does, also within a millisecond.

    A label is its id as text, a checkbox ``1`` or nothing, a number or text as typed; an empty
    cell, and one that the log shows in no form we know, is nothing.
    """

    log_id: str
    item_id: str
    field: Field
    at: int
    user_id: str
    value: str
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """The changes, oldest first; ``gone``: this user may not see the log."""

    changes: tuple[CellChange, ...] = ()
    gone: bool = False


def read_changes(
    client: MondayClient,
    board_id: str,
    item_ids: Sequence[str],
    columns: Mapping[str, Field],
    since: int,
) -> Log:
    """Return the changes of some rows' cells since an instant: one call for a thousand rows of log.

    Raises:
        ValueError: for more rows than one call takes.
        TryLater: when monday does not show the board.
    """
    if len(item_ids) > ITEMS_MAX:
        raise ValueError(f"{len(item_ids)} rows in one look at the log: {ITEMS_MAX} at most")
    found: dict[str, CellChange] = {}
    wanted = set(item_ids)
    try:
        for row in _rows(client, board_id, item_ids, since):
            found |= {one.log_id: one for one in _changes(row, wanted, columns)}
    except _DeniedError:
        return Log(gone=True)
    return Log(tuple(found[key] for key in sorted(found)))


class _DeniedError(Exception):
    """The log is null, or refused."""


class _Row(msgspec.Struct, frozen=True):
    id: str
    event: str
    data: str
    created_at: str
    user_id: str = ""


_Rows = list[_Row | None] | None


class _Board(msgspec.Struct, frozen=True):
    activity_logs: _Rows


class _Boards(msgspec.Struct, frozen=True):
    boards: list[_Board | None] | None


class _Page(msgspec.Struct, frozen=True):
    logs: _Rows
    cursor: str | None = None


class _PagedBoard(msgspec.Struct, frozen=True):
    activity_logs: _Page | None


class _PagedBoards(msgspec.Struct, frozen=True):
    boards: list[_PagedBoard | None] | None


_Variables = dict[str, object]
_Ask = Callable[[MondayClient, _Variables, str], tuple[_Rows, str | None]]


def _rows(
    client: MondayClient, board_id: str, item_ids: Sequence[str], since: int
) -> Iterator[_Row]:
    """Yield the rows of the log, newest first, page after page."""
    ask: _Ask = _cursored if client.api_version >= BY_CURSOR else _numbered
    variables: _Variables = {"board": [board_id], "items": list(item_ids), "limit": PAGE_ROWS}
    variables["from"] = _from(client, since)
    place: str | None = ""
    for _ in range(PAGES_MAX):
        try:
            rows, place = ask(client, variables, place or "")
        except Refused as refusal:
            if any("unauthorized" in fault.code.casefold() for fault in refusal.faults):
                raise _DeniedError from refusal
            raise
        if rows is None:
            raise _DeniedError
        yield from (row for row in rows if row is not None)
        if not place:
            return


def _from(client: MondayClient, since: int) -> str | None:
    """Return where to begin, a little earlier than asked for."""
    if client.api_version >= BY_CURSOR:
        since = max(since, client.now() - OLDEST_MS)
    if since <= OVERLAP_MS:
        return None
    return datetime.fromtimestamp((since - OVERLAP_MS) // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _numbered(client: MondayClient, variables: _Variables, place: str) -> tuple[_Rows, str | None]:
    page = int(place or 1)
    asked = {**variables, "page": page}
    answer = client.execute(acting_queries.LOG_BY_PAGE, asked, _Boards)
    rows = only(answer.boards, _board(variables)).activity_logs
    return rows, str(page + 1) if rows and len(rows) >= PAGE_ROWS else None


def _cursored(client: MondayClient, variables: _Variables, place: str) -> tuple[_Rows, str | None]:
    asked = {**variables, "events": EVENTS, "cursor": place or None}
    answer = client.execute(acting_queries.LOG_BY_CURSOR, asked, _PagedBoards)
    page = only(answer.boards, _board(variables)).activity_logs
    return (page.logs or [], page.cursor) if page else (None, None)


def _board(variables: _Variables) -> str:
    return f"board {variables['board']}"


def _changes(row: _Row, items: set[str], columns: Mapping[str, Field]) -> Iterator[CellChange]:
    """Yield what a row tells of the cells that count; one in no form that we know tells nothing."""
    data = _decoded(row.data)
    if not isinstance(data, dict) or row.event not in EVENTS or not _dated(row):
        return
    touched = [str(one) for one in data.get("pulse_ids") or [data.get("pulse_id")]]
    cells = _contents(data) if row.event == MADE else {data.get("column_id"): data.get("value")}
    for item_id in [one for one in touched if one in items]:
        for column_id, field in columns.items():
            if column_id in cells:
                yield CellChange(
                    log_id=f"{row.created_at}-{row.id}-{item_id}-{field.value}",
                    item_id=item_id,
                    field=field,
                    at=int(row.created_at) // TICKS_PER_MS,
                    user_id=row.user_id,
                    value=_text(cells[column_id]),
                    previous=_text(data.get("previous_value")) if row.event in SET else "",
                )


def _dated(row: _Row) -> bool:
    return len(row.created_at) == DIGITS and row.created_at.isdecimal()


def _contents(data: Mapping[str, object]) -> Mapping[object, object]:
    """Return the cells that a row was made with, under any of the names in use."""
    for name in _CONTENTS:
        found = data.get(name)
        contents = _decoded(found) if isinstance(found, str) else found
        if isinstance(contents, dict):
            return contents
    return {}


def _decoded(text: str) -> object:
    """Decode JSON without making a number inexact."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    """Return a cell's content in one plain form, whatever its type."""
    if isinstance(value, str) and value.startswith(("{", '"')):
        value = _decoded(value)
    if isinstance(value, dict):
        return _of_object(value)
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, Decimal):
        short = value.is_finite() and abs(value.adjusted()) <= LONGEST_NUMBER
        return f"{value.normalize():f}" if short else ""
    return clean(str(value).strip(), TEXT_LENGTH) if isinstance(value, int | str) else ""


def _of_object(value: Mapping[str, object]) -> str:
    if "label" in value or "index" in value:
        label = value.get("label")
        index = label.get("index") if isinstance(label, dict) else value.get("index")
        known = isinstance(index, int) and not isinstance(index, bool) and index != EMPTY_LABEL
        return str(index) if known else ""
    if "checked" in value:
        return "1" if str(value["checked"]).casefold() in {"true", "1"} else ""
    found = (_text(value.get(name)) for name in _TEXTS)
    return next((text for text in found if text), "")
