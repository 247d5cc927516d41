"""Resolvers of queries: what each field of the slice answers (monday.md §4).

Fields that are missing here are attributes or keys of their source under the same name.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from mondaybridge.sandbox.monday import versions
from mondaybridge.sandbox.monday.boards import (
    Board,
    Column,
    Group,
    Item,
    User,
    Webhook,
    iso,
)
from mondaybridge.sandbox.monday.columns import read
from mondaybridge.sandbox.monday.cost import MARKS, JsonObject
from mondaybridge.sandbox.monday.errors import failure
from mondaybridge.sandbox.monday.filters import Query
from mondaybridge.sandbox.monday.membership import sees
from mondaybridge.sandbox.monday.pages import Page, expired
from mondaybridge.sandbox.monday.place import Fields, Place, compact
from mondaybridge.sandbox.monday.resolving import Call, Info, internal_error, paged
from mondaybridge.sandbox.monday.settings import label_settings, legacy_settings

Resolver = Callable[..., object]

MOST_ITEM_IDS = 100
ITEMS_LIMIT = 10_000


def _boards(
    _: object,
    info: Info,
    *,
    ids: list[str] | None = None,
    limit: int | None = 25,
    page: int | None = 1,
    state: str | None = "active",
    board_kind: str | None = None,
    **__: object,
) -> Sequence[Board | None]:
    call = info.context
    found = [
        board
        for board in call.state.boards.values()
        if (ids is None or board.id in ids)
        and state in ("all", board.state)
        and board_kind in (None, board.kind)
        and sees(call.user, board)
    ]
    if call.fault == "null_board":
        return [] if call.options.get("short") else [None] * len(found)
    return paged(found, limit, page)


def _items(
    _: object,
    info: Info,
    *,
    ids: list[str] | None = None,
    limit: int | None = 25,
    page: int | None = 1,
    exclude_nonactive: bool | None = False,
    newest_first: bool | None = False,
) -> Sequence[Item]:
    if ids is not None and len(ids) > MOST_ITEM_IDS:
        message = f"items takes at most {MOST_ITEM_IDS} ids"
        raise failure("InvalidArgumentException", message, argument="ids")
    items = info.context.state.items
    chosen = items.values() if ids is None else _known(items.get(one) for one in dict.fromkeys(ids))
    shown = [
        item
        for item in chosen
        if (item.state == "active" or (ids is not None and not exclude_nonactive))
        and info.context.sees(item.board_id)
    ]
    shown.sort(key=lambda item: (len(item.id), item.id), reverse=bool(newest_first))
    return paged(shown, limit, page)


def _known(found: Iterable[Item | None]) -> list[Item]:
    return [item for item in found if item is not None]


def _next_items_page(_: object, info: Info, *, cursor: str, limit: int = 25) -> Page:
    call = info.context
    if call.fault == "cursor_expired":
        raise expired()
    return call.services.pages.next(call.state, cursor, limit)


def _items_page(
    source: Board,
    info: Info,
    *,
    limit: int = 25,
    cursor: str | None = None,
    query_params: Query | None = None,
) -> Page:
    return _page(info.context, source, None, limit, cursor, query_params)


def _group_items_page(
    source: Fields,
    info: Info,
    *,
    limit: int = 25,
    cursor: str | None = None,
    query_params: Query | None = None,
) -> Page:
    board = cast("Board", source["board"])
    return _page(info.context, board, str(source["id"]), limit, cursor, query_params)


def _page(
    call: Call,
    board: Board,
    group_id: str | None,
    limit: int,
    cursor: str | None,
    query: Query | None,
) -> Page:
    if board.state == "deleted":
        raise internal_error()
    if cursor is None:
        return call.services.pages.first(call.state, board, group_id, query or {}, limit)
    if query is not None:
        raise failure("InvalidArgumentException", "query_params cannot go with a cursor")
    return call.services.pages.next(call.state, cursor, limit)


def _column_values(
    item: Item,
    info: Info,
    *,
    ids: list[str] | None = None,
    types: list[str] | None = None,
) -> list[Fields]:
    call = info.context
    state, shown = call.state, call.services.changes.switches.manual_sessions_show_start
    cells = item.cells
    return [
        read(Place(state, item, column, cells.get(column.id), shown))
        for column in state.boards[item.board_id].columns.values()
        if (ids is None or column.id in ids)
        and (types is None or column.type in types)
        and column.type != "name"
        and not column.archived
    ]


def _columns(
    board: Board,
    _: Info,
    *,
    ids: list[str] | None = None,
    types: list[str] | None = None,
) -> list[Column]:
    return [
        column
        for column in board.columns.values()
        if (ids is None or column.id in ids) and (types is None or column.type in types)
    ]


def _groups(board: Board, _: Info, *, ids: list[str] | None = None) -> list[Fields]:
    chosen = [group for group in board.groups.values() if ids is None or group.id in ids]
    return [_group(board, group) for group in chosen]


def _group(board: Board, group: Group) -> Fields:
    position = list(board.groups).index(group.id)
    return {
        "id": group.id,
        "title": group.title,
        "color": "#579bfc",
        "position": f"{65_536 * (position + 1)}.0",
        "archived": False,
        "deleted": False,
        "board": board,
    }


def _item_group(item: Item, info: Info) -> Fields:
    board = info.context.state.boards[item.board_id]
    return _group(board, board.groups[item.group_id])


def _webhooks(
    _: object, info: Info, *, board_id: str, app_webhooks_only: bool | None = False
) -> list[Webhook]:
    return [
        webhook
        for webhook in info.context.state.webhooks.values()
        if webhook.board_id == board_id and (webhook.by_app or not app_webhooks_only)
    ]


def _account(_: object, info: Info) -> Fields:
    account = info.context.state.account
    return {
        "id": account.id,
        "slug": account.slug,
        "name": account.name,
        "tier": account.plan,
        "country_code": "GB",
        "first_day_of_the_week": "monday",
        "plan": {"tier": account.plan, "period": "monthly", "max_users": 50, "version": 1},
    }


def _platform_api(_: object, info: Info) -> Fields:
    daily = info.context.services.limits.daily
    return {
        "daily_limit": {
            "base": daily,
            "total": daily,
            "addon": {"is_active": False, "quantity": 0},
        }
    }


def complexity(_: object, __: Info) -> Fields:
    """Answer with marks: the figures are known when the answer is complete."""
    return dict(MARKS)


def _top_group(board: Board, _: Info) -> Fields:
    if not board.groups:  # a duplicate that is still on its way
        raise internal_error()
    return _group(board, next(iter(board.groups.values())))


def _items_count(board: Board, info: Info) -> int:
    return sum(item.state == "active" for item in info.context.state.items_of(board))


def _url(info: Info, path: str) -> str:
    return f"https://{info.context.state.account.slug}.monday.com/{path}"


ROOT_READS: dict[str, Resolver] = {
    "account": _account,
    "boards": _boards,
    "complexity": complexity,
    "items": _items,
    "me": lambda _, info: info.context.user,
    "next_items_page": _next_items_page,
    "platform_api": _platform_api,
    "version": lambda _, info: versions.describe(info.context.version),
    "versions": lambda _, __: versions.listed(),
    "webhooks": _webhooks,
}

READS: dict[str, dict[str, Resolver]] = {
    "Board": {
        "board_kind": lambda board, _: board.kind,
        "columns": _columns,
        "created_at": lambda board, _: iso(board.created_at),
        "creator": lambda board, info: info.context.state.users[board.creator_id],
        "groups": _groups,
        "items_count": _items_count,
        "items_limit": lambda _, __: ITEMS_LIMIT,
        "items_page": _items_page,
        "owners": lambda board, info: _known_users(info, board.owner_ids),
        "subscribers": lambda board, info: _known_users(info, board.member_ids),
        "tags": lambda _, __: [],
        "top_group": _top_group,
        "updated_at": lambda board, _: iso(board.updated_at),
        "url": lambda board, info: _url(info, f"boards/{board.id}"),
        "workspace_id": lambda _, __: None,
    },
    "Column": {
        "revision": lambda column, _: str(column.revision),
        "settings": lambda column, _: JsonObject(label_settings(column)),
        "settings_str": lambda column, _: legacy_settings(column),
        "width": lambda _, __: None,
    },
    "Group": {"items_page": _group_items_page},
    "Item": {
        "board": lambda item, info: info.context.state.boards[item.board_id],
        "column_values": _column_values,
        "created_at": lambda item, _: iso(item.created_at),
        "creator": lambda item, info: info.context.state.users.get(item.creator_id),
        "email": lambda item, _: f"item-{item.id}@use.monday.example",
        "group": _item_group,
        "relative_link": lambda item, _: f"/boards/{item.board_id}/pulses/{item.id}",
        "subscribers": lambda item, info: _known_users(info, [item.creator_id]),
        "updated_at": lambda item, _: iso(item.updated_at),
        "url": lambda item, info: _url(info, f"boards/{item.board_id}/pulses/{item.id}"),
    },
    "User": {
        "account": _account,
        "account_id": lambda _, info: info.context.state.account.id,
        "created_at": lambda _, __: "2020-01-01T00:00:00Z",
        "is_deleted": lambda _, __: False,
        "is_email_confirmed": lambda _, __: True,
        "time_zone_identifier": lambda _, info: info.context.state.account.time_zone,
        "title": lambda _, __: "",
        "url": lambda user, info: _url(info, f"users/{user.id}"),
    },
    "Webhook": {
        "config": lambda webhook, _: compact(webhook.config) if webhook.config else None,
    },
}
"""Type and field to resolver, for fields that are not simply there."""


def _known_users(info: Info, ids: list[str]) -> list[User]:
    users = info.context.state.users
    return [users[user_id] for user_id in ids if user_id in users]
