"""Resolvers of ``activity_logs``: pages by number until 2026-10, a cursor from 2027-01 (§2, §4)."""

from collections.abc import Callable, Iterable

from mondaybridge.sandbox.monday.boards import Board, LogRow
from mondaybridge.sandbox.monday.data import instant
from mondaybridge.sandbox.monday.errors import failure
from mondaybridge.sandbox.monday.place import Fields
from mondaybridge.sandbox.monday.resolving import Call, Info, paged

Resolver = Callable[..., object]

OLDEST_MS = 90 * 86_400_000
DEFAULT_LIMIT = 25


def _by_page(
    board: Board,
    info: Info,
    *,
    limit: int | None = DEFAULT_LIMIT,
    page: int | None = 1,
    **filters: object,
) -> list[LogRow]:
    call = info.context
    rows = _rows(call, board, filters)
    return list(paged(_with_gaps(call, rows), limit, page))


def _by_cursor(
    board: Board,
    info: Info,
    *,
    limit: int | None = DEFAULT_LIMIT,
    cursor: str | None = None,
    **filters: object,
) -> Fields:
    """Answer a page that ends where its cursor says; a cursor is the last row's time."""
    call, size = info.context, limit or DEFAULT_LIMIT
    rows = _rows(call, board, filters | {"from": _recent(call, filters.get("from"))})
    rows = [row for row in rows if _chosen(row, filters)]
    if cursor is not None:
        if not cursor.isdigit():
            raise failure("CursorException", "the cursor is invalid")
        rows = [row for row in rows if row.created_at < cursor]
    page = rows[:size]
    more = len(rows) > size
    return {"logs": _with_gaps(call, page), "cursor": page[-1].created_at if more else None}


def _recent(call: Call, first: object) -> str | int:
    """Return from when rows may be read: at most 90 days back (monday.md §2)."""
    oldest = call.services.changes.world.clock.now() - OLDEST_MS
    if first is None:
        return oldest
    if _instant(first) < oldest and call.services.changes.switches.old_from_is_refused:
        raise failure("InvalidArgumentException", "from is at most 90 days back", argument="from")
    return max(_instant(first), oldest)


def _rows(call: Call, board: Board, filters: Fields) -> list[LogRow]:
    """Return the rows that match, newest first."""
    switches = call.services.changes.switches
    if switches.logs_denied or call.fault == "log_denied":
        raise failure("USER_UNAUTHORIZED", "User unauthorized to perform action", status=403)
    first, last = filters.get("from"), filters.get("to")
    low = 0 if first is None else _instant(first) + (not switches.logs_from_inclusive)
    high = None if last is None else _instant(last)
    found = [
        row
        for row in call.state.logs.get(board.id, [])
        if row.at >= low
        and (high is None or row.at <= high)
        and _within(filters.get("item_ids"), row.item_id)
        and _within(filters.get("column_ids"), row.column_id)
        and _within(filters.get("group_ids"), row.group_id)
        and _within(filters.get("user_ids"), row.user_id)
    ]
    return sorted(found, key=lambda row: row.created_at, reverse=True)


def _within(wanted: object, value: str | None) -> bool:
    return not isinstance(wanted, list) or value in wanted


def _chosen(row: LogRow, filters: Fields) -> bool:
    """Apply what only 2027-01 has; nothing here belongs to a correlation."""
    search = str(filters.get("search") or "")
    correlated = not filters.get("correlation_ids")
    return _within(filters.get("event_types"), row.event) and search in row.data and correlated


def _with_gaps(call: Call, rows: Iterable[LogRow]) -> list[LogRow]:
    """Leave rows out while a ``log_gap`` is planned: each ``every``-th, the newest first."""
    every = int(str(call.options.get("every", 2))) if call.fault == "log_gap" else 0
    return [row for place, row in enumerate(rows) if not every or place % every]


def _instant(given: object) -> int:
    try:
        return instant(given)
    except ValueError as error:
        raise failure("InvalidArgumentException", str(error)) from error


READS: dict[str, dict[str, Resolver]] = {
    "ActivityLogType": {
        "account_id": lambda _, info: info.context.state.account.id,
    },
    "Board": {"activity_logs": _by_page},
}

CANDIDATE_READS: dict[str, dict[str, Resolver]] = {"Board": {"activity_logs": _by_cursor}}
"""What the release candidate answers differently."""
