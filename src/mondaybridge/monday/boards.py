"""Read boards: shape and first page in one call, page after page, all or "try later".

A read is complete when the cursor ended, every page was valid and the columns are still what they
were (storage 3). Absence is the caller's affair: ``items_page`` shows active rows only.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import msgspec

from mondaybridge.domain.activity import Reading
from mondaybridge.errors import TryLater
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday import queries
from mondaybridge.monday.cells import Unreadable
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.columns import Layout, decode_item, layout
from mondaybridge.monday.errors import CursorExpired, ServerFault
from mondaybridge.monday.shapes import BoardGone, BoardRow, BoardShape, hidden, shape_of

__all__ = ["BoardGone", "BoardRead", "BoardShape", "IncompleteRead", "read_board", "read_items"]

PAGE_ITEMS = 500
IDS = 100  # of one ``items(ids:)`` call (monday.md §3)
ITEMS_MAX = 100_000  # ten times monday's own limit: beyond it a cursor goes in circles


class IncompleteRead(TryLater):
    """The board changed its columns under the read, or a page was not valid (S9)."""


class BoardRead:
    """One read under way: the shape is known, the pages come as they are asked for.

    ``seen`` holds the ids of the pages so far; once ``pages`` has ended without an error, the read
    was complete and ``seen`` is the board.
    """

    def __init__(self, reader: "_Reader", shape: BoardShape | BoardGone, first: "_Page") -> None:
        self.shape = shape
        self.seen: set[str] = set()
        self._reader = reader
        self._first = first

    def pages(self) -> Iterator[list[Reading]]:
        """Yield readings page by page; an expired cursor begins the board anew, once (M13).

        Raises:
            TryLater: when the read cannot become complete; what was yielded is true of its rows.
        """
        if isinstance(self.shape, BoardGone):
            return
        try:
            yield from self._pass(self._first)
        except CursorExpired:
            yield from self._pass(self._again())

    def _pass(self, page: "_Page") -> Iterator[list[Reading]]:
        self.seen.clear()
        pages_max = ITEMS_MAX // self._reader.page_size + 1
        for number in count(1):
            yield self._fresh(page.items)
            if page.cursor is None:
                break
            if number >= pages_max:
                raise IncompleteRead(f"board {self._reader.board_id} does not end")
            page = self._reader.next_page(page.cursor)
        if number > 1:
            self._same(self._reader.shape())

    def _again(self) -> "_Page":
        shape, page = self._reader.first_page()
        self._same(shape)
        return page

    def _same(self, shape: BoardShape | BoardGone) -> None:
        before = self.shape.fingerprint if isinstance(self.shape, BoardShape) else ""
        if isinstance(shape, BoardGone) or shape.fingerprint != before:
            raise IncompleteRead(f"board {self._reader.board_id} changed its columns meanwhile")

    def _fresh(self, items: Iterable[msgspec.Raw]) -> list[Reading]:
        """Return the readings of rows not seen before: a moved row may stand on two pages (M15)."""
        readings = []
        for reading in self._reader.readings(items):
            if reading.activity.activity_id not in self.seen:
                self.seen.add(reading.activity.activity_id)
                readings.append(reading)
        return readings


def read_board(
    client: MondayClient,
    board_id: str,
    columns: ColumnSet,
    zone: str,
    *,
    page_size: int = PAGE_ITEMS,
) -> BoardRead:
    """Begin to read a board: ⌈n / page_size⌉ calls, one more where there are several pages."""
    reader = _Reader(client, board_id, layout(columns, zone), page_size)
    return BoardRead(reader, *reader.first_page())


def read_items(
    client: MondayClient, ids: Sequence[str], columns: ColumnSet, zone: str
) -> list[Reading]:
    """Read rows by id whatever their state, 100 a call; one that monday hides is not in the list.

    A row that moved carries the board it is on now: compare ``activity.board_id``.
    """
    plan = layout(columns, zone)
    readings: dict[str, Reading] = {}
    distinct = list(dict.fromkeys(ids))
    for start in range(0, len(distinct), IDS):
        batch = distinct[start : start + IDS]
        variables: dict[str, object] = {"ids": batch, "columns": plan.column_ids}
        answer = client.execute(queries.ITEMS, variables, _ItemsData)
        if answer.items is None:
            raise IncompleteRead("monday answered no list of items")
        for raw in answer.items:
            if bytes(raw) != b"null":
                reading = _reading(raw, plan, "")
                readings[reading.activity.activity_id] = reading
    return list(readings.values())


class _Page(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw]
    cursor: str | None = None


_NO_PAGE = _Page([])


class _BoardData(BoardRow, frozen=True, kw_only=True):
    items_page: _Page = _NO_PAGE


class _FirstData(msgspec.Struct, frozen=True):
    boards: list[_BoardData | None]


class _ShapeData(msgspec.Struct, frozen=True):
    boards: list[BoardRow | None]


class _NextData(msgspec.Struct, frozen=True):
    next_items_page: _Page


class _ItemsData(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw] | None


class _Reader:
    """The calls of one read."""

    def __init__(self, client: MondayClient, board_id: str, plan: Layout, page_size: int) -> None:
        self.board_id = board_id
        self.page_size = page_size
        self._client = client
        self._plan = plan

    def first_page(self) -> tuple[BoardShape | BoardGone, _Page]:
        """Ask for shape and first page; a deleted board answers with an error, so look again."""
        variables = {**self._variables(), "board": [self.board_id]}
        try:
            answer = self._client.execute(queries.FIRST_PAGE, variables, _FirstData)
        except ServerFault as fault:
            shape = self.shape() if fault.answered else None
            if isinstance(shape, BoardGone):
                return shape, _NO_PAGE
            raise
        row = next(iter(answer.boards), None)
        return self._shape(row), row.items_page if row else _NO_PAGE

    def shape(self) -> BoardShape | BoardGone:
        """Ask for the shape alone."""
        answer = self._client.execute(queries.BOARD, {"board": [self.board_id]}, _ShapeData)
        return self._shape(next(iter(answer.boards), None))

    def next_page(self, cursor: str) -> _Page:
        """Ask for the page behind a cursor."""
        variables = {**self._variables(), "cursor": cursor}
        return self._client.execute(queries.NEXT_PAGE, variables, _NextData).next_items_page

    def readings(self, items: Iterable[msgspec.Raw]) -> Iterator[Reading]:
        """Decode a page's rows."""
        return (_reading(raw, self._plan, self.board_id) for raw in items)

    def _variables(self) -> dict[str, object]:
        return {"columns": self._plan.column_ids, "limit": self.page_size}

    def _shape(self, row: BoardRow | None) -> BoardShape | BoardGone:
        return shape_of(row, self._plan.column_ids) if row else hidden(self.board_id)


def _reading(raw: msgspec.Raw, plan: Layout, board_id: str) -> Reading:
    try:
        return decode_item(raw, plan, board_id)
    except Unreadable as error:
        raise IncompleteRead(f"monday sent {error}") from error
