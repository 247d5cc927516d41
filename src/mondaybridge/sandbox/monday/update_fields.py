"""Resolvers of updates: how they are written, changed, and where they are read (monday.md §7)."""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from mondaybridge.sandbox.monday.boards import Board, Item, Update, iso
from mondaybridge.sandbox.monday.data import instant
from mondaybridge.sandbox.monday.errors import failure, not_found
from mondaybridge.sandbox.monday.resolving import Call, Info, paged
from mondaybridge.sandbox.monday.updates import Updates, newest_first, plain_text, replies

Resolver = Callable[..., object]

DAY_MS = 86_400_000
BARE_DATE = len("2026-10-01")


def _create_update(
    _: object,
    info: Info,
    *,
    body: str,
    item_id: str | None = None,
    parent_id: str | None = None,
    mentions_list: list[dict[str, str]] | None = None,
) -> Update:
    call = info.context
    parent = None if parent_id is None else _found(call, parent_id)
    if parent is None and item_id is None:
        raise failure("InvalidArgumentException", "item_id or parent_id is needed")
    item = call.item(parent.item_id if parent else item_id)
    return Updates(call.services.changes).write(
        item,
        _checked(body),
        call.user.id,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        mentions=[_mentioned(call, one) for one in mentions_list or []],
    )


def _edit_update(_: object, info: Info, *, id: str, body: str) -> Update:  # noqa: A002 - monday's name
    call = info.context
    update = _own(call, id)
    Updates(call.services.changes).edit(update, _checked(body), call.user.id)
    return update


def _delete_update(_: object, info: Info, *, id: str) -> Update:  # noqa: A002 - monday's name
    call = info.context
    update = _own(call, id)
    Updates(call.services.changes).delete(update, call.user.id)
    return update


def _found(call: Call, update_id: str) -> Update:
    update = call.state.updates.get(update_id)
    if update is None:
        raise not_found("Update", update_id)
    return update


def _own(call: Call, update_id: str) -> Update:
    update = _found(call, update_id)
    strict = call.services.changes.switches.only_authors_edit_updates
    if strict and update.creator_id != call.user.id:
        raise failure("UserUnauthorizedException", "only its creator can change an update")
    return update


def _checked(body: str) -> str:
    if not body.strip():
        raise failure("InvalidArgumentException", "an update needs a body", argument="body")
    return body


def _mentioned(call: Call, mention: dict[str, str]) -> tuple[str, str]:
    kind, identifier = mention["type"], mention["id"]
    if kind == "User" and identifier not in call.state.users:
        raise not_found("User", identifier)
    return kind, identifier


def _updates(
    _: object,
    info: Info,
    *,
    ids: list[str] | None = None,
    limit: int | None = 25,
    page: int | None = 1,
    from_date: str | None = None,
    to_date: str | None = None,
) -> Sequence[Update]:
    """Answer the root field, which also finds replies by their ids."""
    updates = info.context.state.updates
    found = (
        newest_first(updates)
        if ids is None
        else [updates[one] for one in dict.fromkeys(ids) if one in updates]
    )
    return paged(_between(found, from_date, to_date), limit, page)


def _updates_of_board(
    board: Board,
    info: Info,
    *,
    ids: list[str] | None = None,
    limit: int | None = 25,
    page: int | None = 1,
    from_date: str | None = None,
    to_date: str | None = None,
) -> Sequence[Update]:
    found = newest_first(info.context.state.updates, set(board.item_ids))
    dated = _between(found, from_date, to_date)
    return paged([one for one in dated if ids is None or one.id in ids], limit, page)


def _updates_of_item(
    item: Item,
    info: Info,
    *,
    ids: list[str] | None = None,
    limit: int | None = 25,
    page: int | None = 1,
) -> Sequence[Update]:
    found = newest_first(info.context.state.updates, {item.id})
    return paged([one for one in found if ids is None or one.id in ids], limit, page)


def _between(found: Iterable[Update], first: str | None, last: str | None) -> list[Update]:
    try:
        low = None if first is None else instant(first)
        high = None if last is None else instant(last) + (DAY_MS if len(last) == BARE_DATE else 0)
    except ValueError as error:
        raise failure("InvalidArgumentException", str(error)) from error
    return [
        one
        for one in found
        if (low is None or one.created_at >= low) and (high is None or one.created_at <= high)
    ]


def _creator(update: Update, info: Info) -> object:
    return info.context.state.users.get(update.creator_id)


_COMMON: dict[str, Resolver] = {
    "created_at": lambda update, _: iso(update.created_at),
    "creator": _creator,
    "edited_at": lambda update, _: iso(update.edited_at),
    "text_body": lambda update, _: plain_text(update.body),
    "updated_at": lambda update, _: iso(update.edited_at),
}

ROOT_READS: dict[str, Resolver] = {"updates": _updates}

ROOT_WRITES: dict[str, Resolver] = {
    "create_update": _create_update,
    "delete_update": _delete_update,
    "edit_update": _edit_update,
}

READS: dict[str, dict[str, Resolver]] = {
    "Board": {"updates": _updates_of_board},
    "Item": {"updates": _updates_of_item},
    "Reply": {**_COMMON, "kind": lambda _, __: "reply"},
    "Update": {
        **_COMMON,
        "item": lambda update, info: info.context.state.items.get(update.item_id),
        "replies": lambda update, info: replies(info.context.state.updates, cast("Update", update)),
    },
}
