"""Subitems: rows of a board of their own, below the rows of another one (monday.md §5, §6).

The board of a board's subitems is made with the first one, and so is the column ``subtasks`` that
leads to it. A webhook of a subitem is the parent board's; its ``boardId`` is that of the subitems.
Deeper levels, the sum that a parent's column may show, and rows that take their subitems with them
to another board or into a copy, are not modelled.
"""

from collections.abc import Callable
from typing import Literal

from mondaybridge.sandbox.monday.boards import (
    Board,
    Column,
    Group,
    Item,
    Label,
    MondayState,
    number,
)

TYPE: Literal["subtasks"] = "subtasks"
_EVENTS = {
    "create_item": "create_subitem",
    "change_column_value": "change_subitem_column_value",
    "change_name": "change_subitem_name",
    "item_archived": "subitem_archived",
    "item_deleted": "subitem_deleted",
}


def column_below(board: Board) -> Column | None:
    """Return the column of a board that leads to its subitems."""
    found = (one for one in board.columns.values() if one.type == TYPE and not one.archived)
    return next(found, None)


def board_below(state: MondayState, board: Board, new_id: Callable[[], str], now: int) -> Board:
    """Find the board that holds a board's subitems, or make it and the column that shows them."""
    column = column_below(board)
    if column is None:
        column = board.columns.setdefault("subitems", Column("subitems", "Subitems", TYPE))
    ids = column.extra.get("board_ids")
    if isinstance(ids, list) and ids and ids[0] in state.boards:
        return state.boards[ids[0]]
    made = Board(new_id(), f"Subitems of {board.name}", board.kind, board.creator_id, now, now)
    made.type, made.permissions = "sub_items_board", board.permissions
    made.owner_ids, made.subscriber_ids = list(board.owner_ids), list(board.subscriber_ids)
    made.columns = {one.id: one for one in _usual_columns()}
    made.groups = {"topics": Group("topics", "Subitems")}
    state.boards[made.id] = made
    column.extra["board_ids"] = [made.id]
    return made


def below(state: MondayState, item: Item) -> list[Item]:
    """Return the active subitems of a row."""
    found = (state.items[one] for one in item.subitem_ids)
    return [one for one in found if one.state == "active"]


def leave(state: MondayState, item: Item) -> None:
    """Make a row of a subitem: it moves to a board of rows."""
    if item.parent_id is not None:
        state.items[item.parent_id].subitem_ids.remove(item.id)
        item.parent_id = None


def heard(state: MondayState, item: Item, event: str) -> tuple[str, str, dict[str, object]]:
    """Return which event of which board a change of a row is, and what it says of a parent.

    Events that subitems do not have are nobody's.
    """
    if item.parent_id is None:
        return event, item.board_id, {}
    parent = state.items[item.parent_id]
    fields: dict[str, object] = {
        "parentItemId": parent.id,
        "parentItemBoardId": parent.board_id,
    }
    if event in ("item_archived", "item_deleted"):
        fields = {
            "parentItemId": number(parent.id),
            "parentBoardId": number(parent.board_id),
            "pulseId": number(item.id),
            "pulseName": item.name,
        }
    return _EVENTS.get(event, ""), parent.board_id, fields


def _usual_columns() -> list[Column]:
    labels = [Label(0, "Working on it"), Label(1, "Done", is_done=True), Label(2, "Stuck")]
    return [
        Column("name", "Name", "name"),
        Column("person", "Owner", "people"),
        Column("status", "Status", "status", labels=labels),
        Column("date0", "Date", "date"),
    ]
