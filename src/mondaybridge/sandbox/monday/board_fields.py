"""Resolvers of mutations that make, change and end boards (monday.md §7)."""

from collections.abc import Callable

from mondaybridge.sandbox.monday.board_life import BoardLife
from mondaybridge.sandbox.monday.boards import Board, Lifecycle, number
from mondaybridge.sandbox.monday.errors import failure, not_found
from mondaybridge.sandbox.monday.people_fields import check_fit
from mondaybridge.sandbox.monday.place import Fields, compact
from mondaybridge.sandbox.monday.resolving import Call, Info, unauthorized
from mondaybridge.sandbox.monday.writes import checked_name

Resolver = Callable[..., object]

STRUCTURE = "duplicate_board_with_structure"
PERMISSIONS = {"editor": "everyone", "contributor": "collaborators", "viewer": "owners"}
"""The role that everybody gets, and the word that ``permissions`` of the board then shows."""


def _create_board(
    _: object,
    info: Info,
    *,
    board_name: str,
    board_kind: str,
    description: str | None = None,
    template_id: str | None = None,
    **more: object,
) -> Board:
    """Make a board; one from a template, which is a board here, arrives like a duplicate."""
    call = info.context
    name, template = checked_name(board_name), _template(call, template_id)
    owners, subscribers = (more.get(f"board_{role}_ids") or [] for role in ("owner", "subscriber"))
    for role, ids in (("owner", owners), ("subscriber", subscribers)):
        _check_people(call, ids, board_kind, role)
    life = BoardLife(call.services.changes)
    board = life.create(name, board_kind, call.user.id, description=description)
    if isinstance(owners, list) and owners:
        board.owner_ids, board.subscriber_ids = list(owners), [call.user.id]
    if isinstance(subscribers, list):
        board.subscriber_ids += [one for one in subscribers if one not in board.member_ids]
    if template is None:
        life.furnish(board, items=not more.get("empty"))
    else:
        life.copy_later(template, board, STRUCTURE)
    return board


def _template(call: Call, template_id: str | None) -> Board | None:
    if template_id is None:
        return None
    board = call.state.boards.get(template_id)
    if board is None or board.state == "deleted":
        raise not_found("Template", template_id)
    return board


def _check_people(call: Call, ids: object, kind: str, role: str) -> None:
    planned = Board("", "", kind, "", 0, 0)
    for user_id in ids if isinstance(ids, list) else []:
        if user_id not in call.state.users:
            raise not_found("User", user_id)
        check_fit(call.state.users[user_id], planned, role)


def _duplicate_board(
    _: object,
    info: Info,
    *,
    board_id: str,
    duplicate_type: str,
    board_name: str | None = None,
    keep_subscribers: bool | None = False,
    **__: object,
) -> Fields:
    call = info.context
    source = call.board(board_id)
    name = checked_name(f"Duplicate of {source.name}" if board_name is None else board_name)
    life = BoardLife(call.services.changes)
    board = life.create(name, source.kind, call.user.id, description=source.description)
    board.permissions = source.permissions
    if keep_subscribers:
        board.owner_ids = list(dict.fromkeys([call.user.id, *source.owner_ids]))
        board.subscriber_ids = [one for one in source.subscriber_ids if one not in board.owner_ids]
    return {"board": board, "is_async": life.copy_later(source, board, duplicate_type)}


def _update_board(
    _: object, info: Info, *, board_id: str, board_attribute: str, new_value: str
) -> str:
    call = info.context
    board = call.board(board_id)
    call.check_structure(board)
    life = BoardLife(call.services.changes)
    if board_attribute == "name":
        life.rename(board, checked_name(new_value), call.user.id)
    elif board_attribute == "description":
        life.describe(board, new_value, call.user.id)
    else:
        raise failure("InvalidArgumentException", f"{board_attribute} is not modelled here")
    return compact({"success": True, "undo_data": {"entity_id": number(board.id)}})


def _set_board_permission(
    _: object,
    info: Info,
    *,
    board_id: str,
    basic_role_name: str | None = None,
) -> Fields:
    call = info.context
    board = call.board(board_id)
    if call.user.id not in board.owner_ids and _owners_only(call):
        raise unauthorized()
    permissions = PERMISSIONS.get(basic_role_name or "")
    if permissions is None:
        raise failure("InvalidArgumentException", f"role {basic_role_name} is not supported")
    BoardLife(call.services.changes).permit(board, permissions, call.user.id)
    return {"edit_permissions": board.permissions, "failed_actions": []}


def _owners_only(call: Call) -> bool:
    return call.services.changes.switches.only_owners_set_permissions


def _end(state: Lifecycle, event: str) -> Resolver:
    def resolve(_: object, info: Info, *, board_id: str) -> Board:
        call = info.context
        board = call.board(board_id)
        call.check_structure(board)
        call.services.changes.touch_board(board, event, call.user.id)
        board.state = state
        return board

    return resolve


ROOT_WRITES: dict[str, Resolver] = {
    "archive_board": _end("archived", "board_archived"),
    "create_board": _create_board,
    "delete_board": _end("deleted", "board_deleted"),
    "duplicate_board": _duplicate_board,
    "set_board_permission": _set_board_permission,
    "update_board": _update_board,
}
