"""Who sees a board and who may change what is on it (monday.md §7, §8).

A guest sees only boards that they were added to; private and shareable boards are seen by their
members alone. What the role ``assignee`` may change depends on the row.
"""

from mondaybridge.sandbox.monday.boards import Board, Item, User

MOST_SUBSCRIBERS = 400


def sees(user: User, board: Board) -> bool:
    """Tell whether a board is there for a user."""
    if board.kind == "public" and user.kind != "guest":
        return True
    return user.id in board.owner_ids or user.id in board.subscriber_ids


def may_edit(user: User, board: Board, item: Item | None = None) -> bool:
    """Tell whether a user may change contents: a row, or without one the board's rows."""
    if user.id in board.owner_ids or board.permissions in ("everyone", "collaborators"):
        return True
    return board.permissions == "assignee" and item is not None and _assigned(user, board, item)


def may_restructure(user: User, board: Board) -> bool:
    """Tell whether a user may change a board itself: its name, columns, people."""
    return user.id in board.owner_ids or board.permissions == "everyone"


def _assigned(user: User, board: Board, item: Item) -> bool:
    for column in board.columns.values():
        cell = item.cells.get(column.id) if column.type == "people" else None
        value = cell.value if cell else {}
        people = value.get("personsAndTeams", []) if isinstance(value, dict) else []
        if any(str(one["id"]) == user.id for one in people):
            return True
    return False
